import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OPERATION_NAMES, operationRow } from './operations.ts';
import { buildRequest, matchRoute, requestWithText } from './routes.ts';

describe('routes', () => {
  it.each([
    ['/api/oicp/charging/v21/operators/DE*ABC/authorize/start', 'AuthorizeStart', 'DE*ABC'],
    ['/api/oicp/charging/v21/operators/DE%2AABC/authorize/stop', 'AuthorizeStop', 'DE*ABC'],
    ['/api/oicp/evsepush/v23/operators/+49*536/data-records', 'PushEvseData', '+49*536'],
    ['/api/oicp/evsepush/v23/operators/%2B49*536/data-records', 'PushEvseData', '+49*536'],
    ['/api/oicp/evsepull/v23/providers/DE-DCB/data-records?page=1&size=5', 'PullEvseData', 'DE-DCB'],
    ['/api/oicp/notificationmgmt/v11/charging-notifications', 'ChargingNotifications', undefined],
  ])('%s is %s of %s', (target, operation, pathId) => {
    expect(matchRoute('POST', target)).toMatchObject({ found: true, operation, pathId });
  });

  it('the query of a paged call is read', () => {
    const match = matchRoute(
      'POST',
      '/api/oicp/evsepull/v23/providers/DE-DCB/data-records?page=1&size=5&sort=EvseID,asc',
    );
    expect(match.found && [...match.query]).toEqual([
      ['page', '1'],
      ['size', '5'],
      ['sort', 'EvseID,asc'],
    ]);
  });

  it.each([
    ['POST', '/api/oicp/charging/v22/operators/DE*ABC/authorize/start', 'path'],
    ['POST', '/api/oicp/charging/v21/operators//authorize/start', 'path'],
    ['POST', '/api/oicp/charging/v21/operators/DE*ABC/x/authorize/start', 'path'],
    ['POST', '/api/oicp/charging/v21/providers/DE-DCB/authorize/start', 'path'],
    ['POST', '/x/api/oicp/notificationmgmt/v11/charging-notifications', 'path'],
    ['POST', '/', 'path'],
    ['GET', '/api/oicp/charging/v21/operators/DE*ABC/authorize/start', 'method'],
    ['POST', '/api/oicp/charging/v21/operators/DE%2/authorize/start', 'encoding'],
  ])('%s %s is not found: %s', (method, target, reason) => {
    expect(matchRoute(method, target)).toEqual({ found: false, reason });
  });

  it('a built request is the published path, the query and the body without undefined members', () => {
    expect(
      buildRequest(
        'PullEvseData',
        { providerID: 'DE-DCB', page: 0, size: 100 },
        {
          ProviderID: 'DE-DCB',
          GeoCoordinatesResponseFormat: 'Google',
        },
      ),
    ).toEqual({
      method: 'POST',
      path: '/api/oicp/evsepull/v23/providers/DE-DCB/data-records',
      query: 'page=0&size=100',
      body: '{"ProviderID":"DE-DCB","GeoCoordinatesResponseFormat":"Google"}',
    });
  });

  it('a built path leads back to the operation and the id, whatever stands in the id', () => {
    fc.assert(
      fc.property(fc.constantFrom(...OPERATION_NAMES), fc.string({ minLength: 1 }), (name, id) => {
        const { pathId } = operationRow(name);
        const { path } = requestWithText(name, pathId === undefined ? {} : { [pathId]: id }, '{}');
        expect(matchRoute('POST', path)).toMatchObject({
          found: true,
          operation: name,
          pathId: pathId === undefined ? undefined : id,
        });
      }),
    );
  });

  it('a path cannot be built without its id', () => {
    expect(() => requestWithText('PushEvseData', {}, '{}')).toThrow('operatorID');
  });
});

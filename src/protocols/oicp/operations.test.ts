import { describe, expect, it } from 'vitest';
import { CHECK_ORDER } from './check-order.ts';
import { legOf, OPERATION_NAMES, OPERATIONS, operationRow, operationsBetween } from './operations.ts';
import { OperationBodies } from './validation/operation-bodies.ts';

/** The published paths, by hand. */
const PATHS = `
AuthorizeStart /api/oicp/charging/v21/operators/{operatorID}/authorize/start
AuthorizeStop /api/oicp/charging/v21/operators/{operatorID}/authorize/stop
AuthorizeRemoteStart /api/oicp/charging/v21/providers/{providerID}/authorize-remote/start
AuthorizeRemoteStop /api/oicp/charging/v21/providers/{providerID}/authorize-remote/stop
ChargeDetailRecord /api/oicp/cdrmgmt/v22/operators/{operatorID}/charge-detail-record
GetChargeDetailRecords /api/oicp/cdrmgmt/v22/providers/{providerID}/get-charge-detail-records-request
AuthorizeRemoteReservationStart /api/oicp/reservation/v11/providers/{providerID}/reservation-start-request
AuthorizeRemoteReservationStop /api/oicp/reservation/v11/providers/{providerID}/reservation-stop-request
PushEvseData /api/oicp/evsepush/v23/operators/{operatorID}/data-records
PullEvseData /api/oicp/evsepull/v23/providers/{providerID}/data-records
PushEvseStatus /api/oicp/evsepush/v21/operators/{operatorID}/status-records
PullEvseStatus /api/oicp/evsepull/v21/providers/{providerID}/status-records
PullEvseStatusByID /api/oicp/evsepull/v21/providers/{providerID}/status-records-by-id
PullEvseStatusByOperatorID /api/oicp/evsepull/v21/providers/{providerID}/status-records-by-operator-id
PushAuthenticationData /api/oicp/authdata/v21/providers/{providerID}/push-request
PushPricingProductData /api/oicp/dynamicpricing/v10/operators/{operatorID}/pricing-products
PushEVSEPricing /api/oicp/dynamicpricing/v10/operators/{operatorID}/evse-pricing
PullPricingProductData /api/oicp/dynamicpricing/v10/providers/{providerID}/pricing-products
PullEVSEPricing /api/oicp/dynamicpricing/v10/providers/{providerID}/evse-pricing
ChargingNotifications /api/oicp/notificationmgmt/v11/charging-notifications`;

describe('the table of operations', () => {
  it('has the 20 operations with their published paths', () => {
    const published = PATHS.trim()
      .split('\n')
      .map((line) => line.split(' '));
    expect(published).toHaveLength(20);
    expect(Object.fromEntries(published)).toEqual(
      Object.fromEntries(OPERATION_NAMES.map((name) => [name, OPERATIONS[name].path])),
    );
  });

  it('every forwarded operation has a leg to the hub and one from it, every other only one to it', () => {
    for (const name of OPERATION_NAMES) {
      const { hub, legs } = operationRow(name);
      expect(legs[0].to).toBe('HUB');
      expect(legs.slice(1).map(({ from }) => from)).toEqual(hub === 'answer' ? [] : ['HUB']);
    }
  });

  it('the caller’s own id stands in the path', () => {
    for (const name of OPERATION_NAMES) {
      const { pathId, legs, path } = operationRow(name);
      if (pathId === undefined) continue;
      expect(pathId).toBe(legs[0].from === 'CPO' ? 'operatorID' : 'providerID');
      expect(path).toContain(`{${pathId}}`);
    }
  });

  it('each role finds what it calls and what it serves', () => {
    expect(operationsBetween('HUB', 'CPO')).toEqual([
      'AuthorizeRemoteStart',
      'AuthorizeRemoteStop',
      'AuthorizeRemoteReservationStart',
      'AuthorizeRemoteReservationStop',
    ]);
    expect(operationsBetween('HUB', 'EMP')).toEqual([
      'AuthorizeStart',
      'AuthorizeStop',
      'ChargeDetailRecord',
      'ChargingNotifications',
    ]);
    expect(operationsBetween('CPO', 'HUB')).toHaveLength(8);
    expect(operationsBetween('EMP', 'HUB')).toHaveLength(12);
    expect(legOf('PullEvseData', 'CPO', 'HUB')).toBeUndefined();
  });

  it('each example fits its own operation strictly, on the leg from the caller', () => {
    const bodies = new OperationBodies();
    for (const name of OPERATION_NAMES) {
      const { example, legs } = operationRow(name);
      expect([name, bodies.request(name, example.request, 'strict', legs[0]).findings]).toEqual([name, []]);
      expect([name, bodies.answer(name, example.response, 'strict', legs[0]).findings]).toEqual([name, []]);
    }
  });

  it('a check that asks for a contract stands where the row names its service', () => {
    for (const name of OPERATION_NAMES) {
      const asks = CHECK_ORDER[name].some(({ check }) => check === 'contract' || check === 'pricing-contract');
      expect([name, asks]).toEqual([name, operationRow(name).contract !== undefined]);
    }
  });

  it('the schemas are JSON as they stand, for documentation', () => {
    for (const name of OPERATION_NAMES) {
      const { request, response } = OPERATIONS[name];
      expect(JSON.parse(JSON.stringify({ request, response }))).toEqual({ request, response });
    }
  });
});

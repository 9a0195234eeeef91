import { describe, expect, it } from 'vitest';
import { identityFault, sameIdentity, stationAddress } from './station-address.ts';

describe('the identity in the path (OCPP-J §3.1.1)', () => {
  it.each([
    ['/ocpp/CS1', 'CS1', undefined],
    ['/ocpp/RDAM%20123', 'RDAM 123', undefined],
    ['/ocpp/RDAM%7C123', 'RDAM|123', undefined],
    ['/ocpp/a%252Fb', 'a%2Fb', undefined],
    ['/ocpp/CS1/', 'CS1', 'OCPPJ-HS-004'],
    ['/ocpp//CS1', 'CS1', 'OCPPJ-HS-004'],
    ['/ocpp/%zz', '', 'OCPPJ-HS-004'],
  ])('%s is %s, fault %s', (path, identity, rule) => {
    const address = stationAddress(path);
    expect(address.identity).toBe(identity);
    expect(address.fault?.rule).toBe(rule);
  });

  it('2.x constrains the identity, 1.6 does not', () => {
    expect(identityFault('x'.repeat(49), '2.0.1')).toMatch(/49 characters/);
    expect(identityFault('a:b', '2.1')).toMatch(/colon/);
    expect(identityFault('ä', '2.1')).toMatch(/identifierString/);
    expect(identityFault('RDAM|123*-_=+@.', '2.1')).toBeUndefined();
    expect(identityFault('ä:'.repeat(40), '1.6')).toBeUndefined();
    expect(identityFault('', '1.6')).toMatch(/without a station identity/);
  });

  it('is compared without case on 2.x only', () => {
    expect(sameIdentity('cs1', 'CS1', '2.0.1')).toBe(true);
    expect(sameIdentity('cs1', 'CS1', '1.6')).toBe(false);
  });
});

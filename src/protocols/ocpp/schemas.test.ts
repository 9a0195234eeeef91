import { describe, expect, it } from 'vitest';
import { ACTIONS } from './actions.ts';
import { OcppSchemas } from './schemas.ts';
import { OCPP_VERSIONS } from './versions.ts';

describe('schemas', () => {
  it.each(OCPP_VERSIONS)(
    'OCPP %s has a request schema for each action and a response schema for each that is answered',
    (version) => {
      const schemas = new OcppSchemas(version);
      let count = 0;
      for (const [action, row] of Object.entries(ACTIONS[version])) {
        const found = schemas.of(action);
        expect(found?.request).toBeDefined();
        expect(found?.response === undefined).toBe('send' in row);
        count += found?.response === undefined ? 1 : 2;
      }
      expect(count).toBe({ '1.6': 78, '2.0.1': 128, '2.1': 181 }[version]);
    },
  );

  it('a limit with one fraction digit passes, with two it does not (multipleOf 0.1 of binary floats)', () => {
    const schema = new OcppSchemas('1.6').of('SetChargingProfile')?.request;
    const withLimit = (limit: number): unknown =>
      JSON.parse(
        `{"connectorId":1,"csChargingProfiles":{"chargingProfileId":1,"stackLevel":0,"chargingProfilePurpose":"TxProfile","chargingProfileKind":"Relative","chargingSchedule":{"chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":${limit}}]}}}`,
      );
    for (const limit of [8.1, 16, 0.7, 31.9]) expect(schema?.check(withLimit(limit))).toBe(true);
    for (const limit of [8.15, 0.05]) expect(schema?.check(withLimit(limit))).toBe(false);
  });

  it('a violation points at the member itself, also when it is missing or too much', () => {
    const schema = new OcppSchemas('1.6').of('StartTransaction')?.request;
    expect(schema?.violations({ connectorId: 'one', idTag: 'A', meterStart: 0, extra: 1 })).toEqual([
      { pointer: '/timestamp', keyword: 'required', text: 'timestamp is missing' },
      { pointer: '/extra', keyword: 'additionalProperties', text: 'extra is not a member of this object' },
      { pointer: '/connectorId', keyword: 'type', text: 'must be integer' },
    ]);
  });

  it('an action of another version, or a name that every object has, is unknown', () => {
    expect(new OcppSchemas('1.6').of('TransactionEvent')).toBeUndefined();
    expect(new OcppSchemas('1.6').of('constructor')).toBeUndefined();
  });
});

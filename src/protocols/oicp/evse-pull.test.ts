import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEvseDelta, type EvseSet, evseDelta, sameRecord } from './evse-delta.ts';
import { evseFilter, inGeoFormat } from './evse-filter.ts';
import { canonicalEvseId } from './identifiers/evse-id.ts';
import type { PullEvseData, PullEvseDataRecord } from './schema/evse-data.ts';

const BASE: PullEvseDataRecord = {
  EvseID: 'DE*ABC*E1*1',
  OperatorID: 'DE*ABC',
  Address: { Country: 'DEU', City: 'Berlin' },
  GeoCoordinates: { Google: { Coordinates: '52.520000 13.405000' } },
  Plugs: ['Type 2 Outlet'],
  AuthenticationModes: ['REMOTE', 'PnC'],
  Accessibility: 'Restricted access',
  RenewableEnergy: true,
  IsOpen24Hours: false,
};

function passes(request: Partial<PullEvseData>, record: PullEvseDataRecord = BASE): boolean {
  return evseFilter({ ProviderID: 'DE-DCB', GeoCoordinatesResponseFormat: 'Google', ...request })(record);
}

describe('filters of PullEvseData', () => {
  it('without a filter every record passes', () => {
    expect(passes({})).toBe(true);
  });

  it('values of one list are alternatives', () => {
    expect(passes({ CountryCodes: ['FRA', 'deu'] })).toBe(true);
    expect(passes({ CountryCodes: ['FRA'] })).toBe(false);
    expect(passes({ OperatorIds: ['DEABC'] })).toBe(true);
    expect(passes({ OperatorIds: ['DE*XYZ'] })).toBe(false);
    expect(passes({ AuthenticationModes: ['NFC RFID Classic', 'PnC'] })).toBe(true);
    expect(passes({ AuthenticationModes: ['Direct Payment'] })).toBe(false);
    expect(passes({ Accessibility: ['Test Station', 'Restricted access'] })).toBe(true);
    expect(passes({ CalibrationLawDataAvailability: ['Local'] })).toBe(false);
  });

  it('different filters must all hold', () => {
    expect(passes({ CountryCodes: ['DEU'], RenewableEnergy: true, IsOpen24Hours: false })).toBe(true);
    expect(passes({ CountryCodes: ['DEU'], IsOpen24Hours: true })).toBe(false);
    expect(passes({ IsHubjectCompatible: true })).toBe(false);
  });

  it('the radius is great-circle kilometres, in any format of coordinates', () => {
    const around = (Radius: number) => ({
      SearchCenter: { GeoCoordinates: { DecimalDegree: { Longitude: '2.352200', Latitude: '48.856600' } }, Radius },
    });
    expect(passes(around(878))).toBe(true);
    expect(passes(around(877))).toBe(false);
  });

  it('coordinates come in the format asked for, the rest is untouched', () => {
    const record = inGeoFormat({ ...BASE, GeoChargingPointEntrance: BASE.GeoCoordinates }, 'DecimalDegree');
    const place = { DecimalDegree: { Longitude: '13.405', Latitude: '52.52' } };
    expect(record).toEqual({ ...BASE, GeoCoordinates: place, GeoChargingPointEntrance: place });
  });
});

const record = fc.record({ outlet: fc.constantFrom('1', '2', '3', '4'), City: fc.constantFrom('A', 'B') });
const sets = fc.array(record, { maxLength: 6 }).map(
  (records): EvseSet =>
    new Map(
      records.map(({ outlet, City }) => {
        const EvseID = `DE*ABC*E${outlet}`;
        return [canonicalEvseId(EvseID), { ...BASE, EvseID, Address: { Country: 'DEU', City } }];
      }),
    ),
);

describe('net changes (HUB-30, EMP-PD-02)', () => {
  it('a delta worked into the old set gives the new set', () => {
    fc.assert(
      fc.property(sets, sets, (then, now) => {
        expect(applyEvseDelta(then, evseDelta(then, now))).toEqual(new Map(now));
      }),
    );
  });

  it('between equal sets nothing changed, whatever the hub marked', () => {
    fc.assert(
      fc.property(sets, (set) => {
        const marked = new Map(
          [...set].map(([id, each]) => [
            id,
            { ...each, lastUpdate: '2025-06-01T08:00:00Z', deltaType: 'insert' as const },
          ]),
        );
        expect(evseDelta(set, marked)).toEqual([]);
      }),
    );
  });

  it('each change has its kind, a deletion the last known content', () => {
    const one = { ...BASE, EvseID: 'DE*ABC*E1' };
    const two = { ...BASE, EvseID: 'DE*ABC*E2' };
    const three = { ...BASE, EvseID: 'DE*ABC*E3' };
    const set = (...records: PullEvseDataRecord[]): EvseSet =>
      new Map(records.map((each) => [canonicalEvseId(each.EvseID), each]));
    const changed = { ...two, RenewableEnergy: false };
    expect(evseDelta(set(one, two), set(changed, three))).toEqual([
      { ...changed, deltaType: 'update' },
      { ...three, deltaType: 'insert' },
      { ...one, deltaType: 'delete' },
    ]);
  });

  it('the order of members does not make a change', () => {
    const reordered = JSON.parse(JSON.stringify(BASE, Object.keys(BASE).reverse()));
    expect(sameRecord({ EvseID: BASE.EvseID, OperatorID: 'x' } as PullEvseDataRecord, BASE)).toBe(false);
    expect(
      sameRecord(
        { ...reordered, Address: { City: 'Berlin', Country: 'DEU' }, GeoCoordinates: BASE.GeoCoordinates },
        BASE,
      ),
    ).toBe(true);
  });
});

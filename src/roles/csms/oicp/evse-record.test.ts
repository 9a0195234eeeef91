import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testCsms } from '../../../../test/support/csms.ts';
import { Database } from '../../../storage/database.ts';
import { EvseMap } from './evse-map.ts';
import { CpoTestBench } from './test-bench.ts';

/** What an EVSE is offered with: what a hub would refuse is refused before it is sent. Bodies by hand. */
const DATA = 'DE*ABC/data-records';
const EVSE = 'DE*ABC*E1*1';

let csms: Awaited<ReturnType<typeof testCsms>>;
beforeAll(async () => {
  csms = await testCsms();
});
afterAll(() => csms.end());

/** The pointers at which an entry with these members is refused; none when it is taken. */
async function refusedAt(data: object, id = EVSE): Promise<string[]> {
  const { status, body } = await csms.call('PUT', `/evse-map/${encodeURIComponent(id)}`, {
    station: 'CS1',
    evse: 1,
    data,
  });
  if (status === 200) return [];
  expect(status).toBe(400);
  return body.fields.map(({ pointer }: { pointer: string }) => pointer);
}

const address = (change: object) => ({
  Address: {
    Country: 'DEU',
    City: 'Berlin',
    Street: 'Teststr.',
    PostalCode: '10829',
    HouseNum: '22',
    TimeZone: 'UTC+01:00',
    ...change,
  },
});
const hours = (begin: string, end: string) => ({
  IsOpen24Hours: false,
  OpeningTimes: [{ Period: [{ begin, end }], on: 'Workdays' }],
});

describe('an entry of the EVSE map', () => {
  it('CPO-PD-02: an EVSE of another operator is refused', async () => {
    for (const id of ['DE*XYZ*E1*1', 'FR*ABC*E1*1', '+49*536*1']) expect(await refusedAt({}, id)).toEqual(['/id']);
    expect(await refusedAt({})).toEqual([]);
  });

  it('CPO-PD-03: enums to the letter, no Unspecified, No Payment alone, None alone', async () => {
    expect(await refusedAt({ Plugs: ['Unspecified'] })).toEqual(['/data/Plugs/0']);
    expect(await refusedAt({ Plugs: ['type 2 outlet'] })).toEqual(['/data/Plugs/0']);
    expect(await refusedAt({ Accessibility: 'Unspecified' })).toEqual(['/data/Accessibility']);
    expect(await refusedAt({ PaymentOptions: ['No Payment', 'Contract'] })).toEqual(['/data/PaymentOptions']);
    expect(await refusedAt({ ValueAddedServices: ['None', 'Reservation'] })).toEqual(['/data/ValueAddedServices']);
    expect(await refusedAt({ PaymentOptions: ['No Payment'], ValueAddedServices: ['None'] })).toEqual([]);
  });

  it('CPO-PD-04: not open 24 hours needs opening times, each a list of periods that end after they begin', async () => {
    expect(await refusedAt({ IsOpen24Hours: false })).toEqual(['/data/OpeningTimes']);
    expect(await refusedAt({ IsOpen24Hours: false, OpeningTimes: [] })).toEqual(['/data/OpeningTimes']);
    expect(await refusedAt(hours('20:00', '08:00'))).toEqual(['/data/OpeningTimes/0/Period/0/end']);
    expect(await refusedAt(hours('08:00', '25:00'))).toEqual(['/data/OpeningTimes/0/Period/0/end']);
    const single = {
      IsOpen24Hours: false,
      OpeningTimes: [{ Period: { begin: '08:00', end: '20:00' }, on: 'Workdays' }],
    };
    expect(await refusedAt(single)).toEqual(['/data/OpeningTimes/0/Period']);
    expect(await refusedAt(hours('08:00', '20:00'))).toEqual([]);
  });

  it('CPO-PD-05: one format of coordinates, in range, latitude and longitude not exchanged', async () => {
    const geo = (members: object) => refusedAt({ GeoCoordinates: members });
    const decimal = { DecimalDegree: { Latitude: '52.480495', Longitude: '13.356465' } };
    expect(await geo(decimal)).toEqual([]);
    expect(await geo({ ...decimal, Google: { Coordinates: '52.480495 13.356465' } })).toEqual([
      '/data/GeoCoordinates/DecimalDegree',
    ]);
    expect(await geo({})).toEqual(['/data/GeoCoordinates']);
    expect(await geo({ DecimalDegree: { Latitude: '99.0', Longitude: '13.356465' } })).toEqual([
      '/data/GeoCoordinates',
    ]);
    expect(await geo({ DecimalDegree: { Latitude: '13.356465', Longitude: '52.480495' } })).toEqual([
      '/data/GeoCoordinates',
    ]);
    expect(await geo({ Google: { Coordinates: '13.356465 52.480495' } })).toEqual(['/data/GeoCoordinates']);
  });

  it('CPO-PD-06: DynamicInfoAvailable is a text', async () => {
    for (const wrong of [true, false, 'True', 'yes']) {
      expect(await refusedAt({ DynamicInfoAvailable: wrong })).toEqual(['/data/DynamicInfoAvailable']);
    }
    for (const right of ['true', 'false', 'auto']) expect(await refusedAt({ DynamicInfoAvailable: right })).toEqual([]);
  });

  it('CPO-PD-07: a street of one letter, a city without a name, a country of two letters', async () => {
    expect(await refusedAt(address({ Street: 'A' }))).toEqual(['/data/Address/Street']);
    expect(await refusedAt(address({ City: '' }))).toEqual(['/data/Address/City']);
    for (const Country of ['DE', 'Germany', 'deu']) {
      expect(await refusedAt(address({ Country }))).toEqual(['/data/Address/Country']);
    }
    expect(await refusedAt(address({}))).toEqual([]);
  });

  it('CPO-PD-12: renewable energy names no fossil or nuclear share, and shares sum to 100', async () => {
    const energy = (RenewableEnergy: boolean, ...shares: [string, number][]) =>
      refusedAt({ RenewableEnergy, EnergySource: shares.map(([Energy, Percentage]) => ({ Energy, Percentage })) });
    expect(await energy(true, ['Solar', 60], ['Coal', 40])).toEqual(['/data/EnergySource']);
    expect(await energy(true, ['NuclearEnergy', 100])).toEqual(['/data/EnergySource']);
    expect(await energy(true, ['Solar', 60], ['Wind', 30])).toEqual(['/data/EnergySource']);
    expect(await energy(true, ['Solar', 60], ['Wind', 40])).toEqual([]);
    expect(await energy(false, ['Solar', 60], ['Coal', 40])).toEqual([]);
  });
});

describe('what is pushed', () => {
  it('CPO-PD-06, CPO-PD-07: a record that breaks its schema is never sent, the others are, and it is said', async () => {
    const bench = new CpoTestBench();
    for (const [station, data] of [
      ['CS1', { DynamicInfoAvailable: true }],
      ['CS2', address({ Country: 'DE' })],
    ] as const) {
      const evseId = `DE*ABC*EBAD*${station}`;
      bench.cpo.evses.put({ evseId, station, evse: 1, source: 'set', published: true, data });
    }
    for (const id of ['CS1', 'CS2', 'CS3']) await bench.station('1.6', 'Available', {}, id);
    await bench.run(60_000);
    const sent = bench.of(DATA).flatMap(({ body }) => body.OperatorEvseData.EvseDataRecord);
    expect(sent.map(({ EvseID }: { EvseID: string }) => EvseID)).toEqual(['DE*ABC*ECS3*1']);
    const statuses = bench.of('DE*ABC/status-records').flatMap(({ body }) => body.OperatorEvseStatus.EvseStatusRecord);
    expect(new Set(statuses.map(({ EvseID }: { EvseID: string }) => EvseID))).toEqual(new Set(['DE*ABC*ECS3*1']));
    const told = bench.csms.findings.filter(({ rule }) => rule === 'cpo.record.invalid').map(({ text }) => text);
    expect(told).toEqual([
      expect.stringContaining('DE*ABC*EBAD*CS1 is not told to the hub: /DynamicInfoAvailable'),
      expect.stringContaining('DE*ABC*EBAD*CS2 is not told to the hub: /Address/Country'),
    ]);
  });

  it('CPO-PD-07: a site that does not fit is refused by the configuration', async () => {
    const { loadConfig } = await import('../../../platform/config/load-config.ts');
    const { configSchema } = await import('../../../platform/config/config-schema.ts');
    const { csmsSection } = await import('../section.ts');
    for (const [member, text] of [
      ['street', 'A'],
      ['city', ''],
      ['country', 'DE'],
    ] as const) {
      const flags = [{ path: ['csms', 'oicp', 'site', member], text, source: 'test' }];
      expect(() => loadConfig({ schema: configSchema({ csms: csmsSection }), flags })).toThrow(
        new RegExp(`csms\\.oicp\\.site\\.${member}`),
      );
    }
  });

  it('CPO-PD-02, CPO-PD-11: ids derived from any names are valid, of our operator, and each but once', () => {
    const name = fc.string({ minLength: 1, maxLength: 60, unit: 'binary' });
    const operator = fc.constantFrom('DE*ABC', 'DEABC', '+49*536', '49*536');
    fc.assert(
      fc.property(
        operator,
        fc.uniqueArray(fc.tuple(name, fc.integer({ min: 1, max: 40 })), {
          maxLength: 12,
          selector: (pair) => pair.join('/'),
        }),
        (operatorId, places) => {
          const map = new EvseMap(new Database({ path: ':memory:' }), operatorId);
          const ids = places.map(([station, evse]) => map.ensure(station, evse).evseId);
          const isIso = operatorId.startsWith('DE');
          for (const id of ids) {
            // The published expressions, by hand.
            expect(id).toMatch(isIso ? /^DE\*?ABC\*?E[A-Z0-9*]{1,30}$/ : /^\+?49\*536\*[0-9*]{1,32}$/);
          }
          expect(new Set(ids.map((id) => id.replaceAll('*', ''))).size).toBe(places.length);
        },
      ),
    );
  });
});

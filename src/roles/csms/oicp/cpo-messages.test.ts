import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OcppVersion } from '../../../protocols/ocpp/versions.ts';
import { cdrFindings, instantOf, OperationBodies, type OperationName } from '../../../protocols/oicp/index.ts';
import type { TransactionRecord } from '../state/records.ts';
import type { RoamingSession } from './roaming-sessions.ts';
import { cdrOf } from './session-messages.ts';
import { AUTHORIZED, CpoTestBench, type HubHeard, SESSION } from './test-bench.ts';

/** What the operator writes: every body of whole sessions to the letter, and records whatever a station reports. */
const CARD = '044A2DAA';
/** The published paths of what an operator calls, by hand. */
const PATHS: readonly (readonly [OperationName, RegExp])[] = [
  ['AuthorizeStart', /^\/api\/oicp\/charging\/v21\/operators\/DE(?:\*|%2A)ABC\/authorize\/start$/],
  ['AuthorizeStop', /^\/api\/oicp\/charging\/v21\/operators\/DE(?:\*|%2A)ABC\/authorize\/stop$/],
  ['ChargeDetailRecord', /^\/api\/oicp\/cdrmgmt\/v22\/operators\/DE(?:\*|%2A)ABC\/charge-detail-record$/],
  ['PushEvseData', /^\/api\/oicp\/evsepush\/v23\/operators\/DE(?:\*|%2A)ABC\/data-records$/],
  ['PushEvseStatus', /^\/api\/oicp\/evsepush\/v21\/operators\/DE(?:\*|%2A)ABC\/status-records$/],
  ['PushPricingProductData', /^\/api\/oicp\/dynamicpricing\/v10\/operators\/DE(?:\*|%2A)ABC\/pricing-products$/],
  ['PushEVSEPricing', /^\/api\/oicp\/dynamicpricing\/v10\/operators\/DE(?:\*|%2A)ABC\/evse-pricing$/],
  ['ChargingNotifications', /^\/api\/oicp\/notificationmgmt\/v11\/charging-notifications$/],
];
const operationOf = ({ path }: HubHeard): OperationName | undefined => PATHS.find(([, form]) => form.test(path))?.[0];

/** The card charges for 20 minutes, and a fault comes in between; prices are offered. */
async function wholeSession(version: OcppVersion): Promise<CpoTestBench> {
  const bench = new CpoTestBench();
  bench.says['authorize/start'] = AUTHORIZED;
  const station = await bench.station(version, version === '1.6' ? 'Preparing' : 'Occupied');
  bench.cpo.prices.put({
    providerId: '*',
    products: {
      PricingDefaultPrice: 0.5,
      PricingDefaultPriceCurrency: 'EUR',
      PricingDefaultReferenceUnit: 'KILOWATT_HOUR',
      PricingProductDataRecords: [
        {
          ProductID: 'AC3',
          ReferenceUnit: 'KILOWATT_HOUR',
          ProductPriceCurrency: 'EUR',
          PricePerReferenceUnit: 0.39,
          MaximumProductChargingPower: 22,
          IsValid24hours: true,
          ProductAvailabilityTimes: [],
        },
      ],
    },
    evses: [{ evseId: 'DE*ABC*ECS1*1', products: ['AC3'] }],
  });
  const at = (minute: number): string => `2026-01-01T12:${String(minute).padStart(2, '0')}:00Z`;
  if (version === '1.6') {
    await station.ask('Authorize', `{"idTag":"${CARD}"}`);
    const { transactionId } = await station.ask(
      'StartTransaction',
      `{"connectorId":1,"idTag":"${CARD}","meterStart":1000,"timestamp":"${at(1)}"}`,
    );
    for (let minute = 2; minute <= 20; minute++) {
      await bench.run(60_000);
      const value = `{"value":"${(1_000 + minute * 123.4567) / 1_000}","unit":"kWh"}`;
      await station.ask(
        'MeterValues',
        `{"connectorId":1,"transactionId":${transactionId},"meterValue":[{"timestamp":"${at(minute)}","sampledValue":[${value}]}]}`,
      );
    }
    await station.ask('StatusNotification', '{"connectorId":1,"errorCode":"GroundFailure","status":"Faulted"}');
    await bench.run(60_000);
    await station.ask(
      'StopTransaction',
      `{"transactionId":${transactionId},"idTag":"${CARD}","meterStop":4000,"timestamp":"${at(21)}","reason":"Local"}`,
    );
  } else {
    const event = (type: string, seqNo: number, minute: number, more: string): string =>
      `{"eventType":"${type}","timestamp":"${at(minute)}","triggerReason":"${type === 'Ended' ? 'StopAuthorized' : type === 'Started' ? 'Authorized' : 'MeterValuePeriodic'}","seqNo":${seqNo},"transactionInfo":{"transactionId":"T1","chargingState":"Charging"${type === 'Ended' ? ',"stoppedReason":"Local"' : ''}},"meterValue":[{"timestamp":"${at(minute)}","sampledValue":[{"value":${1_000 + minute * 123.4567}}]}]${more}}`;
    const idToken = `"idToken":{"idToken":"${CARD}","type":"ISO14443"}`;
    await station.ask('TransactionEvent', event('Started', 0, 1, `,"evse":{"id":1,"connectorId":1},${idToken}`));
    for (let minute = 2; minute <= 20; minute++) {
      await bench.run(60_000);
      await station.ask('TransactionEvent', event('Updated', minute - 1, minute, ''));
    }
    await bench.status(station, version, 'Faulted');
    await bench.run(60_000);
    await station.ask('TransactionEvent', event('Ended', 20, 21, `,${idToken}`));
  }
  await bench.run(5_000);
  return bench;
}

/** All date-times of a body, by the names that OICP gives them. */
const timesIn = (text: string): string[] =>
  [...text.matchAll(/"(?:SessionStart|SessionEnd|ChargingStart|ChargingEnd|EventOccurred)":"([^"]+)"/g)].map(
    ([, time = '']) => time,
  );

describe.each(['1.6', '2.0.1', '2.1'] as const)('a whole session on %s', (version) => {
  it('GEN-01, GEN-12: every body goes to its published path and fits its schema to the letter, under the hub-level id', async () => {
    const bench = await wholeSession(version);
    const bodies = new OperationBodies();
    const seen = new Set<string>();
    for (const each of bench.heard) {
      const operation = operationOf(each);
      expect([each.path, operation]).not.toEqual([each.path, undefined]);
      if (operation === undefined) continue;
      seen.add(operation);
      const { findings } = bodies.request(operation, each.body, 'strict', { from: 'CPO', to: 'HUB' });
      expect([operation, findings]).toEqual([operation, []]);
      for (const [, id] of each.text.matchAll(/"OperatorID":"([^"]+)"/g)) expect(id).toBe('DE*ABC');
    }
    expect([...seen].sort()).toEqual(PATHS.map(([name]) => name).sort());
    expect(bench.csms.defects).toEqual([]);
  });

  it('GEN-11, CPO-CD-03: every time has the offset of the site, and those of the record their order', async () => {
    const bench = await wholeSession(version);
    const times = bench.heard.flatMap(({ text }) => timesIn(text));
    expect(times.length).toBeGreaterThan(8);
    for (const time of times) expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+01:00$/);
    const [record, ...more] = bench.of('DE*ABC/charge-detail-record');
    expect(more).toEqual([]);
    const { SessionStart, ChargingStart, ChargingEnd, SessionEnd } = record?.body ?? {};
    const order = [SessionStart, ChargingStart, ChargingEnd, SessionEnd].map((time) => instantOf(time) ?? 0);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order[3]).toBeLessThanOrEqual(bench.csms.clock.now());
  });

  it('CPO-CD-02, CPO-CD-04: kWh as numbers of three decimals, consumed = end - start, those in between wrapped and inside', async () => {
    const bench = await wholeSession(version);
    const { text = '', body } = bench.of('DE*ABC/charge-detail-record')[0] ?? {};
    for (const name of ['ConsumedEnergy', 'MeterValueStart', 'MeterValueEnd']) {
      expect(text).toMatch(new RegExp(`"${name}":\\d+(\\.\\d{1,3})?[,}]`));
    }
    const wh = (kWh: number): number => Math.round(kWh * 1_000);
    expect(wh(body.ConsumedEnergy)).toBe(wh(body.MeterValueEnd) - wh(body.MeterValueStart));
    expect(body.ConsumedEnergy).toBeGreaterThan(2);
    expect(body.ConsumedEnergy).toBeLessThan(4);
    const { meterValues } = body.MeterValueInBetween;
    expect(meterValues.length).toBeGreaterThan(3);
    for (const value of meterValues) {
      expect(value).toBeGreaterThanOrEqual(body.MeterValueStart);
      expect(value).toBeLessThanOrEqual(body.MeterValueEnd);
    }
  });
});

describe('a record of whatever a station reports', () => {
  const session: RoamingSession = {
    sessionId: SESSION,
    kind: 'authorised',
    state: 'charging',
    station: 'CS1',
    evse: 1,
    evseId: 'DE*ABC*ECS1*1',
    idToken: CARD,
    identification: { RFIDMifareFamilyIdentification: { UID: CARD } },
    cpoPartnerSessionId: 'cpo-1',
    createdMs: 0,
  };
  const NOW = 1_767_268_800_000;
  const DAY = 86_400_000;
  const ms = fc.integer({ min: NOW - DAY, max: NOW + DAY });
  const wh = fc.oneof(
    fc.integer({ min: 0, max: 900_000 }),
    fc.double({ min: 0, max: 900_000, noNaN: true, noDefaultInfinity: true }),
  );
  const reading = fc.record({ at: ms, energyWh: wh });

  it('CPO-CD-02, CPO-CD-03, CPO-CD-04: is complete, in order, in the past, exact in its energy, and nothing a hub refuses', () => {
    const bodies = new OperationBodies();
    const given = fc.record({
      startedAt: ms,
      endedAt: ms,
      chargingStartMs: fc.option(ms, { nil: undefined }),
      meterStartWh: fc.option(wh, { nil: undefined }),
      meterStopWh: fc.option(wh, { nil: undefined }),
      energyWh: fc.option(wh, { nil: undefined }),
      curve: fc.array(reading, { maxLength: 60 }),
    });
    fc.assert(
      fc.property(given, ({ startedAt, endedAt, chargingStartMs, meterStartWh, meterStopWh, energyWh, curve }) => {
        const last = curve.at(-1);
        const transaction: TransactionRecord = {
          key: 'CS1/1',
          station: 'CS1',
          transactionId: '1',
          version: '1.6',
          state: 'ended',
          startedAt,
          endedAt,
          offlineEvents: 0,
          events: 2,
          remarks: [],
          curve,
          ...(last === undefined ? {} : { reading: last }),
          ...(meterStartWh === undefined ? {} : { meterStartWh }),
          ...(meterStopWh === undefined ? {} : { meterStopWh }),
          ...(energyWh === undefined ? {} : { energyWh }),
        };
        const charging = chargingStartMs === undefined ? session : { ...session, chargingStartMs };
        const cdr = cdrOf(charging, transaction, { operatorId: 'DE*ABC', nowMs: NOW, offsetMinutes: 60 });
        const wire = JSON.parse(JSON.stringify(cdr));
        const leg = { from: 'CPO', to: 'HUB' } as const;
        expect(bodies.request('ChargeDetailRecord', wire, 'strict', leg).findings).toEqual([]);
        // Neither what a hub refuses nor what it notes.
        expect(cdrFindings(wire, { receivedMs: NOW, session: { evseId: 'DE*ABC*ECS1*1' } })).toEqual([]);
        for (const time of timesIn(JSON.stringify(wire))) expect(time).toMatch(/\+01:00$/);
      }),
      { numRuns: 500 },
    );
  });
});

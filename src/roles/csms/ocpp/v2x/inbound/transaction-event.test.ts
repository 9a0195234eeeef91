import { describe, expect, it } from 'vitest';
import { parseTime } from '../../../../../core/time.ts';
import type { CsmsConfig } from '../../../config.ts';
import type { TokenRecord } from '../../../state/records.ts';
import { CsmsTestBench } from '../../../test-bench.ts';

type V2 = '2.0.1' | '2.1';
const AT = (minute: string): number => parseTime(`2026-01-01T12:${minute}:00Z`) ?? 0;

/** Tokens GOOD, BAD (blocked), MANY (concurrent), FLEET (same group as GOOD) and a booted station CS1. */
async function bench(version: V2 = '2.0.1', script: Record<string, string> = {}, config: Partial<CsmsConfig> = {}) {
  const it = new CsmsTestBench(config);
  const token: Omit<TokenRecord, 'idToken'> = { type: 'ISO14443', status: 'Accepted', concurrent: false };
  it.state.tokens.put({ ...token, idToken: 'GOOD', groupId: 'FLEET' });
  it.state.tokens.put({ ...token, idToken: 'MATE', groupId: 'FLEET' });
  it.state.tokens.put({ ...token, idToken: 'BAD', status: 'Blocked' });
  it.state.tokens.put({ ...token, idToken: 'MANY', concurrent: true });
  const station = await it.station('CS1', version, script);
  const tx = (id: string) => {
    const record = it.state.transactions.get('CS1', id);
    if (record === undefined) throw new Error(`no transaction ${id}`);
    return record;
  };
  return { it, station, tx };
}

const GOOD = '"idToken":{"idToken":"GOOD","type":"ISO14443"}';
const EVSE1 = '"evse":{"id":1,"connectorId":2}';
const meter = (wh: number, context: string, minute: string): string =>
  `"meterValue":[{"timestamp":"2026-01-01T12:${minute}:00Z","sampledValue":[{"value":${wh},"context":"${context}","unitOfMeasure":{"unit":"Wh"}}]}]`;

/** A TransactionEvent of transaction `id` at 12:`minute`, with further members. */
function event(
  type: 'Started' | 'Updated' | 'Ended',
  seqNo: number,
  minute: string,
  { id = 'T1', trigger = 'ChargingStateChanged', info = '', more = '' } = {},
): string {
  return `{"eventType":"${type}","timestamp":"2026-01-01T12:${minute}:00Z","triggerReason":"${trigger}","seqNo":${seqNo},"transactionInfo":{"transactionId":"${id}"${info === '' ? '' : `,${info}`}}${more === '' ? '' : `,${more}`}}`;
}

describe.each<V2>(['2.0.1', '2.1'])('TransactionEvent of OCPP %s', (version) => {
  it('carries a transaction from cable to cable (E01, E02, E06)', async () => {
    const { it, station, tx } = await bench(version);
    const started = event('Started', 0, '00', {
      trigger: 'CablePluggedIn',
      info: '"chargingState":"EVConnected"',
      more: `${EVSE1},${meter(1000, 'Transaction.Begin', '00')}`,
    });
    expect(await station.ask('TransactionEvent', started)).toEqual({});
    expect(tx('T1')).toMatchObject({
      state: 'active',
      version,
      evse: 1,
      connector: 2,
      chargingState: 'EVConnected',
      startedAt: AT('00'),
      meterStartWh: 1000,
      startSeqNo: 0,
    });

    const authorized = event('Updated', 1, '01', { trigger: 'Authorized', more: GOOD });
    expect(await station.ask('TransactionEvent', authorized)).toEqual({
      idTokenInfo: { status: 'Accepted', groupIdToken: { idToken: 'FLEET', type: 'Central' } },
    });
    expect(tx('T1')).toMatchObject({
      idToken: 'GOOD',
      idTokenType: 'ISO14443',
      authorization: 'Accepted',
      groupId: 'FLEET',
    });

    await station.ask(
      'TransactionEvent',
      event('Updated', 2, '02', { info: '"chargingState":"Charging"', more: '"numberOfPhasesUsed":3' }),
    );
    await station.ask(
      'TransactionEvent',
      event('Updated', 3, '03', { trigger: 'MeterValuePeriodic', more: meter(1500, 'Sample.Periodic', '03') }),
    );
    expect(tx('T1')).toMatchObject({
      chargingState: 'Charging',
      energyWh: 500,
      reading: { energyWh: 1500 },
      details: { numberOfPhasesUsed: 3, triggerReason: 'MeterValuePeriodic' },
    });
    expect(it.state.stations.readingsOf('CS1').get(1)).toMatchObject({ energyWh: 1500, at: AT('03') });

    const ended = event('Ended', 4, '10', {
      trigger: 'EVCommunicationLost',
      info: '"stoppedReason":"EVDisconnected"',
      more: meter(3000, 'Transaction.End', '10'),
    });
    expect(await station.ask('TransactionEvent', ended)).toEqual({});
    const record = tx('T1');
    expect(record).toMatchObject({
      state: 'ended',
      endedAt: AT('10'),
      stoppedReason: 'EVDisconnected',
      meterStopWh: 3000,
      energyWh: 2000,
      events: 5,
      offlineEvents: 0,
      missingSeqNos: [],
      remarks: [],
    });
    expect(record.chargingState).toBeUndefined();
    expect(record.curve.map(({ energyWh }) => energyWh)).toEqual([1000, 1500, 3000]);
    expect(it.changes.filter(({ what }) => what.startsWith('transaction')).map(({ what }) => what)).toEqual([
      'transaction-started',
      'transaction-updated',
      'transaction-updated',
      'transaction-updated',
      'transaction-updated',
      'transaction-ended',
    ]);
    expect(it.findings).toEqual([]);
    expect(it.defects).toEqual([]);
  });

  it('says what a token is worth whenever one was sent, also a refused one (E01.FR.12, E05)', async () => {
    const { station, tx } = await bench(version);
    const bad = '"idToken":{"idToken":"BAD","type":"ISO14443"}';
    const answer = await station.ask('TransactionEvent', event('Started', 0, '00', { more: `${EVSE1},${bad}` }));
    expect(answer).toEqual({ idTokenInfo: { status: 'Blocked' } });
    expect(tx('T1')).toMatchObject({ state: 'active', authorization: 'Blocked', idToken: 'BAD' });
    expect(tx('T1').remarks).toEqual(['The token was refused: The token is Blocked']);
  });

  it('NoAuthorization is accepted (C02)', async () => {
    const { station } = await bench(version);
    const free = '"idToken":{"idToken":"","type":"NoAuthorization"}';
    const answer = await station.ask('TransactionEvent', event('Started', 0, '00', { more: `${EVSE1},${free}` }));
    expect(answer).toEqual({ idTokenInfo: { status: 'Accepted' } });
  });

  it('a token of another type is another token (C01.FR.25)', async () => {
    const { station } = await bench(version);
    const other = '"idToken":{"idToken":"GOOD","type":"eMAID"}';
    const answer = await station.ask('TransactionEvent', event('Started', 0, '00', { more: other }));
    expect(answer).toEqual({ idTokenInfo: { status: 'Unknown' } });
  });

  it('a second transaction of the same token is ConcurrentTx, unless the token may', async () => {
    const { station } = await bench(version);
    await station.ask('TransactionEvent', event('Started', 0, '00', { more: `${EVSE1},${GOOD}` }));
    const second = event('Started', 0, '01', { id: 'T2', more: `"evse":{"id":2,"connectorId":1},${GOOD}` });
    expect(await station.ask('TransactionEvent', second)).toMatchObject({ idTokenInfo: { status: 'ConcurrentTx' } });
    const many = '"idToken":{"idToken":"MANY","type":"ISO14443"}';
    for (const id of ['T3', 'T4']) {
      const answer = await station.ask('TransactionEvent', event('Started', 0, '02', { id, more: many }));
      expect(answer).toEqual({ idTokenInfo: { status: 'Accepted' } });
    }
  });

  it('a repeated event gets the same answer and changes nothing (errata 4.6)', async () => {
    const { it, station, tx } = await bench(version);
    const started = event('Started', 0, '00', { more: `${EVSE1},${GOOD}` });
    const first = await station.ask('TransactionEvent', started);
    const before = it.snapshot('CS1');
    expect(await station.ask('TransactionEvent', started)).toEqual(first);
    expect(it.snapshot('CS1')).toBe(before);
    expect(tx('T1').events).toBe(1);
  });

  it('a token is judged once; what it is worth later does not rewrite the start', async () => {
    const { it, station, tx } = await bench(version);
    await station.ask('TransactionEvent', event('Started', 0, '00', { more: `${EVSE1},${GOOD}` }));
    const good = it.state.tokens.get('GOOD');
    if (good !== undefined) it.state.tokens.put({ ...good, status: 'Blocked' });
    const again = event('Updated', 1, '01', { trigger: 'StopAuthorized', more: GOOD });
    expect(await station.ask('TransactionEvent', again)).toMatchObject({ idTokenInfo: { status: 'Blocked' } });
    expect(tx('T1')).toMatchObject({ authorization: 'Accepted', remarks: [] });
  });

  it('concurrent use counts where a transaction starts, not where one ends', async () => {
    const { station } = await bench(version);
    await station.ask('TransactionEvent', event('Started', 0, '00', { more: `${EVSE1},${GOOD}` }));
    await station.ask('TransactionEvent', event('Started', 0, '01', { id: 'T2', more: GOOD }));
    const stop = event('Ended', 1, '05', { id: 'T2', trigger: 'StopAuthorized', more: GOOD });
    expect(await station.ask('TransactionEvent', stop)).toMatchObject({ idTokenInfo: { status: 'Accepted' } });
  });

  it('starts, samples and ends are on disk before they are answered', async () => {
    const { it, station } = await bench(version);
    await station.ask('TransactionEvent', event('Started', 0, '00', { more: EVSE1 }));
    const stored = () =>
      JSON.parse(String(it.database.get('select json from transactions where key = ?', 'CS1/T1')?.['json'] ?? '{}'));
    expect(stored()).toMatchObject({ state: 'active', lastSeqNo: 0 });
    await station.ask(
      'TransactionEvent',
      event('Updated', 1, '03', { trigger: 'MeterValuePeriodic', more: meter(1500, 'Sample.Periodic', '03') }),
    );
    expect(stored()).toMatchObject({ lastSeqNo: 1, reading: { energyWh: 1500 } });
    await station.ask('TransactionEvent', event('Ended', 2, '04'));
    expect(stored()).toMatchObject({ state: 'ended', lastSeqNo: 2 });
  });

  it('a token that stops does not become the one that charges (E07.FR.02)', async () => {
    const { station, tx } = await bench(version);
    await station.ask('TransactionEvent', event('Started', 0, '00', { more: `${EVSE1},${GOOD}` }));
    const mate = '"idToken":{"idToken":"MATE","type":"ISO14443"}';
    const stop = event('Ended', 1, '05', { trigger: 'StopAuthorized', more: mate });
    expect(await station.ask('TransactionEvent', stop)).toMatchObject({
      idTokenInfo: { status: 'Accepted', groupIdToken: { idToken: 'FLEET' } },
    });
    // E06.FR.08/09: only Local may be left out.
    expect(tx('T1')).toMatchObject({ idToken: 'GOOD', state: 'ended', stoppedReason: 'Local' });
  });
});

describe('events out of order (E04, E11, E12)', () => {
  it('gaps stay noted until they close, and the past does not change the present', async () => {
    const { station, tx } = await bench();
    await station.ask('TransactionEvent', event('Started', 0, '00', { more: EVSE1 }));
    await station.ask('TransactionEvent', event('Updated', 4, '04', { info: '"chargingState":"SuspendedEV"' }));
    expect(tx('T1').missingSeqNos).toEqual([1, 2, 3]);
    const late = event('Updated', 2, '02', {
      info: '"chargingState":"Charging"',
      more: `"offline":true,${meter(1200, 'Sample.Periodic', '02')}`,
    });
    await station.ask('TransactionEvent', late);
    expect(tx('T1')).toMatchObject({
      missingSeqNos: [1, 3],
      chargingState: 'SuspendedEV',
      offlineEvents: 1,
      events: 3,
    });
    expect(tx('T1').curve).toHaveLength(1);
    await station.ask('TransactionEvent', event('Updated', 1, '01'));
    await station.ask('TransactionEvent', event('Updated', 3, '03'));
    expect(tx('T1')).toMatchObject({ missingSeqNos: [], lastSeqNo: 4 });
  });

  it('an event of an unknown transaction makes it exist, and its Started may come last', async () => {
    const { station, tx } = await bench();
    await station.ask(
      'TransactionEvent',
      event('Updated', 2, '05', { more: meter(1500, 'Sample.Periodic', '05'), info: '"chargingState":"Charging"' }),
    );
    expect(tx('T1')).toMatchObject({
      state: 'active',
      remarks: ['Its first event here was Updated (seqNo 2), not Started'],
    });
    await station.ask('TransactionEvent', event('Ended', 3, '09', { more: meter(2000, 'Transaction.End', '09') }));
    await station.ask(
      'TransactionEvent',
      event('Started', 0, '00', { more: `"offline":true,${EVSE1},${GOOD},${meter(1000, 'Transaction.Begin', '00')}` }),
    );
    expect(tx('T1')).toMatchObject({
      state: 'ended',
      startedAt: AT('00'),
      endedAt: AT('09'),
      evse: 1,
      idToken: 'GOOD',
      meterStartWh: 1000,
      energyWh: 1000,
      missingSeqNos: [1],
      firstSeqNo: 0,
    });
    expect(tx('T1').curve.map(({ energyWh }) => energyWh)).toEqual([1000, 1500, 2000]);
  });

  it('a transaction that only ended is kept as one', async () => {
    const { station, tx } = await bench();
    const answer = await station.ask(
      'TransactionEvent',
      event('Ended', 7, '09', { info: '"stoppedReason":"PowerLoss"', more: '"offline":true' }),
    );
    expect(answer).toEqual({});
    expect(tx('T1')).toMatchObject({ state: 'ended', stoppedReason: 'PowerLoss', offlineEvents: 1 });
  });

  it('an event after Ended is noted and does not revive the transaction', async () => {
    const { station, tx } = await bench();
    await station.ask('TransactionEvent', event('Started', 0, '00'));
    await station.ask('TransactionEvent', event('Ended', 1, '05'));
    await station.ask('TransactionEvent', event('Updated', 2, '06', { info: '"chargingState":"Charging"' }));
    expect(tx('T1')).toMatchObject({ state: 'ended', endedAt: AT('05') });
    expect(tx('T1').chargingState).toBeUndefined();
    expect(tx('T1').remarks).toEqual(['Updated (seqNo 2) came after Ended']);
  });

  it('sequence numbers need not begin at 0 (G: a counter per EVSE)', async () => {
    const { station, tx } = await bench();
    await station.ask('TransactionEvent', event('Started', 41, '00'));
    await station.ask('TransactionEvent', event('Ended', 42, '05'));
    expect(tx('T1')).toMatchObject({ state: 'ended', firstSeqNo: 41, lastSeqNo: 42, remarks: [] });
    expect(tx('T1').missingSeqNos ?? []).toEqual([]);
  });

  it('a second transaction on the EVSE is noted on the first (E01.FR.14)', async () => {
    const { station, tx } = await bench();
    await station.ask('TransactionEvent', event('Started', 0, '00', { more: EVSE1 }));
    await station.ask('TransactionEvent', event('Started', 0, '05', { id: 'T2', more: EVSE1 }));
    expect(tx('T1').remarks).toEqual(['Transaction T2 started on the same EVSE before this one was ended']);
    expect(tx('T2').remarks).toEqual([]);
  });

  it('a start that comes after its end says nothing about what runs now', async () => {
    const { station, tx } = await bench();
    await station.ask('TransactionEvent', event('Started', 0, '05', { id: 'NOW', more: EVSE1 }));
    await station.ask('TransactionEvent', event('Ended', 1, '04', { more: '"offline":true' }));
    await station.ask('TransactionEvent', event('Started', 0, '00', { more: `"offline":true,${EVSE1}` }));
    expect(tx('NOW').remarks).toEqual([]);
  });

  it('samples that come in an Updated and again in Ended count once', async () => {
    const { station, tx } = await bench();
    const sample = meter(1500, 'Sample.Periodic', '03');
    await station.ask('TransactionEvent', event('Started', 0, '00', { more: EVSE1 }));
    await station.ask('TransactionEvent', event('Updated', 1, '03', { trigger: 'MeterValuePeriodic', more: sample }));
    await station.ask('TransactionEvent', event('Ended', 2, '09', { more: sample }));
    expect(tx('T1').curve).toHaveLength(1);
  });
});

describe('what belongs to a transaction', () => {
  const PROFILE =
    '{"id":4,"stackLevel":0,"chargingProfilePurpose":"TxProfile","chargingProfileKind":"Relative","chargingSchedule":[{"id":1,"chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":10}]}]}';

  it('uses its reservation (H01.FR.15)', async () => {
    const { it, station, tx } = await bench('2.0.1', { ReserveNow: '{"status":"Accepted"}' });
    await it.command(
      'CS1',
      'ReserveNow',
      JSON.parse(`{"id":3,"expiryDateTime":"2026-01-01T13:00:00Z","evseId":1,${GOOD}}`),
    );
    await station.ask('TransactionEvent', event('Started', 0, '00', { more: `${EVSE1},${GOOD},"reservationId":3` }));
    expect(tx('T1').reservationId).toBe(3);
    expect(it.items('CS1', 'reservations')).toMatchObject([
      { id: '3', status: 'Used', value: { transactionId: 'T1' } },
    ]);
  });

  it('takes the profile of its remote start, which goes when it ends (F01, K02.FR.05)', async () => {
    const { it, station, tx } = await bench('2.0.1', { RequestStartTransaction: '{"status":"Accepted"}' });
    await it.command(
      'CS1',
      'RequestStartTransaction',
      JSON.parse(`{"remoteStartId":11,${GOOD},"chargingProfile":${PROFILE}}`),
    );
    const started = event('Started', 0, '00', {
      trigger: 'RemoteStart',
      info: '"remoteStartId":11',
      more: `${EVSE1},${GOOD}`,
    });
    await station.ask('TransactionEvent', started);
    expect(tx('T1').remoteStartId).toBe(11);
    expect(it.items('CS1', 'profiles')).toMatchObject([{ id: '4', evse: 1, value: { transactionId: 'T1' } }]);
    await station.ask('TransactionEvent', event('Ended', 1, '05'));
    expect(it.items('CS1', 'profiles')).toEqual([]);
  });

  it('leaves the profiles of others alone', async () => {
    const { it, station } = await bench('2.0.1', { SetChargingProfile: '{"status":"Accepted"}' });
    const other = PROFILE.replace('"stackLevel"', '"transactionId":"T9","stackLevel"');
    await it.command('CS1', 'SetChargingProfile', JSON.parse(`{"evseId":2,"chargingProfile":${other}}`));
    await station.ask('TransactionEvent', event('Started', 0, '00', { more: EVSE1 }));
    await station.ask('TransactionEvent', event('Ended', 1, '05'));
    expect(it.items('CS1', 'profiles')).toMatchObject([{ id: '4' }]);
  });

  it('2.1: limits, tariff and costs stand in its details (E16, I07)', async () => {
    const { station, tx } = await bench('2.1');
    await station.ask(
      'TransactionEvent',
      event('Started', 0, '00', {
        trigger: 'LimitSet',
        info: '"tariffId":"A","operationMode":"ChargingOnly","transactionLimit":{"maxCost":20}',
        more: EVSE1,
      }),
    );
    const cost = (total: number): string =>
      `"costDetails":{"totalCost":{"currency":"EUR","typeOfCost":"NormalCost","total":{"exclTax":${total - 1},"inclTax":${total}}},"totalUsage":{"energy":1,"chargingTime":60,"idleTime":0}}`;
    await station.ask('TransactionEvent', event('Updated', 1, '01', { trigger: 'RunningCost', more: cost(5) }));
    expect(tx('T1')).toMatchObject({
      totalCost: 5,
      details: {
        tariffId: 'A',
        operationMode: 'ChargingOnly',
        transactionLimit: { maxCost: 20 },
        costDetails: { totalCost: { currency: 'EUR' } },
      },
    });
    // Costs of the past do not replace those of now.
    await station.ask('TransactionEvent', event('Updated', 3, '03', { trigger: 'RunningCost', more: cost(9) }));
    await station.ask('TransactionEvent', event('Updated', 2, '02', { trigger: 'RunningCost', more: cost(7) }));
    expect(tx('T1')).toMatchObject({
      totalCost: 9,
      details: { costDetails: { totalCost: { total: { inclTax: 9 } } } },
    });
  });
});

it('a token that is not ours is asked elsewhere, and the answer waits; the start is kept at once', async () => {
  let answer: ((found: { status: 'Accepted'; reason: string; by: 'roaming' }) => void) | undefined;
  const roaming = new CsmsTestBench(
    {},
    {
      askRoaming: (question, done) => {
        expect(question).toEqual({
          idToken: 'DE8ACC12E46L89',
          type: 'eMAID',
          station: 'CS1',
          evse: 1,
          starting: true,
          transactionKey: 'CS1/T1',
          // The question to the hub belongs to the chain that the station's message began.
          trace: {
            trace: expect.stringMatching(/^[0-9a-f]{32}$/),
            span: expect.stringMatching(/^[0-9a-f]{16}$/),
            hop: { id: expect.stringMatching(/^[0-9a-f]{16}$/), side: 'server' },
          },
        });
        answer = done;
      },
    },
  );
  const station = await roaming.station('CS1', '2.0.1');
  const emaid = '"idToken":{"idToken":"DE8ACC12E46L89","type":"eMAID"}';
  await station.tell(`[2,"x1","TransactionEvent",${event('Started', 0, '00', { more: `${EVSE1},${emaid}` })}]`);
  expect(station.heard.at(-1)).not.toContain('"x1"');
  expect(roaming.state.transactions.get('CS1', 'T1')?.state).toBe('active');
  answer?.({ status: 'Accepted', reason: 'the EMP says so', by: 'roaming' });
  await roaming.clock.settle();
  expect(station.heard.at(-1)).toBe('[3,"x1",{"idTokenInfo":{"status":"Accepted"}}]');
  expect(roaming.state.transactions.get('CS1', 'T1')?.authorization).toBe('Accepted');
});

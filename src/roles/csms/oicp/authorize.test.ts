import { describe, expect, it } from 'vitest';
import { parseTime } from '../../../core/time.ts';
import { AUTHORIZED, CpoTestBench, OK, SESSION } from './test-bench.ts';

const timeOf = (text: string): number => parseTime(text) ?? Number.NaN;
const START = 'authorize/start';
const STOP = 'authorize/stop';
const CDR = 'DE*ABC/charge-detail-record';
const NOTE = 'v11/charging-notifications';

/** A 1.6 session of the card 04:4a:2d:aa from 12:01 to 12:41. */
async function charge16(bench: CpoTestBench, reason = 'Local') {
  const station = await bench.station('1.6', 'Preparing');
  await station.ask('Authorize', '{"idTag":"044a2daa"}');
  const started = await station.ask(
    'StartTransaction',
    '{"connectorId":1,"idTag":"044a2daa","meterStart":1000500,"timestamp":"2026-01-01T12:01:00Z"}',
  );
  await bench.run(41 * 60_000);
  await station.ask(
    'MeterValues',
    `{"connectorId":1,"transactionId":${started.transactionId},"meterValue":[{"timestamp":"2026-01-01T12:20:00Z","sampledValue":[{"value":"1004100"}]}]}`,
  );
  await station.ask(
    'StopTransaction',
    `{"transactionId":${started.transactionId},"idTag":"044a2daa","meterStop":1012750,"timestamp":"2026-01-01T12:41:00Z","reason":"${reason}"}`,
  );
  await bench.run(1_000);
  return { station, started };
}

describe('AuthorizeStart', () => {
  it('CPO-AS-01, CPO-AS-07, GEN-01, GEN-12: an unknown card is asked for, upper case, one member, no SessionID', async () => {
    const bench = new CpoTestBench();
    bench.says[START] = AUTHORIZED;
    const station = await bench.station('1.6', 'Preparing');
    expect(await station.ask('Authorize', '{"idTag":"044a2daa"}')).toEqual({ idTagInfo: { status: 'Accepted' } });
    const [asked] = bench.of(START);
    expect(asked?.path).toMatch(/^\/api\/oicp\/charging\/v21\/operators\/DE(\*|%2A)ABC\/authorize\/start$/);
    expect(asked?.body).toEqual({
      CPOPartnerSessionID: expect.any(String),
      OperatorID: 'DE*ABC',
      EvseID: 'DE*ABC*ECS1*1',
      Identification: { RFIDMifareFamilyIdentification: { UID: '044A2DAA' } },
    });
  });

  it('CPO-AS-02, GEN-10: charging starts on Authorized, one question for one driver, and the hub’s SessionID is used from then on', async () => {
    const bench = new CpoTestBench();
    bench.says[START] = AUTHORIZED;
    await charge16(bench);
    expect(bench.of(START)).toHaveLength(1);
    expect(bench.of(CDR)[0]?.body.SessionID).toBe(SESSION);
    for (const { body } of bench.of(NOTE)) expect(body.SessionID).toBe(SESSION);
    expect(bench.csms.defects).toEqual([]);
  });

  it.each(['102', '106', '200', '210', '300', '310'])(
    'CPO-AS-03, GEN-04: %s with HTTP 200 is no: no charging, no record',
    async (code) => {
      const bench = new CpoTestBench();
      bench.says[START] =
        `{"SessionID":"${SESSION}","AuthorizationStatus":"NotAuthorized","StatusCode":{"Code":"${code}","Description":"no"}}`;
      const { started } = await charge16(bench);
      expect(started.idTagInfo.status).not.toBe('Accepted');
      expect(bench.of(CDR)).toEqual([]);
      expect(bench.cpo.sessions.get(SESSION)).toBeUndefined();
    },
  );

  it.each([
    ['an acknowledgement 017', '{"Result":false,"StatusCode":{"Code":"017"}}', 200],
    ['a fault body 300 with 404', '{"StatusCode":{"Code":"300","Description":null},"message":"x"}', 404],
    ['an acknowledgement 300', '{"Result":false,"StatusCode":{"Code":"300"}}', 200],
  ])('CPO-AS-04, GEN-05: %s instead of an authorization is no', async (_what, text, status) => {
    const bench = new CpoTestBench();
    bench.says[START] = { status, text };
    const station = await bench.station('1.6', 'Preparing');
    expect(await station.ask('Authorize', '{"idTag":"044A2DAA"}')).toEqual({ idTagInfo: { status: 'Invalid' } });
  });

  it.each([
    ['hub.authorize.busy', { status: 503, text: '' }],
    ['hub.authorize.invalid', '{"AuthorizationStatus":"Perhaps"}'],
    ['hub.authorize.session', AUTHORIZED.replace(`"SessionID":"${SESSION}",`, '')],
  ] as const)('an answer that decides nothing (%s) is no, and a finding of its own', async (rule, said) => {
    const bench = new CpoTestBench();
    bench.says[START] = said;
    const station = await bench.station('1.6', 'Preparing');
    expect(await station.ask('Authorize', '{"idTag":"044A2DAA"}')).toEqual({ idTagInfo: { status: 'Invalid' } });
    expect(bench.csms.findings.map((each) => each.rule)).toContain(rule);
  });

  it('CPO-AS-06: a contract of Plug & Charge is PlugAndChargeIdentification alone', async () => {
    const bench = new CpoTestBench();
    bench.says[START] = AUTHORIZED;
    const station = await bench.station('2.0.1', 'Occupied');
    await station.ask('Authorize', '{"idToken":{"idToken":"DE-DCB-C12345678-X","type":"eMAID"}}');
    expect(bench.of(START)[0]?.body.Identification).toEqual({
      PlugAndChargeIdentification: { EvcoID: 'DE-DCB-C12345678-X' },
    });
  });

  it('check 39: an account without check character gets the one that belongs to it', async () => {
    const bench = new CpoTestBench();
    bench.says[START] = AUTHORIZED;
    const station = await bench.station('2.0.1', 'Occupied');
    await station.ask('Authorize', '{"idToken":{"idToken":"NLTNMC00122045","type":"eMAID"}}');
    expect(bench.of(START)[0]?.body.Identification).toEqual({
      PlugAndChargeIdentification: { EvcoID: 'NLTNMC00122045K' },
    });
  });

  it('check 39: NotAuthorized by the hub is ContractCancelled, whatever the certificate says', async () => {
    const good = {
      contractStatus: (_question: unknown, done: (status: 'Accepted') => void) => done('Accepted'),
    } as unknown as ConstructorParameters<typeof CpoTestBench>[2];
    const bench = new CpoTestBench({}, undefined, good);
    bench.says[START] =
      '{"AuthorizationStatus":"NotAuthorized","StatusCode":{"Code":"102","Description":"RFID/EvcoID unknown"}}';
    const station = await bench.station('2.0.1', 'Occupied');
    expect(
      await station.ask(
        'Authorize',
        '{"idToken":{"idToken":"DE8AAC12345678D","type":"eMAID"},"iso15118CertificateHashData":[{"hashAlgorithm":"SHA256","issuerNameHash":"aa","issuerKeyHash":"bb","serialNumber":"1","responderURL":"http://localhost:8003/ocsp"}]}',
      ),
    ).toMatchObject({ certificateStatus: 'ContractCancelled' });
    expect(bench.of(START)).toHaveLength(1);
  });

  it('check 39: an account whose instance does not begin with C is not asked, and that is said', async () => {
    const bench = new CpoTestBench();
    bench.says[START] = AUTHORIZED;
    const station = await bench.station('2.0.1', 'Occupied');
    const answer = await station.ask('Authorize', '{"idToken":{"idToken":"DE8AAX12345678","type":"eMAID"}}');
    expect(answer).not.toMatchObject({ idTokenInfo: { status: 'Accepted' } });
    expect(bench.of(START)).toEqual([]);
    expect(bench.csms.findings).toContainEqual(
      expect.objectContaining({ rule: 'hub.evco-id', text: expect.stringContaining('DE8AAX12345678') }),
    );
  });

  it('CPO-AS-08, GEN-08, GEN-09: a silent hub costs a decision after 12 s; nobody asks twice, and the next driver is served', async () => {
    const bench = new CpoTestBench();
    bench.says[START] = { afterMs: 90_000, text: AUTHORIZED };
    const station = await bench.station('1.6', 'Preparing');
    await station.tell('[2,"a1","Authorize",{"idTag":"044A2DAA"}]');
    await bench.run(11_999);
    expect(station.heard.join()).not.toContain('"a1"');
    await bench.run(2);
    expect(station.heard.at(-1)).toBe('[3,"a1",{"idTagInfo":{"status":"Invalid"}}]');
    await bench.run(120_000);
    expect(bench.of(START)).toHaveLength(1);
    expect(bench.cpo.sessions.openAt('CS1')).toEqual([]);
    expect(bench.csms.findings.map(({ rule }) => rule)).toContain('hub.authorize.slow');
    bench.says[START] = AUTHORIZED;
    expect(await station.ask('Authorize', '{"idTag":"044A2DAA"}')).toEqual({ idTagInfo: { status: 'Accepted' } });
  });

  it('a yes that comes after 12 s is answered with AuthorizeStop, and is a finding', async () => {
    const bench = new CpoTestBench();
    bench.says[START] = { afterMs: 20_000, text: AUTHORIZED };
    const station = await bench.station('1.6', 'Preparing');
    await station.tell('[2,"a1","Authorize",{"idTag":"044A2DAA"}]');
    await bench.run(21_000);
    expect(station.heard.at(-1)).toBe('[3,"a1",{"idTagInfo":{"status":"Invalid"}}]');
    expect(bench.of(STOP)[0]?.body).toMatchObject({
      SessionID: SESSION,
      OperatorID: 'DE*ABC',
      Identification: { RFIDMifareFamilyIdentification: { UID: '044A2DAA' } },
    });
    expect(bench.csms.findings.map(({ rule }) => rule)).toContain('hub.authorize.late');
    expect(bench.cpo.sessions.get(SESSION)?.state).toBe('dropped');
  });

  it('a hub that is down changes nothing for local tokens, and unknown ones get the policy at once', async () => {
    const bench = new CpoTestBench();
    bench.unplugHub();
    bench.csms.state.tokens.put({ idToken: 'LOCAL', type: 'ISO14443', status: 'Accepted', concurrent: false });
    const station = await bench.station('1.6', 'Preparing');
    expect(await station.ask('Authorize', '{"idTag":"LOCAL"}')).toEqual({ idTagInfo: { status: 'Accepted' } });
    expect(await station.ask('Authorize', '{"idTag":"044A2DAA"}')).toEqual({ idTagInfo: { status: 'Invalid' } });
    expect(bench.csms.findings.map(({ rule }) => rule)).toContain('hub.authorize.unreachable');
  });

  it('a driver who never plugs in: the hub’s session ends by AuthorizeStop', async () => {
    const bench = new CpoTestBench();
    bench.says[START] = AUTHORIZED;
    const station = await bench.station('1.6', 'Preparing');
    await station.ask('Authorize', '{"idTag":"044A2DAA"}');
    await bench.run(190_000);
    expect(bench.of(STOP)).toHaveLength(1);
    expect(bench.of(CDR)).toEqual([]);
  });

  it('CPO-AP-02: a card of AuthorizationStopIdentifications may stop; the hub is not asked for it', async () => {
    const bench = new CpoTestBench();
    bench.says[START] = AUTHORIZED.replace(
      '"AuthorizationStopIdentifications":null',
      '"AuthorizationStopIdentifications":[{"RFIDMifareFamilyIdentification":{"UID":"99887766"}}]',
    );
    const station = await bench.station('2.0.1', 'Occupied');
    const card = '"idToken":{"idToken":"044A2DAA","type":"ISO14443"}';
    const first = await station.ask(
      'TransactionEvent',
      `{"eventType":"Started","timestamp":"2026-01-01T12:00:00Z","triggerReason":"Authorized","seqNo":0,"transactionInfo":{"transactionId":"T1"},"evse":{"id":1,"connectorId":1},${card}}`,
    );
    const other = await station.ask('Authorize', '{"idToken":{"idToken":"99887766","type":"ISO14443"}}');
    expect(other.idTokenInfo).toEqual(first.idTokenInfo);
    expect(other.idTokenInfo.groupIdToken.idToken).toBe('f98efba402d84fa0b810');
    expect(bench.of(START)).toHaveLength(1);
  });
});

describe('the end of a session', () => {
  it('CPO-CD-01, CPO-CD-09, CPO-AP-01, CPO-CN-01, CPO-CN-03: AuthorizeStop, End, exactly one record, all of the same session', async () => {
    const bench = new CpoTestBench();
    bench.says[START] = AUTHORIZED;
    await charge16(bench);
    expect(bench.of(STOP)[0]?.body).toMatchObject({
      SessionID: SESSION,
      Identification: { RFIDMifareFamilyIdentification: { UID: '044A2DAA' } },
    });
    const [cdr, ...more] = bench.of(CDR);
    expect(more).toEqual([]);
    expect(cdr?.path).toMatch(/^\/api\/oicp\/cdrmgmt\/v22\/operators\/DE(\*|%2A)ABC\/charge-detail-record$/);
    expect(cdr?.body).toEqual({
      SessionID: SESSION,
      CPOPartnerSessionID: bench.of(START)[0]?.body.CPOPartnerSessionID,
      EMPPartnerSessionID: 'emp-1',
      EvseID: 'DE*ABC*ECS1*1',
      Identification: { RFIDMifareFamilyIdentification: { UID: '044A2DAA' } },
      SessionStart: '2026-01-01T13:01:00+01:00',
      ChargingStart: '2026-01-01T13:01:00+01:00',
      ChargingEnd: '2026-01-01T13:41:00+01:00',
      SessionEnd: '2026-01-01T13:41:00+01:00',
      ConsumedEnergy: 12.25,
      MeterValueStart: 1000.5,
      MeterValueEnd: 1012.75,
      MeterValueInBetween: { meterValues: [1004.1] },
    });
    const told = bench.of(NOTE).map(({ body }) => body);
    expect(told.map(({ Type }) => Type)).toEqual(['Start', 'Progress', 'End']);
    expect(told[0]).toMatchObject({ ChargingStart: '2026-01-01T13:01:00+01:00', OperatorID: 'DE*ABC' });
    expect(told[2]).toMatchObject({ ChargingEnd: '2026-01-01T13:41:00+01:00', ConsumedEnergy: 12.25 });
    const order = bench.heard.filter(({ what }) => [NOTE, CDR].includes(what)).map(({ what }) => what);
    expect(order.at(-1)).toBe(CDR);
    expect(bench.cpo.sessions.get(SESSION)).toMatchObject({ state: 'closed', cdr: { state: 'accepted' } });
  });

  it('CPO-CN-02: Progress is 300 s apart, in ms of its own two times, energy never falls', async () => {
    const bench = new CpoTestBench();
    bench.says[START] = AUTHORIZED;
    const station = await bench.station('1.6', 'Preparing');
    await station.ask('Authorize', '{"idTag":"044A2DAA"}');
    const { transactionId } = await station.ask(
      'StartTransaction',
      '{"connectorId":1,"idTag":"044A2DAA","meterStart":0,"timestamp":"2026-01-01T12:00:10Z"}',
    );
    for (let minute = 1; minute <= 16; minute++) {
      await bench.run(60_000);
      const at = `2026-01-01T12:${String(minute).padStart(2, '0')}:10Z`;
      await station.ask(
        'MeterValues',
        `{"connectorId":1,"transactionId":${transactionId},"meterValue":[{"timestamp":"${at}","sampledValue":[{"value":"${minute * 100}"}]}]}`,
      );
    }
    const progress = bench.of(NOTE).filter(({ body }) => body.Type === 'Progress');
    expect(progress.length).toBeGreaterThanOrEqual(2);
    const first = bench.of(NOTE)[0]?.atMs ?? 0;
    const times = [first, ...progress.map(({ atMs }) => atMs)];
    for (let i = 1; i < times.length; i++)
      expect((times[i] ?? 0) - (times[i - 1] ?? 0)).toBeGreaterThanOrEqual(300_000);
    for (const { body } of progress) {
      expect(body.ChargingDuration).toBe(timeOf(body.EventOccurred) - timeOf(body.ChargingStart));
    }
    const energies = progress.map(({ body }) => body.ConsumedEnergyProgress);
    expect(energies).toEqual([...energies].sort((a, b) => a - b));
  });

  it('CPO-CN-04: a fault while charging is Error, spelled without a space', async () => {
    const bench = new CpoTestBench();
    bench.says[START] = AUTHORIZED;
    const station = await bench.station('1.6', 'Preparing');
    await station.ask('Authorize', '{"idTag":"044A2DAA"}');
    await station.ask(
      'StartTransaction',
      '{"connectorId":1,"idTag":"044A2DAA","meterStart":0,"timestamp":"2026-01-01T12:00:10Z"}',
    );
    await station.ask('StatusNotification', '{"connectorId":1,"errorCode":"GroundFailure","status":"Faulted"}');
    await bench.run(1_000);
    expect(bench.of(NOTE).at(-1)?.body).toMatchObject({ Type: 'Error', ErrorType: 'CriticalError' });
  });

  it('CPO-CN-05, CPO-CN-06: after 320 no notification, after the record none', async () => {
    const bench = new CpoTestBench();
    bench.says[START] = AUTHORIZED;
    bench.says[NOTE] = '{"Result":false,"StatusCode":{"Code":"320"}}';
    await charge16(bench);
    expect(bench.of(NOTE)).toHaveLength(1);
    expect(bench.of(CDR)).toHaveLength(1);
  });

  it('CPO-CD-06, GEN-07: a hub that is away gets the same record, byte for byte, when it is back', async () => {
    const bench = new CpoTestBench({ notifications: false });
    bench.says[START] = AUTHORIZED;
    bench.says[CDR] = { status: 429 };
    await charge16(bench);
    await bench.run(10_000);
    bench.unplugHub();
    await bench.run(60_000);
    expect(bench.cpo.sessions.get(SESSION)?.cdr?.state).toBe('waiting');
    bench.says[CDR] = OK;
    bench.plugHub();
    await bench.run(70_000);
    const sent = bench.of(CDR);
    expect(sent.length).toBeGreaterThan(1);
    // Back-off: not a storm.
    expect(sent.length).toBeLessThan(8);
    expect(new Set(sent.map(({ text }) => text)).size).toBe(1);
    expect(bench.cpo.sessions.get(SESSION)?.cdr?.state).toBe('accepted');
    expect(bench.csms.entries.filter(({ flags }) => flags?.includes('retry')).length).toBeGreaterThan(0);
  });

  it('CPO-CD-07: 400 “CLOSED” is delivered already, and ends it', async () => {
    const bench = new CpoTestBench({ notifications: false });
    bench.says[START] = AUTHORIZED;
    bench.says[CDR] = {
      status: 404,
      text: '{"StatusCode":{"Code":"400","Description":"Session is invalid","AdditionalInfo":"Session found but status is not valid CLOSED!"}}',
    };
    await charge16(bench);
    await bench.run(600_000);
    expect(bench.of(CDR)).toHaveLength(1);
    expect(bench.cpo.sessions.get(SESSION)?.cdr?.state).toBe('delivered');
  });

  it.each(['022', '017'])(
    'CPO-CD-08, GEN-03, GEN-06: %s is flagged for a person and not sent again by itself',
    async (code) => {
      const bench = new CpoTestBench({ notifications: false });
      bench.says[START] = AUTHORIZED;
      bench.says[CDR] = `{"Result":false,"StatusCode":{"Code":"${code}"}}`;
      await charge16(bench);
      await bench.run(1_200_000);
      expect(bench.of(CDR)).toHaveLength(1);
      expect(bench.cpo.sessions.get(SESSION)?.cdr).toMatchObject({ state: 'refused', code });
      expect(bench.csms.findings.map(({ rule }) => rule)).toContain('cpo.cdr.refused');
    },
  );

  it('a CSMS that ends in mid-session sends the record after its restart, once', async () => {
    const bench = new CpoTestBench({ notifications: false });
    bench.says[START] = AUTHORIZED;
    const station = await bench.station('1.6', 'Preparing');
    await station.ask('Authorize', '{"idTag":"044A2DAA"}');
    const { transactionId } = await station.ask(
      'StartTransaction',
      '{"connectorId":1,"idTag":"044A2DAA","meterStart":0,"timestamp":"2026-01-01T11:00:10Z"}',
    );
    bench.cpo.stop();
    await bench.csms.clock.settle();
    const after = new CpoTestBench({ notifications: false }, bench.csms.database);
    const again = await after.station('1.6', 'Charging');
    await again.ask(
      'StopTransaction',
      `{"transactionId":${transactionId},"meterStop":4000,"timestamp":"2026-01-01T11:30:10Z","reason":"EVDisconnected"}`,
    );
    await after.run(1_000);
    expect(after.of(CDR).map(({ body }) => [body.SessionID, body.ConsumedEnergy])).toEqual([[SESSION, 4]]);
  });

  it('a transaction that ended while the hub was asked has its record too', async () => {
    const bench = new CpoTestBench({ notifications: false });
    bench.says[START] = { afterMs: 3_000, text: AUTHORIZED };
    const station = await bench.station('2.0.1', 'Occupied');
    const info = '"transactionInfo":{"transactionId":"T1"}';
    const meter = (wh: number): string =>
      `"meterValue":[{"timestamp":"2026-01-01T11:00:00Z","sampledValue":[{"value":${wh}}]}]`;
    await station.tell(
      `[2,"e1","TransactionEvent",{"eventType":"Started","offline":true,"timestamp":"2026-01-01T11:00:00Z","triggerReason":"Authorized","seqNo":0,${info},"evse":{"id":1,"connectorId":1},"idToken":{"idToken":"044A2DAA","type":"ISO14443"},${meter(1000)}}]`,
    );
    await station.tell(
      `[2,"e2","TransactionEvent",{"eventType":"Ended","offline":true,"timestamp":"2026-01-01T11:30:00Z","triggerReason":"EVCommunicationLost","seqNo":1,${info},${meter(3000)}}]`,
    );
    await bench.run(4_000);
    expect(bench.of(CDR).map(({ body }) => [body.SessionID, body.ConsumedEnergy])).toEqual([[SESSION, 2]]);
  });

  it('a station whose clock is ahead makes a record that lies in the past all the same', async () => {
    const bench = new CpoTestBench({ notifications: false });
    bench.says[START] = AUTHORIZED;
    const station = await bench.station('1.6', 'Preparing');
    await station.ask('Authorize', '{"idTag":"044A2DAA"}');
    const { transactionId } = await station.ask(
      'StartTransaction',
      '{"connectorId":1,"idTag":"044A2DAA","meterStart":0,"timestamp":"2026-01-01T13:00:00Z"}',
    );
    await station.ask(
      'StopTransaction',
      `{"transactionId":${transactionId},"meterStop":4000,"timestamp":"2026-01-01T13:30:00Z"}`,
    );
    await bench.run(1_000);
    const { SessionStart, SessionEnd } = bench.of(CDR)[0]?.body ?? {};
    expect(timeOf(SessionEnd)).toBeLessThanOrEqual(bench.csms.clock.now());
    expect(timeOf(SessionEnd) - timeOf(SessionStart)).toBe(1_800_000);
    expect(bench.csms.findings.map(({ rule }) => rule)).toContain('cpo.clock.ahead');
  });
});

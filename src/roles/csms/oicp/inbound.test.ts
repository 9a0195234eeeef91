import { describe, expect, it } from 'vitest';
import { bytesOf, textOf } from '../../../link/http-port.ts';
import type { Script } from '../test-bench.ts';
import { ACCEPT_2X, ACCEPT_16, CpoTestBench, codeOf, SESSION } from './test-bench.ts';

const OTHER = 'aaaaaaaa-02d8-4fa0-b810-9a9d50d2c527';
const CDR = 'DE*ABC/charge-detail-record';
const EVCO = 'DE-DCB-C12345678-X';

describe('RemoteStart', () => {
  it('CPO-RS-01, SRV-05, SRV-08 on 1.6: accepted at once, told to the right connector, SessionID adopted', async () => {
    const bench = new CpoTestBench();
    const station = await bench.station('1.6', 'Preparing', ACCEPT_16);
    expect(await bench.remoteStart()).toEqual({
      Result: true,
      StatusCode: { Code: '000', Description: 'Success' },
      SessionID: SESSION,
      CPOPartnerSessionID: expect.any(String),
      EMPPartnerSessionID: 'emp-1',
    });
    expect(station.commands).toEqual([`RemoteStartTransaction {"connectorId":1,"idTag":"${EVCO}"}`]);
    const started = await station.ask(
      'StartTransaction',
      `{"connectorId":1,"idTag":"${EVCO}","meterStart":100,"timestamp":"2026-01-01T12:00:00Z"}`,
    );
    expect(started.idTagInfo.status).toBe('Accepted');
    expect(bench.of('authorize/start')).toEqual([]);
    expect(bench.cpo.sessions.get(SESSION)).toMatchObject({ state: 'charging', evse: 1 });
    expect(bench.csms.defects).toEqual([]);
  });

  it.each(['2.0.1', '2.1'] as const)('CPO-RS-01 on %s: the remoteStartId finds the transaction', async (version) => {
    const bench = new CpoTestBench();
    const station = await bench.station(version, 'Occupied', ACCEPT_2X);
    expect(codeOf(await bench.remoteStart())).toBe('000');
    const asked = station.commands.find((each) => each.startsWith('RequestStartTransaction')) ?? '';
    const { remoteStartId, idToken, evseId } = JSON.parse(asked.slice(asked.indexOf('{')));
    expect([idToken, evseId]).toEqual([{ idToken: EVCO, type: 'Central' }, 1]);
    await station.ask(
      'TransactionEvent',
      `{"eventType":"Started","timestamp":"2026-01-01T12:00:00Z","triggerReason":"RemoteStart","seqNo":0,"transactionInfo":{"transactionId":"T1","remoteStartId":${remoteStartId},"chargingState":"Charging"},"evse":{"id":1,"connectorId":1}}`,
    );
    expect(bench.cpo.sessions.get(SESSION)).toMatchObject({ state: 'charging', transactionKey: 'CS1/T1' });
  });

  it('CPO-RS-02: unknown EVSE 603', async () => {
    const bench = new CpoTestBench();
    await bench.station('1.6', 'Preparing', ACCEPT_16);
    expect(codeOf(await bench.remoteStart('DE*ABC*ECS1*9'))).toBe('603');
    expect(codeOf(await bench.remoteStart('DE*XYZ*ECS1*1', OTHER))).toBe('603');
  });

  it.each([
    ['1.6', 'Faulted', '700'],
    ['1.6', 'Unavailable', '700'],
    ['1.6', 'Charging', '602'],
    ['1.6', 'Reserved', '601'],
    ['1.6', 'Available', '510'],
    ['2.0.1', 'Faulted', '700'],
    ['2.0.1', 'Reserved', '601'],
    ['2.0.1', 'Available', '510'],
    ['2.1', 'Unavailable', '700'],
  ] as const)(
    'CPO-RS-02 on %s: an EVSE that is %s is %s, and its station is not asked',
    async (version, status, expected) => {
      const bench = new CpoTestBench();
      const station = await bench.station(version, status, version === '1.6' ? ACCEPT_16 : ACCEPT_2X);
      const asked = station.commands.length;
      expect(await bench.remoteStart()).toMatchObject({ Result: false, StatusCode: { Code: expected } });
      expect(station.commands.length).toBe(asked);
    },
  );

  it('CPO-RS-02: a station that is not there, is silent or errs is 501', async () => {
    const bench = new CpoTestBench();
    const station = await bench.station('1.6', 'Preparing', { RemoteStartTransaction: 'silence' });
    expect(codeOf(await bench.remoteStart())).toBe('501');
    await station.disconnect();
    expect(codeOf(await bench.remoteStart('DE*ABC*ECS1*1', OTHER))).toBe('501');
    const erring = new CpoTestBench();
    await erring.station('2.0.1', 'Occupied', { RequestStartTransaction: { error: 'InternalError' } });
    expect(codeOf(await erring.remoteStart())).toBe('501');
  });

  it.each([
    ['{"status":"Rejected","statusInfo":{"reasonCode":"NoCable"}}', '510'],
    ['{"status":"Rejected","statusInfo":{"reasonCode":"TxInProgress"}}', '602'],
    ['{"status":"Rejected","statusInfo":{"reasonCode":"Reserved"}}', '601'],
    ['{"status":"Rejected"}', '700'],
  ])('the station’s own reason is passed on: %s is %s', async (answer, expected) => {
    const bench = new CpoTestBench();
    await bench.station('2.0.1', 'Occupied', { ...ACCEPT_2X, RequestStartTransaction: answer });
    expect(codeOf(await bench.remoteStart())).toBe(expected);
    expect(bench.cpo.sessions.get(SESSION)?.state).toBe('dropped');
  });

  it('CPO-RS-03: a second session while one charges is 602, and the first goes on', async () => {
    const bench = new CpoTestBench();
    const station = await bench.station('1.6', 'Preparing', ACCEPT_16);
    await bench.remoteStart();
    expect(codeOf(await bench.remoteStart('DE*ABC*ECS1*1', OTHER))).toBe('602');
    await station.ask(
      'StartTransaction',
      `{"connectorId":1,"idTag":"${EVCO}","meterStart":100,"timestamp":"2026-01-01T12:00:00Z"}`,
    );
    expect(codeOf(await bench.remoteStart('DE*ABC*ECS1*1', 'bbbbbbbb-02d8-4fa0-b810-9a9d50d2c527'))).toBe('602');
    expect(bench.cpo.sessions.get(SESSION)?.state).toBe('charging');
    expect(station.commands).toHaveLength(1);
  });

  it('SRV-07: the same request twice starts once and is answered the same', async () => {
    const bench = new CpoTestBench();
    const station = await bench.station('1.6', 'Preparing', ACCEPT_16);
    const both = await Promise.all([bench.remoteStart(), bench.remoteStart()]);
    expect(both.map(codeOf)).toEqual(['000', '000']);
    expect(codeOf(await bench.remoteStart())).toBe('000');
    expect(station.commands).toHaveLength(1);
  });

  it.each([
    [
      'CPO-RS-04: another identification',
      '"Identification":{"RFIDMifareFamilyIdentification":{"UID":"044A2DAA"}}',
      SESSION,
    ],
    ['CPO-RS-05: no SessionID', '"Identification":{"RemoteIdentification":{"EvcoID":"DE-DCB-C12345678-X"}}', ''],
    ['SRV-04: a member is missing', '"PartnerProductID":"AC3"', SESSION],
  ])('%s is refused with 022, and nothing starts', async (_what, members, session) => {
    const bench = new CpoTestBench();
    const station = await bench.station('1.6', 'Preparing', ACCEPT_16);
    const id = session === '' ? '' : `"SessionID":"${session}",`;
    const answer = await bench.oicp(
      '/charging/v21/providers/DE-DCB/authorize-remote/start',
      `{${id}"ProviderID":"DE-DCB","EvseID":"DE*ABC*ECS1*1",${members}}`,
    );
    expect(answer).toMatchObject({ Result: false, StatusCode: { Code: '022' } });
    expect(station.commands).toEqual([]);
  });

  it('SRV-02: path and body name two providers: refused', async () => {
    const bench = new CpoTestBench();
    await bench.station('1.6', 'Preparing', ACCEPT_16);
    const answer = await bench.oicp(
      '/charging/v21/providers/DE-XXX/authorize-remote/start',
      `{"SessionID":"${SESSION}","ProviderID":"DE-DCB","EvseID":"DE*ABC*ECS1*1","Identification":{"RemoteIdentification":{"EvcoID":"${EVCO}"}}}`,
    );
    expect(codeOf(answer)).toBe('022');
  });

  it('SRV-01, SRV-03, SRV-06: encoded paths, no JSON, and an id in lower case without separators', async () => {
    const bench = new CpoTestBench();
    await bench.station('1.6', 'Preparing', ACCEPT_16);
    expect(codeOf(await bench.oicp('/charging/v21/providers/DE%2DDCB/authorize-remote/start', '{"a":'))).toBe('022');
    expect(codeOf(await bench.remoteStart('deabcecs11'))).toBe('000');
  });

  it('SRV-09: from another machine only with the agreed key or a trusted certificate; otherwise 401, and nothing starts', async () => {
    const bench = new CpoTestBench({ inboundKey: 'the-agreed-key' });
    const station = await bench.station('1.6', 'Preparing', ACCEPT_16);
    const from = async (more: Partial<Parameters<typeof bench.cpo.hub.server.serve>[0]>) => {
      const answer = bench.cpo.hub.server.serve({
        method: 'POST',
        url: '/api/oicp/charging/v21/providers/DE-DCB/authorize-remote/start',
        headers: { 'content-type': 'application/json;charset=UTF-8', ...more.headers },
        body: bytesOf(
          `{"SessionID":"${SESSION}","ProviderID":"DE-DCB","EvseID":"DE*ABC*ECS1*1","Identification":{"RemoteIdentification":{"EvcoID":"${EVCO}"}}}`,
        ),
        remoteAddress: '192.0.2.7',
        ...(more.clientCertificate === undefined ? {} : { clientCertificate: more.clientCertificate }),
      });
      await bench.run(1_000);
      const { status, body } = await answer;
      return [status, JSON.parse(textOf(body) ?? '').StatusCode.Code];
    };
    expect(await from({})).toEqual([401, '021']);
    expect(await from({ headers: { 'x-api-key': 'another-key' } })).toEqual([401, '021']);
    expect(await from({ clientCertificate: { der: new Uint8Array(), trusted: false } })).toEqual([401, '021']);
    expect(station.commands).toEqual([]);
    expect(bench.csms.findings.filter(({ axis }) => axis === 'security')).toHaveLength(3);
    expect(await from({ headers: { 'x-api-key': 'the-agreed-key' } })).toEqual([200, '000']);
    expect(await from({ clientCertificate: { der: new Uint8Array(), trusted: true } })).toEqual([200, '000']);
    expect(station.commands).toHaveLength(1);
  });

  it('a start that the station accepts and never carries out is told by Error', async () => {
    const bench = new CpoTestBench();
    await bench.station('1.6', 'Preparing', ACCEPT_16);
    await bench.remoteStart();
    await bench.run(190_000);
    expect(bench.of('v11/charging-notifications')[0]?.body).toMatchObject({ Type: 'Error', SessionID: SESSION });
    expect(bench.cpo.sessions.get(SESSION)?.state).toBe('dropped');
  });
});

describe('RemoteStop', () => {
  async function charging(script: Script = ACCEPT_16) {
    const bench = new CpoTestBench();
    const station = await bench.station('1.6', 'Preparing', script);
    await bench.remoteStart();
    const { transactionId } = await station.ask(
      'StartTransaction',
      `{"connectorId":1,"idTag":"${EVCO}","meterStart":100,"timestamp":"2026-01-01T12:00:00Z"}`,
    );
    return { bench, station, transactionId };
  }

  it('CPO-RT-01: the transaction of the session is stopped, and its record follows', async () => {
    const { bench, station, transactionId } = await charging();
    expect(codeOf(await bench.remoteStop())).toBe('000');
    expect(station.commands.at(-1)).toBe(`RemoteStopTransaction {"transactionId":${transactionId}}`);
    await bench.run(5_000);
    await station.ask(
      'StopTransaction',
      `{"transactionId":${transactionId},"meterStop":600,"timestamp":"2026-01-01T12:00:04Z","reason":"Remote"}`,
    );
    await bench.run(1_000);
    expect(bench.of(CDR).map(({ body }) => [body.ConsumedEnergy, body.Identification])).toEqual([
      [0.5, { RemoteIdentification: { EvcoID: EVCO } }],
    ]);
    // The hub repeats itself: the same answer, no second stop.
    expect(codeOf(await bench.remoteStop())).toBe('000');
    expect(station.commands).toHaveLength(2);
  });

  it('CPO-RT-02, CPO-RT-03: an unknown session or another EVSE stops nothing', async () => {
    const { bench, station } = await charging();
    expect(codeOf(await bench.remoteStop('DE*ABC*ECS1*1', OTHER))).toBe('400');
    expect(codeOf(await bench.remoteStop('DE*ABC*ECS1*2'))).toBe('400');
    expect(station.commands).toHaveLength(1);
  });

  it('a station that refuses or is silent: the session goes on', async () => {
    const { bench } = await charging({ ...ACCEPT_16, RemoteStopTransaction: '{"status":"Rejected"}' });
    expect(codeOf(await bench.remoteStop())).toBe('700');
    const silent = await charging({ ...ACCEPT_16, RemoteStopTransaction: 'silence' });
    expect(codeOf(await silent.bench.remoteStop())).toBe('501');
    expect(silent.bench.cpo.sessions.get(SESSION)?.state).toBe('charging');
  });
});

import { describe, expect, it } from 'vitest';
import { ACCEPT_16, AUTHORIZED, CpoTestBench, SESSION } from './test-bench.ts';

const START = 'authorize/start';
const STOP = 'authorize/stop';
const CDR = 'DE*ABC/charge-detail-record';
const NOTE = 'v11/charging-notifications';

describe('a login by contract and PIN', () => {
  const LOGIN = { station: 'CS1', evcoId: 'DE-DCB-C12345678-X', pin: '1234' };

  it('CPO-AS-05: the PIN goes out in the clear and alone, the station starts, and nothing keeps the PIN', async () => {
    const bench = new CpoTestBench();
    bench.says[START] = AUTHORIZED;
    const station = await bench.station('1.6', 'Preparing', {
      RemoteStartTransaction: '{"status":"Accepted"}',
    });
    const result = bench.cpo.logins.login(LOGIN);
    await bench.run(1_000);
    expect(await result).toEqual({ started: true, reason: 'The station starts', sessionId: SESSION, code: '000' });
    const [asked] = bench.of(START);
    expect(asked?.body.Identification).toEqual({
      QRCodeIdentification: { EvcoID: 'DE-DCB-C12345678-X', PIN: '1234' },
    });
    expect(asked?.body).not.toHaveProperty('SessionID');
    expect(station.heard.some((text) => text.includes('"idTag":"DE-DCB-C12345678-X"'))).toBe(true);
    const { transactionId } = await station.ask(
      'StartTransaction',
      '{"connectorId":1,"idTag":"DE-DCB-C12345678-X","meterStart":0,"timestamp":"2026-01-01T12:01:00Z"}',
    );
    await bench.run(60_000);
    await station.ask(
      'StopTransaction',
      `{"transactionId":${transactionId},"meterStop":1000,"timestamp":"2026-01-01T12:02:00Z","reason":"EVDisconnected"}`,
    );
    await bench.run(1_000);
    expect(bench.of(START)).toHaveLength(1);
    expect(bench.of(CDR)[0]?.body.Identification).toEqual({ QRCodeIdentification: { EvcoID: 'DE-DCB-C12345678-X' } });
    expect(JSON.stringify(bench.cpo.sessions.get(SESSION))).not.toContain('1234"');
    expect(bench.csms.defects).toEqual([]);
  });

  it('a wrong PIN starts nothing; a station that refuses ends the hub’s session at once', async () => {
    const bench = new CpoTestBench();
    bench.says[START] = '{"AuthorizationStatus":"NotAuthorized","StatusCode":{"Code":"101"}}';
    const station = await bench.station('2.0.1', 'Occupied', {
      RequestStartTransaction: '{"status":"Rejected"}',
    });
    const wrong = bench.cpo.logins.login(LOGIN);
    await bench.run(1_000);
    expect(await wrong).toMatchObject({ started: false, reason: expect.stringContaining('101') });
    expect(station.heard.some((text) => text.includes('RequestStartTransaction'))).toBe(false);
    bench.says[START] = AUTHORIZED;
    const right = bench.cpo.logins.login(LOGIN);
    await bench.run(1_000);
    expect(await right).toMatchObject({ started: false, sessionId: SESSION });
    expect(bench.of(STOP)[0]?.body).toMatchObject({
      SessionID: SESSION,
      Identification: { QRCodeIdentification: { PIN: '1234' } },
    });
    expect(bench.cpo.sessions.get(SESSION)?.state).toBe('dropped');
    await expect(bench.cpo.logins.login({ ...LOGIN, station: 'NOPE' })).rejects.toMatchObject({
      code: 'STATION_NOT_CONNECTED',
    });
  });

  async function loggedIn() {
    const bench = new CpoTestBench();
    bench.says[START] = AUTHORIZED;
    const station = await bench.station('1.6', 'Preparing', ACCEPT_16);
    const login = bench.cpo.logins.login(LOGIN);
    await bench.run(1_000);
    expect((await login).started).toBe(true);
    return { bench, station };
  }

  it('CPO-AP-01: the driver ends it with contract and PIN once more: AuthorizeStop, then the station stops', async () => {
    const { bench, station } = await loggedIn();
    const { transactionId } = await station.ask(
      'StartTransaction',
      '{"connectorId":1,"idTag":"DE-DCB-C12345678-X","meterStart":0,"timestamp":"2026-01-01T12:01:00Z"}',
    );
    bench.says[STOP] = '{"AuthorizationStatus":"NotAuthorized","StatusCode":{"Code":"101"}}';
    const wrong = bench.cpo.logins.logout({ ...LOGIN, pin: '9999' });
    await bench.run(1_000);
    expect(await wrong).toMatchObject({ stopped: false, sessionId: SESSION, code: '101' });
    expect(station.commands.some((each) => each.startsWith('RemoteStop'))).toBe(false);
    bench.says[STOP] = AUTHORIZED;
    const right = bench.cpo.logins.logout(LOGIN);
    await bench.run(1_000);
    expect(await right).toEqual({ stopped: true, reason: 'The station stops', sessionId: SESSION, code: '000' });
    expect(bench.of(STOP).at(-1)?.body).toMatchObject({
      SessionID: SESSION,
      Identification: { QRCodeIdentification: { EvcoID: 'DE-DCB-C12345678-X', PIN: '1234' } },
    });
    expect(station.commands.at(-1)).toBe(`RemoteStopTransaction {"transactionId":${transactionId}}`);
    await station.ask(
      'StopTransaction',
      `{"transactionId":${transactionId},"meterStop":1000,"timestamp":"2026-01-01T12:02:00Z","reason":"Remote"}`,
    );
    await bench.run(1_000);
    expect(bench.of(CDR)).toHaveLength(1);
    await expect(bench.cpo.logins.logout(LOGIN)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('a driver who never plugs in: no AuthorizeStop without the PIN, the provider is told by Error', async () => {
    const { bench } = await loggedIn();
    await bench.run(190_000);
    expect(bench.of(STOP)).toEqual([]);
    expect(bench.of(NOTE).map(({ body }) => [body.Type, body.SessionID])).toEqual([['Error', SESSION]]);
    expect(bench.cpo.sessions.get(SESSION)?.state).toBe('dropped');
  });

  it('a driver who changes his mind before the station starts ends the hub’s session', async () => {
    const { bench, station } = await loggedIn();
    bench.says[STOP] = AUTHORIZED;
    const ended = bench.cpo.logins.logout(LOGIN);
    await bench.run(1_000);
    expect(await ended).toMatchObject({ stopped: true, sessionId: SESSION });
    expect(bench.cpo.sessions.get(SESSION)?.state).toBe('dropped');
    expect(station.commands.some((each) => each.startsWith('RemoteStop'))).toBe(false);
  });
});

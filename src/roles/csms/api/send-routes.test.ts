import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testCsms } from '../../../../test/support/csms.ts';

type TestCsms = Awaited<ReturnType<typeof testCsms>>;

describe('POST /stations/{id}/ocpp/{action}', () => {
  let csms: TestCsms;
  let station: Awaited<ReturnType<TestCsms['station']>>;
  beforeAll(async () => {
    csms = await testCsms({ maxQueuedCalls: 1 });
    station = await csms.station('CS 1', 'ocpp1.6', {
      Reset: (id) => `[3,"${id}",{"status":"Rejected"}]`,
      GetConfiguration: (id) =>
        `[3,"${id}",{"configurationKey":[{"key":"HeartbeatInterval","readonly":false,"value":"300"}]}]`,
      ClearCache: (id) => `[4,"${id}","NotSupported","no cache here",{"why":"small"}]`,
      UnlockConnector: () => undefined,
    });
    await station.boot();
  });
  afterAll(() => csms.end());
  const send = (action: string, payload: unknown = {}, query = '') =>
    csms.call('POST', `/stations/CS%201/ocpp/${action}${query}`, payload);

  it('answers 200 with the payload of the CALLRESULT, whatever it says', async () => {
    expect(await send('Reset', { type: 'Soft' })).toMatchObject({ status: 200, body: { status: 'Rejected' } });
    const { body } = await send('GetConfiguration');
    expect(body).toEqual({ configurationKey: [{ key: 'HeartbeatInterval', readonly: false, value: '300' }] });
    expect(station.heard.at(-1)).toMatch(/^\[2,"[^"]+","GetConfiguration",\{\}\]$/);
  });

  it('says STATION_CALLERROR with the words of the station', async () => {
    const { status, body, headers } = await send('ClearCache');
    expect(status).toBe(502);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(body).toMatchObject({
      code: 'STATION_CALLERROR',
      answer: { code: 'NotSupported', description: 'no cache here', details: { why: 'small' } },
    });
    expect(body.answerSeq).toBeGreaterThan(body.seq);
  });

  it('says STATION_TIMEOUT when no answer comes, QUEUE_FULL when too many wait', async () => {
    const first = send('UnlockConnector', { connectorId: 1 }, '?timeoutMs=300');
    await station.until((text) => text.includes('UnlockConnector'));
    const second = send('Reset', { type: 'Hard' });
    await csms.until(async () => (await csms.call('GET', '/stations/CS%201')).body.connection.pendingCalls === 2);
    expect(await send('Reset', { type: 'Hard' })).toMatchObject({ status: 503, body: { code: 'QUEUE_FULL' } });
    expect(await first).toMatchObject({ status: 504, body: { code: 'STATION_TIMEOUT' } });
    expect((await second).status).toBe(200);
  });

  it('says SCHEMA_VIOLATION with a pointer, and sends nothing', async () => {
    const before = station.heard.length;
    const { status, body } = await send('Reset', { type: 'Medium', extra: 1 });
    expect(status).toBe(422);
    expect(body.code).toBe('SCHEMA_VIOLATION');
    expect(body.fields.map((field: { pointer: string }) => field.pointer).sort()).toEqual(['/extra', '/type']);
    expect((await send('Reset', [1])).status).toBe(422);
    expect(station.heard.length).toBe(before);
  });

  it('sends an invalid payload when told to', async () => {
    expect((await send('Reset', { type: 'Medium' }, '?allowInvalid=true')).status).toBe(200);
    expect(station.heard.at(-1)).toContain('"Reset",{"type":"Medium"}');
  });

  it('says UNKNOWN_ACTION for another version, another direction or another case', async () => {
    for (const action of ['SetVariables', 'Heartbeat', 'reset']) {
      expect(await send(action)).toMatchObject({ status: 404, body: { code: 'UNKNOWN_ACTION' } });
    }
  });

  it('says UNKNOWN_STATION and STATION_NOT_CONNECTED', async () => {
    expect(await csms.call('POST', '/stations/CS-NONE/ocpp/Reset', { type: 'Soft' })).toMatchObject({
      status: 404,
      body: { code: 'UNKNOWN_STATION' },
    });
    await csms.call('PUT', '/stations/CS-AWAY', {});
    expect(await csms.call('POST', '/stations/CS-AWAY/ocpp/Reset', { type: 'Soft' })).toMatchObject({
      status: 409,
      body: { code: 'STATION_NOT_CONNECTED' },
    });
  });

  it('says LINK_CLOSED when the station goes before it answers', async () => {
    const leaver = await csms.station('CS-LEAVES', 'ocpp1.6', { ClearCache: () => undefined });
    await leaver.boot();
    const answer = csms.call('POST', '/stations/CS-LEAVES/ocpp/ClearCache');
    await leaver.until((text) => text.includes('ClearCache'));
    leaver.socket.terminate();
    expect(await answer).toMatchObject({ status: 502, body: { code: 'LINK_CLOSED' } });
  });
});

describe('in strict mode', () => {
  it('says STATION_ANSWER_INVALID with the answer and what is wrong with it', async () => {
    const csms = await testCsms({ validation: 'strict' });
    const station = await csms.station('CS-ODD', 'ocpp1.6', { Reset: (id) => `[3,"${id}",{"status":"Maybe"}]` });
    await station.boot();
    const { status, body } = await csms.call('POST', '/stations/CS-ODD/ocpp/Reset', { type: 'Soft' });
    expect(status).toBe(502);
    expect(body).toMatchObject({ code: 'STATION_ANSWER_INVALID', answer: { status: 'Maybe' } });
    expect(body.fields[0].pointer).toBe('/status');
    await csms.end();
  });
});

describe('POST /send', () => {
  let csms: TestCsms;
  let station: Awaited<ReturnType<TestCsms['station']>>;
  beforeAll(async () => {
    csms = await testCsms();
    station = await csms.station('CS-S', 'ocpp1.6', {
      Reset: (id) => `[3,"${id}",{"status":"Accepted"}]`,
      ClearCache: (id) => `[4,"${id}","InternalError","",{}]`,
    });
    await station.boot();
  });
  afterAll(() => csms.end());
  const wire = (more: object) =>
    csms.call('POST', '/send', { from: 'csms', to: 'CS-S', proto: 'ocpp', action: '', mode: 'wire', ...more });
  const inbound = (more: object) =>
    csms.call('POST', '/send', { from: 'CS-S', to: 'csms', proto: 'ocpp', action: '', mode: 'inbound', ...more });

  it('answers what was sent, what came back, and their places in the journal', async () => {
    const { status, body } = await wire({ action: 'Reset', payload: { type: 'Soft' }, messageId: 'my-own-id' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ outcome: 'answered', answer: { status: 'Accepted' } });
    expect(csms.recorder.entries[body.seq - 1]).toMatchObject({
      raw: '[2,"my-own-id","Reset",{"type":"Soft"}]',
      origin: 'user',
    });
    expect(csms.recorder.entries[body.answerSeq - 1]?.raw).toBe('[3,"my-own-id",{"status":"Accepted"}]');
    expect((await wire({ action: 'ClearCache' })).body).toMatchObject({
      outcome: 'error',
      answer: { code: 'InternalError', description: '', details: {} },
    });
  });

  it('sends raw text as it stands: a CALL is matched with its answer, anything else is only sent', async () => {
    const call = await wire({ raw: '[2, "raw-1", "Reset", {"type":"Soft","oops":true}]' });
    expect(call.body).toMatchObject({ outcome: 'answered', answer: { status: 'Accepted' } });
    const garbage = await wire({ raw: '[2,"cut' });
    expect(garbage.body).toMatchObject({ outcome: 'sent' });
    await station.until((text) => text === '[2,"cut');
    expect(csms.recorder.entries[garbage.body.seq - 1]?.raw).toBe('[2,"cut');
  });

  it('sends any payload at all when told to, and changes nothing by what a station says to nonsense', async () => {
    const odd = await csms.station('CS-ODD', 'ocpp1.6', {
      ReserveNow: (id) => `[3,"${id}",{"status":"Accepted"}]`,
      TriggerMessage: (id) => `[3,"${id}",{"status":"Accepted"}]`,
      Made: (id) => `[3,"${id}",{}]`,
    });
    await odd.boot();
    const anything = (action: string, payload: unknown) => wire({ to: 'CS-ODD', action, payload, allowInvalid: true });
    for (const payload of [null, 'text', 7, [1], {}]) {
      expect((await anything('TriggerMessage', payload)).body.outcome, JSON.stringify(payload)).toBe('answered');
    }
    expect(odd.heard.some((text) => /^\[2,"[^"]+","TriggerMessage",null\]$/.test(text))).toBe(true);
    expect((await anything('ReserveNow', { reservationId: 'x' })).body.answer).toEqual({ status: 'Accepted' });
    expect((await csms.call('GET', '/stations/CS-ODD/reservations')).body.items).toEqual([]);
    expect((await anything('Made', { up: true })).body.answer).toEqual({});
  });

  it('refuses what is not for this door, naming the field', async () => {
    expect((await wire({})).body.fields[0].pointer).toBe('/action');
    expect((await wire({ from: 'CS-S', action: 'Reset' })).body.fields[0].pointer).toBe('/from');
    expect((await wire({ ver: '2.1', action: 'Reset' })).body.fields[0].pointer).toBe('/ver');
    expect((await inbound({ to: 'CS-S', action: 'Heartbeat' })).body.fields[0].pointer).toBe('/to');
    expect((await wire({ action: 'SetVariables' })).body.code).toBe('UNKNOWN_ACTION');
  });

  it('simulates inbound: the CSMS answers and its state changes, the socket hears nothing', async () => {
    const before = station.heard.length;
    const { body } = await inbound({
      action: 'StatusNotification',
      payload: { connectorId: 3, errorCode: 'GroundFailure', status: 'Faulted' },
    });
    expect(body).toMatchObject({ outcome: 'answered', answer: {} });
    expect(csms.recorder.entries[body.seq - 1]).toMatchObject({ flags: ['synthetic'], origin: 'user' });
    expect(csms.recorder.entries[body.answerSeq - 1]).toMatchObject({ flags: ['synthetic'], partner: body.seq });
    const { evses } = (await csms.call('GET', '/stations/CS-S')).body;
    expect(evses[0].connectors[0]).toMatchObject({ status: 'Faulted', errorCode: 'GroundFailure' });
    expect(station.heard.length).toBe(before);
    expect((await csms.call('GET', '/stations/CS-S')).body.link).toBe('connected');
  });

  it('simulates inbound with raw garbage and shows the CALLERROR that a station would get', async () => {
    const { body } = await inbound({ raw: '[2,"x-1","Nonsense",{}]' });
    expect(body).toMatchObject({ outcome: 'error', answer: { code: 'NotImplemented' } });
  });

  it('simulates inbound for a station that nobody has seen, once the version is said', async () => {
    const heartbeat = {
      from: 'CS-GHOST',
      action: 'BootNotification',
      payload: { chargePointVendor: 'V', chargePointModel: 'M' },
    };
    expect((await inbound(heartbeat)).body).toMatchObject({ status: 409, code: 'CONFLICT' });
    expect((await inbound({ ...heartbeat, ver: '1.6' })).body).toMatchObject({
      outcome: 'answered',
      answer: { status: 'Accepted' },
    });
    expect((await csms.call('GET', '/stations/CS-GHOST')).body).toMatchObject({
      link: 'disconnected',
      boot: 'Accepted',
    });
  });

  it('checks what is handed in against the schema and the direction', async () => {
    expect((await inbound({ action: 'Authorize', payload: {} })).body).toMatchObject({
      code: 'SCHEMA_VIOLATION',
      fields: [{ pointer: '/idTag' }],
    });
    expect((await inbound({ action: 'Reset', payload: { type: 'Soft' } })).body.code).toBe('UNKNOWN_ACTION');
  });
});

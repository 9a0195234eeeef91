import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testCsms } from '../../../../test/support/csms.ts';

describe('POST /stations/{id}/commands/{name}', () => {
  let csms: Awaited<ReturnType<typeof testCsms>>;
  let station: Awaited<ReturnType<Awaited<ReturnType<typeof testCsms>>['station']>>;
  beforeAll(async () => {
    csms = await testCsms();
    station = await csms.station('CS-C', 'ocpp1.6', {
      RemoteStartTransaction: (id) => `[3,"${id}",{"status":"Accepted"}]`,
      ChangeConfiguration: (id, text) =>
        `[3,"${id}",{"status":"${text.includes('ReadOnlyKey') ? 'Rejected' : 'Accepted'}"}]`,
      GetDiagnostics: (id) => `[3,"${id}",{"fileName":"diag.zip"}]`,
      Reset: (id) => `[4,"${id}","InternalError","busy",{}]`,
    });
    await station.boot();
  });
  afterAll(() => csms.end());
  const command = (name: string, body?: unknown) => csms.call('POST', `/stations/CS-C/commands/${name}`, body);

  it('answers with action, request, status and response', async () => {
    const { status, body } = await command('start', { idToken: 'A1', evse: 1 });
    expect(status).toBe(200);
    expect(body).toEqual({
      action: 'RemoteStartTransaction',
      request: { connectorId: 1, idTag: 'A1' },
      status: 'Accepted',
      response: { status: 'Accepted' },
      seq: expect.any(Number),
    });
    expect(csms.recorder.entries[body.seq - 1]).toMatchObject({ action: 'RemoteStartTransaction', origin: 'user' });
  });

  it('sends several messages one after another and shows what was not accepted', async () => {
    const { body } = await command('set-variables', {
      variables: [
        { variable: 'HeartbeatInterval', value: '60' },
        { variable: 'ReadOnlyKey', value: 'x' },
      ],
    });
    expect(body.status).toBe('Rejected');
    expect(body.calls.map((each: { status: string }) => each.status)).toEqual(['Accepted', 'Rejected']);
  });

  it('hands out an upload address that works, and lists what came', async () => {
    const { body } = await command('get-log');
    expect(body).toMatchObject({ action: 'GetDiagnostics', status: 'Answered', response: { fileName: 'diag.zip' } });
    await fetch(`${body.request.location}diag.zip`, { method: 'POST', body: 'zip' });
    const { items } = (await csms.call('GET', '/files?station=CS-C')).body;
    expect(items[0].files[0]).toMatchObject({ name: 'diag.zip', lengthBytes: 3 });
    expect((await csms.call('GET', '/stations/CS-C/jobs')).body.items[0]).toMatchObject({ status: 'Accepted' });
  });

  it('hands out the address of a firmware file, or says that there is none', async () => {
    expect((await command('update-firmware', { file: 'none.bin' })).body).toMatchObject({
      status: 404,
      code: 'NOT_FOUND',
    });
    await fetch(`${csms.base}/api/v1/firmware/fw.bin`, { method: 'PUT', body: 'new' });
    const answer = command('update-firmware', { file: 'fw.bin' });
    const sent = await station.until((text) => text.includes('"UpdateFirmware"'));
    const [, id = '', url = ''] = /^\[2,"([^"]+)".*"location":"([^"]+)"/.exec(sent) ?? [];
    expect(await (await fetch(url)).text()).toBe('new');
    station.socket.send(`[3,"${id}",{}]`);
    expect((await answer).body).toMatchObject({ action: 'UpdateFirmware', status: 'Answered', response: {} });
  });

  it('has the problems of the door below it', async () => {
    expect((await command('reset', { type: 'Soft' })).body).toMatchObject({
      code: 'STATION_CALLERROR',
      answer: { code: 'InternalError', description: 'busy' },
    });
    expect((await command('reset', { type: 'Slow' })).body.fields[0].pointer).toBe('/type');
    expect((await command('get-profiles', {})).body.code).toBe('UNKNOWN_ACTION');
    expect((await command('fly', {})).body).toMatchObject({
      code: 'UNKNOWN_ACTION',
      hint: expect.stringContaining('unlock'),
    });
    expect((await csms.call('POST', '/stations/CS-NO/commands/clear-cache')).body.code).toBe('UNKNOWN_STATION');
    await csms.call('PUT', '/stations/CS-OFF', {});
    expect((await csms.call('POST', '/stations/CS-OFF/commands/clear-cache')).body.code).toBe('STATION_NOT_CONNECTED');
    expect((await csms.call('GET', '/commands')).body.items.map((each: { name: string }) => each.name)).toContain(
      'unlock',
    );
  });
});

describe('the same commands on a 2.1 station', () => {
  it('start and stop a transaction by its EVSE, reserve, and show the effect', async () => {
    const csms = await testCsms({ boot: { askInventory: 'never' } });
    const station = await csms.station('CS-21', 'ocpp2.1', {
      RequestStartTransaction: (id) => `[3,"${id}",{"status":"Accepted"}]`,
      RequestStopTransaction: (id) => `[3,"${id}",{"status":"Accepted"}]`,
      ReserveNow: (id) => `[3,"${id}",{"status":"Accepted"}]`,
      CancelReservation: (id) => `[3,"${id}",{"status":"Rejected"}]`,
    });
    await station.boot();
    const command = (name: string, body: object) => csms.call('POST', `/stations/CS-21/commands/${name}`, body);
    const { body: started } = await command('start', { idToken: 'D1', evse: 2 });
    expect(started).toMatchObject({ action: 'RequestStartTransaction', status: 'Accepted' });
    await station.ask(
      `[2,"e-1","TransactionEvent",{"eventType":"Started","timestamp":"2026-01-31T12:00:00Z","triggerReason":"RemoteStart","seqNo":0,"transactionInfo":{"transactionId":"tx-9","remoteStartId":${started.request.remoteStartId}},"evse":{"id":2,"connectorId":1},"idToken":{"idToken":"D1","type":"Central"}}]`,
    );
    expect((await csms.call('GET', '/transactions/CS-21/tx-9')).body).toMatchObject({
      state: 'active',
      evse: 2,
      remoteStartId: started.request.remoteStartId,
    });
    expect((await command('stop', { evse: 1 })).body.code).toBe('CONFLICT');
    expect((await command('stop', { evse: 2 })).body.request).toEqual({ transactionId: 'tx-9' });
    const { body: reserved } = await command('reserve', { idToken: 'D1', evse: 1 });
    const id = reserved.request.id;
    expect((await command('cancel-reservation', { reservationId: id })).body.status).toBe('Rejected');
    const { items } = (await csms.call('GET', '/reservations?station=CS-21')).body;
    expect(items).toMatchObject([{ id: String(id), evse: 1, value: { idToken: 'D1' } }]);
    await csms.end();
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { ServiceName } from '../src/platform/service.ts';
import { until } from './support/everest.ts';
import { type CallAnswer, type ServicesWorld, startServices } from './support/services-world.ts';

/** `POST /sessions/{id}/stop` over CSMS, hub, EMP and workbench; the station is written by hand. */
const SERVICES = ['emp', 'csms', 'hub', 'workbench'] as const satisfies readonly ServiceName[];
let world: ServicesWorld;

beforeAll(async () => {
  world = await startServices(SERVICES);
}, 60_000);
afterAll(() => world.stop());

const ask: ServicesWorld['call'] = (...asked) => world.call(...asked);

/** A station of OCPP 1.6 that agrees to everything it is told. */
async function station(identity: string) {
  const socket = new WebSocket(`${world.urls.get('csms')?.replace('http', 'ws')}/ocpp/${identity}`, ['ocpp1.6']);
  const told: unknown[][] = [];
  const waiting = new Map<string, (payload: unknown) => void>();
  socket.on('message', (text) => {
    const frame = JSON.parse(String(text));
    if (frame[0] === 3) waiting.get(frame[1])?.(frame[2]);
    if (frame[0] !== 2) return;
    told.push(frame);
    socket.send(JSON.stringify([3, frame[1], { status: 'Accepted' }]));
  });
  await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject));
  let id = 0;
  // biome-ignore lint/suspicious/noExplicitAny: answers of different shapes
  const call = (action: string, payload: string): Promise<any> =>
    new Promise((resolve) => {
      waiting.set(`m${++id}`, resolve);
      socket.send(`[2,"m${id}","${action}",${payload}]`);
    });
  await call('BootNotification', '{"chargePointVendor":"ACME","chargePointModel":"AC22"}');
  await call('StatusNotification', '{"connectorId":0,"errorCode":"NoError","status":"Available"}');
  await call('StatusNotification', '{"connectorId":1,"errorCode":"NoError","status":"Preparing"}');
  const start = async (idTag: string): Promise<number> => {
    const timestamp = new Date().toISOString();
    const { transactionId } = await call(
      'StartTransaction',
      `{"connectorId":1,"idTag":"${idTag}","meterStart":1000,"timestamp":"${timestamp}"}`,
    );
    return transactionId;
  };
  const stop = (transactionId: number): Promise<unknown> =>
    call(
      'StopTransaction',
      `{"transactionId":${transactionId},"meterStop":1200,"reason":"Remote","timestamp":"${new Date().toISOString()}"}`,
    );
  return { told, start, stop, close: () => socket.terminate() };
}

/** The session at a service, as soon as it has it. */
async function sessionAt(service: ServiceName, name: string): Promise<CallAnswer['body']> {
  let found: CallAnswer | undefined;
  await until(async () => {
    found = await ask(service, 'GET', `/sessions/${encodeURIComponent(name)}`);
    return found.status === 200;
  });
  return found?.body;
}
const stop = (service: ServiceName, name: string, body?: unknown): Promise<CallAnswer> =>
  ask(service, 'POST', `/sessions/${encodeURIComponent(name)}/stop`, body);

describe('stopping a session', () => {
  it('of a local card is done by the CSMS, wherever it is asked for; each journal has its own id for it', async () => {
    const cs = await station('STOP-1');
    const transaction = await cs.start('04D3A1C0FFEE01');
    const wire = `ocpp:STOP-1/${transaction}`;
    const merged = await sessionAt('workbench', wire);
    expect(merged).toMatchObject({ station: 'STOP-1', ids: { ocppTx: String(transaction) } });
    const told = { via: 'csms', done: true, status: 'Accepted' };
    expect(await stop('workbench', merged.id)).toEqual({ status: 200, body: { session: merged.id, ...told } });
    expect(await stop('csms', wire, { via: 'csms' })).toMatchObject({ status: 200, body: told });
    expect(cs.told.map(([, , action, payload]) => [action, payload])).toEqual([
      ['RemoteStopTransaction', { transactionId: transaction }],
      ['RemoteStopTransaction', { transactionId: transaction }],
    ]);
    await cs.stop(transaction);
    await until(async () => (await sessionAt('workbench', merged.id)).end !== undefined);
    const over = await stop('workbench', merged.id);
    expect(over).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
    expect(over.body.detail).toMatch(/is over since /);
    cs.close();
  });

  it('that the EMP has started is done by the EMP, through hub and CSMS', async () => {
    const cs = await station('STOP-2');
    const evseId = 'DE*ABC*E77*1';
    expect(
      (await ask('csms', 'PUT', `/evse-map/${encodeURIComponent(evseId)}`, { station: 'STOP-2', evse: 1 })).status,
    ).toBeLessThan(300);
    await until(async () =>
      JSON.stringify((await ask('hub', 'GET', '/hub/statuses?limit=1000')).body).includes(evseId),
    );
    const begun = await ask('emp', 'POST', '/emp/actions', { action: 'start', evseId, evcoId: 'DE-DCB-C12345678-X' });
    expect(begun.body).toMatchObject({ done: true });
    const sessionId: string = begun.body.session.id;
    const [, , action, payload] = cs.told.at(-1) ?? [];
    expect(action).toBe('RemoteStartTransaction');
    const transaction = await cs.start((payload as { idTag: string }).idTag);
    const merged = await sessionAt('workbench', `ocpp:STOP-2/${transaction}`);
    await until(async () => (await sessionAt('workbench', merged.id)).ids.oicp !== undefined);
    expect(await stop('workbench', `oicp:${sessionId}`)).toMatchObject({
      status: 200,
      body: { via: 'emp', done: true, status: '000' },
    });
    expect(cs.told.at(-1)?.slice(2)).toEqual(['RemoteStopTransaction', { transactionId: transaction }]);
    const report = await fetch(
      `${world.urls.get('workbench')}/api/v1/sessions/${encodeURIComponent(`oicp:${sessionId}`)}/report`,
    );
    expect(report.headers.get('content-type')).toContain('text/html');
    expect(await report.text()).toContain(sessionId);
    // The CSMS can, too; the EMP's own journal knows the session by the id of the hub.
    expect(await stop('workbench', merged.id, { via: 'csms' })).toMatchObject({ body: { via: 'csms', done: true } });
    expect(await stop('csms', `ocpp:STOP-2/${transaction}`, { via: 'emp' })).toMatchObject({
      status: 503,
      body: { code: 'NOT_AVAILABLE' },
    });
    await cs.stop(transaction);
    cs.close();
  });

  it('says why not: nobody knows it, nothing runs, the station is gone', async () => {
    expect(await stop('workbench', 'S-20260101-0001')).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    expect(await stop('workbench', 'tx:5')).toMatchObject({
      status: 400,
      body: { fields: [{ pointer: '/path/id', msg: expect.stringContaining('oicp:') }] },
    });
    expect(await stop('workbench', 'ocpp:77')).toMatchObject({ status: 400 });
    const cs = await station('STOP-3');
    const transaction = await cs.start('04D3A1C0FFEE03');
    const merged = await sessionAt('workbench', `ocpp:STOP-3/${transaction}`);
    // The hub gave it an id when the CSMS asked about the card, and the EMP refused it.
    expect(await stop('workbench', merged.id, { via: 'emp' })).toMatchObject({
      status: 404,
      body: { detail: expect.stringContaining('EMP: there is no session') },
    });
    cs.close();
    await until(async () => (await ask('csms', 'GET', '/stations/STOP-3')).body.link !== 'connected');
    expect(await stop('workbench', merged.id)).toMatchObject({
      status: 409,
      body: { code: 'STATION_NOT_CONNECTED' },
    });
  });

  it('of a foreign operator is nobody’s here', async () => {
    const line = (seq: number, kind: string, raw: string) =>
      JSON.stringify({
        seq,
        epoch: 'foreign1',
        kind,
        proto: 'ocpp',
        version: '1.6',
        action: 'StartTransaction',
        messageId: 's',
        from: kind === 'request' ? { id: 'THEIRS', role: 'cs' } : { id: 'other', role: 'csms' },
        to: kind === 'request' ? { id: 'other', role: 'csms' } : { id: 'THEIRS', role: 'cs' },
        time: { received: new Date().toISOString() },
        raw,
        partner: { seq: kind === 'request' ? 2 : 1 },
        transport: { type: 'ws', conn: 'x', sender: kind === 'request' ? 'client' : 'server' },
      });
    const text = [
      line(
        1,
        'request',
        `[2,"s","StartTransaction",{"connectorId":1,"idTag":"A","meterStart":0,"timestamp":"${new Date().toISOString()}"}]`,
      ),
      line(2, 'response', '[3,"s",{"transactionId":9,"idTagInfo":{"status":"Accepted"}}]'),
    ].join('\n');
    const imported = await fetch(`${world.urls.get('workbench')}/api/v1/journal/import`, {
      method: 'POST',
      headers: { 'content-type': 'application/jsonl' },
      body: text,
    });
    expect(imported.status).toBe(200);
    const merged = await sessionAt('workbench', 'ocpp:THEIRS/9');
    expect(await stop('workbench', merged.id)).toMatchObject({
      status: 409,
      body: { code: 'CONFLICT', detail: expect.stringContaining('another operator') },
    });
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { startServices } from './support/services-world.ts';

/** Somebody else's system in the place of a party: `PATCH /api/v1/parties/{id}` at the workbench, over real sockets. */

const ending: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

function folder(): string {
  const data = mkdtempSync(join(tmpdir(), 'replace-'));
  ending.push(() => rmSync(data, { recursive: true, force: true }));
  return data;
}

async function world(data: string) {
  const running = await startServices(['hub', 'csms', 'emp', 'workbench'], { 'csms.oicp.enabled': 'true' }, data);
  ending.push(() => running.stop());
  const call = (method: string, path: string, body?: object) => running.call('workbench', method, path, body);
  return { call, stop: () => running.stop() };
}

/** A hub by hand: hears what is said, and says yes. */
async function foreignHub() {
  const heard: string[] = [];
  const server = createServer((request, response) => {
    request.resume();
    heard.push(`${request.method} ${request.url}`);
    response.setHeader('content-type', 'application/json');
    response.end('{"AuthorizationStatus":"NotAuthorized","StatusCode":{"Code":"102","Description":"No"}}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ending.push(() => server.close());
  return { heard, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const AUTHORIZE = {
  from: 'csms',
  to: 'hub',
  proto: 'oicp',
  mode: 'wire',
  action: 'AuthorizeStart',
  payload: { OperatorID: 'DE*ABC', Identification: { RFIDMifareFamilyIdentification: { UID: '04A2B3C4D5E6F7' } } },
};

describe('a real hub', () => {
  it('is called from the next call on, by CSMS and EMP, also after a restart; what is said to it is recorded', async () => {
    const hub = await foreignHub();
    const data = folder();
    const first = await world(data);
    const { status, body } = await first.call('PATCH', '/parties/hub', { mode: 'real', address: hub.address });
    expect({ status, mode: body.mode, address: body.address }).toEqual({
      status: 200,
      mode: 'real',
      address: hub.address,
    });
    expect(body.switches).toEqual([
      { service: 'csms', key: 'csms.oicp.hubUrl', live: true },
      { service: 'emp', key: 'emp.hub.baseUrl', live: true },
    ]);
    const labels = body.enter.map(({ label }: { label: string }) => label);
    expect(labels).toEqual(expect.arrayContaining(['Operator id of the CPO', 'Base address of the EMP']));

    await first.call('POST', '/send', AUTHORIZE);
    expect(hub.heard).toContain('POST /api/oicp/charging/v21/operators/DE*ABC/authorize/start');
    const messages = await first.call('GET', '/services/csms/messages?q=action:AuthorizeStart');
    expect(messages.body.items.length).toBeGreaterThan(0);
    const { nodes } = (await first.call('GET', '/topology')).body;
    expect(nodes.find(({ id }: { id: string }) => id === 'hub')).toMatchObject({ mode: 'real', endpoint: hub.address });
    await first.stop();

    const second = await world(data);
    const peers = await second.call('GET', '/services/emp/peers');
    expect(peers.body.items).toEqual([{ peer: 'hub', key: 'emp.hub.baseUrl', url: hub.address, source: 'chosen' }]);
    expect((await second.call('PATCH', '/parties/hub', { mode: 'simulated' })).body.mode).toBe('simulated');
    const back = (await second.call('GET', '/services/csms/peers')).body.items[0];
    expect(back.source).toBe('ours');
    const before = hub.heard.length;
    await second.call('POST', '/send', AUTHORIZE);
    expect(hub.heard).toHaveLength(before);
  });
});

describe('replacing a party', () => {
  it('calls a real EMP and a real CSMS from the hub; what cannot change while it runs comes as lines', async () => {
    const { call } = await world(folder());
    await call('PATCH', '/parties/emp', { mode: 'real', address: 'https://emp.example/base' });
    expect((await call('GET', '/hub/partners/emp')).body).toMatchObject({
      baseUrl: 'https://emp.example/base',
      providerIds: ['DE-DCB'],
    });
    await call('PATCH', '/parties/emp', { mode: 'simulated' });
    expect((await call('GET', '/hub/partners/emp')).body.baseUrl).toBeUndefined();

    const { body } = await call('PATCH', '/parties/csms', { mode: 'real', address: 'wss://csms.example/ocpp' });
    const line = body.switches.find(({ key }: { key: string }) => key === 'station.csms');
    expect(line.live).toBe(false);
    expect(JSON.parse(line.lines)).toEqual({ station: { csms: 'wss://csms.example/ocpp' } });
  });

  it('refuses what is no address, with the field and what it should look like', async () => {
    const { call } = await world(folder());
    const wrong = async (id: string, body: object) => (await call('PATCH', `/parties/${id}`, body)).body.fields[0];
    expect(await wrong('hub', { mode: 'real' })).toMatchObject({
      pointer: '/address',
      msg: expect.stringContaining('https://hub.example'),
    });
    expect(await wrong('hub', { mode: 'real', address: 'hub.example' })).toMatchObject({ pointer: '/address' });
    expect(await wrong('csms', { mode: 'real', address: 'https://csms.example' })).toMatchObject({
      pointer: '/address',
      msg: expect.stringContaining('wss://csms.example/ocpp'),
    });
    expect(await wrong('emp', { mode: 'real', address: 'https://a:b@emp.example' })).toMatchObject({
      msg: expect.stringContaining('password'),
    });
    expect((await call('GET', '/parties')).body.items.map(({ mode }: { mode: string }) => mode)).toEqual([
      'simulated',
      'simulated',
      'simulated',
      'off',
      'off',
    ]);
  });

  it('is tried step by step: name, connection, answer, and the step that failed says what to do', async () => {
    const hub = await foreignHub();
    const { call } = await world(folder());
    const good = (await call('POST', '/parties/hub/test', { address: hub.address })).body;
    expect(good).toMatchObject({ ok: true, address: hub.address });
    expect(good.steps.map(({ step }: { step: string }) => step)).toEqual(['connection', 'answer']);
    const closed = (await call('POST', '/parties/hub/test', { address: 'http://127.0.0.1:9' })).body;
    expect(closed.ok).toBe(false);
    expect(closed.steps).toMatchObject([
      { step: 'connection', ok: false, hint: expect.stringContaining('Start the system') },
    ]);
    const nobody = (await call('POST', '/parties/hub/test', { address: 'http://no-such-machine.invalid' })).body;
    expect(nobody.steps).toMatchObject([{ step: 'name', ok: false }]);
    const tls = (await call('POST', '/parties/hub/test', { address: hub.address.replace('http', 'https') })).body;
    expect(tls.steps.at(-1)).toMatchObject({ step: 'tls', ok: false });
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testCsms } from '../../../../test/support/csms.ts';

describe('stations over REST', () => {
  let csms: Awaited<ReturnType<typeof testCsms>>;
  beforeAll(async () => {
    csms = await testCsms({ stations: [{ id: 'CS-KNOWN' }] });
  });
  afterAll(() => csms.end());

  it('shows a registered station before it ever connected', async () => {
    const { status, body } = await csms.call('GET', '/stations/CS-KNOWN');
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: 'CS-KNOWN', link: 'disconnected', boot: 'none', registered: true });
  });

  it('says silent for a station that has not spoken, and connected once it has', async () => {
    const station = await csms.station('CS-QUIET', 'ocpp1.6');
    expect((await csms.call('GET', '/stations/CS-QUIET')).body).toMatchObject({ link: 'silent', version: '1.6' });
    await station.boot();
    expect((await csms.call('GET', '/stations/CS-QUIET')).body).toMatchObject({
      link: 'connected',
      boot: 'Accepted',
      info: { vendor: 'ACME', model: 'AC22' },
    });
    await station.ask(
      '[2,"s-1","StatusNotification",{"connectorId":7,"errorCode":"NoError","status":"Preparing","timestamp":"2026-01-31T12:00:00Z"}]',
    );
    const { evses } = (await csms.call('GET', '/stations/CS-QUIET?fields=evses')).body;
    expect(evses).toEqual([
      {
        id: 7,
        status: 'Preparing',
        connectors: [{ id: 1, status: 'Preparing', since: '2026-01-31T12:00:00.000Z', errorCode: 'NoError' }],
      },
    ]);
    await station.close();
    await csms.until(async () => (await csms.call('GET', '/stations/CS-QUIET')).body.link === 'disconnected');
  });

  it('lists by filter and pages without repeating', async () => {
    for (const id of ['P-1', 'P-2', 'P-3', 'P-4']) await csms.call('PUT', `/stations/${id}`, {});
    const ids: string[] = [];
    let cursor = '';
    do {
      const { body } = await csms.call('GET', `/stations?text=p-&limit=1${cursor}`);
      ids.push(...body.items.map((item: { id: string }) => item.id));
      cursor = body.next === undefined ? '' : `&cursor=${body.next}`;
    } while (cursor !== '');
    expect(ids).toEqual(['P-1', 'P-2', 'P-3', 'P-4']);
    expect((await csms.call('GET', '/stations?text=p-3')).body.items).toHaveLength(1);
    expect((await csms.call('GET', '/stations?connected=true')).body).toEqual({ items: [], total: 0 });
    expect((await csms.call('GET', '/stations?version=2.1')).body.items).toEqual([]);
  });

  it('registers, holds, releases and forgets', async () => {
    const made = await csms.call('PUT', '/stations/CS%2FNEW', { admission: 'pending', password: 'secret-of-station' });
    expect(made.status).toBe(201);
    expect(made.headers.get('location')).toBe('/api/v1/stations/CS%2FNEW');
    expect(made.body).toMatchObject({ id: 'CS/NEW', admission: 'pending', hasPassword: true });
    expect(JSON.stringify(made.body)).not.toContain('secret-of-station');
    const released = await csms.call('PATCH', '/stations/CS%2FNEW', { admission: null, password: null });
    expect(released.body.admission).toBeUndefined();
    expect(released.body.hasPassword).toBe(false);
    expect((await csms.call('PUT', '/stations/CS%2FNEW', {})).status).toBe(200);
    expect((await csms.call('DELETE', '/stations/CS%2FNEW')).status).toBe(204);
    expect((await csms.call('GET', '/stations/CS%2FNEW')).body).toMatchObject({ status: 404, code: 'UNKNOWN_STATION' });
  });

  it('holds a pending station at boot until it is released', async () => {
    await csms.call('PUT', '/stations/CS-HELD', { admission: 'pending' });
    const station = await csms.station('CS-HELD', 'ocpp1.6');
    expect(await station.boot()).toContain('"Pending"');
    await csms.call('PATCH', '/stations/CS-HELD', { admission: 'accept' });
    expect(
      await station.ask('[2,"boot-2","BootNotification",{"chargePointVendor":"ACME","chargePointModel":"AC22"}]'),
    ).toContain('"Accepted"');
    await station.close();
  });

  it('closes a socket on demand, and says when there is none', async () => {
    const station = await csms.station('CS-OUT', 'ocpp1.6');
    const closed = new Promise((resolve) =>
      station.socket.once('close', (code, reason) => resolve([code, String(reason)])),
    );
    expect((await csms.call('DELETE', '/stations/CS-OUT')).body.code).toBe('CONFLICT');
    expect((await csms.call('POST', '/stations/CS-OUT/disconnect', { code: 4000, reason: 'go' })).status).toBe(204);
    expect(await closed).toEqual([4000, 'go']);
    await csms.until(async () => (await csms.call('GET', '/stations/CS-OUT')).body.link === 'disconnected');
    expect((await csms.call('POST', '/stations/CS-OUT/disconnect')).body).toMatchObject({
      status: 409,
      code: 'STATION_NOT_CONNECTED',
    });
    expect((await csms.call('POST', '/stations/CS-OUT/disconnect', { code: 1006 })).body.fields[0].pointer).toBe(
      '/code',
    );
  });

  it('documents itself', async () => {
    const response = await fetch(`${csms.base}/api/openapi.json`);
    const document = (await response.json()) as { paths: Record<string, unknown> };
    expect(Object.keys(document.paths)).toContain('/api/v1/stations/{id}');
    expect((await fetch(`${csms.base}/api/docs`)).status).toBe(200);
  });
});

describe('passwords of stations', () => {
  it('come from the configuration or over REST, are demanded at the handshake, and are shown nowhere', async () => {
    const csms = await testCsms({ stations: [{ id: 'CS-PW', password: 'from-the-file' }] });
    await expect(csms.station('CS-PW', 'ocpp1.6')).rejects.toThrow('401');
    await expect(csms.station('CS-PW', 'ocpp1.6', {}, 'wrong')).rejects.toThrow('401');
    const station = await csms.station('CS-PW', 'ocpp1.6', {}, 'from-the-file');
    expect((await csms.call('GET', '/stations/CS-PW')).body).toMatchObject({ security: 1, hasPassword: true });
    await station.close();
    await csms.call('PATCH', '/stations/CS-PW', { password: 'over-rest' });
    await expect(csms.station('CS-PW', 'ocpp1.6', {}, 'from-the-file')).rejects.toThrow('401');
    const again = await csms.station('CS-PW', 'ocpp1.6', {}, 'over-rest');
    await again.close();
    expect(
      (await csms.call('GET', '/refused?identity=CS-PW')).body.items.map((each: { reason: string }) => each.reason),
    ).toEqual(['bad-credentials', 'bad-credentials', 'no-credentials']);
    const settings = JSON.stringify((await csms.call('GET', '/settings')).body);
    expect(settings).toContain('csms.stations');
    for (const path of ['/stations/CS-PW', '/settings', '/logs', '/messages'])
      expect(JSON.stringify((await csms.call('GET', path)).body), path).not.toMatch(/from-the-file|over-rest/);
    await csms.end();
  });
});

describe('the API document', () => {
  it('has a summary, a described tag and an id of its own for every operation', async () => {
    const csms = await testCsms();
    const document = (await (await fetch(`${csms.base}/api/openapi.json`)).json()) as {
      tags: { name: string }[];
      paths: Record<string, Record<string, { operationId: string; summary: string; tags?: string[] }>>;
    };
    const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
    const ids = operations.map(({ operationId }) => operationId);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    const described = new Set(document.tags.map(({ name }) => name));
    const undescribed = operations.filter(
      ({ summary, tags = [] }) => summary === '' || tags.some((tag) => !described.has(tag)),
    );
    expect(undescribed).toEqual([]);
    expect(operations.length).toBeGreaterThan(150);
    await csms.end();
  });

  it('names the station that may have been meant', async () => {
    const csms = await testCsms({ stations: [{ id: 'CS-4711' }] });
    expect((await csms.call('GET', '/stations/CS-4712')).body).toMatchObject({
      code: 'UNKNOWN_STATION',
      nearest: 'CS-4711',
      hint: expect.stringContaining('CS-4711'),
    });
    await csms.end();
  });
});

describe('a restart', () => {
  it('shows the same world: stations, tokens, transactions, what was reported, files', async () => {
    const first = await testCsms();
    await first.call('PUT', '/stations/CS-STAYS', { admission: 'accept' });
    await first.call('POST', '/tokens', { idToken: 'STAYS', groupId: 'G' });
    const station = await first.station('CS-STAYS', 'ocpp1.6');
    await station.boot();
    await station.ask('[2,"d-1","DataTransfer",{"vendorId":"com.example","data":"x"}]');
    await station.ask(
      '[2,"t-1","StartTransaction",{"connectorId":1,"idTag":"STAYS","meterStart":5,"timestamp":"2026-01-31T12:00:00Z"}]',
    );
    const slot = (await first.call('POST', '/files', { purpose: 'upload', station: 'CS-STAYS' })).body;
    await fetch(`${slot.url}a.log`, { method: 'PUT', body: 'log' });
    const paths = ['/tokens', '/transactions', '/stations/CS-STAYS/transactions/1', '/data-transfers'];
    const before = await Promise.all(paths.map(async (path) => (await first.call('GET', path)).body));
    await first.end(false);
    const second = await testCsms({}, first.folder);
    const after = await Promise.all(paths.map(async (path) => (await second.call('GET', path)).body));
    expect(after).toEqual(before);
    expect((await second.call('GET', '/stations/CS-STAYS')).body).toMatchObject({
      registered: true,
      admission: 'accept',
      link: 'disconnected',
      boot: 'Accepted',
      transactions: ['CS-STAYS/1'],
    });
    const kept = (await second.call('GET', `/files/${slot.slot}`)).body;
    expect(await (await fetch(`${second.base}${kept.files[0].href}`)).text()).toBe('log');
    await second.end();
  });
});

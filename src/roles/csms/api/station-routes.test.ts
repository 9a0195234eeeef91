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

describe('a restart', () => {
  it('shows the same stations', async () => {
    const first = await testCsms();
    await first.call('PUT', '/stations/CS-STAYS', { admission: 'reject' });
    await first.end(false);
    const second = await testCsms({}, first.folder);
    expect((await second.call('GET', '/stations/CS-STAYS')).body).toMatchObject({
      registered: true,
      admission: 'reject',
    });
    await second.end();
  });
});

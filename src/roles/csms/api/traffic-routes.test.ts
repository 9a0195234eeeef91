import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testCsms } from '../../../../test/support/csms.ts';

type TestCsms = Awaited<ReturnType<typeof testCsms>>;

describe('what the journal says about a station', () => {
  let csms: TestCsms;
  beforeAll(async () => {
    csms = await testCsms();
    const station = await csms.station('CS "T" 1', 'ocpp1.6', {
      Reset: (id) => `[4,"${id}","InternalError","busy",{}]`,
      ClearCache: (id) => `[3,"${id}",{"status":"Accepted"}]`,
    });
    await station.boot();
    for (const n of [1, 2, 3]) await station.ask(`[2,"h-${n}","Heartbeat",{}]`);
    await station.ask('[2,"bad-1","Nonsense",{}]');
    await csms.call('POST', '/stations/CS%20%22T%22%201/ocpp/Reset', { type: 'Soft' });
    await csms.call('POST', '/stations/CS%20%22T%22%201/ocpp/ClearCache');
    const other = await csms.station('CS-OTHER', 'ocpp1.6');
    await other.boot();
  });
  afterAll(() => csms.end());
  const get = async (path: string) => (await csms.call('GET', `/stations/CS%20%22T%22%201${path}`)).body;

  it('counts by action and direction, with latencies', async () => {
    const statistics = await get('/statistics');
    expect(statistics).toMatchObject({ complete: true, total: { requests: 7, answered: 5, errors: 2, timeouts: 0 } });
    const heartbeats = statistics.byAction.find((each: { action: string }) => each.action === 'Heartbeat');
    expect(heartbeats).toMatchObject({
      version: '1.6',
      from: 'CS "T" 1',
      to: 'csms',
      requests: 3,
      answered: 3,
      errors: 0,
    });
    expect(heartbeats.latency.count).toBe(3);
    expect(heartbeats.latency.p50Ms).toBeLessThanOrEqual(heartbeats.latency.p99Ms);
    const reset = statistics.byAction.find((each: { action: string }) => each.action === 'Reset');
    expect(reset).toMatchObject({ from: 'csms', requests: 1, errors: 1 });
    expect(await get('/statistics?most=2')).toMatchObject({ looked: 2, complete: false });
  });

  it('lists what went wrong, the newest first', async () => {
    const { items } = await get('/errors');
    const actions = items.map((each: { a: string; k: string }) => `${each.k} ${each.a}`);
    expect(actions[0]).toBe('error Reset');
    expect(actions).toContain('error Nonsense');
    expect(actions.join()).not.toContain('Heartbeat');
    expect((await get('/findings')).items.every((each: { party: string }) => each.party === 'CS "T" 1')).toBe(true);
    expect((await csms.call('GET', '/stations/CS-NO/errors')).body.code).toBe('UNKNOWN_STATION');
  });

  it('has log lines grouped by OCPP message, the error among them', async () => {
    const { items } = (await csms.call('GET', '/logs/groups?text=Heartbeat')).body;
    const group = items.find((each: { messageId: string }) => each.messageId === 'h-2');
    expect(group.lines.map((line: { text: string }) => line.text)).toEqual([
      'request from CS "T" 1: Heartbeat',
      'response to CS "T" 1: Heartbeat',
    ]);
    const warnings = (await csms.call('GET', '/logs?level=warn')).body.items;
    expect(warnings.map((line: { text: string }) => line.text)).toContain('InternalError from CS "T" 1: Reset');
  });

  it('gives the raw text of a message', async () => {
    const seq = csms.recorder.entries.findIndex((entry) => entry?.raw === '[2,"h-1","Heartbeat",{}]') + 1;
    const response = await fetch(`${csms.base}/api/v1/messages/${seq}/raw`);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await response.text()).toBe('[2,"h-1","Heartbeat",{}]');
  });

  it('says what runs here', async () => {
    const { body } = await csms.call('GET', '/meta');
    expect(body).toMatchObject({ service: 'csms', scope: 'cpo', base: '/ui', clock: { mode: 'system', factor: 1 } });
    expect(body.features).toContain('send');
    expect(body.services.map((each: { name: string }) => each.name)).toContain('hub');
  });
});

describe('live events', () => {
  it('begin with hello, tell what changed, at most four times a second for one station', async () => {
    const csms = await testCsms();
    const aborter = new AbortController();
    const response = await fetch(`${csms.base}/api/v1/events?topics=station,transaction,token`, {
      signal: aborter.signal,
    });
    const events: {
      event: string;
      data: { id?: string; link?: string; boot?: string; key?: string; state?: string };
    }[] = [];
    const reading = (async () => {
      let text = '';
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        text += Buffer.from(chunk).toString();
        for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
          const event = /^event: (.*)$/m.exec(text.slice(0, end))?.[1];
          const data = /^data: (.*)$/m.exec(text.slice(0, end))?.[1];
          if (event !== undefined && data !== undefined) events.push({ event, data: JSON.parse(data) });
          text = text.slice(end + 2);
        }
      }
    })().catch(() => {});
    await csms.until(() => events.some(({ event }) => event === 'hello'));
    const station = await csms.station('CS-LIVE', 'ocpp1.6');
    await station.boot();
    for (let n = 0; n < 50; n++) {
      await station.ask(
        `[2,"s-${n}","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"${n % 2 === 0 ? 'Preparing' : 'Available'}"}]`,
      );
    }
    await station.ask(
      '[2,"t-1","StartTransaction",{"connectorId":1,"idTag":"A","meterStart":0,"timestamp":"2026-01-31T12:00:00Z"}]',
    );
    await csms.call('POST', '/tokens', { idToken: 'LIVE' });
    await csms.until(
      () => events.some(({ event }) => event === 'transaction') && events.some(({ event }) => event === 'token'),
    );
    await csms.until(() => events.some(({ data }) => data.id === 'CS-LIVE' && data.boot === 'Accepted'));
    const ofStation = events.filter(({ event }) => event === 'station');
    expect(ofStation[0]?.data).toMatchObject({ id: 'CS-LIVE', link: 'silent' });
    expect(ofStation.length).toBeLessThan(20);
    expect(events.find(({ event }) => event === 'transaction')?.data).toMatchObject({
      key: 'CS-LIVE/1',
      state: 'active',
    });
    aborter.abort();
    await reading;
    await csms.end();
  });
});

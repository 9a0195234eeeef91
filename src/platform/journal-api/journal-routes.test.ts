import { afterEach, describe, expect, it } from 'vitest';
import { SystemIds } from '../../core/ids.ts';
import { SystemClock } from '../../core/system-clock.ts';
import { type Journal, openMemoryJournal } from '../../journal/index.ts';
import { CommitGroup } from '../../storage/commit-group.ts';
import { EventFeed } from '../http/event-feed.ts';
import { createHttpService, type HttpService } from '../http/http-service.ts';
import { SILENT } from '../logging/log.ts';
import { journalRoutes } from './journal-routes.ts';

const clock = new SystemClock();
const fail = (cause: unknown): never => {
  throw cause;
};
const open: { http: HttpService; journal: Journal; feed: EventFeed }[] = [];

function world() {
  const group = new CommitGroup(clock, fail);
  const journal = openMemoryJournal({ clock, group });
  const feed = new EventFeed({ clock, epoch: journal.epoch });
  const options = { name: 'csms', host: '127.0.0.1', port: 0, version: '1', clock, ids: new SystemIds(), log: SILENT };
  const http = createHttpService({ ...options, checkResponses: true });
  http.mount({
    title: 'x',
    description: 'x',
    prefix: '/api/v1',
    docsPath: '/api/docs',
    routes: journalRoutes({ journal, feed }),
  });
  open.push({ http, journal, feed });
  const link = journal.recorder.openLink({
    a: { id: 'CS-1', role: 'cs' },
    b: { id: 'csms', role: 'csms' },
    protocol: 'ocpp',
    version: '1.6',
    transport: 'ws',
    conn: 'ws-1',
    tap: 'csms',
  });
  /** A Heartbeat with its answer; resolves when both can be read. */
  const heartbeat = async (id: string): Promise<number> => {
    const seq = journal.recorder.record({
      link,
      toClient: false,
      time: clock.now(),
      kind: 'request',
      action: 'Heartbeat',
      messageId: id,
      raw: `[2,"${id}","Heartbeat",{}]`,
    });
    journal.recorder.record({
      link,
      toClient: true,
      time: clock.now(),
      kind: 'response',
      action: 'Heartbeat',
      messageId: id,
      raw: `[3,"${id}",{"currentTime":"2026-01-01T00:00:00Z"}]`,
      partner: seq,
      latencyMs: 4,
    });
    await new Promise<void>((resolve) => group.afterCommit(resolve));
    return seq;
  };
  const get = async (path: string) => (await http.inject({ url: `/api/v1${path}` })).json();
  return { http, journal, feed, heartbeat, get };
}

afterEach(async () => {
  for (const { http, journal, feed } of open.splice(0)) {
    feed.close();
    await http.close();
    await journal.close();
  }
});

describe('the journal over REST', () => {
  it('serves charging sessions, by their id and by the ids of the wire', async () => {
    const { journal, get, http } = world();
    const link = journal.recorder.openLink({
      a: { id: 'CS/1', role: 'cs' },
      b: { id: 'csms', role: 'csms' },
      protocol: 'ocpp',
      version: '1.6',
      transport: 'ws',
      conn: 'ws-2',
      tap: 'csms',
    });
    journal.recorder.record({
      link,
      toClient: false,
      time: clock.now(),
      kind: 'request',
      action: 'StopTransaction',
      messageId: 'x',
      raw: '[2,"x","StopTransaction",{"transactionId":7,"meterStop":900,"timestamp":"2026-01-01T00:00:00Z"}]',
    });
    const { items, total } = await get('/sessions?q=station:CS*');
    expect(total).toBe(1);
    const { id } = items[0];
    expect(items[0]).toMatchObject({ state: 'ended', partial: true, ids: { ocppTx: '7' } });
    expect((await get(`/sessions/${id}`)).id).toBe(id);
    expect((await get('/sessions/by/ocpp/CS%2F1/7')).id).toBe(id);
    expect((await get(`/sessions/${id}/series`)).points).toHaveLength(1);
    expect((await get(`/sessions/${id}/reconciliation?wh=5`)).tolerance).toEqual({ wh: 5, s: 1 });
    const { payload: diagram } = await http.inject({ url: `/api/v1/sequence?q=session:${id}&format=mermaid` });
    expect(diagram).toContain('participant P0 as CS/1');
    expect(diagram).toContain('P0->>P1: StopTransaction: transaction 7');
    expect((await http.inject({ url: '/api/v1/sessions/by/ocpp/7' })).statusCode).toBe(400);
    expect((await http.inject({ url: '/api/v1/sessions/by/oicp/none' })).statusCode).toBe(404);
    expect((await http.inject({ url: '/api/v1/sessions?q=stat:1' })).statusCode).toBe(400);
  });

  it('lists, filters and pages messages, and shows one with its raw text and its answer', async () => {
    const { heartbeat, get } = world();
    const first = await heartbeat('m1');
    await heartbeat('m2');
    const frames = await get('/messages?entity=messages&order=oldest&limit=3');
    expect(frames.items.map((row: { k: string; a: string }) => `${row.k} ${row.a}`)).toEqual([
      'request Heartbeat',
      'response Heartbeat',
      'request Heartbeat',
    ]);
    const rest = await get(`/messages?entity=messages&order=oldest&limit=3&cursor=${frames.next}`);
    expect(rest.items).toHaveLength(1);
    const exchanges = await get('/messages?q=action:Heartbeat');
    expect(exchanges.items).toHaveLength(2);
    expect(exchanges.items[0].x).toMatchObject({ k: 'response', ms: 4 });
    expect((await get('/messages?q=action:Authorize')).items).toEqual([]);
    const message = await get(`/messages/${first}`);
    expect(message).toMatchObject({ raw: '[2,"m1","Heartbeat",{}]', from: { id: 'CS-1' }, partner: { latencyMs: 4 } });
    expect((await get(`/messages/${first}/related`)).partner.s).toBe(first + 1);
    expect((await get('/messages/999')).code).toBe('NOT_FOUND');
    expect((await get('/messages/x')).fields[0].pointer).toBe('/path/seq');
  });

  it('tells a broken filter before a list or a download begins', async () => {
    const { http, get } = world();
    expect(await get('/messages?q=(((')).toMatchObject({ code: 'INVALID_REQUEST', status: 400 });
    expect((await http.inject({ url: '/api/v1/journal/export?q=(((' })).statusCode).toBe(400);
    expect((await http.inject({ url: '/api/v1/journal/live?q=(((' })).statusCode).toBe(400);
  });

  it('makes views, reads their rows, and forgets them', async () => {
    const { http, heartbeat, get } = world();
    await heartbeat('m1');
    const made = await http.inject({
      method: 'POST',
      url: '/api/v1/views',
      payload: { q: 'action:Heartbeat', entity: 'messages' },
    });
    expect(made.statusCode).toBe(201);
    const { id } = made.json();
    expect(made.headers['location']).toBe(`/api/v1/views/${id}`);
    const rows = await get(`/views/${id}/rows?from=0&limit=10`);
    expect(rows.rows).toHaveLength(2);
    expect(await get(`/views/${id}/position?seq=1`)).toMatchObject({ found: true });
    expect((await get(`/views/${id}/values?field=action`)).items).toEqual([{ value: 'Heartbeat', count: 2 }]);
    expect((await get(`/views/${id}/histogram?buckets=5`)).items.length).toBeGreaterThan(0);
    expect((await http.inject({ method: 'DELETE', url: `/api/v1/views/${id}` })).statusCode).toBe(204);
    expect((await get(`/views/${id}`)).code).toBe('GONE');
  });

  it('counts, marks, exports, imports and clears', async () => {
    const { http, heartbeat, get } = world();
    const seq = await heartbeat('m1');
    expect((await get('/statistics')).total).toMatchObject({ messages: 2, requests: 1, responses: 1 });
    const noted = await http.inject({
      method: 'PATCH',
      url: `/api/v1/messages/${seq}`,
      payload: { marked: true, note: 'look' },
    });
    expect(noted.json()).toMatchObject({ marked: true, note: 'look' });
    const lines = (await http.inject({ url: '/api/v1/journal/export' })).body;
    expect(lines.trim().split('\n')).toHaveLength(2);
    const cleared = await http.inject({ method: 'DELETE', url: '/api/v1/journal' });
    expect(cleared.json()).toMatchObject({ count: 0 });
    const headers = { 'content-type': 'application/jsonl' };
    const taken = await http.inject({ method: 'POST', url: '/api/v1/journal/import', headers, payload: lines });
    expect(taken.json()).toMatchObject({ messages: 2, refused: 0 });
    expect((await get('/messages?q=is:imported&entity=messages')).items).toHaveLength(2);
  });

  it('sends what comes in, and goes on after the last id that a reader got', async () => {
    const { http, feed, heartbeat } = world();
    const { url } = await http.listen();
    const first = await readRows(`${url}/api/v1/journal/live?entity=messages`, {}, () => heartbeat('m1'), 2);
    await heartbeat('m2');
    const later = await readRows(
      `${url}/api/v1/journal/live?entity=messages`,
      { 'last-event-id': first.id },
      async () => {},
      2,
    );
    expect(first.rows).toEqual([1, 2]);
    expect(later.rows).toEqual([3, 4]);
    expect(feed.readers).toBeLessThanOrEqual(2);
  });
});

/** Connects, does something, and reads `rows` events until there are `count` rows. */
async function readRows(url: string, headers: Record<string, string>, act: () => Promise<unknown>, count: number) {
  const abort = new AbortController();
  const response = await fetch(url, { headers, signal: abort.signal });
  const rows: number[] = [];
  let id = '';
  let text = '';
  let acted = false;
  for await (const chunk of (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (!acted && text.includes('event: hello')) {
      acted = true;
      await act();
    }
    for (const [, eventId, data] of text.matchAll(/id: (\S+)\nevent: rows\ndata: (.*)\n\n/g)) {
      id = eventId ?? '';
      for (const row of JSON.parse(data ?? '').rows) if (!rows.includes(row.s)) rows.push(row.s);
    }
    if (rows.length >= count) break;
  }
  abort.abort();
  return { rows, id };
}

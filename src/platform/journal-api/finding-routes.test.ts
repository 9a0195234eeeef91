import { afterEach, describe, expect, it } from 'vitest';
import { SystemIds } from '../../core/ids.ts';
import { VirtualClock } from '../../core/virtual-clock.ts';
import type { LinkDescription, NewFinding } from '../../journal/entry.ts';
import { openMemoryJournal } from '../../journal/index.ts';
import { CommitGroup } from '../../storage/commit-group.ts';
import { EventFeed } from '../http/event-feed.ts';
import { createHttpService, type HttpService } from '../http/http-service.ts';
import { SILENT } from '../logging/log.ts';
import { journalRoutes } from './journal-routes.ts';

const STATION: LinkDescription = {
  a: { id: 'CS-1', role: 'cs' },
  b: { id: 'csms', role: 'csms' },
  protocol: 'ocpp',
  version: '1.6',
  transport: 'ws',
  conn: 'ws-1',
  tap: 'csms',
};
const HUB: LinkDescription = {
  ...STATION,
  a: { id: 'csms', role: 'csms' },
  b: { id: 'hub', role: 'hub' },
  protocol: 'oicp',
  version: '2.3',
  transport: 'http',
};

const open: HttpService[] = [];
afterEach(async () => {
  for (const http of open.splice(0)) await http.close();
});

/** A journal with three findings: a station's error and warning, a hub's error. */
function world() {
  const clock = new VirtualClock(1_764_000_000_000);
  const group = new CommitGroup(clock, (cause) => {
    throw cause;
  });
  const journal = openMemoryJournal({ clock, group });
  const feed = new EventFeed({ clock, epoch: journal.epoch });
  const http = createHttpService({
    name: 'csms',
    host: '127.0.0.1',
    port: 0,
    version: '1',
    clock,
    ids: new SystemIds(),
    log: SILENT,
    checkResponses: true,
  });
  http.mount({
    title: 'x',
    description: 'x',
    prefix: '/api/v1',
    docsPath: '/api/docs',
    routes: journalRoutes({ journal, feed }),
  });
  open.push(http);
  const { recorder } = journal;
  const [station, hub] = [recorder.openLink(STATION), recorder.openLink(HUB)];
  const request = (link: number, action: string, payload: unknown): number =>
    recorder.record({
      link,
      toClient: false,
      time: clock.now(),
      kind: 'request',
      action,
      messageId: 'm',
      raw: link === hub ? JSON.stringify(payload) : JSON.stringify([2, 'm', action, payload]),
    });
  const start = request(station, 'StartTransaction', { connectorId: 1, idTag: 'A', meterStart: 0, timestamp: 'x' });
  const push = request(hub, 'PushEvseData', {});
  const found = (fields: Partial<NewFinding>): void =>
    recorder.finding({
      rule: 'OCPPJ-RPC-021',
      severity: 'error',
      axis: 'conformance',
      peer: 'rejects',
      party: 'CS-1',
      seq: start,
      text: 'x',
      time: clock.now(),
      ...fields,
    });
  found({});
  found({ rule: 'OCPP16-TX-002', severity: 'warning', axis: 'timing', peer: 'tolerates' });
  found({ party: 'hub', seq: push });
  const call = async (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, body?: unknown) => {
    const answer = await http.inject({
      method,
      url: `/api/v1${url}`,
      ...(body === undefined ? {} : { payload: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    return { status: answer.statusCode, body: answer.payload === '' ? undefined : answer.json() };
  };
  const rules = async (query: string): Promise<string[]> =>
    (await call('GET', `/findings?${query}`)).body.items.map(({ rule, party }: NewFinding) => `${rule} ${party}`);
  return { clock, journal, call, rules, start, push, found };
}

describe('findings over REST', () => {
  it('are filtered by the language of messages, with the other filters, and a broken one says where', async () => {
    const { call } = world();
    const rules = async (q: string, more = ''): Promise<string[]> =>
      (await call('GET', `/findings?q=${encodeURIComponent(q)}${more}`)).body.items.map(
        ({ rule, party }: { rule: string; party: string }) => `${rule} ${party}`,
      );
    expect(await rules('severity:error')).toEqual(['OCPPJ-RPC-021 hub', 'OCPPJ-RPC-021 CS-1']);
    expect(await rules('rule:OCPP16-* or protocol:oicp')).toEqual(['OCPPJ-RPC-021 hub', 'OCPP16-TX-002 CS-1']);
    expect(await rules('-axis:timing fault:cs station:CS-1 action:StartTransaction')).toEqual(['OCPPJ-RPC-021 CS-1']);
    expect(await rules('severity>=warning peer:tolerates')).toEqual(['OCPP16-TX-002 CS-1']);
    expect(await rules('is:open has:message', '&party=hub')).toEqual(['OCPPJ-RPC-021 hub']);
    expect(await rules('OCPP16')).toEqual(['OCPP16-TX-002 CS-1']);
    expect(
      (await call('GET', `/findings/groups?by=party&q=${encodeURIComponent('axis:timing')}`)).body.items,
    ).toHaveLength(1);
    const broken = await call('GET', '/findings?q=severty:error');
    expect(broken).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } });
    expect(broken.body.fields[0]).toMatchObject({ pointer: '/query/q', msg: expect.stringContaining('severity') });
  });

  it('are fixed until they are found again; the mark is taken back by opening one', async () => {
    const { call, found, clock } = world();
    const list = async (q: string): Promise<string[]> =>
      (await call('GET', `/findings?q=${encodeURIComponent(q)}`)).body.items.map(({ id }: { id: string }) => id);
    const id = (await list('rule:OCPPJ-RPC-021 party:CS-1'))[0] ?? '';
    const fixed = await call('PATCH', `/findings/${id}`, { status: 'fixed', reason: 'firmware 4.3' });
    expect(fixed).toMatchObject({ status: 200, body: { id, status: 'fixed' } });
    expect(await list('status:fixed')).toEqual([id]);
    expect((await call('GET', '/findings/mutes')).body.items).toMatchObject([
      { rule: 'OCPPJ-RPC-021', party: 'CS-1', fixed: true, reason: 'firmware 4.3', findings: 1 },
    ]);
    await clock.runFor(1_000);
    found({});
    expect(await list('rule:OCPPJ-RPC-021 party:CS-1 is:open')).toHaveLength(1);
    expect(await list('is:fixed')).toEqual([id]);
    expect((await call('PATCH', `/findings/${id}`, { status: 'open' })).body).toMatchObject({ status: 'open' });
    expect(await list('is:fixed')).toEqual([]);
    expect((await call('GET', '/findings/mutes')).body.items).toEqual([]);
  });

  it('are muted one by one with a reason; a wider mute is not lifted by opening one', async () => {
    const { call } = world();
    const { body } = await call('GET', '/findings?rule=OCPP16-TX-002');
    const { id } = body.items[0];
    expect(await call('PATCH', `/findings/${id}`, { status: 'muted' })).toMatchObject({
      status: 400,
      body: { fields: [{ pointer: '/reason', msg: expect.any(String) }] },
    });
    const muted = await call('PATCH', `/findings/${id}`, { status: 'muted', reason: 'known' });
    expect(muted.body).toMatchObject({ status: 'muted' });
    expect((await call('GET', '/findings?q=is:muted')).body.items).toHaveLength(1);
    expect((await call('PATCH', `/findings/${id}`, { status: 'open' })).body.status).toBe('open');
    await call('POST', '/findings/mutes', { party: 'CS-1', rule: 'OCPP16-TX-002', reason: 'all of it' });
    const wider = await call('PATCH', `/findings/${id}`, { status: 'open' });
    expect(wider).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
    expect(await call('PATCH', '/findings/F-99', { status: 'fixed' })).toMatchObject({ status: 404 });
    expect(await call('PATCH', `/findings/${id}`, { status: 'gone' })).toMatchObject({ status: 400 });
  });

  it('are found by rule, severity, axis, peer, party and its role, protocol, station, session, message', async () => {
    const { rules, start, call } = world();
    const [schema, timing, hub] = ['OCPPJ-RPC-021 CS-1', 'OCPP16-TX-002 CS-1', 'OCPPJ-RPC-021 hub'];
    expect(await rules('')).toEqual([hub, timing, schema]);
    expect(await rules('rule=OCPPJ-RPC-021')).toEqual([hub, schema]);
    expect(await rules('severity=warning')).toEqual([timing]);
    expect(await rules('axis=timing')).toEqual([timing]);
    expect(await rules('peer=rejects')).toEqual([hub, schema]);
    expect(await rules('party=CS-1')).toEqual([timing, schema]);
    expect(await rules('fault=hub')).toEqual([hub]);
    expect(await rules('fault=cs')).toEqual([timing, schema]);
    expect(await rules('protocol=oicp')).toEqual([hub]);
    expect(await rules('station=CS-1')).toEqual([timing, schema]);
    expect(await rules(`seq=${start}&severity=error`)).toEqual([schema]);
    const { session } = (await call('GET', `/messages/${start}`)).body;
    expect(await rules(`session=${session}`)).toEqual([timing, schema]);
    expect(await rules('session=S-none')).toEqual([]);
    expect((await call('GET', '/findings?severity=bad')).status).toBe(400);
  });

  it('on a message that a person handed in stay on it, and count against nobody', async () => {
    const { clock, journal, call, rules } = world();
    const handedIn = journal.recorder.record({
      link: journal.recorder.openLink({ ...STATION, transport: 'inproc', conn: 'simulate inbound' }),
      toClient: false,
      time: clock.now(),
      kind: 'request',
      action: 'Heartbeat',
      messageId: 'on-purpose',
      raw: '[2,"on-purpose","Heartbeat",{"a":1}]',
      origin: 'user',
      flags: ['invalid', 'synthetic'],
    });
    const blame = { rule: 'OCPPJ-RPC-021', severity: 'error', axis: 'conformance', party: 'CS-1' } as const;
    const before = (await rules('status=open&party=CS-1')).length;
    journal.recorder.finding({ ...blame, seq: handedIn, text: 'extra member', time: clock.now() });
    expect(await rules('status=open&party=CS-1')).toHaveLength(before);
    const [found] = (await call('GET', `/messages/${handedIn}`)).body.findings;
    expect(found).toMatchObject({ text: 'extra member', status: 'muted', mute: 'on-purpose' });
    const { items } = (await call('GET', '/messages?q=is:synthetic')).body;
    expect(items.map(({ fd }: { fd?: number[] }) => fd)).toEqual([undefined]);
  });

  it('say the verdict and what a tolerant peer would do apart', async () => {
    const { call } = world();
    expect((await call('GET', '/findings/F-00002')).body).toMatchObject({
      severity: 'warning',
      peer: 'tolerates',
      status: 'open',
      protocol: 'ocpp',
      fault: 'cs',
      station: 'CS-1',
      action: 'StartTransaction',
    });
    expect((await call('GET', '/findings/F-99')).status).toBe(404);
  });

  it('page without a gap', async () => {
    const { call } = world();
    const first = (await call('GET', '/findings?limit=2')).body;
    const second = (await call('GET', `/findings?limit=2&cursor=${first.next}`)).body;
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(['F-00003', 'F-00002', 'F-00001']);
    expect(second.next).toBeUndefined();
  });

  it('read as problems when they are grouped, the worst and most frequent first', async () => {
    const { call } = world();
    const { items } = (await call('GET', '/findings/groups')).body;
    expect(items.map(({ key, count, severity }: never) => [key, count, severity])).toEqual([
      ['OCPPJ-RPC-021', 2, 'error'],
      ['OCPP16-TX-002', 1, 'warning'],
    ]);
    expect(items[0].parties).toEqual(['hub', 'CS-1']);
    const stations = (await call('GET', '/findings/groups?by=station&party=CS-1')).body.items;
    expect(stations).toMatchObject([{ key: 'CS-1', count: 2, rules: ['OCPP16-TX-002', 'OCPPJ-RPC-021'] }]);
  });
});

describe('mutes', () => {
  it('of a rule and a party leave the same rule of others open, and the message shows both', async () => {
    const { call, rules, start, push } = world();
    const made = await call('POST', '/findings/mutes', { rule: 'OCPPJ-RPC-021', party: 'CS-1', reason: 'known, #7' });
    expect(made).toMatchObject({ status: 201, body: { findings: 1, over: false, reason: 'known, #7' } });
    expect(await rules('status=open')).toEqual(['OCPPJ-RPC-021 hub', 'OCPP16-TX-002 CS-1']);
    expect(await rules('status=muted')).toEqual(['OCPPJ-RPC-021 CS-1']);
    expect(await rules('')).toHaveLength(3);
    const { findings } = (await call('GET', `/messages/${start}`)).body;
    expect(findings.map(({ status, mute }: never) => [status, mute])).toEqual([
      ['muted', made.body.id],
      ['open', undefined],
    ]);
    // Errors, warnings, infos of the list's line: only what is open counts.
    const lines = (await call('GET', '/messages?entity=messages&order=oldest')).body.items;
    expect(lines.map(({ s, fd }: never) => [s, fd])).toEqual([
      [start, [0, 1, 0]],
      [push, [1, 0, 0]],
    ]);
    const groups = (await call('GET', '/findings/groups')).body.items;
    expect(groups[0]).toMatchObject({ key: 'OCPPJ-RPC-021', count: 2, muted: 1 });
  });

  it('are listed with scope and reason, and taken back', async () => {
    const { call, rules } = world();
    const { body } = await call('POST', '/findings/mutes', { rule: 'OCPPJ-RPC-021', reason: 'all of them' });
    expect((await call('GET', '/findings/mutes')).body.items).toMatchObject([
      { rule: 'OCPPJ-RPC-021', reason: 'all of them', findings: 2 },
    ]);
    expect(await rules('status=open')).toHaveLength(1);
    expect((await call('DELETE', `/findings/mutes/${body.id}`)).status).toBe(204);
    expect(await rules('status=open')).toHaveLength(3);
    expect((await call('DELETE', `/findings/mutes/${body.id}`)).status).toBe(404);
  });

  it('end at their time', async () => {
    const { call, rules, clock } = world();
    const expiresAt = clock.now() + 60_000;
    await call('POST', '/findings/mutes', { rule: 'OCPP16-TX-002', reason: 'until the new firmware', expiresAt });
    expect(await rules('status=muted')).toHaveLength(1);
    await clock.runFor(60_000);
    expect(await rules('status=muted')).toHaveLength(0);
    expect((await call('GET', '/findings/mutes')).body.items).toMatchObject([{ over: true }]);
    expect((await call('POST', '/findings/mutes', { rule: 'x', reason: 'y', expiresAt })).status).toBe(400);
  });

  it('hold for one message, and what comes later of the same scope takes their place', async () => {
    const { call, rules, start } = world();
    await call('POST', '/findings/mutes', { seq: start, reason: 'first' });
    expect(await rules('status=open')).toEqual(['OCPPJ-RPC-021 hub']);
    await call('POST', '/findings/mutes', { seq: start, reason: 'second' });
    expect((await call('GET', '/findings/mutes')).body.items).toMatchObject([{ reason: 'second', seq: start }]);
  });

  it('say what they are about and why', async () => {
    const { call } = world();
    expect((await call('POST', '/findings/mutes', { reason: 'everything' })).status).toBe(400);
    expect((await call('POST', '/findings/mutes', { party: 'CS-1', reason: 'all of it' })).status).toBe(400);
    expect((await call('POST', '/findings/mutes', { rule: 'x' })).status).toBe(400);
  });

  it('outlive the messages when they are about a rule, and go with the message when they are about one', async () => {
    const { call, journal, start } = world();
    await call('POST', '/findings/mutes', { rule: 'OCPPJ-RPC-021', reason: 'a rule' });
    await call('POST', '/findings/mutes', { seq: start, reason: 'a message' });
    await journal.query.clear();
    expect((await call('GET', '/findings/mutes')).body.items).toMatchObject([{ reason: 'a rule', findings: 0 }]);
  });
});

describe('the catalogue of rules', () => {
  it('is listed by protocol, version, severity, and told with its findings', async () => {
    const { call } = world();
    const { items, total } = (await call('GET', '/rules')).body;
    expect(items).toHaveLength(total);
    expect(total).toBeGreaterThan(329);
    const ofOicp = (await call('GET', '/rules?protocol=oicp')).body.items;
    expect(new Set(ofOicp.map(({ protocol }: never) => protocol))).toEqual(new Set(['oicp']));
    const infos = (await call('GET', '/rules?version=2.1&severity=info')).body.items;
    expect(infos.length).toBeGreaterThan(0);
    for (const { severity, versions } of infos) {
      expect(typeof severity === 'string' ? severity : severity['2.1']).toBe('info');
      expect(versions).toContain('2.1');
    }
    const one = (await call('GET', '/rules/OCPPJ-RPC-021')).body;
    expect(one).toMatchObject({ protocol: 'ocpp', findings: 2, muted: 0, peer: expect.any(String) });
    expect(one.causes.length).toBeGreaterThan(0);
    expect((await call('GET', '/rules/none')).status).toBe(404);
  });
});

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { memoryJournal } from '../../../test/journal-fixture.ts';
import type { Row } from '../../journal/index.ts';
import { SILENT } from '../logging/log.ts';
import { prometheusText } from './metrics.ts';
import { otlpJson } from './otlp-json.ts';
import { Telemetry } from './telemetry.ts';
import { factsOf, toldSpans } from './told-span.ts';
import { traceOf } from './trace.ts';
import { TraceReader } from './trace-reader.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
type World = ReturnType<typeof memoryJournal>;

/** A card at a station; the CSMS asks the hub, the hub asks the EMP; later the station starts. */
function swipe(world: World): void {
  const { clock, entry, links, journal } = world;
  const emp = journal.recorder.openLink({
    a: { id: 'hub', role: 'hub' },
    b: { id: 'emp', role: 'emp' },
    protocol: 'oicp',
    version: '2.3',
    transport: 'http',
    conn: 'http-2',
    tap: 'emp',
  });
  const t = clock.now();
  const request = '{"OperatorID":"DE*ABC","Identification":{"RFIDMifareFamilyIdentification":{"UID":"04A2F1C3"}}}';
  const answer =
    '{"SessionID":"b2688855-7f00-0002-6d8e-48d883f6abb6","AuthorizationStatus":"Authorized","StatusCode":{"Code":"000"}}';
  const authorize = entry({
    link: links.cs1,
    kind: 'request',
    action: 'Authorize',
    messageId: 'a',
    time: t,
    raw: '[2,"a","Authorize",{"idTag":"04A2F1C3"}]',
  });
  const toHub = entry({
    link: links.hub,
    kind: 'request',
    action: 'AuthorizeStart',
    time: t + 2,
    trace: TRACE,
    raw: request,
  });
  const toEmp = entry({
    link: emp,
    kind: 'request',
    action: 'AuthorizeStart',
    time: t + 5,
    trace: TRACE,
    raw: request,
  });
  entry({
    link: emp,
    toClient: true,
    kind: 'response',
    action: 'AuthorizeStart',
    time: t + 25,
    trace: TRACE,
    raw: answer,
    partner: toEmp,
    latencyMs: 20,
  });
  entry({
    link: links.hub,
    toClient: true,
    kind: 'response',
    action: 'AuthorizeStart',
    time: t + 32,
    trace: TRACE,
    raw: answer,
    partner: toHub,
    latencyMs: 30,
  });
  entry({
    link: links.cs1,
    toClient: true,
    kind: 'response',
    action: 'Authorize',
    messageId: 'a',
    time: t + 40,
    raw: '[3,"a",{"idTagInfo":{"status":"Accepted"}}]',
    partner: authorize,
    latencyMs: 40,
  });
  entry({
    link: links.cs1,
    kind: 'request',
    action: 'StartTransaction',
    messageId: 's',
    time: t + 3_000,
    raw: '[2,"s","StartTransaction",{"connectorId":1,"idTag":"04A2F1C3","meterStart":0,"timestamp":"2025-11-24T16:00:03Z"}]',
  });
  // Another station meanwhile: it has nothing to do with it.
  world.exchange(links.cs2, 'Heartbeat', {}, { currentTime: '2025-11-24T16:00:00Z' });
}

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A collector that keeps what it gets. */
async function collector(): Promise<{ url: string; bodies: { path: string; body: string }[] }> {
  const bodies: { path: string; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      bodies.push({ path: request.url ?? '', body });
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{}');
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies };
}

async function exported(mode: 'zipkin' | 'otlp', path: string) {
  const world = memoryJournal();
  const { url, bodies } = await collector();
  const telemetry = new Telemetry({
    mode,
    url: `${url}${path}`,
    journal: world.journal,
    clock: world.clock,
    log: SILENT,
  });
  expect(await telemetry.start()).toBe(mode);
  swipe(world);
  await world.clock.runFor(200);
  await telemetry.stop();
  expect(bodies.map((each) => each.path)).toEqual([path]);
  return JSON.parse(bodies[0]?.body ?? '') as unknown;
}

describe('traces from the journal', () => {
  it('parents follow the time, not the numbers: journals that come together are taken over in any order', () => {
    const hop = (s: number, t: number, f: string, to: string, ms: number): Row => ({
      ...{ s, t, f, to, k: 'request', p: 'oicp', a: `${f} asks`, sum: '', b: 0 },
      x: { k: 'response', st: '', ms },
    });
    const rows = [hop(9, 0, 'CS-1', 'csms', 40), hop(4, 2, 'csms', 'hub', 30), hop(2, 5, 'hub', 'emp', 20)];
    const spans = traceOf(TRACE, rows, [], 'e')?.spans ?? [];
    const names = new Map(spans.map(({ id, name }) => [id, name]));
    expect(spans.map(({ name, parent = '' }) => [name, names.get(parent)])).toEqual([
      ['CS-1 asks', undefined],
      ['csms asks', 'CS-1 asks'],
      ['hub asks', 'csms asks'],
    ]);
  });

  it('the station’s frame, the hub’s and the EMP’s answer are one tree; the start follows', async () => {
    const world = memoryJournal();
    swipe(world);
    const trace = await new TraceReader(world.journal).one(TRACE);
    const names = new Map(trace.spans.map(({ id, name, party }) => [id, `${name} at ${party}`]));
    expect(
      trace.spans.map(({ name, party, parent, follows }) => [
        `${name} at ${party}`,
        names.get(parent ?? follows ?? ''),
      ]),
    ).toEqual([
      ['Authorize at csms', undefined],
      ['AuthorizeStart at hub', 'Authorize at csms'],
      ['AuthorizeStart at emp', 'AuthorizeStart at hub'],
      ['StartTransaction at csms', 'Authorize at csms'],
    ]);
    expect(trace).toMatchObject({ root: 'Authorize', ms: 40, parties: ['CS-1', 'csms', 'hub', 'emp'], errors: 0 });
    expect(trace.spans.map(({ critical, follows }) => [critical, follows !== undefined])).toEqual([
      [true, false],
      [true, false],
      [true, false],
      [undefined, true],
    ]);
    expect((await new TraceReader(world.journal).list(10)).map(({ id }) => id)).toEqual([TRACE]);
    await expect(new TraceReader(world.journal).one(`${'0'.repeat(31)}1`)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('as OTLP JSON: nanoseconds as text, parents by span id', async () => {
    const world = memoryJournal();
    swipe(world);
    const trace = await new TraceReader(world.journal).one(TRACE);
    const spans = toldSpans(trace.spans, trace, await factsOf(world.journal, trace.spans));
    const json = JSON.stringify(otlpJson(TRACE, spans));
    expect(json).toContain('"startTimeUnixNano":"1764000000000000000"');
    expect(json).toContain('"key":"ocpp.station","value":{"stringValue":"CS-1"}');
  });

  it('reach a Zipkin collector as the same tree', async () => {
    const spans = (await exported('zipkin', '/api/v2/spans')) as {
      traceId: string;
      id: string;
      parentId?: string;
      name: string;
      duration: number;
      tags: Record<string, string>;
      localEndpoint: { serviceName: string };
    }[];
    const byId = new Map(spans.map((span) => [span.id, span]));
    expect(spans.map(({ traceId }) => traceId)).toEqual([TRACE, TRACE, TRACE, TRACE]);
    expect(spans.map(({ name, parentId }) => [name, byId.get(parentId ?? '')?.tags['compote.to']])).toEqual([
      ['Authorize', undefined],
      ['AuthorizeStart', 'csms'],
      ['AuthorizeStart', 'hub'],
      ['StartTransaction', undefined],
    ]);
    expect(spans[0]).toMatchObject({
      duration: 40_000,
      localEndpoint: { serviceName: 'csms' },
      tags: { 'ocpp.station': 'CS-1' },
    });
  });

  it('reach an OTLP collector as the same tree', async () => {
    const body = (await exported('otlp', '/v1/traces')) as {
      resourceSpans: {
        scopeSpans: { spans: { name: string; spanId: string; parentSpanId?: string; links: unknown[] }[] }[];
      }[];
    };
    const spans = body.resourceSpans[0]?.scopeSpans[0]?.spans ?? [];
    const byId = new Map(spans.map((span) => [span.spanId, span.name]));
    expect(spans.map(({ name, parentSpanId, links }) => [name, byId.get(parentSpanId ?? ''), links.length])).toEqual([
      ['Authorize', undefined, 0],
      ['AuthorizeStart', 'Authorize', 0],
      ['AuthorizeStart', 'AuthorizeStart', 0],
      ['StartTransaction', undefined, 1],
    ]);
  });

  it('auto looks once where collectors are, and stays off when none answers', async () => {
    const { journal, clock } = memoryJournal();
    const asked: string[] = [];
    const options = { mode: 'auto', journal, clock, log: SILENT } as const;
    const none = new Telemetry({ ...options, answers: async (url) => asked.push(url) < 0 });
    expect(await none.start()).toBe('off');
    expect(asked).toEqual(['http://localhost:9411/api/v2/spans', 'http://localhost:4318/v1/traces']);
    await none.stop();
    const otlp = new Telemetry({ ...options, answers: async (url) => url.includes('4318') });
    expect(await otlp.start()).toBe('otlp');
    await otlp.stop();
  });
});

describe('metrics', () => {
  it('in Prometheus form: cumulative buckets, escaped labels', async () => {
    const world = memoryJournal();
    swipe(world);
    world.entry({ link: world.links.cs1, kind: 'request', action: 'a"b\\c', raw: '[2,"1","x",{}]' });
    const { query } = world.journal;
    const text = prometheusText(await query.statistics(), await query.info(), 'csms');
    expect(text).toContain(
      'compote_messages_total{service="csms",protocol="oicp",version="2.3",action="AuthorizeStart"} 4',
    );
    expect(text).toContain(
      'compote_latency_seconds_count{service="csms",protocol="oicp",version="2.3",action="AuthorizeStart"} 2',
    );
    expect(text).toContain(
      'compote_latency_seconds_sum{service="csms",protocol="oicp",version="2.3",action="AuthorizeStart"} 0.05',
    );
    expect(text).toMatch(/le="\+Inf"\} 2/);
    expect(text).toContain('action="a\\"b\\\\c"');
    expect(text).toContain('compote_journal_messages{service="csms"} 10');
  });
});

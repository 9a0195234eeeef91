import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { memoryJournal } from '../../../test/journal-fixture.ts';
import type { HopSpan } from '../../core/trace-context.ts';
import type { NewEntry } from '../../journal/entry.ts';
import type { Row } from '../../journal/index.ts';
import { SILENT } from '../logging/log.ts';
import { otlpJson } from './otlp-json.ts';
import { Telemetry } from './telemetry.ts';
import { factsOf, toldSpans } from './told-span.ts';
import { traceOf } from './trace.ts';
import { TraceReader } from './trace-reader.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
type World = ReturnType<typeof memoryJournal>;

const [FRAME, ASKS_HUB, AT_HUB, ASKS_EMP, AT_EMP] = ['a1', 'b2', 'b3', 'c4', 'c5'].map(
  (end) => `00f067aa0ba902${end}`,
) as [string, string, string, string, string];
/** What the taps of CSMS, hub and EMP know of their spans. */
const HOPS: readonly HopSpan[] = [
  { id: FRAME, side: 'server' },
  { id: AT_HUB, side: 'server', cause: { span: ASKS_HUB }, caller: { cause: { span: FRAME } } },
  { id: AT_EMP, side: 'server', cause: { span: ASKS_EMP }, caller: { cause: { span: AT_HUB } } },
];

/**
 * A card at a station; the CSMS asks the hub, the hub asks the EMP; later the station starts.
 * @param hops none: as a journal of others has it, where the frame bears no trace
 */
function swipe(world: World, hops: readonly HopSpan[] = []): void {
  const traced = (hop: number): Pick<NewEntry, 'trace' | 'hop'> => ({
    ...(hop === 0 && hops.length === 0 ? {} : { trace: TRACE }),
    ...(hops[hop] === undefined ? {} : { hop: hops[hop] }),
  });
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
    ...traced(0),
    raw: '[2,"a","Authorize",{"idTag":"04A2F1C3"}]',
  });
  const toHub = entry({
    link: links.hub,
    kind: 'request',
    action: 'AuthorizeStart',
    time: t + 2,
    ...traced(1),
    messageId: 'p-1',
    detail: '{"method":"POST","path":"/api/oicp/charging/v21/operators/DE*ABC/authorize/start?a=1"}',
    raw: request,
  });
  const toEmp = entry({
    link: emp,
    kind: 'request',
    action: 'AuthorizeStart',
    time: t + 5,
    ...traced(2),
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
    code: '000',
    detail: '{"status":200}',
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
  swipe(world, HOPS);
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

  it('what the hops say comes before what the times suggest; a child that is not inside follows', async () => {
    const world = memoryJournal();
    swipe(world, HOPS);
    const trace = await new TraceReader(world.journal).one(TRACE);
    expect(trace.spans.map(({ id, parent, client, follows }) => [id, client, parent ?? follows])).toEqual([
      [FRAME, undefined, undefined],
      [AT_HUB, ASKS_HUB, FRAME],
      [AT_EMP, ASKS_EMP, AT_HUB],
      [expect.any(String), undefined, FRAME],
    ]);
    const hop = (s: number, t: number, ms: number, sp: HopSpan): Row => ({
      ...{ s, t, f: 'csms', to: 'hub', k: 'request', p: 'oicp', a: 'x', sum: '', b: 0, sp },
      x: { k: 'response', st: '', ms },
    });
    const outlived = [
      hop(1, 0, 10, { id: FRAME, side: 'server' }),
      hop(2, 5, 9, { id: AT_HUB, side: 'client', cause: { span: FRAME } }),
      hop(3, 6, 1, { id: AT_EMP, side: 'client', cause: { span: ASKS_EMP } }),
    ];
    expect(traceOf(TRACE, outlived, [], 'e')).toMatchObject({
      ms: 10,
      spans: [{ id: FRAME }, { follows: FRAME }, { parent: ASKS_EMP, remote: true }],
    });
  });

  it('reach a Zipkin collector: of each HTTP hop the client’s span and below it the server’s', async () => {
    const spans = (await exported('zipkin', '/api/v2/spans')) as {
      traceId: string;
      id: string;
      parentId?: string;
      name: string;
      kind: string;
      duration: number;
      tags: Record<string, string>;
      localEndpoint: { serviceName: string };
    }[];
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([TRACE]));
    const told = spans.map(({ name, kind, localEndpoint, id, parentId }) => [
      name,
      kind,
      localEndpoint.serviceName,
      id,
      parentId,
    ]);
    expect(told).toEqual([
      ['Authorize', 'SERVER', 'csms', FRAME, undefined],
      ['AuthorizeStart', 'CLIENT', 'csms', ASKS_HUB, FRAME],
      ['AuthorizeStart', 'SERVER', 'hub', AT_HUB, ASKS_HUB],
      ['AuthorizeStart', 'CLIENT', 'hub', ASKS_EMP, AT_HUB],
      ['AuthorizeStart', 'SERVER', 'emp', AT_EMP, ASKS_EMP],
      // Zipkin has no links: it stands below the one that it follows, and says so.
      ['StartTransaction', 'SERVER', 'csms', expect.any(String), FRAME],
    ]);
    expect(spans.map(({ tags }) => tags['compote.follows'])).toEqual([...Array(5).fill(undefined), FRAME]);
    expect(spans[0]).toMatchObject({
      duration: 40_000,
      tags: {
        'rpc.system': 'ocpp',
        'rpc.method': 'Authorize',
        'ocpp.station': 'CS-1',
        'ocpp.message.id': 'a',
        'peer.service': 'CS-1',
        'compote.outcome': 'Accepted',
      },
    });
    expect(spans[2]?.tags).toMatchObject({
      'rpc.system': 'oicp',
      'rpc.service': 'oicp 2.3',
      'http.request.method': 'POST',
      'url.path': '/api/oicp/charging/v21/operators/DE*ABC/authorize/start',
      'http.response.status_code': '200',
      'network.protocol.name': 'http',
      'oicp.process.id': 'p-1',
      'oicp.status_code': '000',
      'peer.service': 'csms',
    });
    expect(spans[1]?.tags).toMatchObject({ 'peer.service': 'hub' });
  });

  it('reach an OTLP collector as the same tree, with a link where Zipkin has none', async () => {
    const body = (await exported('otlp', '/v1/traces')) as {
      resourceSpans: {
        resource: { attributes: { key: string; value: { stringValue: string } }[] };
        scopeSpans: {
          spans: { name: string; kind: number; spanId: string; parentSpanId?: string; links: { spanId: string }[] }[];
        }[];
      }[];
    };
    const told = body.resourceSpans.flatMap(({ resource, scopeSpans }) =>
      scopeSpans.flatMap(({ spans }) =>
        spans.map(({ name, kind, spanId, parentSpanId, links }) => [
          resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue,
          name,
          kind,
          spanId,
          parentSpanId,
          links.map((link) => link.spanId),
        ]),
      ),
    );
    expect(told).toEqual([
      ['csms', 'Authorize', 2, FRAME, undefined, []],
      ['csms', 'AuthorizeStart', 3, ASKS_HUB, FRAME, []],
      ['csms', 'StartTransaction', 2, expect.any(String), undefined, [FRAME]],
      ['hub', 'AuthorizeStart', 2, AT_HUB, ASKS_HUB, []],
      ['hub', 'AuthorizeStart', 3, ASKS_EMP, AT_HUB, []],
      ['emp', 'AuthorizeStart', 2, AT_EMP, ASKS_EMP, []],
    ]);
  });

  it('console prints them, off does nothing at all; a trace that goes on is told without what was told', async () => {
    const printed = vi.spyOn(console, 'dir').mockImplementation(() => {});
    try {
      const world = memoryJournal();
      const options = { journal: world.journal, clock: world.clock, log: SILENT };
      const watched = vi.spyOn(world.journal.live, 'subscribe');
      const off = new Telemetry({ ...options, mode: 'off' });
      expect(await off.start()).toBe('off');
      expect(watched).not.toHaveBeenCalled();
      const telemetry = new Telemetry({ ...options, mode: 'console' });
      expect(await telemetry.start()).toBe('console');
      swipe(world, HOPS);
      await world.clock.runFor(6_000);
      await vi.waitFor(() => expect(printed).toHaveBeenCalledTimes(5));
      const ids = (): string[] => printed.mock.calls.map(([span]) => (span as { id: string }).id);
      expect(ids()).toEqual([FRAME, ASKS_HUB, AT_HUB, ASKS_EMP, AT_EMP]);
      // The operator asks once more in the same trace: only that is new.
      const again = world.entry({
        link: world.links.hub,
        kind: 'request',
        action: 'AuthorizeStop',
        raw: '{}',
        trace: TRACE,
        hop: { id: 'd600f067aa0ba902', side: 'server' },
      });
      world.entry({
        ...{ link: world.links.hub, toClient: true, kind: 'response', action: 'AuthorizeStop', raw: '{}' },
        ...{ trace: TRACE, partner: again, latencyMs: 3 },
      });
      await world.clock.runFor(6_000);
      await vi.waitFor(() => expect(ids().slice(5)).toEqual(['d600f067aa0ba902']));
      // The station's start has no answer: it is waited for, and then told as it is.
      await world.clock.runFor(61_000);
      await vi.waitFor(() => expect(printed.mock.calls.at(6)?.[0]).toMatchObject({ name: 'StartTransaction' }));
      await telemetry.stop();
      await off.stop();
    } finally {
      printed.mockRestore();
    }
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

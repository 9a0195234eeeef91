import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { ServiceName } from '../src/platform/service.ts';
import { until } from './support/everest.ts';
import { startServices } from './support/services-world.ts';

/** A foreign card and a remote start over station, CSMS, hub and EMP, and what a collector gets of them over HTTP. */
const SERVICES = ['emp', 'csms', 'hub', 'workbench', 'station'] as const satisfies readonly ServiceName[];
const STATION = 'TREE-1';
const BOOT = '[2,"b","BootNotification",{"chargePointVendor":"ACME","chargePointModel":"AC22"}]';
const AUTHORIZE = '[2,"a","Authorize",{"idTag":"044A2DAA856280"}]';

/** A span in the words that both protocols have. */
interface Told {
  readonly service: string;
  readonly trace: string;
  readonly id: string;
  readonly parent: string | undefined;
  /** What it follows: OTLP's link; in Zipkin, which has none, the parent that it was not waited by. */
  readonly follows: string | undefined;
  readonly kind: string;
  readonly name: string;
  readonly startUs: number;
  readonly endUs: number;
  readonly tags: Readonly<Record<string, string>>;
}

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function collector(): Promise<{ url: string; heard: { path: string; body: string }[] }> {
  const heard: { path: string; body: string }[] = [];
  const server: Server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      heard.push({ path: request.url ?? '', body });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(
    () => server.closeAllConnections(),
    () => server.close(),
  );
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heard };
}

type Urls = ReadonlyMap<string, string>;

/** A world with a collector; resolves when it has stopped, and has told the collector what it had. */
async function inWorld(
  mode: 'zipkin' | 'otlp',
  telemetryUrl: string,
  act: (urls: Urls) => Promise<void>,
  told: () => boolean,
): Promise<void> {
  const world = await startServices(SERVICES, { clock: 'scaled:60', telemetry: mode, telemetryUrl });
  try {
    await act(world.urls);
    // A trace is told when it has been quiet for five seconds.
    await until(told);
  } finally {
    await world.stop();
  }
}

async function swipe(urls: Urls): Promise<void> {
  const socket = new WebSocket(`${urls.get('csms')?.replace('http', 'ws')}/ocpp/${STATION}`, ['ocpp1.6']);
  const answers: string[] = [];
  socket.on('message', (text) => answers.push(String(text)));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  for (const text of [BOOT, AUTHORIZE]) {
    socket.send(text);
    await until(() => answers.some((answer) => answer.startsWith(`[3,"${JSON.parse(text)[1]}"`)));
  }
  socket.terminate();
}

/** The driver's app starts a charging at a simulated station, and ends it. */
async function remoteStart(urls: Urls): Promise<void> {
  const api = `${urls.get('workbench')}/api/v1`;
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ kind: 'remote-start' });
  const run = (await (await fetch(`${api}/demo`, { method: 'POST', headers, body })).json()) as { id: string };
  let state = 'running';
  await until(async () => {
    ({ state } = (await (await fetch(`${api}/demo/runs/${run.id}`)).json()) as { state: string });
    return state !== 'running';
  });
  expect(state).toBe('done');
}

function fromZipkin(body: string): Told[] {
  const spans = JSON.parse(body) as {
    traceId: string;
    id: string;
    parentId?: string;
    kind: string;
    name: string;
    timestamp: number;
    duration: number;
    tags: Record<string, string>;
    localEndpoint: { serviceName: string };
  }[];
  return spans.map(({ traceId, id, parentId, kind, name, timestamp, duration, tags, localEndpoint }) => ({
    service: localEndpoint.serviceName,
    trace: traceId,
    id,
    parent: tags['compote.follows'] === undefined ? parentId : undefined,
    follows: tags['compote.follows'],
    kind,
    name,
    startUs: timestamp,
    endUs: timestamp + duration,
    tags,
  }));
}

interface OtlpAttribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number | string };
}

function fromOtlp(body: string): Told[] {
  const { resourceSpans } = JSON.parse(body) as {
    resourceSpans: {
      resource: { attributes: OtlpAttribute[] };
      scopeSpans: {
        spans: {
          traceId: string;
          spanId: string;
          parentSpanId?: string;
          links: { spanId: string }[];
          kind: number;
          name: string;
          startTimeUnixNano: string;
          endTimeUnixNano: string;
          attributes: OtlpAttribute[];
        }[];
      }[];
    }[];
  };
  const textsOf = (attributes: readonly OtlpAttribute[]): Record<string, string> =>
    Object.fromEntries(attributes.map(({ key, value }) => [key, String(value.stringValue ?? value.intValue)]));
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        service: textsOf(resource.attributes)['service.name'] ?? '',
        trace: span.traceId,
        id: span.spanId,
        parent: span.parentSpanId,
        follows: span.links[0]?.spanId,
        kind: { 2: 'SERVER', 3: 'CLIENT' }[span.kind] ?? '',
        name: span.name,
        startUs: Number(BigInt(span.startTimeUnixNano) / 1_000n),
        endUs: Number(BigInt(span.endTimeUnixNano) / 1_000n),
        tags: textsOf(span.attributes),
      })),
    ),
  );
}

/** Each span once; one beginning; every other one below a span that is there and around it, or following one. */
function demandTree(spans: readonly Told[]): void {
  const byId = new Map(spans.map((span) => [span.id, span]));
  expect(byId.size, 'each span once').toBe(spans.length);
  expect(spans.filter(({ parent, follows }) => parent === undefined && follows === undefined)).toHaveLength(1);
  for (const span of spans) {
    const said = `${span.name} ${span.kind} of ${span.service}`;
    const above = span.parent ?? span.follows;
    if (above !== undefined) expect(byId.has(above), `${said}: its cause is there`).toBe(true);
    const parent = byId.get(span.parent ?? '');
    if (parent === undefined) continue;
    expect(span.startUs, said).toBeGreaterThanOrEqual(parent.startUs - SAME_US);
    expect(span.endUs, said).toBeLessThanOrEqual(parent.endUs + SAME_US);
    // The two spans of one hop, or what one service did below its own span.
    if (span.kind === 'SERVER') expect(parent.kind, said).toBe('CLIENT');
    else expect([parent.kind, parent.service], said).toEqual(['SERVER', span.service]);
  }
}

/** Times are told in microseconds, and rounded. */
const SAME_US = 100;

describe.each([
  ['zipkin', '/api/v2/spans', fromZipkin],
  ['otlp', '/v1/traces', fromOtlp],
] as const)('at a %s collector', (mode, path, read) => {
  /** The spans of the first trace that has one of that name at that service. */
  async function traceWith(
    act: (urls: Urls) => Promise<void>,
    complete: (spans: readonly Told[]) => boolean,
    first: (span: Told) => boolean,
  ): Promise<Told[]> {
    const { url, heard } = await collector();
    const all = (): Told[] => heard.flatMap(({ body }) => read(body));
    const own = (): Told[] => {
      const trace = all().find(first)?.trace;
      return all().filter((span) => span.trace === trace);
    };
    await inWorld(mode, `${url}${path}`, act, () => complete(own()));
    expect(new Set(heard.map((each) => each.path))).toEqual(new Set([path]));
    return own().sort((a, b) => a.startUs - b.startUs || b.endUs - a.endUs);
  }
  const shape = (spans: readonly Told[]): unknown[] =>
    spans.map(({ name, kind, service, parent }) => {
      const above = spans.find(({ id }) => id === parent);
      return [name, kind, service, above === undefined ? undefined : `${above.kind} ${above.service}`];
    });

  it('a foreign card is one tree: the station’s frame at the CSMS, the hub below it, the EMP below that', async () => {
    const spans = await traceWith(
      swipe,
      (told) => told.length >= 5,
      ({ name, tags }) => name === 'Authorize' && tags['ocpp.station'] === STATION,
    );
    demandTree(spans);
    expect(new Set(shape(spans))).toEqual(
      new Set([
        ['Authorize', 'SERVER', 'csms', undefined],
        ['AuthorizeStart', 'CLIENT', 'csms', 'SERVER csms'],
        ['AuthorizeStart', 'SERVER', 'hub', 'CLIENT csms'],
        ['AuthorizeStart', 'CLIENT', 'hub', 'SERVER hub'],
        ['AuthorizeStart', 'SERVER', 'emp', 'CLIENT hub'],
      ]),
    );
    expect(spans[0]?.tags).toMatchObject({ 'rpc.system': 'ocpp', 'ocpp.message.id': 'a' });
    const atHub = spans.find(({ kind, service }) => kind === 'SERVER' && service === 'hub');
    expect(atHub?.tags).toMatchObject({ 'http.request.method': 'POST', 'http.response.status_code': '200' });
  }, 60_000);

  it('a remote start is one tree, from the EMP to the station and back; what came of it later follows', async () => {
    const spans = await traceWith(
      remoteStart,
      (told) => told.filter(({ name }) => name === 'ChargeDetailRecord').length >= 4,
      ({ name }) => name === 'AuthorizeRemoteStart',
    );
    demandTree(spans);
    const waited = spans.filter(({ name }) => /Remote|RequestStart/.test(name));
    expect(new Set(shape(waited))).toEqual(
      new Set([
        ['AuthorizeRemoteStart', 'CLIENT', 'emp', undefined],
        ['AuthorizeRemoteStart', 'SERVER', 'hub', 'CLIENT emp'],
        ['AuthorizeRemoteStart', 'CLIENT', 'hub', 'SERVER hub'],
        ['AuthorizeRemoteStart', 'SERVER', 'csms', 'CLIENT hub'],
        [expect.stringMatching(/^(RemoteStart|RequestStart)Transaction$/), 'CLIENT', 'csms', 'SERVER csms'],
      ]),
    );
    // The record: the CSMS to the hub, and the hub to the EMP; nobody waited for it.
    const record = spans.filter(({ name }) => name === 'ChargeDetailRecord');
    expect(new Set(record.map(({ kind, service, follows }) => [kind, service, follows !== undefined]))).toEqual(
      new Set([
        ['CLIENT', 'csms', true],
        ['SERVER', 'hub', false],
        ['CLIENT', 'hub', true],
        ['SERVER', 'emp', false],
      ]),
    );
  }, 90_000);
});

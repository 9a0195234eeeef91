import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { loadService, wholeSchema } from '../src/cli/services.ts';
import { loadConfig } from '../src/platform/config/load-config.ts';
import { startWorld } from '../src/platform/process/world.ts';
import { SERVICE_NAMES, type ServiceName } from '../src/platform/service.ts';
import { until } from './support/everest.ts';
import { freePort } from './system/service-process.ts';

/** A foreign card over station, CSMS, hub and EMP, and what a collector gets of it over HTTP. */
const SERVICES = ['emp', 'csms', 'hub', 'workbench'] as const satisfies readonly ServiceName[];
const STATION = 'TREE-1';
const BOOT = '[2,"b","BootNotification",{"chargePointVendor":"ACME","chargePointModel":"AC22"}]';
const AUTHORIZE = '[2,"a","Authorize",{"idTag":"044A2DAA856280"}]';

/** A span in the words that both protocols have. */
interface Told {
  readonly service: string;
  readonly trace: string;
  readonly id: string;
  readonly parent: string | undefined;
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

/** The roaming demo's swipe; resolves when the world has stopped, and has told the collector what it had. */
async function swipe(mode: 'zipkin' | 'otlp', telemetryUrl: string, told: () => boolean): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'collectors-'));
  ends.push(() => rmSync(data, { recursive: true, force: true }));
  const set = (path: string, text: string) => ({ path: path.split('.'), text, source: 'test' });
  const ports = await Promise.all(SERVICE_NAMES.map(async (name) => set(`${name}.port`, String(await freePort()))));
  const flags = [
    set('data', data),
    set('storage.sync', 'normal'),
    set('log.level', 'error'),
    set('telemetry', mode),
    set('telemetryUrl', telemetryUrl),
    ...ports,
  ];
  const definitions = await Promise.all(SERVICES.map(loadService));
  const config = loadConfig({ schema: wholeSchema(), flags });
  const world = await startWorld({ version: '0', config, definitions, problem: () => {} });
  try {
    const urls = new Map(world.doors.map(({ service, doors }) => [service, new URL(doors[0]?.url ?? '').origin]));
    const socket = new WebSocket(`${urls.get('csms')?.replace('http', 'ws')}/ocpp/${STATION}`, ['ocpp1.6']);
    const answers: string[] = [];
    socket.on('message', (text) => answers.push(String(text)));
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    for (const text of [BOOT, AUTHORIZE]) {
      socket.send(text);
      await until(() => answers.some((answer) => answer.startsWith(`[3,"${JSON.parse(text)[1]}"`)));
    }
    socket.terminate();
    // A trace is told when it has been quiet for five seconds.
    await until(told);
  } finally {
    await world.stop();
  }
}

function fromZipkin(body: string): Told[] {
  const spans = JSON.parse(body) as {
    traceId: string;
    id: string;
    parentId?: string;
    name: string;
    timestamp: number;
    duration: number;
    tags: Record<string, string>;
    localEndpoint: { serviceName: string };
  }[];
  return spans.map(({ traceId, id, parentId, name, timestamp, duration, tags, localEndpoint }) => ({
    service: localEndpoint.serviceName,
    trace: traceId,
    id,
    parent: parentId,
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
        name: span.name,
        startUs: Number(BigInt(span.startTimeUnixNano) / 1_000n),
        endUs: Number(BigInt(span.endTimeUnixNano) / 1_000n),
        tags: textsOf(span.attributes),
      })),
    ),
  );
}

describe.each([
  ['zipkin', '/api/v2/spans', fromZipkin],
  ['otlp', '/v1/traces', fromOtlp],
] as const)('the trace of a foreign card at a %s collector', (mode, path, read) => {
  it('is one tree: the station’s frame at the CSMS, the hub below it, the EMP below that, and back', async () => {
    const { url, heard } = await collector();
    const isTold = ({ name, service }: Told): boolean => name === 'Authorize' && service === 'workbench';
    await swipe(mode, `${url}${path}`, () => heard.some(({ body }) => read(body).some(isTold)));
    expect(new Set(heard.map((each) => each.path))).toEqual(new Set([path]));
    const spans = heard.flatMap(({ body }) => read(body));
    // The workbench knows all journals: its spans are the whole. Told anew when something came, the last counts.
    const { trace } = spans.find(isTold) ?? {};
    const own = spans.filter((span) => span.service === 'workbench' && span.trace === trace);
    const whole = [...new Map(own.map((span) => [span.id, span])).values()];
    const byId = new Map(whole.map((span) => [span.id, span]));
    const told = whole.map(({ name, tags, parent }) => [
      name,
      tags['compote.to'],
      byId.get(parent ?? '')?.tags['compote.to'],
    ]);
    expect(told).toEqual([
      ['Authorize', 'csms', undefined],
      ['AuthorizeStart', 'hub', 'csms'],
      ['AuthorizeStart', 'emp', 'hub'],
    ]);
    const [frame, atHub, atEmp] = whole;
    expect(frame?.parent).toBeUndefined();
    expect(new Set(whole.map(({ trace }) => trace)).size).toBe(1);
    expect(frame?.trace).toMatch(/^[0-9a-f]{32}$/);
    expect(frame?.tags).toMatchObject({ 'ocpp.station': STATION, 'compote.from': STATION });
    // Each answer came back before the one around it.
    for (const [inner, outer] of [
      [atHub, frame],
      [atEmp, atHub],
    ] as const) {
      expect(inner?.startUs).toBeGreaterThanOrEqual(outer?.startUs ?? Number.NaN);
      expect(inner?.endUs).toBeLessThanOrEqual(outer?.endUs ?? Number.NaN);
    }
    // Each service told its own part under the same id.
    for (const service of ['csms', 'hub', 'emp']) {
      expect(
        spans.some((span) => span.service === service && span.trace === frame?.trace),
        service,
      ).toBe(true);
    }
  }, 60_000);
});

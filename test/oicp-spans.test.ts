import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { ServiceName } from '../src/platform/service.ts';
import { until } from './support/everest.ts';
import { type ServicesWorld, startServices } from './support/services-world.ts';

/** A foreign card over CSMS, hub and EMP, each with its own journal: one trace, whose spans hang together. */
const SERVICES = ['emp', 'csms', 'hub', 'workbench'] as const satisfies readonly ServiceName[];
const CARD = '044A2DAA856280';

interface Span {
  readonly id: string;
  readonly parent?: string;
  readonly follows?: string;
  readonly from: string;
  readonly party: string;
  readonly name: string;
  readonly start: number;
  readonly ms: number;
  readonly outcome: string;
}
interface Trace {
  readonly id: string;
  readonly root: string;
  readonly parties: readonly string[];
  readonly errors: number;
  readonly spans: readonly Span[];
}

let world: ServicesWorld;

beforeAll(async () => {
  world = await startServices(SERVICES, { 'log.level': 'debug' });
}, 60_000);
afterAll(() => world.stop());

async function get<T>(service: ServiceName, path: string): Promise<T> {
  return (await world.call(service, 'GET', path)).body as T;
}

/** A station by hand; resolves with the answer to the last text. */
async function station(identity: string, subprotocol: string, ...texts: string[]): Promise<unknown> {
  const socket = new WebSocket(`${world.urls.get('csms')?.replace('http', 'ws')}/ocpp/${identity}`, [subprotocol]);
  await new Promise((resolve, reject) => {
    socket.on('open', resolve);
    socket.on('error', reject);
  });
  let answer: unknown;
  for (const text of texts) {
    const id = JSON.parse(text)[1];
    answer = await new Promise((resolve) => {
      const hear = (data: unknown): void => {
        const frame = JSON.parse(String(data));
        if (frame[0] !== 3 || frame[1] !== id) return;
        socket.off('message', hear);
        resolve(frame[2]);
      };
      socket.on('message', hear);
      socket.send(text);
    });
  }
  socket.terminate();
  return answer;
}

/** The trace of the station's Authorize, as soon as the service has all its hops. */
async function traceOf(service: ServiceName, identity: string, hops: number): Promise<Trace> {
  let found: Trace | undefined;
  await until(async () => {
    const { items } = await get<{ items: Trace[] }>(service, '/traces?limit=100');
    found = items.find(({ spans }) => spans.some(({ name, from }) => name === 'Authorize' && from === identity));
    return (
      found !== undefined && found.spans.length >= hops && found.spans.every(({ outcome }) => outcome !== 'no answer')
    );
  });
  if (found === undefined) throw new Error(`no trace of ${identity}`);
  const { id } = found;
  return get<Trace>(service, `/traces/${id}`);
}

describe.each([
  [
    '1.6',
    'ocpp1.6',
    'SPAN-16',
    '[2,"b","BootNotification",{"chargePointVendor":"ACME","chargePointModel":"AC22"}]',
    `[2,"a","Authorize",{"idTag":"${CARD}"}]`,
  ],
  [
    '2.0.1',
    'ocpp2.0.1',
    'SPAN-201',
    '[2,"b","BootNotification",{"reason":"PowerUp","chargingStation":{"vendorName":"ACME","model":"AC22"}}]',
    `[2,"a","Authorize",{"idToken":{"idToken":"${CARD}","type":"ISO14443"}}]`,
  ],
])('a foreign card at a %s station', (_version, subprotocol, identity, boot, authorize) => {
  it('is one trace: Authorize, below it AuthorizeStart to the hub, below that AuthorizeStart to the EMP', async () => {
    expect(JSON.stringify(await station(identity, subprotocol, boot, authorize))).toContain('"Accepted"');
    const trace = await traceOf('workbench', identity, 3);
    const shape = trace.spans.map(({ name, from, party, outcome }) => [name, from, party, outcome]);
    expect(shape).toEqual([
      ['Authorize', identity, 'csms', expect.any(String)],
      ['AuthorizeStart', 'csms', 'hub', expect.any(String)],
      ['AuthorizeStart', 'hub', 'emp', expect.any(String)],
    ]);
    const [ocpp, atHub, atEmp] = trace.spans;
    expect(trace).toMatchObject({ root: 'Authorize', errors: 0 });
    expect(ocpp?.parent).toBeUndefined();
    expect([atHub?.parent, atEmp?.parent]).toEqual([ocpp?.id, atHub?.id]);
    // Each lies inside its parent in time.
    for (const [inner, outer] of [
      [atHub, ocpp],
      [atEmp, atHub],
    ] as const) {
      if (inner === undefined || outer === undefined) throw new Error('three spans');
      expect(inner.start).toBeGreaterThanOrEqual(outer.start);
      expect(inner.start + inner.ms).toBeLessThanOrEqual(outer.start + outer.ms);
    }
  });

  it('the log lines of hub and CSMS lead to it, and it to them', async () => {
    const { id } = await traceOf('workbench', identity, 3);
    for (const service of ['hub', 'csms'] as const) {
      const { items } = await get<{ items: { traceId: string; text: string }[] }>(
        'workbench',
        `/services/${service}/logs?level=debug&traceId=${id}`,
      );
      expect(new Set(items.map(({ traceId }) => traceId)), service).toEqual(new Set([id]));
      expect(
        items.some(({ text }) => text.includes('Authorize')),
        service,
      ).toBe(true);
    }
    const { items } = await get<{ items: { traceId: string }[] }>(
      'hub',
      `/logs?level=debug&traceId=${'0'.repeat(31)}1`,
    );
    expect(items).toEqual([]);
  });

  it('each service has its own part under the same id', async () => {
    const whole = await traceOf('workbench', identity, 3);
    const parts = await Promise.all(
      (['csms', 'hub', 'emp'] as const).map((name) => get<Trace>(name, `/traces/${whole.id}`)),
    );
    expect(parts.map(({ spans }) => spans.map(({ party }) => party))).toEqual([['csms'], ['hub'], ['emp']]);
    expect(parts.map(({ id }) => id)).toEqual([whole.id, whole.id, whole.id]);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, type HttpAnswer, ServiceProcess, sleep } from '../service-process.ts';

/** Every service, in the order of their start. */
export const SERVICES = ['trust', 'hub', 'emp', 'csms', 'everest', 'workbench', 'station'] as const;
export type Service = (typeof SERVICES)[number];

/** How long a call is tried again while its service is down. */
const PATIENCE_MS = 60_000;

/** All services as processes of their own, on one configuration and one data folder, each to be killed and started again. */
export class ChaosWorld {
  readonly #folder: string;
  readonly #ports: Readonly<Record<Service, number>>;
  readonly #running = new Map<Service, ServiceProcess>();
  /** Load goes on while this holds. */
  running = true;

  private constructor(folder: string, ports: Readonly<Record<Service, number>>) {
    this.#folder = folder;
    this.#ports = ports;
  }

  static async start(configOf: (ports: Readonly<Record<Service | 'broker', number>>) => object): Promise<ChaosWorld> {
    const folder = mkdtempSync(join(tmpdir(), 'compote-chaos-'));
    const names = [...SERVICES, 'broker'] as const;
    const numbers = await Promise.all(names.map(() => freePort()));
    const ports = Object.fromEntries(names.map((name, index) => [name, numbers[index]])) as Record<
      Service | 'broker',
      number
    >;
    writeFileSync(join(folder, 'compote.json'), JSON.stringify(configOf(ports)));
    const world = new ChaosWorld(folder, ports);
    for (const service of SERVICES) await world.#start(service);
    return world;
  }

  url(service: Service): string {
    return `http://127.0.0.1:${this.#ports[service]}`;
  }

  /** One try: undefined when nobody answered, and then nothing was promised. */
  async request(service: Service, method: string, path: string, body?: unknown): Promise<HttpAnswer | undefined> {
    try {
      const response = await fetch(`${this.url(service)}${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      const text = await response.text();
      return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
    } catch {
      return undefined;
    }
  }

  /** Tries until the service answers with 2xx. @throws the last answer when it never does */
  // biome-ignore lint/suspicious/noExplicitAny: loads look into answers member by member
  async insist(service: Service, method: string, path: string, body?: unknown): Promise<any> {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      const answer = await this.request(service, method, path, body);
      if (answer !== undefined && answer.status < 300) return answer.body;
      if (Date.now() > end) throw new Error(`${method} ${service}${path}: ${JSON.stringify(answer)}`);
      await sleep(50);
    }
  }

  /** Every item of a list that pages. */
  // biome-ignore lint/suspicious/noExplicitAny: loads look into answers member by member
  async all(service: Service, path: string): Promise<any[]> {
    const items = [];
    for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
      const query = `limit=500${cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
      const page = await this.insist(service, 'GET', `${path}${path.includes('?') ? '&' : '?'}${query}`);
      items.push(...page.items);
      cursor = page.next ?? page.cursor ?? undefined;
    }
    return items;
  }

  /** The whole journal of a service, line by line. */
  async journal(service: Service): Promise<string[]> {
    const response = await fetch(`${this.url(service)}/api/v1/journal/export`);
    if (!response.ok) throw new Error(`the journal of ${service} cannot be read: ${response.status}`);
    return (await response.text()).split('\n').filter((line) => line !== '');
  }

  /** SIGKILL, and the same service again on the same data. */
  async kill(service: Service): Promise<void> {
    await this.#running.get(service)?.end('SIGKILL');
    await this.#start(service);
  }

  async remove(): Promise<void> {
    this.running = false;
    await Promise.all([...this.#running.values()].map((each) => each.end('SIGKILL')));
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #start(service: Service): Promise<void> {
    const flags = ['--config', join(this.#folder, 'compote.json'), '--log-level', 'warn'];
    const place = { port: this.#ports[service], data: join(this.#folder, 'data') };
    this.#running.set(service, await ServiceProcess.start(service, flags, place));
  }
}

import type { Clock, Timer } from '../core/clock.ts';
import type { EventFeed } from '../platform/http/event-feed.ts';
import type { ServiceName } from '../platform/service.ts';
import { readEvents } from './event-stream-reader.ts';
import type { Forwarder } from './forward.ts';
import { type Health, isUp } from './services.ts';

/** What counts once a second, as the services tell it. */
interface Rates {
  readonly total: number;
  readonly byProto: Readonly<Record<string, number>>;
  readonly byEdge: readonly { readonly a: string; readonly b: string; readonly proto: string; readonly rate: number }[];
}

const RETRY_MS = 1_000;
/** A picture of the world is asked for at most this often. */
const TOPOLOGY_MS = 1_000;
/** These belong to one stream between two ends. */
const OWN: ReadonlySet<string> = new Set(['hello', 'bye', 'rates']);
/** What changes the picture of the world. */
const SHOWS: ReadonlySet<string> = new Set(['station', 'sim', 'service', 'finding', 'resync']);

export interface WorldEventsOptions {
  readonly clock: Clock;
  readonly feed: EventFeed;
  readonly forwarder: Forwarder;
  readonly services: readonly ServiceName[];
  healthOf(service: ServiceName): Health;
}

/** One stream of events over all services: follows each of them while somebody reads, and adds up their rates. */
export class WorldEvents {
  readonly #options: WorldEventsOptions;
  readonly #followed = new Map<ServiceName, AbortController>();
  readonly #rates = new Map<ServiceName, Rates>();
  #tick: Timer | undefined;
  #topology: Timer | undefined;
  #knownEdges = new Set<string>();
  #token: string | undefined;

  constructor(options: WorldEventsOptions) {
    this.#options = options;
  }

  get rates(): Rates {
    return sum([...this.#rates.values()]);
  }

  /** @param token asks the services in the name of the one who watches first */
  watch(watched: boolean, token?: string): void {
    this.#token = token;
    const { clock, feed, services } = this.#options;
    this.#tick?.cancel();
    this.#tick = undefined;
    if (!watched) {
      for (const abort of this.#followed.values()) abort.abort();
      this.#followed.clear();
      this.#rates.clear();
      this.#topology?.cancel();
      this.#topology = undefined;
      return;
    }
    this.#follow(services);
    this.#tick = clock.every(RETRY_MS, () => {
      this.#follow(services);
      const rates = this.rates;
      feed.publish('rates', rates);
      const edges = rates.byEdge.map((edge) => `${edge.a} ${edge.b} ${edge.proto}`);
      if (edges.some((edge) => !this.#knownEdges.has(edge))) {
        this.#knownEdges = new Set([...this.#knownEdges, ...edges].slice(-10_000));
        this.topologyChanged();
      }
    });
  }

  /** Tells that the picture of the world is another, soon. */
  topologyChanged(): void {
    this.#topology ??= this.#options.clock.after(TOPOLOGY_MS, () => {
      this.#topology = undefined;
      this.#options.feed.publish('topology', {});
    });
  }

  #follow(services: readonly ServiceName[]): void {
    for (const service of services) {
      if (isUp(this.#options.healthOf(service)) && !this.#followed.has(service)) void this.#read(service);
    }
  }

  async #read(service: ServiceName): Promise<void> {
    const { feed, forwarder } = this.#options;
    const abort = new AbortController();
    this.#followed.set(service, abort);
    try {
      const { statusCode, body } = await forwarder.open(service, '/api/v1/events', this.#token, abort.signal);
      if (statusCode !== 200) {
        await body.dump();
        return;
      }
      await readEvents(body, (event, data) => {
        if (event === 'rates') this.#rates.set(service, data as Rates);
        if (OWN.has(event)) return;
        feed.publish(event, data);
        if (SHOWS.has(event)) this.topologyChanged();
      });
    } catch {
      // The service stopped, or nobody watches any more: the next tick follows it again when it answers.
    } finally {
      if (this.#followed.get(service) === abort) this.#followed.delete(service);
      this.#rates.delete(service);
    }
  }
}

function sum(all: readonly Rates[]): Rates {
  const byProto: Record<string, number> = {};
  for (const rates of all)
    for (const [protocol, rate] of Object.entries(rates.byProto)) byProto[protocol] = (byProto[protocol] ?? 0) + rate;
  return {
    total: all.reduce((total, rates) => total + rates.total, 0),
    byProto,
    byEdge: all.flatMap((rates) => rates.byEdge),
  };
}

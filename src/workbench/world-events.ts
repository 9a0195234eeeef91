import type { Clock, Timer } from '../core/clock.ts';
import type { Journal, LiveSubscription, Rates } from '../journal/index.ts';
import type { EventFeed } from '../platform/http/event-feed.ts';
import { JournalNews } from '../platform/journal-api/journal-news.ts';
import type { ServiceName } from '../platform/service.ts';
import { readEvents } from './event-stream-reader.ts';
import type { Forwarder } from './forward.ts';
import { type Health, isUp } from './services.ts';

const RETRY_MS = 1_000;
/** A picture of the world is asked for at most this often. */
const TOPOLOGY_MS = 1_000;
/** These belong to one stream between two ends, or come from the merged journal. */
const OWN: ReadonlySet<string> = new Set(['hello', 'bye', 'rates', 'journal', 'session', 'finding', 'mute']);
/** What changes the picture of the world. */
const SHOWS: ReadonlySet<string> = new Set(['station', 'sim', 'service', 'resync']);

export interface WorldEventsOptions {
  readonly clock: Clock;
  /** The merged one: what it tells is told, and not what each service tells of its own. */
  readonly journal: Journal;
  readonly feed: EventFeed;
  readonly forwarder: Forwarder;
  readonly services: readonly ServiceName[];
  healthOf(service: ServiceName): Health;
}

/** One stream of events over all services: follows each of them while somebody reads, and tells what the merged journal says. */
export class WorldEvents {
  readonly #options: WorldEventsOptions;
  readonly #followed = new Map<ServiceName, AbortController>();
  readonly #news: JournalNews;
  #counted: LiveSubscription | undefined;
  #rates: Rates = { total: 0, byProto: {}, byEdge: [] };
  #tick: Timer | undefined;
  #topology: Timer | undefined;
  #knownEdges = new Set<string>();
  #token: string | undefined;

  constructor(options: WorldEventsOptions) {
    this.#options = options;
    this.#news = new JournalNews(options.journal, options.feed, options.clock);
  }

  get rates(): Rates {
    return this.#rates;
  }

  /** @param token asks the services in the name of the one who watches first */
  watch(watched: boolean, token?: string): void {
    this.#token = token;
    const { clock, services, journal } = this.#options;
    this.#news.watch(watched);
    this.#tick?.cancel();
    this.#tick = undefined;
    if (!watched) {
      for (const abort of this.#followed.values()) abort.abort();
      this.#followed.clear();
      this.#counted?.close();
      this.#counted = undefined;
      this.#topology?.cancel();
      this.#topology = undefined;
      return;
    }
    this.#follow(services);
    this.#tick = clock.every(RETRY_MS, () => this.#follow(services));
    this.#counted ??= journal.live.rates((rates) => {
      this.#rates = rates;
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
        if (OWN.has(event)) return;
        feed.publish(event, data);
        if (SHOWS.has(event)) this.topologyChanged();
      });
    } catch {
      // The service stopped, or nobody watches any more: the next tick follows it again when it answers.
    } finally {
      if (this.#followed.get(service) === abort) this.#followed.delete(service);
    }
  }
}

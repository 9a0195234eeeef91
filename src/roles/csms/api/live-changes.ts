import type { Clock, Timer } from '../../../core/clock.ts';
import type { EventFeed } from '../../../platform/http/event-feed.ts';
import type { CsmsChange } from '../ocpp/handler.ts';
import type { ItemKind } from '../state/station-items.ts';
import type { CsmsApi } from './csms-api.ts';
import { itemView } from './item-routes.ts';
import { stationView } from './station-view.ts';
import { transactionView } from './transaction-routes.ts';

/** One entity is told at most this often. */
const COALESCE_MS = 250;
/** How long after its last reader the feed is still fed, so that a short interruption can be resumed. */
const LINGER_MS = 30_000;

/**
 * Tells the readers of `GET /api/v1/events` what changed: `station`, `transaction`, `item`, `token`, each with the whole
 * entity as it is then. The first change of an entity is told at once, what follows is gathered.
 */
export class LiveChanges {
  readonly #api: CsmsApi;
  readonly #feed: EventFeed;
  readonly #clock: Clock;
  /** Entities told a moment ago -> whether they changed since. */
  readonly #told = new Map<string, boolean>();
  readonly #timers = new Set<Timer>();
  readonly #stop: () => void;
  #lastReaderAt: number;
  #asleep = true;

  constructor(api: CsmsApi, feed: EventFeed) {
    this.#api = api;
    this.#feed = feed;
    this.#clock = api.clock;
    this.#lastReaderAt = Number.NEGATIVE_INFINITY;
    this.#stop = api.csms.onChange((change) => this.#changed(change));
  }

  close(): void {
    this.#stop();
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
  }

  #changed(change: CsmsChange): void {
    if (!this.#listening()) return;
    switch (change.what) {
      case 'station':
      case 'connector':
        return this.#tell(`station ${change.station}`, () => this.#station(change.station));
      case 'transaction-started':
      case 'transaction-updated':
      case 'transaction-ended':
        return this.#tell(`transaction ${change.key}`, () => this.#transaction(change.key));
      case 'item': {
        const { station, kind, id } = change;
        return this.#tell(`item ${station}/${kind}/${id}`, () => this.#item(station, kind as ItemKind, id));
      }
      case 'token':
        return this.#tell(`token ${change.idToken}`, () => this.#feed.publish('token', { idToken: change.idToken }));
    }
  }

  /** Nobody listens, and nobody left a moment ago: nothing is made for nobody. Who comes back later has to read anew. */
  #listening(): boolean {
    const now = this.#clock.monotonic();
    if (this.#feed.readers > 0) this.#lastReaderAt = now;
    else if (now - this.#lastReaderAt > LINGER_MS) {
      if (!this.#asleep) this.#feed.publish('resync', {});
      this.#asleep = true;
      return false;
    }
    this.#asleep = false;
    return true;
  }

  #tell(key: string, publish: () => void): void {
    if (this.#told.has(key)) {
      this.#told.set(key, true);
      return;
    }
    this.#told.set(key, false);
    // At the end of the turn the entity is as this message leaves it.
    this.#clock.soon(publish);
    const timer = this.#clock.after(COALESCE_MS, () => {
      this.#timers.delete(timer);
      const changed = this.#told.get(key) === true;
      this.#told.delete(key);
      if (changed) this.#tell(key, publish);
    });
    this.#timers.add(timer);
  }

  #station(id: string): void {
    const station = this.#api.csms.state.stations.get(id);
    this.#feed.publish('station', station === undefined ? { id, deleted: true } : stationView(this.#api, station));
  }

  #transaction(key: string): void {
    const transaction = this.#api.csms.state.transactions.byKey(key);
    if (transaction !== undefined) this.#feed.publish('transaction', transactionView(transaction, false));
  }

  #item(station: string, kind: ItemKind, id: string): void {
    const item = this.#api.csms.state.items.get(station, kind, id);
    this.#feed.publish('item', item === undefined ? { station, kind, id } : { kind, ...itemView(item) });
  }
}

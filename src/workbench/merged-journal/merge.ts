import { createHash } from 'node:crypto';
import type { PartyRole } from '../../journal/entry.ts';
import type { EntryLine } from '../../journal/entry-line.ts';
import type { NewFinding } from '../../journal/index.ts';
import type { ServiceName } from '../../platform/service.ts';

/** What a followed journal told: a message or a finding, in its own order. */
export type Told =
  | { readonly kind: 'message'; readonly seq: number; readonly line: EntryLine }
  | { readonly kind: 'finding'; readonly finding: NewFinding };

/** A place in the journal that a message comes from. */
export interface OriginPlace {
  readonly origin: ServiceName;
  readonly seq: number;
}

export type Taken =
  | { readonly kind: 'message'; readonly place: OriginPlace; readonly line: EntryLine }
  /** The same hop as the message at `as`, which may still come. */
  | { readonly kind: 'same'; readonly place: OriginPlace; readonly as: OriginPlace }
  | { readonly kind: 'finding'; readonly origin: ServiceName; readonly finding: NewFinding }
  /** Everything up to this cursor was taken. */
  | { readonly kind: 'cursor'; readonly origin: ServiceName; readonly cursor: string };

interface Waiting {
  readonly told: Told | { readonly kind: 'cursor'; readonly cursor: string };
  readonly arrivedAt: number;
  readonly time: number;
  readonly key: string | undefined;
  readonly serverSide: boolean;
}

interface Queue {
  readonly items: Waiting[];
  /** How much of `items` is taken already. */
  taken: number;
  state: 'gone' | 'behind' | 'live';
  /** Everything that the origin recorded before this time has been told. */
  toldUntil: number;
}

/** How long a message waits for older ones of other journals, when nothing says that there are none. */
export const HOLD_MS = 250;
/** A journal that is read from far back is waited for longer; one that hangs is not waited for for ever. */
const BEHIND_HOLD_MS = 3_000;
/** The same hop is seen by both ends within this time, by their clocks. */
const SAME_MS = 10_000;
const RECENT = 20_000;

/**
 * Makes one order of several journals: messages leave by their time, each journal's own order stays. A hop that two of
 * them saw leaves once, as the server side saw it where both are at hand. Pure: the caller says what time it is.
 */
export class TrafficMerge {
  readonly #queues = new Map<ServiceName, Queue>();
  /** Keys of what waits, for finding the server's view of a hop before it leaves. */
  readonly #waiting = new Map<string, { readonly place: OriginPlace; readonly item: Waiting }[]>();
  /** What left lately and may be told again from the other side. */
  readonly #recent = new Map<string, { readonly place: OriginPlace; readonly time: number }>();

  /** Messages and findings of an origin that wait. */
  waiting(origin: ServiceName): number {
    const queue = this.#queues.get(origin);
    return queue === undefined ? 0 : queue.items.length - queue.taken;
  }

  /** Takes a page in. @param toldUntil see `FeedPage.now`; the origin's time when it is complete */
  add(
    origin: ServiceName,
    page: { readonly told: readonly Told[]; readonly cursor: string; readonly complete: boolean; readonly now: number },
    now: number,
  ): void {
    const queue = this.#queue(origin);
    for (const told of page.told) {
      const item = waitingOf(told, now);
      queue.items.push(item);
      if (item.key === undefined || told.kind !== 'message') continue;
      const list = this.#waiting.get(item.key) ?? [];
      list.push({ place: { origin, seq: told.seq }, item });
      this.#waiting.set(item.key, list);
    }
    queue.items.push({ ...NOTHING, told: { kind: 'cursor', cursor: page.cursor }, arrivedAt: now });
    queue.state = page.complete ? 'live' : 'behind';
    if (page.complete) queue.toldUntil = Math.max(queue.toldUntil, page.now);
  }

  /** Its first page is on the way. */
  expect(origin: ServiceName): void {
    this.#queue(origin).state = 'behind';
  }

  /** Nobody waits for an origin that does not answer. */
  gone(origin: ServiceName): void {
    this.#queue(origin).state = 'gone';
  }

  /** What may leave now, at most `limit`. */
  take(now: number, limit: number): Taken[] {
    const taken: Taken[] = [];
    while (taken.length < limit) {
      const next = this.#next(now);
      if (next === undefined) break;
      taken.push(next);
    }
    return taken;
  }

  /** When something may leave that may not yet; undefined when nothing waits. */
  get nextAt(): number | undefined {
    let at: number | undefined;
    for (const queue of this.#queues.values()) {
      const head = queue.items[queue.taken];
      if (head !== undefined) at = Math.min(at ?? Number.POSITIVE_INFINITY, head.arrivedAt + HOLD_MS);
    }
    return at;
  }

  #next(now: number): Taken | undefined {
    let oldest: { origin: ServiceName; queue: Queue; head: Waiting } | undefined;
    for (const [origin, queue] of this.#queues) {
      const head = queue.items[queue.taken];
      if (head === undefined) continue;
      // What is no message has no time to be ordered by: it follows what stood before it.
      if (head.told.kind !== 'message') return this.#leave(origin, queue, head);
      if (oldest === undefined || head.time < oldest.head.time) oldest = { origin, queue, head };
    }
    if (oldest === undefined || !this.#mayLeave(oldest.origin, oldest.head, now)) return undefined;
    return this.#leave(oldest.origin, oldest.queue, oldest.head);
  }

  #mayLeave(origin: ServiceName, head: Waiting, now: number): boolean {
    const age = now - head.arrivedAt;
    for (const [other, queue] of this.#queues) {
      if (other === origin || queue.state === 'gone' || queue.items.length > queue.taken) continue;
      if (queue.state === 'live' ? queue.toldUntil > head.time || age >= HOLD_MS : age >= BEHIND_HOLD_MS) continue;
      return false;
    }
    return true;
  }

  #leave(origin: ServiceName, queue: Queue, item: Waiting): Taken {
    queue.taken++;
    if (queue.taken > 1_000 && queue.taken * 2 > queue.items.length) {
      queue.items.splice(0, queue.taken);
      queue.taken = 0;
    }
    const { told } = item;
    if (told.kind === 'cursor') return { kind: 'cursor', origin, cursor: told.cursor };
    if (told.kind === 'finding') return { kind: 'finding', origin, finding: told.finding };
    const place = { origin, seq: told.seq };
    const same = item.key === undefined ? undefined : this.#sameHop(item.key, place, item);
    return same === undefined ? { kind: 'message', place, line: told.line } : { kind: 'same', place, as: same };
  }

  #sameHop(key: string, place: OriginPlace, item: Waiting): OriginPlace | undefined {
    const list = (this.#waiting.get(key) ?? []).filter((each) => each.item !== item);
    if (list.length === 0) this.#waiting.delete(key);
    else this.#waiting.set(key, list);
    const left = this.#recent.get(key);
    if (left !== undefined && left.place.origin !== place.origin && Math.abs(left.time - item.time) <= SAME_MS) {
      // One view of each side: the next of that key is another hop.
      this.#recent.delete(key);
      return left.place;
    }
    const server = item.serverSide
      ? undefined
      : list.find(
          (each) =>
            each.item.serverSide &&
            each.place.origin !== place.origin &&
            Math.abs(each.item.time - item.time) <= SAME_MS,
        );
    if (server !== undefined) {
      this.#claim(key, server.item);
      return server.place;
    }
    this.#recent.delete(key);
    this.#recent.set(key, { place, time: item.time });
    for (const oldest of this.#recent.keys()) {
      if (this.#recent.size <= RECENT) break;
      this.#recent.delete(oldest);
    }
    return undefined;
  }

  /** The server's view that stands for a client's one is not looked for again. */
  #claim(key: string, item: Waiting): void {
    const rest = (this.#waiting.get(key) ?? []).filter((each) => each.item !== item);
    if (rest.length === 0) this.#waiting.delete(key);
    else this.#waiting.set(key, rest);
  }

  #queue(origin: ServiceName): Queue {
    let queue = this.#queues.get(origin);
    if (queue === undefined) {
      queue = { items: [], taken: 0, state: 'gone', toldUntil: 0 };
      this.#queues.set(origin, queue);
    }
    return queue;
  }
}

const NOTHING = { time: 0, key: undefined, serverSide: false } as const;

function waitingOf(told: Told, arrivedAt: number): Waiting {
  if (told.kind !== 'message') return { ...NOTHING, told, arrivedAt };
  const { line } = told;
  return { told, arrivedAt, time: line.entry.time, key: hopKey(line), serverSide: isServerSide(line) };
}

/** Which party's role a service plays at the server end of its links. */
const SERVES: Readonly<Record<string, PartyRole>> = {
  csms: 'csms',
  hub: 'hub',
  emp: 'emp',
  trust: 'pnc',
  everest: 'everest',
};

function isServerSide({ link }: EntryLine): boolean {
  return SERVES[link.tap] === link.b.role;
}

/**
 * What both ends of a hop record alike: kind, action, correlation id and the exact text. An OCPP frame is its station's:
 * two stations may use the same message id. HTTP has no party that both ends name alike, but an id or a trace.
 */
function hopKey({ link, entry }: EntryLine): string | undefined {
  // An import or an edge of the journal itself is no hop of ours.
  if (entry.flags?.includes('imported') === true || link.transport === 'file') return undefined;
  const station = link.protocol === 'ocpp' ? link.a.id : '';
  if (station === '' && entry.messageId === '' && entry.trace === undefined) return undefined;
  const raw = entry.kind === 'event' ? '' : createHash('sha1').update(entry.raw).digest('base64');
  const id = entry.messageId === '' ? (entry.trace ?? '') : entry.messageId;
  return `${link.protocol} ${entry.kind} ${entry.action} ${station} ${id} ${raw}`;
}

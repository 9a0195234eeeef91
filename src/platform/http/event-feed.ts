import type { Clock, Timer } from '../../core/clock.ts';

/** Where the events of one reader go: a socket, or a test. */
export interface EventSink {
  write(text: string): void;
  /** Bytes that the reader has not taken yet. */
  readonly waitingBytes: number;
  end(): void;
}

export interface EventFilter {
  /** Which published events this reader gets; all when absent. Replayed events pass it too. */
  readonly accepts?: (event: string, data: unknown) => boolean;
  /** Members that `hello` carries besides `epoch`, `now` and `resumed`. */
  readonly hello?: () => Readonly<Record<string, unknown>>;
  /** Tells that the reader is gone. */
  readonly closed?: () => void;
  /** Gives the handler the reader, to send events to it alone. */
  readonly opened?: (reader: EventReader) => void;
  /** The handler's own events carry the ids, and it resumes after `Last-Event-ID` by itself. */
  readonly ownIds?: boolean;
}

/** One connected reader. */
export interface EventReader {
  /** An event for this reader alone; the feed does not keep it for a resume. */
  send(event: string, data: unknown, id?: string): void;
  close(): void;
}

export interface EventFeedOptions {
  readonly clock: Clock;
  /** Names this run of the feed: cursors of another epoch cannot be resumed. */
  readonly epoch: string;
  /** What is kept for a resume. */
  readonly ringEvents?: number;
  readonly ringBytes?: number;
  readonly ringMs?: number;
  /** A reader that lets more than this wait is dropped with `bye`. */
  readonly maxWaitingBytes?: number;
  readonly pingMs?: number;
  readonly maxReaders?: number;
}

interface Kept {
  readonly cursor: number;
  readonly at: number;
  readonly event: string;
  readonly data: unknown;
  readonly text: string;
}

/**
 * Server-sent events for any number of readers: `hello` first, a ping every 10 s, resume by `Last-Event-ID` from a bounded
 * ring (else `resync`), and no reader can make the others wait or fill the memory: a slow one gets `bye` and is closed.
 */
export class EventFeed {
  readonly #clock: Clock;
  readonly #epoch: string;
  readonly #limits: { events: number; bytes: number; ms: number; waiting: number; readers: number };
  readonly #pingMs: number;
  readonly #readers = new Set<Reader>();
  /** The ring: a queue whose first live element is at `#start`. */
  #ring: Kept[] = [];
  #start = 0;
  #ringBytes = 0;
  #cursor = 0;
  #ping: Timer | undefined;
  #closed = false;

  constructor(options: EventFeedOptions) {
    this.#clock = options.clock;
    this.#epoch = options.epoch;
    this.#limits = {
      events: options.ringEvents ?? 50_000,
      bytes: options.ringBytes ?? 16_000_000,
      ms: options.ringMs ?? 30_000,
      waiting: options.maxWaitingBytes ?? 4_000_000,
      readers: options.maxReaders ?? 200,
    };
    this.#pingMs = options.pingMs ?? 10_000;
  }

  get readers(): number {
    return this.#readers.size;
  }

  /** True when one more reader may connect. */
  get open(): boolean {
    return !this.#closed && this.#readers.size < this.#limits.readers;
  }

  publish(event: string, data: unknown): void {
    if (this.#closed) return;
    const cursor = ++this.#cursor;
    const text = eventText(event, data, `${this.#epoch}:${cursor}`);
    this.#ring.push({ cursor, at: this.#clock.monotonic(), event, data, text });
    this.#ringBytes += text.length;
    this.#trim();
    for (const reader of this.#readers) if (reader.filter.accepts?.(event, data) !== false) this.#write(reader, text);
  }

  /**
   * What happens from now on is not told to the feed, so nobody can resume over it: who comes back with an older position
   * hears `resync`.
   */
  interrupt(): void {
    this.#cursor++;
    this.#ring = [];
    this.#start = 0;
    this.#ringBytes = 0;
  }

  /** Connects a reader; `lastEventId` is what its `Last-Event-ID` header says. */
  connect(sink: EventSink, lastEventId: string | undefined, filter: EventFilter = {}): EventReader {
    const reader = new Reader(sink, filter);
    const own = filter.ownIds === true;
    const missed = own ? undefined : this.#since(lastEventId);
    const resumed = missed !== undefined && lastEventId !== undefined;
    const cursor = resumed ? lastEventId.slice(lastEventId.lastIndexOf(':') + 1) : this.#cursor;
    const hello = { epoch: this.#epoch, now: this.#clock.now(), resumed, ...filter.hello?.() };
    // The position of now, so that a reader that only heard `hello` can resume too.
    this.#write(reader, eventText('hello', hello, own ? undefined : `${this.#epoch}:${cursor}`));
    if (lastEventId !== undefined && !resumed && !own) this.#write(reader, eventText('resync', {}));
    this.#readers.add(reader);
    for (const kept of missed ?? [])
      if (filter.accepts?.(kept.event, kept.data) !== false) this.#write(reader, kept.text);
    this.#ping ??= this.#clock.every(this.#pingMs, () => {
      for (const each of this.#readers) this.#write(each, ': ping\n\n');
    });
    const open: EventReader = {
      send: (event, data, id) => this.#write(reader, eventText(event, data, id)),
      close: () => this.#drop(reader),
    };
    filter.opened?.(open);
    return open;
  }

  /** Says `bye` to every reader and ends. */
  close(): void {
    this.#closed = true;
    for (const reader of [...this.#readers]) this.#dismiss(reader, 'stopping');
    this.#ring = [];
    this.#start = 0;
  }

  #write(reader: Reader, text: string): void {
    if (reader.gone) return;
    if (reader.sink.waitingBytes > this.#limits.waiting) this.#dismiss(reader, 'too slow');
    else reader.sink.write(text);
  }

  #dismiss(reader: Reader, reason: string): void {
    if (reader.gone) return;
    reader.sink.write(eventText('bye', { reason }));
    this.#drop(reader);
  }

  #drop(reader: Reader): void {
    if (reader.gone) return;
    reader.gone = true;
    this.#readers.delete(reader);
    reader.sink.end();
    reader.filter.closed?.();
    if (this.#readers.size > 0) return;
    this.#ping?.cancel();
    this.#ping = undefined;
  }

  /** The kept events after the reader's last one; `undefined` when they are not all here any more. */
  #since(lastEventId: string | undefined): Kept[] | undefined {
    if (lastEventId === undefined) return undefined;
    this.#trim();
    const split = lastEventId.lastIndexOf(':');
    const cursor = Number(lastEventId.slice(split + 1));
    if (lastEventId.slice(0, split) !== this.#epoch || !Number.isInteger(cursor) || cursor > this.#cursor)
      return undefined;
    const first = this.#ring[this.#start]?.cursor ?? this.#cursor + 1;
    return cursor + 1 < first ? undefined : this.#ring.slice(this.#start + cursor + 1 - first);
  }

  #trim(): void {
    const oldest = this.#clock.monotonic() - this.#limits.ms;
    for (let kept = this.#ring[this.#start]; kept !== undefined; kept = this.#ring[this.#start]) {
      const count = this.#ring.length - this.#start;
      if (count <= this.#limits.events && this.#ringBytes <= this.#limits.bytes && kept.at >= oldest) break;
      this.#ringBytes -= kept.text.length;
      this.#start++;
    }
    if (this.#start > 1024 && this.#start * 2 > this.#ring.length) {
      this.#ring = this.#ring.slice(this.#start);
      this.#start = 0;
    }
  }
}

class Reader {
  readonly sink: EventSink;
  readonly filter: EventFilter;
  gone = false;

  constructor(sink: EventSink, filter: EventFilter) {
    this.sink = sink;
    this.filter = filter;
  }
}

function eventText(event: string, data: unknown, id?: string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

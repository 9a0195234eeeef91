import type { Clock, Timer } from '../../core/clock.ts';
import type { JournalQuery } from '../../journal/index.ts';
import type { ServiceName } from '../../platform/service.ts';
import { readIfThere, writeWhole } from '../../storage/whole-file.ts';
import type { OriginPlace } from './merge.ts';

interface Saved {
  /** The merged journal's newest number when this was written. */
  readonly head: number;
  readonly cursors: Partial<Record<ServiceName, string>>;
}

const SAVE_MS = 1_000;
/** Taken-over messages that are looked at at the start, so that answers find requests of before. */
const TAIL = 20_000;

/**
 * How far each followed journal was taken over. The file is written a moment after the messages: what the merged journal
 * holds beyond it, its own last messages tell, for each carries its origin.
 */
export class Cursors {
  readonly #file: string;
  readonly #clock: Clock;
  readonly #cursors = new Map<ServiceName, string>();
  readonly #head: () => Promise<number>;
  #timer: Timer | undefined;

  constructor(file: string, clock: Clock, head: () => Promise<number>) {
    this.#file = file;
    this.#clock = clock;
    this.#head = head;
  }

  of(service: ServiceName): string | undefined {
    return this.#cursors.get(service);
  }

  set(service: ServiceName, cursor: string): void {
    this.#cursors.set(service, cursor);
    this.#timer ??= this.#clock.after(SAVE_MS, () => {
      this.#timer = undefined;
      void this.save();
    });
  }

  /** Reads the file, and from the merged journal what came after it. @param found hears which number each message has */
  async load(query: JournalQuery, found: (place: OriginPlace, local: number) => void): Promise<void> {
    const saved = readSaved(this.#file);
    for (const [service, cursor] of Object.entries(saved.cursors)) this.#cursors.set(service as ServiceName, cursor);
    const { head, first } = await query.info();
    let next: string | undefined = String(Math.max(first, Math.min(saved.head + 1, head - TAIL)));
    while (next !== undefined && Number(next) <= head) {
      const page: Awaited<ReturnType<JournalQuery['exportPage']>> = await query.exportPage({
        cursor: next,
        limit: 1_000,
      });
      for (const line of page.text.split('\n')) {
        const place = placeOf(line);
        if (place === undefined) continue;
        found(place, place.local);
        this.#advance(place, place.local > saved.head);
      }
      next = page.next;
    }
  }

  async save(): Promise<void> {
    try {
      // The number first: a message that comes in between is found again at the next start, and not taken twice.
      const head = await this.#head();
      const saved: Saved = { head, cursors: Object.fromEntries(this.#cursors) };
      writeWhole(this.#file, JSON.stringify(saved));
    } catch {
      // A full disk: the journal itself reports it; the next save may succeed.
    }
  }

  async close(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    await this.save();
  }

  /** @param news whether it came after the file was written: then its epoch is the newer one */
  #advance({ origin, epoch, seq }: OriginPlace & { readonly epoch: string }, news: boolean): void {
    const [knownEpoch, knownSeq = '0', finding = '0'] = (this.#cursors.get(origin) ?? '').split(':');
    if (epoch !== knownEpoch && news) this.#cursors.set(origin, `${epoch}:${seq}:0`);
    else if (epoch === knownEpoch && seq > Number(knownSeq)) this.#cursors.set(origin, `${epoch}:${seq}:${finding}`);
  }
}

function readSaved(file: string): Saved {
  const none: Saved = { head: 0, cursors: {} };
  try {
    const text = readIfThere(file);
    return text === undefined ? none : (JSON.parse(text) as Saved);
  } catch {
    // Spoilt: the journal's own messages tell.
    return none;
  }
}

/** Members of `transport` by which a taken-over message tells where it comes from. */
export interface OriginFacts {
  readonly origin: ServiceName;
  readonly originEpoch: string;
  readonly originSeq: number;
}

function placeOf(line: string): (OriginPlace & { readonly epoch: string; readonly local: number }) | undefined {
  if (!line.includes('"originSeq"')) return undefined;
  const { seq, transport } = JSON.parse(line) as { seq: number; transport: Partial<OriginFacts> };
  const { origin, originEpoch, originSeq } = transport;
  if (origin === undefined || originEpoch === undefined || originSeq === undefined) return undefined;
  return { origin, epoch: originEpoch, seq: originSeq, local: seq };
}

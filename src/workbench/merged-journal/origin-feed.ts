import type { Readable } from 'node:stream';
import type { Clock } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import { findingOf, readEntryLine } from '../../journal/entry-line.ts';
import type { ServiceName } from '../../platform/service.ts';
import type { Told } from './merge.ts';

export interface OriginPage {
  readonly told: readonly Told[];
  readonly cursor: string;
  readonly complete: boolean;
  readonly now: number;
  readonly restarted: boolean;
  /** The newest number there. */
  readonly head: number;
}

export interface OriginFeedOptions {
  readonly clock: Clock;
  readonly service: ServiceName;
  /** Where it was read to before. */
  readonly cursor: string | undefined;
  /** GETs below the service's `/api/v1`. @throws when it does not answer */
  readonly open: (
    service: ServiceName,
    path: string,
    signal: AbortSignal,
  ) => Promise<{
    readonly statusCode: number;
    readonly body: Readable & { dump(): Promise<void>; text(): Promise<string> };
  }>;
  /** Takes a page; resolves when there is room for another. */
  readonly take: (page: OriginPage) => Promise<void>;
  readonly gone: (why: string) => void;
  /** A line that could not be read: told, and skipped. */
  readonly odd: (why: string) => void;
}

const PAGE_LINES = 1_000;
const WAIT_MS = 20_000;
const RETRY_MS = 500;

/** Follows the journal of one service, page by page, for as long as it runs; tries again when it does not answer. */
export class OriginFeed {
  readonly #options: OriginFeedOptions;
  readonly #abort = new AbortController();
  #cursor: string | undefined;

  constructor(options: OriginFeedOptions) {
    this.#options = options;
    this.#cursor = options.cursor;
  }

  get cursor(): string | undefined {
    return this.#cursor;
  }

  start(): void {
    void this.#run();
  }

  stop(): void {
    this.#abort.abort();
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort;
    const { clock, gone, take } = this.#options;
    while (!signal.aborted) {
      try {
        const page = await this.#page();
        if (signal.aborted) return;
        await take(page);
        // Only what was taken is not asked for again.
        this.#cursor = page.cursor;
      } catch (cause) {
        if (signal.aborted) return;
        gone(messageOf(cause));
        await new Promise<void>((resolve) => clock.after(RETRY_MS, resolve));
      }
    }
  }

  async #page(): Promise<OriginPage> {
    const { service, open } = this.#options;
    const after = this.#cursor === undefined ? '' : `&after=${encodeURIComponent(this.#cursor)}`;
    const path = `journal/feed?limit=${PAGE_LINES}&waitMs=${WAIT_MS}${after}`;
    const { statusCode, body } = await open(service, path, this.#abort.signal);
    if (statusCode !== 200) {
      await body.dump();
      throw new Error(statusCode === 401 || statusCode === 403 ? 'it asks for a token' : `it answered ${statusCode}`);
    }
    const [first = '', ...lines] = (await body.text()).split('\n');
    const { feed } = JSON.parse(first) as {
      feed: { next: string; complete: boolean; now: number; head: number; restarted?: true };
    };
    return {
      told: lines.flatMap((line) => (line === '' ? [] : this.#read(line))),
      cursor: feed.next,
      complete: feed.complete,
      now: feed.now,
      head: feed.head,
      restarted: feed.restarted === true,
    };
  }

  #read(text: string): Told[] {
    try {
      const value = JSON.parse(text) as { finding?: unknown };
      if (value.finding !== undefined) return [{ kind: 'finding', finding: findingOf(value.finding) }];
      const line = readEntryLine(value);
      return line.seq === undefined ? [] : [{ kind: 'message', seq: line.seq, line }];
    } catch (cause) {
      this.#options.odd(messageOf(cause));
      return [];
    }
  }
}

import { CompoteError } from '../../core/errors.ts';
import { FIELD_SETS, parseFilter } from '../filter/index.ts';
import type { Observer } from '../observer.ts';
import type { Session, SessionSeries } from './session.ts';
import { type Reconciliation, reconciliationOf, type Tolerance } from './session.ts';
import { type KeyKind, keyOf, LOOKUP_KINDS } from './session-keys.ts';
import type { SessionRecord } from './session-record.ts';

export interface SessionListQuery {
  /** A filter of the session fields; empty: everything. */
  readonly q?: string;
  readonly cursor?: string;
  /** 100 by default, at most 1,000. */
  readonly limit?: number;
}

export interface SessionPage {
  readonly items: readonly Session[];
  readonly next?: string;
  readonly total: number;
}

/** Answers about sessions; what was recorded before the question is in the answer. */
export class SessionQueries {
  readonly #observer: Observer;

  constructor(observer: Observer) {
    this.#observer = observer;
  }

  async list(query: SessionListQuery = {}): Promise<SessionPage> {
    const { errors } = parseFilter(query.q ?? '', FIELD_SETS.sessions);
    const error = errors[0];
    if (error !== undefined) {
      throw new CompoteError('INVALID_REQUEST', {
        detail: `The filter does not fit at character ${error.from + 1}: ${error.msg}`,
        fields: [{ pointer: '/query/q', msg: error.msg }],
        extra: { errors },
      });
    }
    await this.#ready();
    const now = this.#now;
    const limit = Math.max(1, Math.min(1_000, Math.floor(query.limit ?? 100)));
    const found = this.#sessions.find(query.q ?? '', now);
    const below = query.cursor === undefined ? Number.POSITIVE_INFINITY : Number(query.cursor);
    if (Number.isNaN(below)) {
      throw new CompoteError('INVALID_REQUEST', {
        fields: [{ pointer: '/query/cursor', msg: 'Give the `next` of the page before, unchanged' }],
      });
    }
    const rest = found.filter(({ number }) => number < below);
    const items = rest.slice(0, limit);
    const last = rest.length > limit ? items.at(-1) : undefined;
    return {
      items: items.map((record) => this.#sessions.toSession(record, now)),
      total: found.length,
      ...(last === undefined ? {} : { next: String(last.number) }),
    };
  }

  async one(id: string): Promise<Session> {
    return this.#sessions.toSession(await this.#must(id), this.#now);
  }

  async byKey(kind: KeyKind, parts: readonly string[]): Promise<Session> {
    await this.#ready();
    const ids = kind === 'oicp' ? parts.map((part) => part.toLowerCase()) : parts;
    const record = this.#sessions.book.byKey(keyOf(kind, ...ids));
    if (record === undefined) {
      throw new CompoteError('NOT_FOUND', {
        detail: `No session has the ${LOOKUP_KINDS[kind].what} ${parts.join(' of ')}`,
      });
    }
    return this.#sessions.toSession(record, this.#now);
  }

  async series(id: string): Promise<SessionSeries> {
    const { readings } = await this.#must(id);
    return { points: [...readings] };
  }

  async reconciliation(id: string, tolerance: Tolerance): Promise<Reconciliation> {
    return reconciliationOf(await this.#must(id), tolerance);
  }

  get #sessions() {
    return this.#observer.sessions;
  }

  get #now(): number {
    return this.#observer.options.clock.now();
  }

  async #ready(): Promise<void> {
    await this.#observer.rebuilt;
    await this.#sessions.catchUp(this.#observer.options.pause);
  }

  async #must(id: string): Promise<SessionRecord> {
    await this.#ready();
    const record = this.#sessions.book.byId(id);
    if (record !== undefined) return record;
    throw new CompoteError('NOT_FOUND', { detail: `There is no session ${id} (any more)` });
  }
}

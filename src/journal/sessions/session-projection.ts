import type { Chunk } from '../columns.ts';
import { at } from '../columns.ts';
import type { Severity } from '../entry.ts';
import { compileFilter, FIELD_SETS, type FilterRow, parseFilter } from '../filter/index.ts';
import type { MessageIndex } from '../message-index.ts';
import type { StoredMessage } from '../message-store.ts';
import { flagBit } from '../packed-entry.ts';
import { MessageView } from '../stored-message.ts';
import { energyOf, type Session, sessionOf } from './session.ts';
import { SessionBook } from './session-book.ts';
import { isOfSessions } from './session-message.ts';
import type { SessionRecord } from './session-record.ts';
import { StoredSessionMessage } from './stored-session-message.ts';

/** What the projection needs of the observer. */
export interface SessionSource {
  readonly index: MessageIndex;
  readonly epoch: string;
  get(seq: number): StoredMessage | undefined;
  /** Ascending, both ends included. */
  range(from: number, to: number): readonly StoredMessage[];
}

const SLICE = 512;

/** Messages this near to each other are read in one go, with what stands between them: a read costs as much as ten rows. */
const NEAR = 8;

/**
 * The charging sessions of a journal: reads it in its order, behind the recording, and can be built anew at any time. The
 * columns say which messages matter, so that only those are read.
 */
export class SessionProjection {
  readonly #source: SessionSource;
  readonly #book: SessionBook;
  readonly #relevant: boolean[][] = [];
  #next: number;

  /** @param changed told the messages whose session is known now. */
  constructor(source: SessionSource, changed: (seq: number) => void, limit?: number) {
    this.#source = source;
    this.#next = source.index.columns.first;
    this.#book = new SessionBook({
      ...(limit === undefined ? {} : { limit }),
      assigned: (seq, session) => {
        const place = source.index.columns.find(seq);
        if (place === undefined) return;
        place.chunk.session[place.row] = session;
        changed(seq);
      },
    });
  }

  get book(): SessionBook {
    return this.#book;
  }

  /** True while there are messages that it has not read. */
  get behind(): boolean {
    return this.#next <= this.#source.index.columns.head;
  }

  /**
   * The newest message was just added to the columns. Where nothing older waits it is taken at once, from memory:
   * reading it back costs more than storing it. Where it is not taken here, `advance` comes to it.
   */
  added(stored: StoredMessage, chunk: Chunk, row: number): void {
    if (this.#next !== stored.seq) return;
    this.#next++;
    if (this.#matters(chunk, row)) this.#take(stored, this.#source.index.actions.textOf(at(chunk.action, row)));
  }

  /** Reads on; at most about 500 messages of sessions. */
  advance(): void {
    const { columns } = this.#source.index;
    if (this.#next < columns.first) this.#next = columns.first;
    const wanted: number[] = [];
    const from = this.#next;
    if (from > columns.head) return;
    const last = columns.walk(from, columns.head, (chunk, row) => {
      if (this.#matters(chunk, row)) wanted.push(chunk.base + row);
      return wanted.length < SLICE && chunk.base + row - from < 100_000;
    });
    let near: number[] = [];
    for (const seq of wanted) {
      const before = near.at(-1);
      if (before !== undefined && seq - before > NEAR) {
        this.#read(near);
        near = [];
      }
      near.push(seq);
    }
    this.#read(near);
    this.#next = last + 1;
  }

  /** Takes the messages of these numbers, ascending and near to each other. */
  #read(wanted: readonly number[]): void {
    const [first] = wanted;
    const last = wanted.at(-1);
    if (first === undefined || last === undefined) return;
    const asked = new Set(wanted);
    for (const stored of this.#source.range(first, last)) if (asked.has(stored.seq)) this.#take(stored);
  }

  /** Reads all there is, in slices. */
  async catchUp(pause: (() => Promise<void>) | undefined): Promise<void> {
    while (this.behind) {
      this.advance();
      if (pause !== undefined && this.behind) await pause();
    }
  }

  dropBelow(seq: number): void {
    this.#book.dropBelow(seq);
  }

  /** The id of the session that a message belongs to. */
  idAt(chunk: Chunk, row: number): string | undefined {
    return this.#book.byNumber(at(chunk.session, row))?.id;
  }

  toSession(record: SessionRecord, nowMs: number): Session {
    return sessionOf(record, this.#severities(record), nowMs);
  }

  /** Newest first. Errors of the filter are the caller's affair. */
  find(q: string, nowMs: number): SessionRecord[] {
    const { expression } = parseFilter(q, FIELD_SETS.sessions);
    const test = compileFilter(expression, nowMs);
    return this.#book.all().filter((record) => test(this.#row(record, nowMs)));
  }

  #take(stored: StoredMessage, action?: string): void {
    const view = new MessageView(this.#source, stored);
    const message = new StoredSessionMessage(view, action ?? view.reader.action);
    if (this.#book.awaits(message) && message.isOfInterest) this.#book.take(message);
  }

  /** Found once per route and action. Tried messages ("simulate inbound") never happened between the parties. */
  #matters(chunk: Chunk, row: number): boolean {
    if ((at(chunk.bits, row) & flagBit('synthetic')) !== 0) return false;
    const { index } = this.#source;
    const route = at(chunk.route, row);
    const action = at(chunk.action, row);
    this.#relevant[route] ??= [];
    const actions = this.#relevant[route];
    const known = actions?.[action];
    if (known !== undefined) return known;
    const matters = isOfSessions(index.routeAt(chunk, row).protocol, index.actions.textOf(action));
    if (actions !== undefined) actions[action] = matters;
    return matters;
  }

  #severities(record: SessionRecord): Severity[] {
    return record.seqs.flatMap((seq) => this.#source.index.openFindingsOn(seq).map(({ severity }) => severity));
  }

  #row(record: SessionRecord, nowMs: number): FilterRow {
    const { index } = this.#source;
    const session = (): Session => this.toSession(record, nowMs);
    return {
      values: (field) => {
        switch (field) {
          case 'state':
            return [session().state];
          case 'kind':
            return [session().kind];
          case 'station':
            return record.station === undefined ? [] : [record.station];
          case 'emp':
            return record.emp === undefined ? [] : [record.emp];
          case 'kwh': {
            const energyWh = energyOf(record);
            return energyWh === undefined ? [] : [energyWh / 1_000];
          }
          case 'duration':
            return [(record.endedAt ?? nowMs) - record.beganAt];
          case 'cdr':
            return [record.cdr];
          case 'finding':
            return record.seqs.flatMap((seq) => index.findingsOn(seq).map(({ rule }) => rule));
          default:
            return [];
        }
      },
      flag: (_set, flag) => {
        switch (flag) {
          case 'active':
            return ['authorising', 'preparing', 'charging', 'suspended'].includes(session().state);
          case 'ended':
            return record.endedAt !== undefined;
          case 'imported':
            return record.imported;
          case 'simulated':
            return record.simulated;
          case 'finding':
            return record.seqs.some((seq) => index.findingsOn(seq).length > 0);
          case 'cdr':
            return record.cdr !== 'none';
          case 'trace':
            return record.trace !== undefined;
          default:
            return false;
        }
      },
      payloads: () => [],
      texts: () => [
        record.id,
        ...Object.values(session().ids),
        record.station ?? '',
        record.evseId ?? '',
        record.emp ?? '',
      ],
    };
  }
}

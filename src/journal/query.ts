import type { HopSpan } from '../core/trace-context.ts';
import type { EntryFlag, EntryKind, Origin, Party, Protocol, TransportType } from './entry.ts';
import type { Entity } from './filter/index.ts';
import type {
  Finding,
  FindingDecision,
  FindingFilter,
  FindingGroup,
  FindingGroups,
  FindingQuery,
  ListedMute,
  NewMute,
  PlacedFinding,
} from './finding-shapes.ts';
import type { Reconciliation, Session, SessionSeries, Tolerance } from './sessions/session.ts';
import type { KeyKind } from './sessions/session-keys.ts';
import type { SessionListQuery, SessionPage } from './sessions/session-queries.ts';
import type { Statistics, StatisticsQuery } from './statistics-shapes.ts';

export type * from './finding-shapes.ts';
export type { Reconciliation, Session, SessionSeries } from './sessions/session.ts';
export type { SessionPage } from './sessions/session-queries.ts';
export type * from './statistics-shapes.ts';

/** The reading side of the journal, as the API serves it. All shapes are plain JSON. */

export type ViewEntity = Extract<Entity, 'messages' | 'exchanges'>;
export type Order = 'newest' | 'oldest';

/** What people and tools say about a message; it stays with it. */
export interface Annotation {
  readonly marked?: boolean;
  readonly note?: string;
  readonly basedOn?: number;
}

/** One line of a list; short names because lists are long. */
export interface Row {
  /** Sequence number, epoch milliseconds. */
  readonly s: number;
  readonly t: number;
  readonly k: EntryKind;
  readonly p: Protocol;
  readonly v?: string;
  /** From, to (party ids), action. */
  readonly f: string;
  readonly to: string;
  readonly a: string;
  readonly sum: string;
  readonly ses?: string;
  /** Trace id, and of a request the span of the side that recorded it. */
  readonly tr?: string;
  readonly sp?: HopSpan;
  /** Size of the raw text in bytes. */
  readonly b: number;
  /** The answer of a request: its number, how it went, its latency. `waiting`: none yet. */
  readonly x?: {
    readonly s?: number;
    readonly k: 'response' | 'error' | 'timeout' | 'waiting';
    readonly st: string;
    readonly ms: number;
  };
  /** Findings on it: errors, warnings, infos. */
  readonly fd?: readonly [error: number, warning: number, info: number];
  readonly fl?: readonly string[];
}

/** A whole message. */
export interface Message {
  readonly seq: number;
  readonly epoch: string;
  readonly kind: EntryKind;
  readonly proto: Protocol;
  readonly version?: string;
  readonly action: string;
  readonly messageId?: string;
  readonly from: Party;
  readonly to: Party;
  readonly time: { readonly received: string; readonly mono: number };
  readonly payload?: unknown;
  /** The exact text; base64 where `rawEncoding` says so (bytes that are no valid UTF-8, binary frames). */
  readonly raw: string;
  readonly rawEncoding?: 'base64';
  /** How many bytes there were, when the journal keeps fewer. */
  readonly rawTruncated?: number;
  readonly malformed?: { readonly msg: string; readonly at: number };
  readonly code?: string;
  readonly partner?: { readonly seq: number; readonly latencyMs: number };
  readonly transport: {
    readonly type: TransportType;
    readonly conn: string;
    readonly tap: string;
    /** Which end of the connection sent it: the one that connected, or the one that listened. */
    readonly sender: 'client' | 'server';
    readonly [detail: string]: unknown;
  };
  readonly findings: readonly Finding[];
  readonly session?: string;
  readonly trace?: string;
  readonly hop?: HopSpan;
  readonly origin: { readonly by: Origin };
  readonly flags: readonly EntryFlag[];
  readonly marked?: boolean;
  readonly note?: string;
  /** The message that this one was made from by a change. */
  readonly basedOn?: number;
  /** True when secrets were replaced by `***` in `raw`, `payload` and `transport`. */
  readonly masked?: true;
}

export interface Related {
  readonly partner?: Row;
  /** Messages of the same trace, oldest first. */
  readonly trace: readonly Row[];
  /** The messages before and after it of the same action between the same parties. */
  readonly previous?: Row;
  readonly next?: Row;
  /** The messages around it on the same route, oldest first. */
  readonly neighbours: readonly Row[];
}

export interface ListQuery {
  /** A filter (filter language); empty: everything. */
  readonly q?: string;
  readonly entity?: ViewEntity;
  readonly order?: Order;
  /** `next` of the page before. */
  readonly cursor?: string;
  /** 100 by default, at most 1,000. */
  readonly limit?: number;
}

export interface RowPage {
  readonly items: readonly Row[];
  readonly next?: string;
}

export interface View {
  readonly id: string;
  readonly entity: ViewEntity;
  /** Rows found until now, of how many messages, of which so many were looked at. */
  readonly count: number;
  readonly total: number;
  readonly scanned: number;
  readonly complete: boolean;
  /** The scan was ended by `stopView`: there may be more. */
  readonly stopped?: true;
  readonly asOf: number;
  readonly head: number;
  readonly errors: readonly { readonly from: number; readonly to: number; readonly msg: string }[];
}

export interface NewView {
  readonly entity?: ViewEntity;
  readonly q?: string;
  readonly order?: Order;
  /** Freezes the view at this number: nothing newer comes in. */
  readonly asOf?: number;
}

export interface HistogramBucket {
  readonly t: number;
  readonly count: number;
  readonly errors: number;
  readonly by?: Readonly<Record<string, number>>;
}

export interface ValueCount {
  readonly value: string;
  readonly count: number;
}

export interface JournalInfo {
  readonly epoch: string;
  readonly first: number;
  readonly head: number;
  readonly count: number;
  readonly bytes: number;
  readonly retention: Retention;
  /** True once everything that an earlier run left can be found. */
  readonly complete: boolean;
  readonly reports: readonly JournalReport[];
  /** What was cleared a moment ago and can be taken back until then (epoch milliseconds). */
  readonly undo?: { readonly messages: number; readonly until: number };
}

/** What the journal keeps at most; whatever is reached first. */
export interface Retention {
  readonly messages: number;
  readonly bytes: number;
  readonly ageMs: number;
}

/** Something that went wrong with the journal itself. */
export interface JournalReport {
  readonly time: number;
  readonly kind: 'damaged' | 'torn' | 'full';
  readonly text: string;
}

export interface ReadOptions {
  /** Leaves secrets in. For code of ours in this process; the API never asks for it. */
  readonly unmasked?: boolean;
}

export interface ExportPage {
  /** JSON Lines, one message a line (`Message` without `payload`), each ended by a line feed. */
  readonly text: string;
  readonly count: number;
  readonly next?: string;
}

export interface FeedQuery {
  /** `next` of the page before; empty: from the beginning. */
  readonly after?: string;
  /** Messages, and findings, of a page at most; 1,000 by default, at most 2,000. */
  readonly limit?: number;
  /** Waits so long for news when there are none; at most 30 s. */
  readonly waitMs?: number;
}

/** A piece of the journal for another journal that follows it. */
export interface FeedPage {
  /** JSON Lines: messages as an export has them, without findings, and `{"finding": …}` after the message it judges. */
  readonly text: string;
  readonly count: number;
  /** `epoch:seq:finding`. */
  readonly next: string;
  readonly epoch: string;
  readonly head: number;
  /** This journal's time: what was recorded before it is in this page or an earlier one, when `complete`. */
  readonly now: number;
  readonly complete: boolean;
  /** `after` is of another journal (cleared, damaged): this one is told from its beginning. */
  readonly restarted?: true;
}

/**
 * Everything that can be asked. Errors: `INVALID_REQUEST` for a broken filter (with positions in `extra.errors`) or
 * cursor, `NOT_FOUND` for a message that is not there (any more), `GONE` for a view that was idle for too long.
 */
export interface JournalQuery {
  info(): Promise<JournalInfo>;
  messages(query?: ListQuery): Promise<RowPage>;
  message(seq: number, options?: ReadOptions): Promise<Message>;
  related(seq: number): Promise<Related>;
  annotate(seq: number, annotation: Annotation): Promise<Message>;
  /** The newest first. */
  findings(query?: FindingQuery): Promise<{ readonly items: readonly PlacedFinding[]; readonly next?: string }>;
  finding(id: string): Promise<PlacedFinding>;
  /** The worst first, then the most frequent; those that are muted as a whole last. */
  findingGroups(by: FindingGroups, filter?: FindingFilter): Promise<readonly FindingGroup[]>;
  mutes(): Promise<readonly ListedMute[]>;
  /** Errors: `INVALID_REQUEST` for a scope of nothing, or a time that has passed. One of the same scope is replaced. */
  mute(mute: NewMute): Promise<ListedMute>;
  unmute(id: string): Promise<void>;
  /** Errors: `NOT_FOUND`; `CONFLICT` when a mute of more than this finding is in the way. */
  decideFinding(id: string, decision: FindingDecision): Promise<PlacedFinding>;
  createView(view?: NewView): Promise<View>;
  view(id: string): Promise<View>;
  viewRows(
    id: string,
    from: number,
    limit: number,
  ): Promise<{ readonly view: View; readonly from: number; readonly rows: readonly Row[] }>;
  /** Where a message stands in a view, or would stand. */
  viewPosition(id: string, seq: number): Promise<{ readonly index: number; readonly found: boolean }>;
  viewHistogram(id: string, buckets?: number, by?: 'proto' | 'kind'): Promise<readonly HistogramBucket[]>;
  viewValues(id: string, field: string, prefix?: string): Promise<readonly ValueCount[]>;
  /** Ends the scan of a view; what was found stays. */
  stopView(id: string): Promise<View>;
  deleteView(id: string): Promise<void>;
  statistics(query?: StatisticsQuery): Promise<Statistics>;
  /** Charging sessions, newest first. */
  sessions(query?: SessionListQuery): Promise<SessionPage>;
  session(id: string): Promise<Session>;
  /** @param parts the id; for keys that a station gives, the station before it. */
  sessionByKey(kind: KeyKind, parts: readonly string[]): Promise<Session>;
  sessionSeries(id: string): Promise<SessionSeries>;
  sessionReconciliation(id: string, tolerance: Tolerance): Promise<Reconciliation>;
  exportPage(query: Omit<ListQuery, 'entity' | 'order'>, options?: ReadOptions): Promise<ExportPage>;
  /** What came after a point, for a journal that follows this one. */
  feed(query: FeedQuery): Promise<FeedPage>;
  /** Forgets everything and begins a new epoch. */
  clear(): Promise<JournalInfo>;
  /** Takes the last `clear` back, within a minute of it. Errors: `CONFLICT` */
  undoClear(): Promise<JournalInfo>;
}

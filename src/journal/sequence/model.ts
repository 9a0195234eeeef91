import type { PartyRole } from '../entry.ts';
import type { Row } from '../query.ts';

/** What of a row is drawn. */
export type SequenceRow = Pick<Row, 's' | 't' | 'k' | 'p' | 'f' | 'to' | 'a' | 'sum'> & Partial<Pick<Row, 'x' | 'fd'>>;

export type SequenceStep<R extends SequenceRow = SequenceRow> =
  | { readonly kind: 'arrow'; readonly row: R; readonly from: number; readonly to: number }
  /** Equal neighbours as one: `count` requests of one action. */
  | {
      readonly kind: 'fold';
      readonly rows: readonly R[];
      readonly count: number;
      readonly from: number;
      readonly to: number;
      readonly action: string;
    }
  | { readonly kind: 'note'; readonly row: R; readonly at: number }
  | { readonly kind: 'gap'; readonly ms: number };

export interface Sequence<R extends SequenceRow = SequenceRow> {
  /** Party ids, from left to right. */
  readonly lifelines: readonly string[];
  readonly steps: readonly SequenceStep<R>[];
  /** Rows that are not drawn because they only say "still there". */
  readonly hidden: number;
}

export interface SequenceOptions {
  /** Roles of parties, for their order; else their names tell. */
  readonly roles?: ReadonlyMap<string, PartyRole>;
  /** Runs of three and more of one action become one step; true by default. */
  readonly fold?: boolean;
  /** Runs that are not folded, by the number of their first message. */
  readonly open?: ReadonlySet<number>;
  readonly heartbeats?: boolean;
  /** Breaks longer than this are told; 5 s by default. */
  readonly gapMs?: number;
}

const ROLE_ORDER: readonly PartyRole[] = ['ev', 'cs', 'everest', 'csms', 'pnc', 'hub', 'emp', 'ext', 'ui'];
const FOLD_FROM = 3;

/** @param rows oldest first. */
export function sequenceOf<R extends SequenceRow>(rows: readonly R[], options: SequenceOptions = {}): Sequence<R> {
  const shown = options.heartbeats === true ? rows : rows.filter(({ a }) => a !== 'Heartbeat');
  const lifelines = ordered(shown, options.roles);
  const column = new Map(lifelines.map((id, index) => [id, index]));
  const at = (id: string): number => column.get(id) ?? 0;
  const steps: SequenceStep<R>[] = [];
  let last: number | undefined;
  for (const run of options.fold === false ? shown.map((row) => [row]) : runsOf(shown)) {
    const first = run[0];
    if (first === undefined) continue;
    const ms = last === undefined ? 0 : first.t - last;
    if (ms > (options.gapMs ?? 5_000)) steps.push({ kind: 'gap', ms });
    last = run.at(-1)?.t;
    const asked = run.filter(isAsked);
    const ask = asked[0];
    if (ask !== undefined && asked.length >= FOLD_FROM && options.open?.has(first.s) !== true) {
      const action = [ask.a, eventTypeOf(ask)].join(' ').trim();
      steps.push({ kind: 'fold', rows: run, count: asked.length, from: at(ask.f), to: at(ask.to), action });
      continue;
    }
    for (const row of run) {
      const isNote = row.k === 'event' || row.k === 'mark' || row.f === row.to;
      steps.push(
        isNote ? { kind: 'note', row, at: at(row.f) } : { kind: 'arrow', row, from: at(row.f), to: at(row.to) },
      );
    }
  }
  return { lifelines, steps, hidden: rows.length - shown.length };
}

function isAsked({ k }: SequenceRow): boolean {
  return k === 'request' || k === 'send';
}

/** Stations left, then the backends in the order in which a session passes them. */
function ordered(rows: readonly SequenceRow[], roles: ReadonlyMap<string, PartyRole> | undefined): string[] {
  const rank = (id: string): number => {
    const role = roles?.get(id) ?? id;
    const index = ROLE_ORDER.findIndex((each) => each === role);
    return index < 0 ? ROLE_ORDER.indexOf('cs') : index;
  };
  const ids = [...new Set(rows.flatMap(({ f, to }) => [f, to]))];
  return ids.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/** Start and end of a transaction are no repetition of what comes between them (OCPP 2.x says all three by one action). */
function eventTypeOf({ a, sum }: SequenceRow): string {
  return a === 'TransactionEvent' ? (/^(Started|Updated|Ended)\b/.exec(sum)?.[0] ?? '') : '';
}

/** Neighbours of one action between the same two. An error, a finding, an event never disappears in a run. */
function runsOf<R extends SequenceRow>(rows: readonly R[]): R[][] {
  const runs: R[][] = [];
  /** Number of an answer -> what it answers. */
  const answers = new Map<number, string>();
  let key: string | undefined;
  for (const row of rows) {
    const special =
      row.fd !== undefined || row.k === 'error' || row.x?.k === 'error' || row.k === 'event' || row.k === 'mark';
    const asked = answers.get(row.s) ?? JSON.stringify([row.p, row.a, eventTypeOf(row), ...[row.f, row.to].sort()]);
    if (row.k === 'request' && row.x?.s !== undefined) answers.set(row.x.s, asked);
    const own = special ? undefined : asked;
    if (own !== undefined && own === key) runs.at(-1)?.push(row);
    else runs.push([row]);
    key = own;
  }
  return runs;
}

/** What stands at an arrow. */
export function labelOf({ k, a, sum }: SequenceRow): string {
  if (k === 'response') return sum === '' ? 'answer' : sum;
  if (k === 'error') return sum === '' ? 'error' : sum;
  return sum === '' ? a : `${a}: ${sum}`;
}

export function gapText(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`;
}

import type { Row } from '../api/shapes.ts';

/** A sequence diagram as data: lifelines and steps from the rows of a list. Pure; drawing and text exports read it. */

export interface Arrow {
  readonly kind: 'arrow';
  readonly row: Row;
  /** Columns of the lifelines. */
  readonly from: number;
  readonly to: number;
}
export interface Fold {
  readonly kind: 'fold';
  readonly rows: readonly Row[];
  /** Requests and sends in it. */
  readonly count: number;
  readonly from: number;
  readonly to: number;
  readonly action: string;
}
export interface Note {
  readonly kind: 'note';
  readonly row: Row;
  readonly at: number;
}
export interface Gap {
  readonly kind: 'gap';
  readonly ms: number;
}
export type Step = Arrow | Fold | Note | Gap;

export interface SequenceLayout {
  readonly lifelines: readonly string[];
  readonly steps: readonly Step[];
  /** Messages that are not drawn because they only say "still there". */
  readonly hidden: number;
}

export interface SequenceOptions {
  /** Folds that are open, by the number of their first message. */
  readonly open: ReadonlySet<number>;
  readonly fold: boolean;
  readonly heartbeats: boolean;
  /** Breaks longer than this are drawn as such. */
  readonly gapMs: number;
}

const ORDER = ['ev', 'station', 'everest', 'csms', 'pnc', 'hub', 'emp'];
const FOLD_FROM = 3;

/** Stations stand left, the backends in the order in which a session passes them. */
export function lifelineOrder(parties: Iterable<string>): string[] {
  const rank = (id: string): number => {
    const own = ORDER.indexOf(id);
    return own >= 0 ? own : 1;
  };
  return [...new Set(parties)].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}

export function sequenceLayout(rows: readonly Row[], options: SequenceOptions): SequenceLayout {
  const shown = options.heartbeats ? rows : rows.filter((row) => row.a !== 'Heartbeat');
  const lifelines = lifelineOrder(shown.flatMap((row) => [row.f, row.to]));
  const column = new Map(lifelines.map((id, index) => [id, index]));
  const at = (id: string): number => column.get(id) ?? 0;
  const steps: Step[] = [];
  let lastTime: number | undefined;
  for (const run of runsOf(shown)) {
    const [first] = run;
    if (first === undefined) continue;
    if (lastTime !== undefined && first.t - lastTime > options.gapMs)
      steps.push({ kind: 'gap', ms: first.t - lastTime });
    lastTime = run.at(-1)?.t ?? first.t;
    const asks = run.filter((row) => row.k === 'request' || row.k === 'send');
    if (options.fold && asks.length >= FOLD_FROM && !options.open.has(first.s)) {
      const [ask] = asks;
      steps.push({
        kind: 'fold',
        rows: run,
        count: asks.length,
        from: at(ask?.f ?? first.f),
        to: at(ask?.to ?? first.to),
        action: first.a,
      });
      continue;
    }
    for (const row of run) {
      if (row.k === 'event' || row.k === 'mark' || row.f === row.to) steps.push({ kind: 'note', row, at: at(row.f) });
      else steps.push({ kind: 'arrow', row, from: at(row.f), to: at(row.to) });
    }
  }
  return { lifelines, steps, hidden: rows.length - shown.length };
}

/** Neighbours of one action between the same two parties. */
function runsOf(rows: readonly Row[]): Row[][] {
  const runs: Row[][] = [];
  let key = '';
  for (const row of rows) {
    const own = `${row.p} ${row.a} ${[row.f, row.to].sort().join(' ')}`;
    const last = runs.at(-1);
    // A finding or an error breaks a run: it must not disappear in a fold.
    const special = row.fd !== undefined || row.k === 'error' || row.k === 'event' || row.k === 'mark' || row.a === '';
    if (last !== undefined && own === key && !special) last.push(row);
    else runs.push([row]);
    key = special ? '' : own;
  }
  return runs;
}

export function arrowLabel(row: Row): string {
  if (row.k === 'response') return row.sum === '' ? 'answer' : row.sum;
  if (row.k === 'error') return row.sum === '' ? 'error' : row.sum;
  return row.sum === '' ? row.a : `${row.a} · ${row.sum}`;
}

function quote(text: string): string {
  return text.replace(/[\n\r;#]/g, ' ').trim();
}

/** As Mermaid text. */
export function mermaidOf({ lifelines, steps }: SequenceLayout): string {
  const id = (index: number): string => `P${index}`;
  const lines = steps.flatMap((step): string[] => {
    switch (step.kind) {
      case 'arrow':
        return [
          `  ${id(step.from)}${step.row.k === 'error' ? '--x' : step.row.k === 'response' ? '-->>' : '->>'}${id(step.to)}: ${quote(arrowLabel(step.row))}`,
        ];
      case 'fold':
        return [`  ${id(step.from)}->>${id(step.to)}: ${step.count} times ${quote(step.action)}`];
      case 'note':
        return [`  Note over ${id(step.at)}: ${quote(step.row.sum || step.row.a || step.row.k)}`];
      default:
        return [`  Note over ${id(0)}: ${Math.round(step.ms / 1_000)} s later`];
    }
  });
  return [
    'sequenceDiagram',
    ...lifelines.map((name, index) => `  participant ${id(index)} as ${quote(name)}`),
    ...lines,
  ].join('\n');
}

/** As PlantUML text. */
export function plantUmlOf({ lifelines, steps }: SequenceLayout): string {
  const id = (index: number): string => `P${index}`;
  const lines = steps.map((step): string => {
    switch (step.kind) {
      case 'arrow':
        return `${id(step.from)} ${step.row.k === 'error' ? '-->x' : step.row.k === 'response' ? '-->' : '->'} ${id(step.to)} : ${quote(arrowLabel(step.row))}`;
      case 'fold':
        return `${id(step.from)} -> ${id(step.to)} : ${step.count} times ${quote(step.action)}`;
      case 'note':
        return `note over ${id(step.at)} : ${quote(step.row.sum || step.row.a || step.row.k)}`;
      default:
        return `...${Math.round(step.ms / 1_000)} s later...`;
    }
  });
  const heads = lifelines.map((name, index) => `participant "${quote(name).replaceAll('"', "'")}" as ${id(index)}`);
  return ['@startuml', ...heads, ...lines, '@enduml'].join('\n');
}

import type { Row } from '../../api/shapes.ts';
import { AnswerText } from '../../parts/answer-text.tsx';
import { FindingCount, FlagTags, PartyText, ProtoTag } from '../../parts/atoms.tsx';
import { bytes, clockTime, milliseconds } from '../../parts/format.ts';
import type { GridColumn } from '../../parts/virtual-grid.tsx';
import { actionText } from './row-words.ts';

export interface ColumnContext {
  /** The time that distances are told from: the row before, or the marked one. */
  before(index: number): number | undefined;
  readonly slowestMs: number;
  readonly now: number;
}

type Make = (context: ColumnContext) => GridColumn<Row>;

const COLUMNS = {
  seq: () => ({
    id: 'seq',
    label: '#',
    width: '64px',
    align: 'right',
    cell: (row) => <span className="mono muted">{row.s}</span>,
  }),
  time: () => ({
    id: 'time',
    label: 'Time',
    width: '112px',
    cell: (row) => (
      <span className="mono" title={new Date(row.t).toISOString()}>
        {clockTime(row.t)}
      </span>
    ),
  }),
  delta: ({ before }) => ({
    id: 'delta',
    label: 'Δ',
    width: '72px',
    align: 'right',
    cell: (row, index) => {
      const from = before(index);
      return <span className="mono muted">{from === undefined ? '' : deltaText(row.t - from)}</span>;
    },
  }),
  proto: () => ({
    id: 'proto',
    label: 'Protocol',
    width: '104px',
    cell: (row) => <ProtoTag protocol={row.p} version={row.v} />,
  }),
  from: () => ({ id: 'from', label: 'From', width: 'minmax(84px, 1fr)', cell: (row) => <PartyText id={row.f} /> }),
  to: () => ({
    id: 'to',
    label: 'To',
    width: 'minmax(92px, 1fr)',
    cell: (row) => (
      <span className="flow">
        <span className="muted" aria-hidden="true">
          →
        </span>
        <PartyText id={row.to} />
      </span>
    ),
  }),
  action: () => ({
    id: 'action',
    label: 'Action',
    width: 'minmax(130px, 1.5fr)',
    cell: (row) => <span style={{ fontWeight: 550 }}>{actionText(row)}</span>,
  }),
  summary: () => ({
    id: 'summary',
    label: 'Summary',
    width: 'minmax(150px, 3fr)',
    cell: (row) => <span className="muted">{row.sum}</span>,
  }),
  session: () => ({
    id: 'session',
    label: 'Session',
    width: '110px',
    cell: (row) => (row.ses === undefined ? null : <span className="mono">{row.ses}</span>),
  }),
  answer: ({ now }) => ({
    id: 'answer',
    label: 'Answer',
    width: 'minmax(96px, 1fr)',
    cell: (row) => <AnswerText row={row} now={now} />,
  }),
  ms: ({ slowestMs }) => ({
    id: 'ms',
    label: 'ms',
    width: '62px',
    align: 'right',
    cell: (row) =>
      row.x === undefined || row.x.k === 'waiting' || row.x.k === 'timeout' ? null : (
        <span className="latency">
          {milliseconds(row.x.ms)}
          <i style={{ width: `${Math.min(100, (row.x.ms / Math.max(slowestMs, 1)) * 100)}%` }} />
        </span>
      ),
  }),
  findings: () => ({ id: 'findings', label: '⚑', width: '44px', cell: (row) => <FindingCount counts={row.fd} /> }),
  flags: () => ({
    id: 'flags',
    label: 'Flags',
    width: '76px',
    cell: (row) => (row.fl === undefined ? null : <FlagTags flags={row.fl} />),
  }),
  size: () => ({ id: 'size', label: 'Size', width: '64px', align: 'right', cell: (row) => bytes(row.b) }),
} as const satisfies Record<string, Make>;

export type ColumnId = keyof typeof COLUMNS;
export const ALL_COLUMNS = Object.keys(COLUMNS) as ColumnId[];
export const COLUMN_LABELS: Readonly<Record<ColumnId, string>> = {
  seq: 'Number',
  time: 'Time',
  delta: 'Time since the row before',
  proto: 'Protocol',
  from: 'From',
  to: 'To',
  action: 'Action',
  summary: 'Summary',
  session: 'Session',
  answer: 'Answer',
  ms: 'Latency',
  findings: 'Findings',
  flags: 'Flags',
  size: 'Size',
};

export const DEFAULT_COLUMNS: readonly ColumnId[] = [
  'seq',
  'time',
  'delta',
  'proto',
  'from',
  'to',
  'action',
  'summary',
  'answer',
  'ms',
  'findings',
  'flags',
];
export const PANE_COLUMNS: readonly ColumnId[] = ['seq', 'time', 'proto', 'from', 'to', 'action', 'answer', 'findings'];
export const NARROW_COLUMNS: readonly ColumnId[] = ['seq', 'time', 'action', 'answer'];

export function columnsFor(ids: readonly ColumnId[], context: ColumnContext): GridColumn<Row>[] {
  return ids.map((id) => COLUMNS[id](context));
}

function deltaText(ms: number): string {
  if (ms < 1_000) return `+${Math.max(0, ms).toFixed(0)}ms`;
  if (ms < 60_000) return `+${(ms / 1_000).toFixed(2)}s`;
  return ms < 3_600_000 ? `+${(ms / 60_000).toFixed(1)}m` : `+${(ms / 3_600_000).toFixed(1)}h`;
}

import { gapText, labelOf, type Sequence } from './model.ts';

/** Ready for SVG: every line and label with its place in pixels. */
export interface SequenceLayout {
  readonly width: number;
  readonly height: number;
  readonly heads: readonly { readonly x: number; readonly name: string }[];
  readonly items: readonly SequenceItem[];
}

export interface SequenceItem {
  readonly kind: 'arrow' | 'fold' | 'note' | 'gap';
  readonly y: number;
  readonly x1: number;
  readonly x2: number;
  readonly label: string;
  readonly dashed: boolean;
  readonly error: boolean;
  readonly finding: boolean;
  /** The message that it stands for; of a fold the first one. */
  readonly seq?: number;
  readonly protocol?: string;
}

const COLUMN_PX = 220;
const ROW_PX = 28;
const HEAD_PX = 48;

export function sequenceLayout({ lifelines, steps }: Sequence): SequenceLayout {
  const x = (column: number): number => COLUMN_PX / 2 + column * COLUMN_PX;
  const items = steps.map((step, index): SequenceItem => {
    const y = HEAD_PX + index * ROW_PX + ROW_PX / 2;
    const common = { y, dashed: false, error: false, finding: false };
    switch (step.kind) {
      case 'arrow':
        return {
          ...common,
          kind: 'arrow',
          x1: x(step.from),
          x2: x(step.to),
          label: labelOf(step.row),
          dashed: step.row.k === 'response' || step.row.k === 'error',
          error: step.row.k === 'error',
          finding: step.row.fd !== undefined,
          seq: step.row.s,
          protocol: step.row.p,
        };
      case 'fold': {
        const first = step.rows[0];
        return {
          ...common,
          kind: 'fold',
          x1: x(step.from),
          x2: x(step.to),
          label: `${step.count} × ${step.action}`,
          ...(first === undefined ? {} : { seq: first.s, protocol: first.p }),
        };
      }
      case 'note':
        return {
          ...common,
          kind: 'note',
          x1: x(step.at),
          x2: x(step.at),
          label: labelOf(step.row),
          finding: step.row.fd !== undefined,
          seq: step.row.s,
          protocol: step.row.p,
        };
      default:
        return { ...common, kind: 'gap', x1: x(0), x2: x(Math.max(0, lifelines.length - 1)), label: gapText(step.ms) };
    }
  });
  return {
    width: Math.max(1, lifelines.length) * COLUMN_PX,
    height: HEAD_PX + steps.length * ROW_PX + ROW_PX,
    heads: lifelines.map((name, index) => ({ x: x(index), name })),
    items,
  };
}

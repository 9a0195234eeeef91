import { useEffect, useRef, useState } from 'react';
import { labelOf, type Sequence, type SequenceStep } from '../../../src/journal/sequence/index.ts';
import type { Row } from '../api/shapes.ts';
import './atoms.css';
import { clockTime, duration, partyName } from './format.ts';
import './sequence-diagram.css';

const STEP = 26;
const FIRST = 190;
const LEAST_LANE = 210;
const MOST_LANE = 460;
/** Width of a letter, on average. */
const LETTER = 6.4;
/** More steps than this are drawn only where one looks. */
const WINDOWED = 400;

interface Props {
  readonly layout: Sequence<Row>;
  readonly selected: number | undefined;
  onSelect(row: Row): void;
  onUnfold(first: number): void;
}

/** The story of an interaction across parties and protocols. No `url(#…)` inside: the page has a `<base>`. */
export function SequenceDiagram({ layout, selected, onSelect, onUnfold }: Props) {
  const { lifelines, steps } = layout;
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 800, width: 1000 });
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const measure = (): void =>
      setView({ top: element.scrollTop, height: element.clientHeight, width: element.clientWidth });
    measure();
    element.addEventListener('scroll', measure, { passive: true });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => {
      element.removeEventListener('scroll', measure);
      observer.disconnect();
    };
  }, []);
  const gaps = Math.max(1, lifelines.length - 1);
  const lane = Math.max(LEAST_LANE, Math.min(MOST_LANE, (view.width - FIRST - 110) / gaps));
  const width = Math.max(view.width, FIRST + gaps * lane + 100);
  const height = steps.length * STEP + 24;
  const first = steps.length > WINDOWED ? Math.max(0, Math.floor(view.top / STEP) - 10) : 0;
  const last =
    steps.length > WINDOWED ? Math.min(steps.length, Math.ceil((view.top + view.height) / STEP) + 10) : steps.length;
  return (
    <div className="seq" ref={box}>
      <div className="seq-heads" style={{ width }}>
        {lifelines.map((id, index) => (
          <div
            key={id}
            className="seq-head"
            data-testid="lifeline"
            data-party={id}
            style={{ left: FIRST + index * lane }}
          >
            <span className="clip">{partyName(id)}</span>
          </div>
        ))}
      </div>
      <svg width={width} height={height} data-testid="seq-svg" role="group" aria-label="Sequence of messages">
        {lifelines.map((id, index) => (
          <line key={id} className="seq-life" x1={FIRST + index * lane} x2={FIRST + index * lane} y1={0} y2={height} />
        ))}
        {steps.slice(first, last).map((step, index) => (
          <StepLine
            key={keyOf(step, first + index)}
            step={step}
            y={(first + index) * STEP + STEP / 2 + 6}
            width={width}
            lane={lane}
            selected={step.kind === 'arrow' && step.row.s === selected}
            onSelect={onSelect}
            onUnfold={onUnfold}
          />
        ))}
      </svg>
    </div>
  );
}

function keyOf(step: SequenceStep<Row>, index: number): string {
  if (step.kind === 'gap') return `gap ${index}`;
  return step.kind === 'fold' ? `fold ${step.rows[0]?.s}` : String(step.row.s);
}

interface StepProps {
  readonly step: SequenceStep<Row>;
  readonly y: number;
  readonly width: number;
  readonly lane: number;
  readonly selected: boolean;
  onSelect(row: Row): void;
  onUnfold(first: number): void;
}

function StepLine({ step, y, width, lane, selected, onSelect, onUnfold }: StepProps) {
  const x = (index: number): number => FIRST + index * lane;
  if (step.kind === 'gap') {
    return (
      <g>
        <text aria-hidden="true" className="seq-gap" x={width / 2} y={y + 4} textAnchor="middle">
          {duration(step.ms)} later
        </text>
      </g>
    );
  }
  const keyed = (run: () => void) => (event: React.KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    event.stopPropagation();
    run();
  };
  if (step.kind === 'fold') {
    const [first] = step.rows;
    const open = (): void => onUnfold(first?.s ?? 0);
    const middle = (x(step.from) + x(step.to)) / 2;
    const label = clipped(`${step.count} × ${step.action}`, Math.abs(x(step.to) - x(step.from)));
    const wide = label.length * LETTER + 24;
    return (
      <g
        className="seq-step"
        data-testid="seq-fold"
        data-messages={step.rows.length}
        data-proto={first?.p}
        role="img"
        tabIndex={0}
        aria-label={`${step.count} times ${step.action}, show all`}
        onClick={open}
        onKeyDown={keyed(open)}
      >
        <rect className="hit" x={0} y={y - STEP / 2} width={width} height={STEP} />
        <text aria-hidden="true" className="time" x={12} y={y + 4}>
          {first === undefined ? '' : clockTime(first.t)}
        </text>
        <ArrowShape from={x(step.from)} to={x(step.to)} y={y} />
        <rect className="seq-fold-box" x={middle - wide / 2} y={y - 10} width={wide} height={20} rx={10} />
        <text aria-hidden="true" x={middle} y={y + 4} textAnchor="middle">
          {label}
        </text>
      </g>
    );
  }
  const { row } = step;
  if (step.kind === 'note') {
    return (
      <g
        className="seq-step"
        data-testid="seq-arrow"
        data-seq={row.s}
        data-proto={row.p}
        role="img"
        tabIndex={0}
        aria-label={sentence(row)}
        onClick={() => onSelect(row)}
        onKeyDown={keyed(() => onSelect(row))}
      >
        <rect className="hit" x={0} y={y - STEP / 2} width={width} height={STEP} />
        <text aria-hidden="true" className="time" x={12} y={y + 4}>
          {clockTime(row.t)}
        </text>
        <circle cx={x(step.at)} cy={y} r={4} fill="var(--s-page)" stroke="var(--proto)" strokeWidth={1.5} />
        <text aria-hidden="true" className="soft" x={x(step.at) + 10} y={y + 4}>
          {(row.sum || row.a || row.k).slice(0, 60)}
        </text>
      </g>
    );
  }
  const dashed = row.k === 'response' || row.k === 'error';
  const left = Math.min(x(step.from), x(step.to));
  const span = Math.abs(x(step.to) - x(step.from));
  return (
    <g
      className="seq-step"
      data-testid="seq-arrow"
      data-seq={row.s}
      data-proto={row.p}
      data-bad={row.k === 'error'}
      data-selected={selected}
      role="img"
      tabIndex={0}
      aria-label={sentence(row)}
      onClick={() => onSelect(row)}
      onKeyDown={keyed(() => onSelect(row))}
    >
      <rect className="hit" x={0} y={y - STEP / 2} width={width} height={STEP} />
      <text aria-hidden="true" className="time" x={12} y={y + 4}>
        {clockTime(row.t)}
      </text>
      <ArrowShape from={x(step.from)} to={x(step.to)} y={y + 5} dashed={dashed} cross={row.k === 'error'} />
      <text aria-hidden="true" className={dashed ? 'soft' : undefined} x={left + span / 2} y={y} textAnchor="middle">
        {clipped(labelOf(row), span)}
      </text>
      {row.fd !== undefined && (
        <text
          aria-hidden="true"
          x={x(step.from) + (step.from < step.to ? -14 : 6)}
          y={y + 6}
          fill="var(--c-error)"
          style={{ fill: 'var(--c-error)' }}
        >
          ⚑
        </text>
      )}
    </g>
  );
}

/** What of a label fits over an arrow. */
function clipped(label: string, span: number): string {
  const most = Math.max(10, Math.floor((span - 24) / LETTER));
  return label.length > most ? `${label.slice(0, most - 1)}…` : label;
}

function ArrowShape({
  from,
  to,
  y,
  dashed = false,
  cross = false,
}: {
  readonly from: number;
  readonly to: number;
  readonly y: number;
  readonly dashed?: boolean;
  readonly cross?: boolean;
}) {
  const way = to > from ? 1 : -1;
  const end = to - way * 2;
  return (
    <>
      <line x1={from} x2={end - way * 5} y1={y} y2={y} strokeDasharray={dashed ? '5 4' : undefined} />
      {cross ? (
        <path d={`M${end - 8} ${y - 4}l8 8m0-8l-8 8`} />
      ) : (
        <path className="head" d={`M${end} ${y}l${-way * 8} -4v8z`} />
      )}
    </>
  );
}

function sentence(row: Row): string {
  return `${clockTime(row.t)}, ${partyName(row.f)} to ${partyName(row.to)}, ${row.k} ${row.a}, ${row.sum}`;
}

/** The diagram as an SVG file of its own: colours written out, no reference to anything outside. */
export function standaloneSvg(svg: SVGSVGElement, lifelines: readonly string[]): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const originals = svg.querySelectorAll<SVGElement>('line,path,text,rect,circle');
  const copies = copy.querySelectorAll<SVGElement>('line,path,text,rect,circle');
  originals.forEach((original, index) => {
    const target = copies[index];
    if (target === undefined) return;
    const style = getComputedStyle(original);
    for (const name of ['stroke', 'fill', 'stroke-width', 'stroke-dasharray', 'font-size', 'font-family'] as const)
      target.setAttribute(name, style.getPropertyValue(name));
    target.removeAttribute('style');
    target.removeAttribute('class');
  });
  const height = Number(svg.getAttribute('height')) + 30;
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('height', String(height));
  copy.setAttribute('viewBox', `0 -30 ${svg.getAttribute('width')} ${height}`);
  const lines = svg.querySelectorAll('.seq-life');
  lifelines.forEach((id, index) => {
    const text = document.createElementNS('http://www.w3.org/2000/svg', 'text');
    text.setAttribute('x', lines[index]?.getAttribute('x1') ?? '0');
    text.setAttribute('y', '-10');
    text.setAttribute('text-anchor', 'middle');
    text.setAttribute('font-size', '13');
    text.setAttribute('font-family', 'sans-serif');
    text.setAttribute('fill', getComputedStyle(svg).color);
    text.textContent = partyName(id);
    copy.append(text);
  });
  return new XMLSerializer().serializeToString(copy);
}

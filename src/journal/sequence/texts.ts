import { gapText, labelOf, type Sequence, type SequenceStep } from './model.ts';

/** Mermaid and PlantUML read some characters as their own: peers' texts must not become markup. */
function plain(text: string): string {
  return (
    text
      .replace(/[\n\r;#<>"`]/g, ' ')
      .replace(/\s+/g, ' ')
      .trim() || '-'
  );
}

export function mermaidOf({ lifelines, steps }: Sequence): string {
  const lines = steps.map((step): string => {
    switch (step.kind) {
      case 'arrow': {
        const arrow = step.row.k === 'error' ? '--x' : step.row.k === 'response' ? '-->>' : '->>';
        return `  P${step.from}${arrow}P${step.to}: ${plain(labelOf(step.row))}`;
      }
      case 'fold':
        return `  P${step.from}->>P${step.to}: ${step.count} × ${plain(step.action)}`;
      case 'note':
        return `  Note over P${step.at}: ${plain(labelOf(step.row))}`;
      default:
        return `  Note over P0,P${Math.max(0, lifelines.length - 1)}: ${gapText(step.ms)} later`;
    }
  });
  const heads = lifelines.map((name, index) => `  participant P${index} as ${plain(name)}`);
  return `${['sequenceDiagram', ...heads, ...lines].join('\n')}\n`;
}

export function plantUmlOf({ lifelines, steps }: Sequence): string {
  const lines = steps.map((step): string => {
    switch (step.kind) {
      case 'arrow': {
        const arrow = step.row.k === 'error' ? '-->x' : step.row.k === 'response' ? '-->' : '->';
        return `P${step.from} ${arrow} P${step.to} : ${plain(labelOf(step.row))}`;
      }
      case 'fold':
        return `P${step.from} -> P${step.to} : ${step.count} × ${plain(step.action)}`;
      case 'note':
        return `note over P${step.at} : ${plain(labelOf(step.row))}`;
      default:
        return `...${gapText(step.ms)} later...`;
    }
  });
  const heads = lifelines.map((name, index) => `participant "${plain(name)}" as P${index}`);
  return `${['@startuml', ...heads, ...lines, '@enduml'].join('\n')}\n`;
}

const COLUMN = 30;

/** For the terminal: one line a step, parties as columns. */
export function textOf({ lifelines, steps }: Sequence): string {
  const head = lifelines
    .map((name) =>
      plain(name)
        .slice(0, COLUMN - 2)
        .padEnd(COLUMN),
    )
    .join('');
  const lines = steps.map((step) => textLine(step, lifelines.length).trimEnd());
  return `${[`${' '.repeat(14)}${head}`.trimEnd(), ...lines].join('\n')}\n`;
}

function textLine(step: SequenceStep, columns: number): string {
  const bars = Array.from({ length: columns }, () => `│${' '.repeat(COLUMN - 1)}`).join('');
  switch (step.kind) {
    case 'gap':
      return `${' '.repeat(14)}${centred(`${gapText(step.ms)} later`, Math.max(1, columns - 1) * COLUMN, '·')}`;
    case 'note':
      return `${clock(step.row.t)}${overlay(bars, step.at * COLUMN + 1, ` ${plain(labelOf(step.row)).slice(0, 60)}`)}`;
    case 'fold':
      return `${clock(step.rows[0]?.t ?? 0)}${arrow(bars, step.from, step.to, `${step.count} × ${step.action}`, '─')}`;
    case 'arrow': {
      const dashed = step.row.k === 'response' || step.row.k === 'error';
      const mark = step.row.k === 'error' ? '✗ ' : step.row.fd === undefined ? '' : '⚑ ';
      return `${clock(step.row.t)}${arrow(bars, step.from, step.to, `${mark}${plain(labelOf(step.row))}`, dashed ? '┄' : '─')}`;
    }
  }
}

function arrow(bars: string, from: number, to: number, label: string, line: string): string {
  const left = Math.min(from, to) * COLUMN + 1;
  const width = Math.max(1, Math.abs(to - from) * COLUMN - 1);
  const text = label.length > width - 4 ? `${label.slice(0, width - 5)}…` : label;
  const body = centred(text, width - 1, line);
  return overlay(bars, left, to > from ? `${body}▶` : `◀${body}`);
}

function centred(text: string, width: number, fill: string): string {
  const padded = ` ${text} `;
  const before = Math.max(0, Math.floor((width - padded.length) / 2));
  return fill.repeat(before) + padded + fill.repeat(Math.max(0, width - before - padded.length));
}

function overlay(base: string, at: number, text: string): string {
  return base.slice(0, at) + text + base.slice(at + text.length);
}

/** Time of day in UTC, from the number alone: this module runs in browsers too. */
function clock(t: number): string {
  const ms = Math.floor(((t % 86_400_000) + 86_400_000) % 86_400_000);
  const part = (value: number, digits: number): string => String(Math.floor(value)).padStart(digits, '0');
  return `${part(ms / 3_600_000, 2)}:${part((ms / 60_000) % 60, 2)}:${part((ms / 1_000) % 60, 2)}.${part(ms % 1_000, 3)}  `;
}

import { describe, expect, it } from 'vitest';
import type { Row } from '../api/shapes.ts';
import { lifelineOrder, mermaidOf, plantUmlOf, type SequenceOptions, sequenceLayout } from './sequence-layout.ts';

let seq = 0;
const row = (f: string, to: string, a: string, k: Row['k'] = 'request', t = 0): Row => ({
  s: ++seq,
  t,
  k,
  p: 'ocpp',
  f,
  to,
  a,
  sum: '',
  b: 1,
});
const options: SequenceOptions = { open: new Set(), fold: true, heartbeats: false, gapMs: 5_000 };
const exchange = (a: string): Row[] => [row('CS-1', 'csms', a), row('csms', 'CS-1', a, 'response')];

describe('a sequence diagram', () => {
  it('has stations at the left and the EMP at the right', () => {
    expect(lifelineOrder(['emp', 'csms', 'CS-2', 'hub', 'CS-1'])).toEqual(['CS-1', 'CS-2', 'csms', 'hub', 'emp']);
  });

  it('draws every message once: arrows and folded ones add up', () => {
    const rows = [
      ...exchange('BootNotification'),
      ...exchange('MeterValues'),
      ...exchange('MeterValues'),
      ...exchange('MeterValues'),
    ];
    const { steps } = sequenceLayout(rows, options);
    expect(steps.map((step) => step.kind)).toEqual(['arrow', 'arrow', 'fold']);
    expect(steps.reduce((sum, step) => sum + (step.kind === 'fold' ? step.rows.length : 1), 0)).toBe(rows.length);
    expect(steps[2]).toMatchObject({ count: 3, action: 'MeterValues', from: 0, to: 1 });
  });

  it('opens a fold, and hides heartbeats unless they are wanted', () => {
    const rows = [
      ...exchange('MeterValues'),
      ...exchange('MeterValues'),
      ...exchange('MeterValues'),
      ...exchange('Heartbeat'),
    ];
    const open = new Set([rows[0]?.s ?? 0]);
    expect(sequenceLayout(rows, { ...options, open }).steps).toHaveLength(6);
    expect(sequenceLayout(rows, options).hidden).toBe(2);
    expect(sequenceLayout(rows, { ...options, heartbeats: true }).hidden).toBe(0);
  });

  it('never folds an error or a finding away', () => {
    const rows = [
      ...exchange('MeterValues'),
      row('CS-1', 'csms', 'MeterValues'),
      row('csms', 'CS-1', 'MeterValues', 'error'),
      ...exchange('MeterValues'),
    ];
    expect(sequenceLayout(rows, options).steps.some((step) => step.kind === 'fold')).toBe(false);
  });

  it('marks long breaks', () => {
    const rows = [row('CS-1', 'csms', 'A', 'request', 0), row('csms', 'CS-1', 'B', 'request', 60_000)];
    expect(sequenceLayout(rows, options).steps[1]).toEqual({ kind: 'gap', ms: 60_000 });
  });

  it('is told as Mermaid and PlantUML text', () => {
    const layout = sequenceLayout(exchange('Authorize'), options);
    expect(mermaidOf(layout)).toBe(
      [
        'sequenceDiagram',
        '  participant P0 as CS-1',
        '  participant P1 as csms',
        '  P0->>P1: Authorize',
        '  P1-->>P0: answer',
      ].join('\n'),
    );
    expect(plantUmlOf(layout)).toContain('P1 --> P0 : answer');
  });
});

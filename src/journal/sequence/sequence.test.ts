import { describe, expect, it } from 'vitest';
import { mermaidOf, plantUmlOf, type SequenceRow, sequenceLayout, sequenceOf, textOf } from './index.ts';

let seq = 0;
const T = 36_842_101; // 10:14:02.101
function row(f: string, to: string, a: string, sum: string, changes: Partial<SequenceRow> = {}): SequenceRow {
  return { s: ++seq, t: T + seq, k: 'request', p: 'ocpp', f, to, a, sum, ...changes };
}

describe('sequence diagrams', () => {
  const rows = [
    row('emp', 'hub', 'AuthorizeRemoteStart', 'DE-DCB', { p: 'oicp', t: T }),
    row('hub', 'csms', 'AuthorizeRemoteStart', 'DE-DCB', { p: 'oicp', t: T + 3 }),
    row('csms', 'CS-1', 'RequestStartTransaction', 'EVSE 1', { t: T + 17 }),
    row('CS-1', 'csms', 'RequestStartTransaction', 'Accepted', { k: 'response', t: T + 30 }),
    row('csms', 'hub', 'AuthorizeRemoteStart', '022', { k: 'error', p: 'oicp', t: T + 32 }),
  ];

  it('order the parties as a session passes them, whoever speaks first', () => {
    expect(sequenceOf(rows).lifelines).toEqual(['CS-1', 'csms', 'hub', 'emp']);
    const roles = new Map([
      ['backend', 'csms'],
      ['box', 'cs'],
    ] as const);
    expect(sequenceOf([row('backend', 'box', 'Reset', '')], { roles }).lifelines).toEqual(['box', 'backend']);
  });

  it('as Mermaid: solid requests, dashed answers, a cross for errors', () => {
    expect(mermaidOf(sequenceOf(rows))).toBe(`sequenceDiagram
  participant P0 as CS-1
  participant P1 as csms
  participant P2 as hub
  participant P3 as emp
  P3->>P2: AuthorizeRemoteStart: DE-DCB
  P2->>P1: AuthorizeRemoteStart: DE-DCB
  P1->>P0: RequestStartTransaction: EVSE 1
  P0-->>P1: Accepted
  P1--xP2: 022
`);
  });

  it('as PlantUML', () => {
    const text = plantUmlOf(sequenceOf(rows));
    expect(text.split('\n').slice(0, 2)).toEqual(['@startuml', 'participant "CS-1" as P0']);
    expect(text).toContain('P1 -->x P2 : 022');
    expect(text.endsWith('@enduml\n')).toBe(true);
  });

  it('as text with the time of day and arrows in both directions', () => {
    const lines = textOf(sequenceOf(rows)).split('\n');
    expect(lines[0]).toMatch(/^ {14}CS-1 {26}csms {26}hub {27}emp$/);
    expect(lines[1]).toMatch(/^10:14:02\.101 {2}│ .*◀─* Author.*… ─*│$/);
    expect(lines[4]).toMatch(/^10:14:02\.131 {2}│┄+ Accepted ┄+▶│/);
    expect(lines[5]).toContain('✗ 022');
  });

  it('keep the start and the end of a transaction out of the fold of its updates', () => {
    const exchange = (sum: string): SequenceRow[] => {
      const asked = row('CS-1', 'csms', 'TransactionEvent', sum);
      const answer = row('csms', 'CS-1', 'TransactionEvent', '', { k: 'response' });
      return [{ ...asked, x: { s: answer.s, k: 'response', st: '', ms: 1 } }, answer];
    };
    const words = ['Started #0', 'Updated #1', 'Updated #2 · 11 kW', 'Updated #3', 'Ended #4'];
    const { steps } = sequenceOf(words.flatMap(exchange));
    expect(steps.map((step) => (step.kind === 'fold' ? `${step.count} × ${step.action}` : step.kind))).toEqual([
      'arrow',
      'arrow',
      '3 × TransactionEvent Updated',
      'arrow',
      'arrow',
    ]);
  });

  it('fold equal neighbours, hide heartbeats, tell gaps; an error breaks a fold', () => {
    const many = Array.from({ length: 5 }, (_, index) => row('CS-1', 'csms', 'MeterValues', '', { t: T + index }));
    const broken = row('CS-1', 'csms', 'MeterValues', '', { k: 'error', t: T + 10 });
    const later = row('CS-1', 'csms', 'StopTransaction', '', { t: T + 860_010 });
    const beat = row('CS-1', 'csms', 'Heartbeat', '', { t: T + 11 });
    const sequence = sequenceOf([...many, broken, beat, later]);
    expect(sequence.steps.map((step) => (step.kind === 'fold' ? `fold ${step.count}` : step.kind))).toEqual([
      'fold 5',
      'arrow',
      'gap',
      'arrow',
    ]);
    expect(sequence.hidden).toBe(1);
    expect(mermaidOf(sequence)).toContain('14 min 20 s later');
    expect(sequenceOf(many, { fold: false }).steps).toHaveLength(5);
    expect(sequenceOf(many, { open: new Set([many[0]?.s ?? 0]) }).steps).toHaveLength(5);
    expect(sequenceOf(many, { open: new Set([many[1]?.s ?? 0]) }).steps).toHaveLength(1);
  });

  it('a peer’s text does not become markup', () => {
    const text = mermaidOf(sequenceOf([row('CS;1', 'csms', 'DataTransfer', 'a;b\nP0->>P1: <b>#')]));
    expect(text.split('\n')).toHaveLength(5);
    expect(text).not.toMatch(/[;<]/);
  });

  it('has places for drawing', () => {
    const layout = sequenceLayout(sequenceOf(rows));
    expect(layout.heads.map(({ x }) => x)).toEqual([110, 330, 550, 770]);
    expect(layout.items[4]).toMatchObject({ kind: 'arrow', x1: 330, x2: 550, dashed: true, error: true });
    expect(layout.height).toBeGreaterThan(layout.items[4]?.y ?? 0);
  });
});

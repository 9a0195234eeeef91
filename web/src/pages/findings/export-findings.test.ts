import { describe, expect, it } from 'vitest';
import { csvOf, markdownOf } from './export-findings.ts';
import type { PlacedFinding } from './finding-shapes.ts';

const finding: PlacedFinding = {
  id: 'F-1',
  rule: 'TX-001',
  severity: 'error',
  axis: 'conformance',
  party: 'CS-1',
  seq: 7,
  pointer: '/a,b',
  text: '=SUM("x")',
  time: 0,
  status: 'muted',
};

describe('findings as a file', () => {
  it('a cell is quoted where it must be, and never a formula', () => {
    const [head = '', line = ''] = csvOf([finding]).split('\r\n');
    expect(head.split(',')[0]).toBe('id');
    expect(line).toContain('"/a,b"');
    expect(line).toContain(`"'=SUM(""x"")"`);
  });

  it('a text for an issue groups by rule and says what is muted', () => {
    expect(markdownOf([finding])).toContain('## TX-001 (1)');
    expect(markdownOf([finding])).toContain('- **error** (muted), at fault CS-1');
  });
});

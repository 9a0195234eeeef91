import { saveFile } from '../../parts/clipboard.ts';
import type { PlacedFinding } from './finding-shapes.ts';

const COLUMNS = [
  'id',
  'severity',
  'axis',
  'status',
  'rule',
  'party',
  'protocol',
  'action',
  'session',
  'seq',
  'pointer',
  'clause',
  'text',
] as const;

/** Findings for an issue, a spreadsheet, or a program. */
export function exportFindings(items: readonly PlacedFinding[], as: 'markdown' | 'csv' | 'json'): void {
  if (as === 'json') saveFile('findings.json', 'application/json', `${JSON.stringify(items, null, 2)}\n`);
  if (as === 'csv') saveFile('findings.csv', 'text/csv', csvOf(items));
  if (as === 'markdown') saveFile('findings.md', 'text/markdown', markdownOf(items));
}

export function csvOf(items: readonly PlacedFinding[]): string {
  const cell = (value: unknown): string => {
    const text = value === undefined ? '' : String(value);
    // A text that a spreadsheet would take for a formula is kept a text.
    const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return [COLUMNS.join(','), ...items.map((item) => COLUMNS.map((name) => cell(item[name])).join(','))]
    .map((line) => `${line}\r\n`)
    .join('');
}

export function markdownOf(items: readonly PlacedFinding[]): string {
  const byRule = new Map<string, PlacedFinding[]>();
  for (const item of items) byRule.set(item.rule, [...(byRule.get(item.rule) ?? []), item]);
  const lines = [...byRule].flatMap(([rule, of]) => [
    `## ${rule} (${of.length})`,
    '',
    ...of.slice(0, 20).map(({ severity, party, text, seq, pointer = '', clause, status }) => {
      const where = `message ${seq ?? '–'} \`${pointer}\`${clause === undefined ? '' : `, ${clause}`}`;
      return `- **${severity}**${status === 'muted' ? ' (muted)' : ''}, at fault ${party}: ${text} (${where})`;
    }),
    '',
  ]);
  return ['# Findings', '', 'What our rules saw; not a verdict on a product.', '', ...lines].join('\n');
}

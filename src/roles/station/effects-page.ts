import { actionsFrom } from '../../protocols/ocpp/actions.ts';
import { EFFECTS_2X, EFFECTS_16 } from './effects.ts';

const NOT_THERE = 'not in this version';

/** docs/reference/station-actions.md: what every action of a CSMS does to a simulated station, by version. */
export function effectsPage(): string {
  const v16 = new Set(actionsFrom('1.6', 'csms'));
  const v201 = new Set(actionsFrom('2.0.1', 'csms'));
  const v21 = new Set(actionsFrom('2.1', 'csms'));
  const all = [...new Set([...v16, ...v201, ...v21])].sort();
  const effects16: Readonly<Record<string, string | undefined>> = EFFECTS_16;
  const effects2x: Readonly<Record<string, string | undefined>> = EFFECTS_2X;
  const cell = (has: boolean, effect: string | undefined): string => (has ? (effect ?? '') : NOT_THERE);
  const rows = all.map((action) => {
    const first = cell(v16.has(action), effects16[action]);
    const second = cell(v201.has(action), effects2x[action]);
    const third = cell(v21.has(action), effects2x[action]);
    return `| ${action} | ${first} | ${second} | ${v201.has(action) && third === second ? 'as 2.0.1' : third} |`;
  });
  return [
    '# What the CSMS’s actions do to a simulated station',
    '',
    'Written from the table that the station is compiled with (`npm run docs:reference`).',
    '',
    '| action | 1.6 | 2.0.1 | 2.1 |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

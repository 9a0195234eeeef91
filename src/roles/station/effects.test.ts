import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { actionsFrom } from '../../protocols/ocpp/actions.ts';
import { EFFECTS_2X, EFFECTS_16 } from './effects.ts';
import { effectsPage } from './effects-page.ts';
import { HANDLERS_2X } from './ocpp/v2x/handlers.ts';
import { HANDLERS_16 } from './ocpp/v16/handlers.ts';

describe('what the CSMS’s actions do', () => {
  it('has a sentence and a handler for every action of every version', () => {
    for (const action of actionsFrom('1.6', 'csms'))
      expect([action, action in EFFECTS_16, action in HANDLERS_16]).toEqual([action, true, true]);
    for (const version of ['2.0.1', '2.1'] as const) {
      for (const action of actionsFrom(version, 'csms'))
        expect([action, action in EFFECTS_2X, action in HANDLERS_2X]).toEqual([action, true, true]);
    }
  });

  it('docs/reference/station-actions.md is what the table says (npm run docs:reference writes it)', () => {
    const page = readFileSync(new URL('../../../docs/reference/station-actions.md', import.meta.url), 'utf8');
    expect(page).toBe(effectsPage());
  });

  it('the page has one row for each action, and no cell is empty or stands for a version that lacks the action', () => {
    const from = (version: '1.6' | '2.0.1' | '2.1'): ReadonlySet<string> => new Set(actionsFrom(version, 'csms'));
    const [v16, v201, v21] = [from('1.6'), from('2.0.1'), from('2.1')];
    const rows = effectsPage()
      .split('\n')
      .filter((line) => line.startsWith('| ') && !line.startsWith('| action'))
      .map((line) => line.slice(2, -2).split(' | '));
    expect(rows.map(([action]) => action).sort()).toEqual([...new Set([...v16, ...v201, ...v21])].sort());
    for (const [action = '', ...cells] of rows) {
      const lacking = cells.map((cell) => cell === 'not in this version');
      expect([action, lacking]).toEqual([action, [!v16.has(action), !v201.has(action), !v21.has(action)]]);
      for (const cell of cells) expect([action, cell.trim().length > 5]).toEqual([action, true]);
      if (cells[2] === 'as 2.0.1') expect([action, v201.has(action)]).toEqual([action, true]);
    }
  });
});

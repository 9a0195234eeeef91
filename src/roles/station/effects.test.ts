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
    expect(page).not.toContain('|  |');
  });
});

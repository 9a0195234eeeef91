import { readFileSync } from 'node:fs';
import Schema from 'typebox/schema';
import { describe, expect, it } from 'vitest';
import { scenarioSchema } from './schema.ts';
import { loadScenario, shippedScenarios } from './shipped.ts';

const schema = Schema.Compile(scenarioSchema());

describe('the JSON Schema of scenarios', () => {
  it('stands in docs/reference/scenario.schema.json (npm run docs:reference writes it)', () => {
    const page = readFileSync(new URL('../../../../docs/reference/scenario.schema.json', import.meta.url), 'utf8');
    expect(JSON.parse(page)).toEqual(JSON.parse(JSON.stringify(scenarioSchema())));
  });

  it.each(shippedScenarios())('takes the shipped scenario %s', (name) => {
    expect(schema.Check(loadScenario(name))).toBe(true);
  });

  it('refuses words and parameters that do not exist, also deep inside, and takes variables anywhere', () => {
    const file = (step: unknown) => ({ name: 'x', steps: [step] });
    expect(schema.Check(file({ jump: 3 }))).toBe(false);
    expect(schema.Check(file({ do: 'plug', evseId: 'one' }))).toBe(false);
    expect(schema.Check(file({ do: 'plug', evseId: '$'.concat('{socket}') }))).toBe(true);
    expect(schema.Check(file({ repeat: 2, steps: [{ do: 'plug', where: 1 }] }))).toBe(false);
    expect(schema.Check(file({ repeat: 2, steps: [{ do: 'plug', evseId: 1 }] }))).toBe(true);
  });
});

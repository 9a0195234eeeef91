import { COMMANDS } from '../commands.ts';
import { ScenarioFile, STEP_SHAPES } from './format.ts';

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly required?: readonly string[];
}

const VARIABLE = { type: 'string', pattern: '^\\$\\{\\w+\\}$', description: 'A variable of the scenario' };

/**
 * The JSON Schema of scenario files, for editors and other tools (`docs/reference/scenario.schema.json`). The reader checks
 * the same shapes step by step, with better words.
 */
export function scenarioSchema(): object {
  const steps = { type: 'array', minItems: 1, items: { $ref: '#/$defs/step' } };
  const { do: _do, ...words } = STEP_SHAPES;
  const control = Object.values(words).map((shape) => withSteps(plain(shape), steps));
  const commands = Object.entries(COMMANDS).map(([name, row]) => commandStep(name, row.summary, plain(row.params)));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'OCPP Compote scenario',
    description: 'Steps that happen to one simulated station, and what must be true meanwhile. Times are seconds.',
    ...withSteps(plain(ScenarioFile), steps),
    $defs: { step: { anyOf: [...control, ...commands] } },
  };
}

/** A schema without the marks of the library that made it. */
function plain(schema: unknown): ObjectSchema & Record<string, unknown> {
  return JSON.parse(JSON.stringify(schema)) as ObjectSchema & Record<string, unknown>;
}

function withSteps(shape: ObjectSchema & Record<string, unknown>, steps: object): Record<string, unknown> {
  const properties: Record<string, unknown> = { ...shape.properties };
  for (const name of ['steps', 'else']) if (Object.hasOwn(properties, name)) properties[name] = steps;
  return { ...shape, properties };
}

/** Every parameter may also be a variable. */
function commandStep(name: string, summary: string, params: ObjectSchema): object {
  const properties = Object.fromEntries(
    Object.entries(params.properties ?? {}).map(([key, schema]) => [key, { anyOf: [schema, VARIABLE] }]),
  );
  return {
    type: 'object',
    description: summary,
    properties: { do: { const: name }, ...properties },
    required: ['do', ...(params.required ?? [])],
    additionalProperties: false,
  };
}

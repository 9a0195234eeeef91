import { readFileSync } from 'node:fs';
import Type from 'typebox';
import { parse } from 'yaml';
import { CompoteError, messageOf } from '../../../core/errors.ts';
import { lazyValidator } from '../../../platform/schema/validator.ts';
import { oneOf } from '../../../platform/schema/words.ts';
import { OCPP_VERSIONS } from '../../../protocols/ocpp/versions.ts';
import { COMMANDS } from '../commands.ts';

/** A number, or one drawn by the scenario's seed. */
export type Amount = number | string | { readonly between: readonly [number, number] };

/** What a value of the station's view must be. */
export type Expected =
  | string
  | number
  | boolean
  | null
  | { readonly min?: number; readonly max?: number; readonly not?: unknown };

/**
 * One step. `do` is a command with its parameters; the others are the words of the scenario itself. Times are seconds.
 */
export type Step =
  | ({ readonly do: string } & Readonly<Record<string, unknown>>)
  | { readonly wait: Amount }
  | { readonly until: string; readonly data?: Readonly<Record<string, unknown>>; readonly within?: Amount }
  | { readonly expect: Readonly<Record<string, Expected>>; readonly within?: Amount }
  | { readonly set: Readonly<Record<string, unknown>> }
  | { readonly repeat: Amount; readonly as?: string; readonly steps: readonly Step[] }
  | { readonly chance: number; readonly steps: readonly Step[]; readonly else?: readonly Step[] }
  | { readonly note: string };

export interface Scenario {
  readonly name: string;
  readonly description?: string;
  readonly version?: (typeof OCPP_VERSIONS)[number];
  readonly template?: string;
  /** The same seed draws the same numbers. */
  readonly seed?: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly steps: readonly Step[];
}

const amount = Type.Union([
  Type.Number({ minimum: 0 }),
  Type.String({ pattern: '^\\$\\{\\w+\\}$', description: 'A variable' }),
  Type.Object({ between: Type.Tuple([Type.Number(), Type.Number()]) }, { additionalProperties: false }),
]);

const steps = Type.Array(Type.Object({}, { additionalProperties: true }), { minItems: 1 });

export const STEP_SHAPES = {
  wait: Type.Object({ wait: amount }, { additionalProperties: false }),
  until: Type.Object(
    {
      until: Type.String(),
      data: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
      within: Type.Optional(amount),
    },
    { additionalProperties: false },
  ),
  expect: Type.Object(
    { expect: Type.Record(Type.String(), Type.Unknown(), { minProperties: 1 }), within: Type.Optional(amount) },
    { additionalProperties: false },
  ),
  set: Type.Object({ set: Type.Record(Type.String(), Type.Unknown()) }, { additionalProperties: false }),
  repeat: Type.Object({ repeat: amount, as: Type.Optional(Type.String()), steps }, { additionalProperties: false }),
  chance: Type.Object(
    { chance: Type.Number({ minimum: 0, maximum: 1 }), steps, else: Type.Optional(steps) },
    { additionalProperties: false },
  ),
  note: Type.Object({ note: Type.String() }, { additionalProperties: false }),
  do: Type.Object({ do: oneOf(Object.keys(COMMANDS)) }, { additionalProperties: true }),
} as const;

/** The file as a whole; each step is checked by the shape of its word. */
export const ScenarioFile = Type.Object(
  {
    name: Type.String({ minLength: 1 }),
    description: Type.Optional(Type.String()),
    version: Type.Optional(oneOf(OCPP_VERSIONS)),
    template: Type.Optional(Type.String()),
    seed: Type.Optional(Type.String()),
    variables: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    steps,
  },
  { additionalProperties: false, title: 'Scenario' },
);

const fileValidator = lazyValidator(ScenarioFile);
const stepValidators = Object.fromEntries(
  Object.entries(STEP_SHAPES).map(([word, shape]) => [word, lazyValidator(shape)]),
);

const HINT =
  '`compote station --scenario-schema` prints the schema of scenarios; docs/guides/station-simulator.md shows one.';

/** Reads a scenario from YAML or JSON text. Throws CONFIG_INVALID naming the fields. */
export function parseScenario(text: string, where: string): Scenario {
  let value: unknown;
  try {
    value = parse(text);
  } catch (cause) {
    throw new CompoteError('CONFIG_INVALID', { detail: `Scenario ${where}: ${messageOf(cause)}`, hint: HINT, cause });
  }
  return checkScenario(value, where);
}

/** Checks what was read already; throws CONFIG_INVALID naming the fields. */
export function checkScenario(value: unknown, where: string): Scenario {
  const fields = fileValidator.errors(value);
  if (fields.length === 0) fields.push(...stepFaults((value as Scenario).steps, '/steps'));
  if (fields.length > 0) throw new CompoteError('CONFIG_INVALID', { detail: `Scenario ${where}`, hint: HINT, fields });
  return value as Scenario;
}

export function readScenario(path: string): Scenario {
  try {
    return parseScenario(readFileSync(path, 'utf8'), path);
  } catch (cause) {
    if (cause instanceof CompoteError) throw cause;
    throw new CompoteError('CONFIG_INVALID', { detail: `Scenario ${path}: ${messageOf(cause)}`, hint: HINT, cause });
  }
}

function stepFaults(list: readonly Step[], pointer: string): { pointer: string; msg: string }[] {
  return list.flatMap((step, index) => {
    const here = `${pointer}/${index}`;
    const word = Object.keys(STEP_SHAPES).find((one) => Object.hasOwn(step, one));
    if (word === undefined) return [{ pointer: here, msg: `must have one of ${Object.keys(STEP_SHAPES).join(', ')}` }];
    const faults = stepValidators[word]?.errors(step, here) ?? [];
    const nested = 'steps' in step ? stepFaults(step.steps as readonly Step[], `${here}/steps`) : [];
    const otherwise =
      'else' in step && Array.isArray(step.else) ? stepFaults(step.else as readonly Step[], `${here}/else`) : [];
    return [...faults, ...nested, ...otherwise];
  });
}

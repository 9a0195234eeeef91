import { readFileSync } from 'node:fs';
import Type from 'typebox';
import { CompoteError, messageOf } from '../../core/errors.ts';
import { lazyValidator } from '../../platform/schema/validator.ts';
import { OCPP_VERSIONS } from '../../protocols/ocpp/versions.ts';
import type { EvTemplate } from './physical/ev.ts';
import type { StationTemplate } from './template.ts';
import { BUILT_IN_NAMES, type BuiltIn } from './template-names.ts';

const FEATURES = [
  'firmware',
  'localList',
  'reservation',
  'smartCharging',
  'remoteTrigger',
  'security',
  'display',
  'monitoring',
  'tariff',
  'der',
  'batterySwap',
] as const;

const Car = Type.Object(
  {
    name: Type.String(),
    capacityWh: Type.Number({ exclusiveMinimum: 0 }),
    maxAcCurrentA: Type.Number({ minimum: 0 }),
    acPhases: Type.Union([Type.Literal(1), Type.Literal(2), Type.Literal(3)]),
    maxDcPowerW: Type.Number({ minimum: 0 }),
    packVoltageV: Type.Number({ exclusiveMinimum: 0 }),
    acEfficiency: Type.Number({ exclusiveMinimum: 0, maximum: 1 }),
    dcEfficiency: Type.Number({ exclusiveMinimum: 0, maximum: 1 }),
    reactionMs: Type.Number({ minimum: 0 }),
    iso15118: Type.Boolean(),
    curve: Type.Array(Type.Tuple([Type.Number({ minimum: 0 }), Type.Number({ minimum: 0 })]), { minItems: 1 }),
  },
  { additionalProperties: false },
);

/** The readable JSON of a template. `car` names one of the built-in cars or describes one. */
export const TemplateFile = Type.Object(
  {
    name: Type.String({ minLength: 1 }),
    title: Type.String(),
    versions: Type.Array(Type.Union(OCPP_VERSIONS.map((version) => Type.Literal(version))), { minItems: 1 }),
    vendor: Type.String({ maxLength: 20 }),
    model: Type.String({ maxLength: 20 }),
    firmwareVersion: Type.String({ maxLength: 50 }),
    evses: Type.Array(
      Type.Object({
        rating: Type.Object({
          dc: Type.Boolean(),
          maxCurrentA: Type.Number({ exclusiveMinimum: 0 }),
          maxPowerW: Type.Number({ exclusiveMinimum: 0 }),
          phases: Type.Union([Type.Literal(1), Type.Literal(2), Type.Literal(3)]),
        }),
        connectors: Type.Array(Type.Object({ type: Type.String(), fixedCable: Type.Boolean(), lock: Type.Boolean() }), {
          minItems: 1,
        }),
      }),
      { minItems: 1 },
    ),
    stationLimit: Type.Object({ currentA: Type.Optional(Type.Number()), powerW: Type.Optional(Type.Number()) }),
    grid: Type.Object({
      nominalV: Type.Number(),
      noise: Type.Number({ minimum: 0, maximum: 0.2 }),
      frequencyHz: Type.Number(),
    }),
    features: Type.Object(
      Object.fromEntries(FEATURES.map((name) => [name, Type.Boolean()])) as Record<
        (typeof FEATURES)[number],
        ReturnType<typeof Type.Boolean>
      >,
      { additionalProperties: false },
    ),
    measurands: Type.Array(Type.String()),
    car: Type.Union([Type.String(), Car]),
    timing: Type.Object({
      bootMs: Type.Number({ minimum: 0 }),
      softResetMs: Type.Number({ minimum: 0 }),
      hardResetMs: Type.Number({ minimum: 0 }),
      downloadMs: Type.Number({ minimum: 0 }),
      installMs: Type.Number({ minimum: 0 }),
    }),
    configuration: Type.Record(Type.String(), Type.String()),
    variables: Type.Record(Type.String(), Type.String()),
  },
  { additionalProperties: false, title: 'StationTemplate' },
);
type TemplateFile = Type.Static<typeof TemplateFile>;

const validator = lazyValidator(TemplateFile);

export const CARS: Readonly<Record<string, EvTemplate>> = readOwn('cars');

/** The stations that ship with the simulator. */
export const BUILT_IN: Readonly<Record<BuiltIn, StationTemplate>> = Object.fromEntries(
  BUILT_IN_NAMES.map((name) => [name, parseTemplate(readOwn(name), `${name}.json`)]),
) as Record<BuiltIn, StationTemplate>;

/** A built-in template by name, or the user's own from a JSON file. */
export function loadTemplate(nameOrPath: string): StationTemplate {
  if (Object.hasOwn(BUILT_IN, nameOrPath)) return BUILT_IN[nameOrPath as BuiltIn];
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(nameOrPath, 'utf8'));
  } catch (cause) {
    throw new CompoteError('CONFIG_INVALID', {
      detail: `Station template ${nameOrPath}: ${messageOf(cause)}`,
      hint: `Give a JSON file or one of ${BUILT_IN_NAMES.join(', ')}.`,
      cause,
    });
  }
  return parseTemplate(json, nameOrPath);
}

/** Checks a template and fills in what follows from it; throws CONFIG_INVALID naming the fields. */
export function parseTemplate(json: unknown, where: string): StationTemplate {
  const fields = validator.errors(json, '');
  if (fields.length > 0) {
    throw new CompoteError('CONFIG_INVALID', {
      detail: `Station template ${where}`,
      hint: 'Copy a built-in template and change it; docs/guides/station-simulator.md says where they are.',
      fields,
    });
  }
  const file = json as TemplateFile;
  const car = typeof file.car === 'string' ? CARS[file.car] : file.car;
  if (car === undefined) {
    throw new CompoteError('CONFIG_INVALID', {
      detail: `Station template ${where}: there is no car ${String(file.car)}`,
      hint: `Name one of ${Object.keys(CARS).join(', ')}, or describe one.`,
    });
  }
  const { currentA = Number.POSITIVE_INFINITY, powerW = Number.POSITIVE_INFINITY } = file.stationLimit;
  return Object.freeze({ ...file, car, stationLimit: { currentA, powerW } });
}

function readOwn<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`./templates/${name}.json`, import.meta.url), 'utf8'));
}

import fc from 'fast-check';
import { Compile } from 'typebox/schema';
import { describe, expect, it } from 'vitest';
import { ACTIONS } from './actions.ts';
import { quickCheck } from './quick-check.ts';
import { OcppSchemas } from './schemas.ts';
import { OCPP_VERSIONS } from './versions.ts';

type Schema = Readonly<Record<string, unknown>>;

const TIMES = [
  '2026-02-28T23:59:59Z',
  '2026-12-31T00:00:00.000Z',
  '2024-02-29T10:00:00+01:00',
  '2026-06-30t10:00:00.5z',
];
const NO_TIMES = [
  '2026-02-29T10:00:00Z',
  '2026-13-01T10:00:00Z',
  '2026-01-01T24:00:00Z',
  '2026-01-01 10:00:00Z',
  'now',
];
const WRONG = [
  null,
  true,
  -1,
  0.55,
  1e9,
  '',
  'x',
  'x'.repeat(10_001),
  [],
  {},
  [{}],
  { vendorId: 1 },
  ...TIMES,
  ...NO_TIMES,
];

/** Payloads that a schema of OCPP allows, from its own keywords. */
function fitting(schema: Schema, root: Schema): fc.Arbitrary<unknown> {
  const { type, enum: values } = schema;
  if (typeof schema['$ref'] === 'string') {
    const definitions = root['definitions'] as Readonly<Record<string, Schema>>;
    return fitting(definitions[schema['$ref'].replace('#/definitions/', '')] ?? {}, root);
  }
  if (Array.isArray(values)) return fc.constantFrom(...(values as unknown[]));
  if (type === 'object') {
    const properties = Object.entries((schema['properties'] ?? {}) as Readonly<Record<string, Schema>>);
    const members = properties.map(([name, member]) => [name, fitting(member, root)] as const);
    return fc.record(Object.fromEntries(members), { requiredKeys: (schema['required'] ?? []) as string[] });
  }
  if (type === 'array') {
    const minLength = Number(schema['minItems'] ?? 0);
    return fc.array(fitting(schema['items'] as Schema, root), { minLength, maxLength: minLength + 1 });
  }
  if (type === 'string') {
    if (schema['format'] === 'date-time') return fc.constantFrom(...TIMES);
    const most = Math.min(Number(schema['maxLength'] ?? 40), 40);
    return fc.string({ maxLength: most, unit: fc.constantFrom('a', 'Z', '7', ' ', '"', 'é') });
  }
  if (type === 'boolean') return fc.boolean();
  const [min, max] = [Number(schema['minimum'] ?? -5), Number(schema['maximum'] ?? 1_000)];
  return type === 'integer' ? fc.integer({ min, max }) : fc.integer({ min, max }).map((tens) => tens / 10);
}

/** The payload with one wrong value, one member more or one less, somewhere. */
function spoilt(payload: unknown, at: number, wrong: unknown): unknown {
  const copy: unknown = structuredClone(payload);
  const places: [Record<string, unknown>, string][] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const holder = value as Record<string, unknown>;
    for (const name of Object.keys(holder)) {
      places.push([holder, name]);
      walk(holder[name]);
    }
    if (!Array.isArray(value)) places.push([holder, 'surplus']);
  };
  walk(copy);
  const [holder, name] = places[at % Math.max(1, places.length)] ?? [{}, ''];
  if (at % 5 === 0) delete holder[name];
  else holder[name] = wrong;
  return copy;
}

describe.each(OCPP_VERSIONS)('the quick check of OCPP %s', (version) => {
  const all = new OcppSchemas(version);
  const schemas = Object.keys(ACTIONS[version]).flatMap((action) => {
    const found = all.of(action);
    const pairs: [string, Schema | undefined][] = [
      [`${action} request`, found?.request.schema],
      [`${action} response`, found?.response?.schema],
    ];
    return pairs.flatMap(([name, schema]) => (schema === undefined ? [] : [{ name, schema }]));
  });

  it('never says yes where the validator says no, and takes nearly all that fits', () => {
    let fits = 0;
    let taken = 0;
    for (const { name, schema } of schemas) {
      const validator = Compile(schema);
      const quick = quickCheck(schema);
      const cases = fc.tuple(fitting(schema, schema), fc.nat(1_000), fc.constantFrom(...WRONG));
      fc.assert(
        fc.property(cases, ([payload, at, wrong]) => {
          for (const each of [payload, spoilt(payload, at, wrong), wrong]) {
            const isFit = validator.Check(each);
            const isTaken = quick(each);
            if (isTaken && !isFit) throw new Error(`${name}: ${JSON.stringify(each)}`);
            fits += isFit ? 1 : 0;
            taken += isTaken ? 1 : 0;
          }
        }),
        { numRuns: 12, seed: 7 },
      );
    }
    expect(taken).toBeGreaterThan(fits * 0.75);
  });

  it('says no to arrays, to null and to members that every object has', () => {
    for (const { schema } of schemas) {
      const quick = quickCheck(schema);
      expect([[], null, 'x', 1, JSON.parse('{"__proto__":1}'), { constructor: 1 }].map(quick)).not.toContain(true);
    }
  });
});

describe('the quick check', () => {
  it('says no to what a schema asks for and it does not know', () => {
    const schema = {
      type: 'object',
      properties: { a: { type: 'number', multipleOf: 0.1 } },
      additionalProperties: false,
    };
    expect(quickCheck(schema)({ a: 1 })).toBe(false);
    expect(quickCheck(schema)({})).toBe(true);
    expect(quickCheck({ ...schema, minProperties: 1 })({})).toBe(false);
  });
});

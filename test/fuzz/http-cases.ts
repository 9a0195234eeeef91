import type { Random } from '../../src/core/random.ts';
import type { ApiOperation, Parameter } from './api-operations.ts';
import { oneFault } from './one-fault.ts';
import { isObject } from './schema-node.ts';
import { ValidValues } from './valid-value.ts';

/** A request as it goes out, and what is known of it. */
export interface HttpCase {
  readonly operation: ApiOperation;
  readonly kind: 'valid' | 'one fault' | 'garbage';
  /** Path and query. */
  readonly target: string;
  readonly body: string | Uint8Array | undefined;
  readonly contentType: string | undefined;
  /** The one member that is wrong: `/a/0` in the body, `/query/x`, `/path/x`. */
  readonly pointer?: string;
  readonly note: string;
  /** Its body is the document's own example, but for what is wrong. */
  readonly exemplary: boolean;
}

/** Something that exists under this path parameter, if anything does. */
export type Existing = (operation: ApiOperation, name: string, values: Values) => string | undefined;
type Values = Record<string, unknown>;

const DEEP = 20_000;

/** Makes one request: half of them and more fit but for one member. */
export function httpCase(random: Random, operation: ApiOperation, existing: Existing): HttpCase {
  const fitting = new ValidValues(random, operation.root);
  const path: Values = {};
  const query: Values = {};
  for (const parameter of operation.parameters) {
    if (parameter.in === 'path') {
      const known = random.chance(0.85) ? existing(operation, parameter.name, path) : undefined;
      path[parameter.name] = known ?? segment(fitting.make(parameter.schema));
    } else if (parameter.required || random.chance(0.3)) query[parameter.name] = fitting.make(parameter.schema);
  }
  const { body: declared } = operation;
  const isJson = declared !== undefined && /json$/.test(declared.contentType);
  const body = isJson && (declared.required || random.chance(0.8)) ? bodyOf(random, fitting, declared) : undefined;
  const base = { operation, path, query, body, exemplary: body !== undefined && body === declared?.example };
  const roll = random.next();
  if (roll < 0.6) return spoilt(random, base) ?? request(base, 'valid', 'fits');
  if (roll < 0.85) return request(base, 'valid', 'fits');
  return garbage(random, base);
}

interface Base {
  readonly operation: ApiOperation;
  readonly path: Values;
  readonly query: Values;
  readonly body: unknown;
  readonly exemplary: boolean;
}

function bodyOf(random: Random, fitting: ValidValues, declared: NonNullable<ApiOperation['body']>): unknown {
  if (declared.example !== undefined && random.chance(0.6)) return declared.example;
  return fitting.make(declared.schema);
}

/** Sent as it is, what breaks its schema is no fault. */
const sentAsItIs = ({ query, body }: Base): boolean =>
  query['allowInvalid'] === true || (isObject(body) && body['allowInvalid'] === true);

/** An empty part would be another path. */
function segment(value: unknown): unknown {
  return value === '' || value === '.' || value === '..' ? 'x' : value;
}

function spoilt(random: Random, base: Base): HttpCase | undefined {
  const { operation } = base;
  const places: (() => HttpCase | undefined)[] = [];
  if (operation.body !== undefined && base.body !== undefined && !sentAsItIs(base)) {
    const { schema } = operation.body;
    const inBody = (): HttpCase | undefined => {
      const fault = oneFault(random, operation.root, schema, base.body);
      if (fault === undefined) return undefined;
      return { ...request({ ...base, body: fault.value }, 'one fault', fault.kind), pointer: fault.pointer };
    };
    places.push(inBody, inBody, inBody);
  }
  for (const parameter of operation.parameters) places.push(() => spoiltParameter(random, base, parameter));
  // The protocols' own servers take parameters that they do not know.
  if (operation.speaks === 'rest')
    places.push(() => ({
      ...request({ ...base, query: { ...base.query, unknownMember: '1' } }, 'one fault', 'unknown'),
      pointer: '/query/unknownMember',
    }));
  for (let tries = 0; tries < 6 && places.length > 0; tries++) {
    const made = random.pick(places)();
    if (made !== undefined) return made;
  }
  return undefined;
}

/** Parameters are texts: only what reads as another value is a fault. */
function spoiltParameter(random: Random, base: Base, parameter: Parameter): HttpCase | undefined {
  const { operation } = base;
  const where = base[parameter.in];
  const value = where[parameter.name] ?? new ValidValues(random, operation.root).make(parameter.schema);
  const fault = oneFault(random, operation.root, parameter.schema, value);
  if (fault === undefined || !['unlisted', 'bounds', 'length', 'form'].includes(fault.kind)) return undefined;
  if (parameter.in === 'path' && (fault.value === '' || String(fault.value).length > 900)) return undefined;
  const wrong = { ...base, [parameter.in]: { ...where, [parameter.name]: fault.value } };
  return { ...request(wrong, 'one fault', fault.kind), pointer: `/${parameter.in}/${parameter.name}${fault.pointer}` };
}

function request(base: Base, kind: HttpCase['kind'], note: string): HttpCase {
  const { operation, body, exemplary } = base;
  const contentType = operation.body?.contentType;
  const bytes =
    contentType !== undefined && !/json$/.test(contentType)
      ? new TextEncoder().encode('plain bytes \u0000\u0001')
      : undefined;
  return {
    operation,
    kind,
    note,
    exemplary,
    target: targetOf(base),
    body: bytes ?? (body === undefined ? undefined : JSON.stringify(body)),
    contentType: bytes !== undefined || body !== undefined ? contentType : undefined,
  };
}

function targetOf({ operation, path, query }: Base): string {
  const target = operation.path.replace(/\{(\w+)\}/g, (_all, name: string) =>
    encodeURIComponent(String(path[name] ?? 'x')),
  );
  const parts = Object.entries(query).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(asText(value))}`,
  );
  return parts.length === 0 ? target : `${target}?${parts.join('&')}`;
}

function asText(value: unknown): string {
  // A list goes as JSON, so that commas and brackets in its texts stay what they are.
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

/** Requests that no description allows. */
function garbage(random: Random, base: Base): HttpCase {
  const fine = request(base, 'garbage', '');
  const { operation } = base;
  const body = typeof fine.body === 'string' ? fine.body : '{"a":1}';
  const json = 'application/json';
  const slash = operation.path.lastIndexOf('/');
  const made: readonly (readonly [string, Partial<HttpCase>])[] = [
    ['half of the JSON', { body: body.slice(0, body.length >> 1), contentType: json }],
    ['no JSON', { body: '\u0000\u0007{{{', contentType: json }],
    ['no UTF-8', { body: Uint8Array.of(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d), contentType: json }],
    ['deep JSON', { body: '['.repeat(DEEP) + ']'.repeat(DEEP), contentType: json }],
    ['deep objects', { body: `${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`, contentType: json }],
    ['another content type', { body, contentType: 'text/plain' }],
    ['a form', { body: 'a=1&b=2', contentType: 'application/x-www-form-urlencoded' }],
    ['an empty body', { body: '', contentType: json }],
    ['null', { body: 'null', contentType: json }],
    [
      'a prototype',
      { body: '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}', contentType: json },
    ],
    ['a large number', { body: body.replace(/:\s*-?\d+(\.\d+)?/, ':1e999'), contentType: json }],
    ['a broken escape in the path', { target: `${operation.path.slice(0, slash)}/%E0%A4%A` }],
    ['NUL in the path', { target: `${operation.path.slice(0, slash)}/a%00b` }],
    ['a way out of the path', { target: `${operation.path.slice(0, slash)}/..%2f..%2f..%2fetc%2fpasswd` }],
    ['a long path', { target: `${operation.path.slice(0, slash)}/${'p'.repeat(8_000)}` }],
    ['a long query', { target: `${fine.target.split('?')[0]}?${'q=1&'.repeat(2_000)}` }],
    ['odd queries', { target: `${fine.target.split('?')[0]}?=&&a&%&__proto__=1&limit=1&limit=2&limit[a]=3` }],
  ];
  const [note, change] = random.pick(made);
  return { ...fine, ...change, note };
}

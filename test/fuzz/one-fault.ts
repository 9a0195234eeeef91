import type { Random } from '../../src/core/random.ts';
import { fits } from './fits.ts';
import { isObject, listed, ofType, resolved, type SchemaNode } from './schema-node.ts';

/** A value that would fit but for one member. */
export interface OneFault {
  readonly value: unknown;
  /** JSON pointer of the member that is wrong, missing or too many. */
  readonly pointer: string;
  readonly kind: FaultKind;
}

export type FaultKind = 'missing' | 'unknown' | 'type' | 'unlisted' | 'length' | 'form' | 'bounds' | 'count';

interface Candidate {
  readonly path: readonly (string | number)[];
  readonly kind: FaultKind;
  /** The wrong value; `GONE` removes the member. */
  readonly wrong: unknown;
}

const GONE = Symbol('removed');
const UNKNOWN_MEMBER = 'unknownMember';

/** Makes one member of a fitting value wrong; `undefined` when the schema takes everything. */
export function oneFault(random: Random, root: object, schema: SchemaNode, value: unknown): OneFault | undefined {
  const found: Candidate[] = [];
  collect(root, schema, value, [], found);
  // Each kind and place has its chance, not only the many wrong types.
  const kinds = [...new Set(found.map(({ kind }) => kind))];
  for (let tries = 0; tries < 12 && found.length > 0; tries++) {
    const kind = random.pick(kinds);
    const { path, wrong } = random.pick(found.filter((each) => each.kind === kind));
    const spoilt = changed(value, path, wrong);
    // What another branch of a union takes is no fault.
    if (fits(root, schema, spoilt)) continue;
    return { value: spoilt, kind, pointer: path.map((part) => `/${segment(part)}`).join('') };
  }
  return undefined;
}

const segment = (part: string | number): string => String(part).replaceAll('~', '~0').replaceAll('/', '~1');

function collect(root: object, schema: SchemaNode, value: unknown, path: Candidate['path'], found: Candidate[]): void {
  const node = resolved(root, schema);
  const add = (kind: FaultKind, wrong: unknown, more: Candidate['path'] = []): void => {
    found.push({ path: [...path, ...more], kind, wrong });
  };
  const values = listed(root, node);
  if (values !== undefined) {
    add('unlisted', typeof values[0] === 'string' ? `${values[0]}x` : 'unlisted');
    add('type', typeof values[0] === 'string' ? 7 : 'seven');
    return;
  }
  if (node.anyOf !== undefined) {
    const branch = node.anyOf.find((each) => fits(root, resolved(root, each), value));
    if (branch !== undefined) collect(root, branch, value, path, found);
    return;
  }
  if (node.type === undefined) return;
  for (const wrong of [null, true, 7.5, 'text', [], {}]) if (!ofType(node.type, wrong)) add('type', wrong);
  if (typeof value === 'string') {
    if (node.maxLength !== undefined && node.maxLength < 20_000) add('length', 'w'.repeat(node.maxLength + 1));
    if ((node.minLength ?? 0) > 0) add('length', '');
    if (node.pattern !== undefined) add('form', '\u0001');
    if (node.format === 'date-time') add('form', 'yesterday');
  } else if (typeof value === 'number') {
    if (node.minimum !== undefined) add('bounds', node.minimum - 1);
    if (node.maximum !== undefined) add('bounds', node.maximum + 1);
    if (node.type === 'integer') add('type', value + 0.5);
    else if (node.multipleOf !== undefined) add('form', value + node.multipleOf / 2);
  } else if (Array.isArray(value)) {
    const first = value[0];
    if ((node.minItems ?? 0) > 0) add('count', value.slice(0, (node.minItems ?? 1) - 1));
    if (node.maxItems !== undefined && node.maxItems < 2_000 && first !== undefined)
      add(
        'count',
        Array.from({ length: node.maxItems + 1 }, () => first),
      );
    for (const [at, item] of value.entries()) collect(root, node.items ?? {}, item, [...path, at], found);
  } else if (isObject(value)) {
    for (const name of node.required ?? []) add('missing', GONE, [name]);
    if (node.additionalProperties === false) add('unknown', 'x', [UNKNOWN_MEMBER]);
    for (const [name, member] of Object.entries(node.properties ?? {}))
      if (name in value) collect(root, member, value[name], [...path, name], found);
    for (const [pattern, member] of Object.entries(node.patternProperties ?? {}))
      for (const name of Object.keys(value))
        if (new RegExp(pattern).test(name)) collect(root, member, value[name], [...path, name], found);
  }
}

function changed(target: unknown, [head, ...rest]: Candidate['path'], wrong: unknown): unknown {
  if (head === undefined) return wrong;
  const copy: Record<string | number, unknown> = Array.isArray(target)
    ? ([...target] as never)
    : { ...(target as Record<string, unknown>) };
  if (rest.length === 0 && wrong === GONE) delete copy[head];
  else copy[head] = changed(copy[head], rest, wrong);
  return copy;
}

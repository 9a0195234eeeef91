import { leastValue, withoutValue, withValue } from '../../parts/json-edit.ts';
import { escapePointer } from '../../parts/json-lines.ts';
import { type JsonSchema, resolve } from '../../parts/schema-walk.ts';

/**
 * Faults to put into a message on purpose, one click each, and how a correct peer answers them. The codes are those of
 * OCPP-J 1.6 table 7 (with its spellings) and OCPP-J 2.0.1 §4.3.
 */
export interface Mutator {
  readonly id: string;
  readonly label: string;
  /** A fault of the OCPP frame around the payload. */
  readonly frame?: true;
  /** What the mutated message looks like: a payload, or the text of a whole frame. Undefined: it does not apply here. */
  apply(draft: Draft): Mutated | undefined;
  /** CALLERROR codes of a correct peer; none where anything goes. */
  expected(version: string): readonly string[];
}

export interface Draft {
  readonly payload: unknown;
  readonly schema: JsonSchema;
  readonly action: string;
  readonly messageId: string;
}

export type Mutated =
  | { readonly payload: unknown; readonly where: string }
  | { readonly raw: string; readonly where: string };

const v16 = (version: string): boolean => version === '1.6';
const OCCURRENCE = (version: string): readonly string[] =>
  v16(version)
    ? ['OccurenceConstraintViolation', 'OccurrenceConstraintViolation', 'FormationViolation', 'ProtocolError']
    : ['OccurrenceConstraintViolation', 'ProtocolError', 'FormatViolation'];
const TYPE = (version: string): readonly string[] =>
  v16(version) ? ['TypeConstraintViolation', 'FormationViolation'] : ['TypeConstraintViolation', 'FormatViolation'];
const PROPERTY = (version: string): readonly string[] =>
  v16(version)
    ? ['PropertyConstraintViolation', 'TypeConstraintViolation', 'FormationViolation']
    : ['PropertyConstraintViolation', 'TypeConstraintViolation', 'FormatViolation'];
const FORMAT = (version: string): readonly string[] =>
  v16(version)
    ? ['FormationViolation', 'TypeConstraintViolation', 'PropertyConstraintViolation']
    : ['FormatViolation', 'TypeConstraintViolation', 'PropertyConstraintViolation'];

type Leaf = { readonly pointer: string; readonly schema: JsonSchema };

/** Members of the payload that are there, with their schemas, outermost first. */
function leaves({ payload, schema }: Draft): Leaf[] {
  const found: Leaf[] = [];
  const walk = (value: unknown, at: JsonSchema, pointer: string): void => {
    const own = resolve(at, schema);
    if (typeof value !== 'object' || value === null) {
      if (pointer !== '') found.push({ pointer, schema: own });
      return;
    }
    for (const [name, inner] of Object.entries(value)) {
      const next = Array.isArray(value) ? own.items : own.properties?.[name];
      if (next !== undefined) walk(inner, next, `${pointer}/${escapePointer(name)}`);
    }
  };
  walk(payload, schema, '');
  return found;
}

function atFirst(draft: Draft, fits: (leaf: Leaf) => boolean, value: (leaf: Leaf) => unknown): Mutated | undefined {
  const leaf = leaves(draft).find(fits);
  return leaf === undefined
    ? undefined
    : { payload: withValue(draft.payload, leaf.pointer, value(leaf)), where: leaf.pointer };
}

const isType =
  (type: string) =>
  ({ schema }: Leaf): boolean =>
    schema.type === type && schema.enum === undefined;

export const MUTATORS: readonly Mutator[] = [
  {
    id: 'drop-required',
    label: 'Drop a required member',
    expected: OCCURRENCE,
    apply(draft) {
      const { required = [], properties = {} } = resolve(draft.schema, draft.schema);
      const name = required.find((each) => Object.hasOwn(properties, each));
      if (name === undefined) return undefined;
      const pointer = `/${escapePointer(name)}`;
      return { payload: withoutValue(draft.payload, pointer), where: pointer };
    },
  },
  {
    id: 'wrong-type',
    label: 'Wrong type',
    expected: TYPE,
    apply: (draft) =>
      atFirst(
        draft,
        ({ schema }) => schema.type !== undefined,
        ({ schema }) => (schema.type === 'string' ? 42 : 'not a number'),
      ),
  },
  {
    id: 'too-long',
    label: 'Too long a text',
    expected: (version) => [...PROPERTY(version), ...FORMAT(version)],
    apply: (draft) =>
      atFirst(
        draft,
        ({ schema }) => schema.maxLength !== undefined,
        ({ schema }) => 'x'.repeat((schema.maxLength ?? 0) + 1),
      ),
  },
  {
    id: 'unknown-enum',
    label: 'Unknown word of a list',
    expected: PROPERTY,
    apply: (draft) =>
      atFirst(
        draft,
        ({ schema }) => schema.enum !== undefined,
        () => 'NoSuchWord',
      ),
  },
  {
    id: 'extra-member',
    label: 'Member that is not in the schema',
    expected: (version) => [...FORMAT(version), ...OCCURRENCE(version), 'PropertyConstraintViolation'],
    apply: ({ payload }) => ({ payload: withValue(payload, '/notInTheSchema', true), where: '/notInTheSchema' }),
  },
  {
    id: 'empty-object',
    label: 'Empty payload',
    expected: OCCURRENCE,
    apply: ({ schema }) =>
      (resolve(schema, schema).required ?? []).length === 0 ? undefined : { payload: {}, where: '' },
  },
  {
    id: 'wrong-date',
    label: 'Date in a wrong format',
    expected: FORMAT,
    apply: (draft) =>
      atFirst(
        draft,
        ({ schema }) => schema.format === 'date-time',
        () => '31.01.2026 12:00',
      ),
  },
  {
    id: 'huge-number',
    label: 'Huge number',
    expected: PROPERTY,
    apply: (draft) => atFirst(draft, isType('integer'), () => 1e300),
  },
  {
    id: 'duplicate-key',
    frame: true,
    label: 'The same member twice',
    expected: () => [],
    apply({ payload, action, messageId }) {
      const [first] = Object.entries((payload ?? {}) as object);
      if (first === undefined) return undefined;
      const body = JSON.stringify(payload);
      const twice = `{${JSON.stringify(first[0])}:${JSON.stringify(first[1])},${body.slice(1)}`;
      return { raw: `[2,${JSON.stringify(messageId)},${JSON.stringify(action)},${twice}]`, where: `/${first[0]}` };
    },
  },
  {
    id: 'truncated',
    frame: true,
    label: 'JSON that ends early',
    expected: (version) =>
      v16(version) ? ['FormationViolation', 'ProtocolError', 'GenericError'] : ['RpcFrameworkError', 'FormatViolation'],
    apply({ payload, action, messageId }) {
      const text = JSON.stringify([2, messageId, action, payload]);
      return { raw: text.slice(0, Math.max(1, text.length - 4)), where: '' };
    },
  },
  {
    id: 'wrong-case',
    frame: true,
    label: 'Action in wrong case',
    expected: () => ['NotImplemented', 'NotSupported', 'FormationViolation', 'ProtocolError'],
    apply: ({ payload, action, messageId }) => ({
      raw: JSON.stringify([2, messageId, action.charAt(0).toLowerCase() + action.slice(1), payload]),
      where: '',
    }),
  },
  {
    id: 'wrong-message-type',
    frame: true,
    label: 'Message type that does not exist',
    expected: (version) => (v16(version) ? [] : ['MessageTypeNotSupported']),
    apply: ({ payload, action, messageId }) => ({ raw: JSON.stringify([9, messageId, action, payload]), where: '' }),
  },
  {
    id: 'stray-answer',
    frame: true,
    label: 'Answer that nobody asked for',
    expected: () => [],
    apply: ({ messageId }) => ({ raw: JSON.stringify([3, `${messageId}-stray`, {}]), where: '' }),
  },
];

export function leastPayload(schema: JsonSchema): unknown {
  return leastValue(schema, schema, new Date().toISOString());
}

import type { Random } from '../../src/core/random.ts';
import { ACTIONS, type ActionRow } from '../../src/protocols/ocpp/actions.ts';
import { OcppSchemas } from '../../src/protocols/ocpp/schemas.ts';
import type { OcppVersion } from '../../src/protocols/ocpp/versions.ts';
import { type FaultKind, oneFault } from './one-fault.ts';
import type { SchemaNode } from './schema-node.ts';
import { ValidValues } from './valid-value.ts';

/** An action that one side sends, with the schemas of its messages. */
export interface FuzzedAction {
  readonly action: string;
  readonly request: SchemaNode;
  /** Undefined for a SEND. */
  readonly response: SchemaNode | undefined;
}

/** All actions that `from` sends. */
export function actionsOf(version: OcppVersion, from: 'station' | 'csms'): FuzzedAction[] {
  const schemas = new OcppSchemas(version);
  return Object.entries(ACTIONS[version] as Record<string, ActionRow>)
    .filter(([, { sender }]) => sender === from || sender === 'both')
    .map(([action]) => {
      const of = schemas.of(action);
      return { action, request: of?.request.schema as SchemaNode, response: of?.response?.schema as SchemaNode };
    });
}

export interface Payload {
  readonly value: unknown;
  /** What is wrong, and where; undefined: it fits. */
  readonly fault?: { readonly kind: FaultKind; readonly pointer: string };
}

export const valid = (random: Random, schema: SchemaNode): Payload => ({
  value: new ValidValues(random, schema).make(schema),
});

/** A payload that fits but for one member; one that fits when the schema has nothing to break. */
export function faulty(random: Random, schema: SchemaNode): Payload {
  const { value } = valid(random, schema);
  const fault = oneFault(random, schema, schema, value);
  return fault === undefined ? { value } : { value: fault.value, fault };
}

/** The codes that name a broken schema (1.6J §4.2.3, 2.x Part 4 §4.3), by what is wrong. */
export function codesOf(version: OcppVersion, kind: FaultKind): readonly string[] {
  const old = version === '1.6';
  const cardinality = old ? 'OccurenceConstraintViolation' : 'OccurrenceConstraintViolation';
  switch (kind) {
    case 'missing':
      return [old ? 'ProtocolError' : cardinality];
    case 'unknown':
      return [old ? 'FormationViolation' : 'FormatViolation'];
    case 'count':
      return [cardinality];
    case 'type':
      // A whole payload of another type has no form at all; a listed value of another type may be told as unlisted.
      return ['TypeConstraintViolation', 'PropertyConstraintViolation', old ? 'FormationViolation' : 'FormatViolation'];
    default:
      return ['PropertyConstraintViolation'];
  }
}

/** Texts and bytes that are no messages. `{id}` stands for a fresh message id. */
export function brokenFrame(random: Random, action: string): string | Uint8Array {
  const deep = 20_000;
  const frames: readonly (string | Uint8Array)[] = [
    '',
    'hello',
    '{',
    '[2,"{id}","Heartbeat",{}',
    '{"a":1}',
    '42',
    'null',
    '[]',
    '[2]',
    '[2,"{id}"]',
    `[2,"{id}","${action}"]`,
    `[2,7,"${action}",{}]`,
    `[2,null,"${action}",{}]`,
    `[2,"","${action}",{}]`,
    `[2,"${'i'.repeat(37)}","${action}",{}]`,
    `["2","{id}","${action}",{}]`,
    `[2.5,"{id}","${action}",{}]`,
    `[9,"{id}","${action}",{}]`,
    '[-1,"{id}",{}]',
    '[3,"{id}",{}]',
    '[3,"{id}"]',
    '[3,"{id}",null]',
    '[4,"{id}","GenericError","",{}]',
    '[4,"{id}"]',
    '[4,"{id}",7,8,9]',
    '[5,"{id}","GenericError","",{}]',
    `[6,"{id}","${action}",{}]`,
    '[6,"{id}",7,{}]',
    `[2,"{id}",7,{}]`,
    `[2,"{id}","${action.toLowerCase()}",{}]`,
    `[2,"{id}","${'A'.repeat(5_000)}",{}]`,
    '[2,"{id}","__proto__",{}]',
    '[2,"{id}","constructor",{}]',
    `[2,"{id}","${action}",null]`,
    `[2,"{id}","${action}",[]]`,
    `[2,"{id}","${action}","text"]`,
    `[2,"{id}","${action}",{},{},{}]`,
    `[2,"{id}","${action}",{"__proto__":{"polluted":true}}]`,
    `[2,"{id}","${action}",${'['.repeat(deep)}${']'.repeat(deep)}]`,
    `[2,"{id}","${action}",${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}]`,
    `[2,"{id}","${action}",{"customData":{"vendorId":"x","more":"${'m'.repeat(100_000)}"}}]`,
    `\uFEFF[2,"{id}","${action}",{}]`,
    '[2,"{id}","\\ud800",{"a":"\\ud800"}]',
    Uint8Array.of(0, 1, 2, 255),
  ];
  return random.pick(frames);
}

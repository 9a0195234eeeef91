import { ACTIONS } from '../../protocols/ocpp/actions.ts';
import { OCPP_VERSIONS, type OcppVersion } from '../../protocols/ocpp/versions.ts';
import { type Rule, SITUATIONS, type Situation } from './rule.ts';

export type MessageKind = 'request' | 'response' | 'error' | 'send';
const KINDS: readonly MessageKind[] = ['request', 'response', 'error', 'send'];

/** The rules of one action, by what kind of message it is. */
export type ActionRules = Readonly<Record<MessageKind, readonly Rule[]>>;

/** Which rules are asked about which message: worked out once, so that a message without a rule costs one look-up. */
export interface Dispatch {
  readonly actions: ReadonlyMap<string, ActionRules>;
  /** For an action that the version does not have. */
  readonly unknown: ActionRules;
  readonly situations: Readonly<Record<Situation, readonly Rule[]>>;
}

export function dispatchTables(rules: readonly Rule[]): Readonly<Record<OcppVersion, Dispatch>> {
  const tables = OCPP_VERSIONS.map((version) => [version, dispatchOf(version, rules)] as const);
  return Object.fromEntries(tables) as Record<OcppVersion, Dispatch>;
}

function dispatchOf(version: OcppVersion, all: readonly Rule[]): Dispatch {
  const rules = all.filter((rule) => rule.check !== undefined && rule.versions.includes(version));
  const on = (...triggers: readonly string[]): readonly Rule[] =>
    rules.filter((rule) => rule.on.some((trigger) => triggers.includes(trigger)));
  const row = (action: string): ActionRules =>
    Object.fromEntries(KINDS.map((kind) => [kind, on(`*.${kind}`, `${action}.${kind}`)])) as unknown as ActionRules;
  return {
    actions: new Map(Object.keys(ACTIONS[version]).map((action) => [action, row(action)])),
    unknown: row('unknown'),
    situations: Object.fromEntries(SITUATIONS.map((each) => [each, on(each)])) as Record<Situation, readonly Rule[]>,
  };
}

import { ALL, type Rule, type RuleContext, type RuleFields } from '../rule.ts';
import { type PncMessage, pncMessageOf } from './pnc-message.ts';

/** Rules about Plug & Charge between station and CSMS: they hold for all versions. */
export function pncFamily(rules: readonly RuleFields[]): readonly Rule[] {
  return rules.map((rule) => ({
    versions: ALL,
    axis: 'security',
    protocol: 'pnc',
    causes: [],
    next: [],
    peer: 'unknown',
    ...rule,
  }));
}

/** The message at hand when it is this one: 1.6 wraps it in DataTransfer, 2.x has it as an action. */
export function pncNamed(c: RuleContext, name: string): PncMessage | undefined {
  const message = pncMessageOf(c.o);
  return message?.name === name && (c.link.version === '1.6') === (c.o.action === 'DataTransfer') ? message : undefined;
}

import type { OperationBodies, Reading } from '../../../protocols/oicp/index.ts';
import type { Severity } from '../../entry.ts';
import type { RuleDeclaration, RuleProtocol } from '../rule.ts';
import type { RuleExpectation } from '../rule-memory.ts';
import type { RuleReport } from '../rule-report.ts';
import type { Exchange, ExchangeAnswer } from './exchange.ts';
import type { OicpModel } from './oicp-model.ts';

/** `request`: when it was sent; `answer`: when it was answered, or will not be any more. */
export type ExchangeMoment = 'request' | 'answer';

/** When a rule is asked: `ChargeDetailRecord.answer`; `*.request` stands for every operation of its protocol. */
export type ExchangeTrigger = `${string}.${ExchangeMoment}`;

/** One rule about exchanges over HTTP: OICP and the Plug & Charge pools. */
export interface ExchangeRule extends RuleDeclaration {
  readonly protocol: Exclude<RuleProtocol, 'ocpp'>;
  readonly severity: Severity;
  /**
   * Needs the exchanges of more than one party's journal, for example both sides of a hub: asked on the merged journal and
   * on files, not in a service's own recorder.
   */
  readonly wide?: true;
  readonly on: readonly ExchangeTrigger[];
  /** Missing: the role, the tap or the reader of bodies reports it. */
  readonly check?: (context: ExchangeContext) => void;
}

/** What a rule sees when it is asked. The model is as it was before the message at hand. */
export interface ExchangeContext {
  readonly rule: ExchangeRule;
  readonly x: Exchange;
  /** At the moment `answer` it is there. */
  readonly answer: ExchangeAnswer;
  readonly oicp: OicpModel;
  readonly toleranceMs: number;
  /** False when parties run on a clock faster than the tap's: their time stamps say nothing about now. */
  readonly clocksAgree: boolean;
  /** True when nobody else judges bodies and partners of this link: a log. */
  readonly judges: boolean;
  readonly report: (report: RuleReport) => void;
  expect(expectation: RuleExpectation): void;
  /** What was waited for has come, for the rule at hand. */
  fulfil(key: string): void;
  /** What the rule at hand noted under this key; it says itself of what type. Bounded: the oldest notes are forgotten. */
  note<T>(key: string): T | undefined;
  setNote(key: string, value: unknown): void;
  /** The rule lacks what it needs: counted, never passed. */
  notEvaluable(): void;
  readonly bodies: OperationBodies;
  /** The request's body by its schema, read once; undefined when it is no operation of OICP. */
  reading(): Reading<unknown> | undefined;
}

export const OICP_23: readonly string[] = ['2.3'];
export const OPCP_1: readonly string[] = ['1.0'];

/** Facts that a family of rules has in common. */
export type ExchangeRuleFields = Omit<ExchangeRule, 'protocol' | 'versions' | 'axis' | 'peer'> &
  Partial<Pick<ExchangeRule, 'axis' | 'peer'>>;

function familyOf(
  common: Pick<ExchangeRule, 'protocol' | 'versions'>,
): (axis: ExchangeRule['axis'], rules: readonly ExchangeRuleFields[]) => readonly ExchangeRule[] {
  return (axis, rules) => rules.map((rule) => ({ ...common, axis, peer: 'unknown', ...rule }));
}

export const oicpFamily = familyOf({ protocol: 'oicp', versions: OICP_23 });
export const poolFamily = familyOf({ protocol: 'pnc', versions: OPCP_1 });

import type { Severity } from '../../entry.ts';
import type { SessionMessage } from '../../sessions/session-message.ts';
import type { SessionRecord } from '../../sessions/session-record.ts';
import type { RuleDeclaration } from '../rule.ts';
import type { RuleExpectation } from '../rule-memory.ts';
import type { RuleReport } from '../rule-report.ts';
import type { AcrossModel } from './across-model.ts';

/** When a rule is asked: protocol, action and moment, for example `oicp.ChargeDetailRecord.request`. */
export type AcrossTrigger = `${'ocpp' | 'oicp'}.${string}.${'request' | 'answer'}`;

/** One rule that compares what one protocol says with what another says: it needs both in one stream. */
export interface AcrossRule extends RuleDeclaration {
  readonly protocol: 'across';
  readonly severity: Severity;
  readonly on: readonly AcrossTrigger[];
  readonly check: (context: AcrossContext) => void;
}

/** What a rule sees when it is asked: the message, and the session that it belongs to, which knows the message already. */
export interface AcrossContext {
  readonly rule: AcrossRule;
  readonly message: SessionMessage;
  /** Of an answer. */
  readonly asked: SessionMessage | undefined;
  readonly session: SessionRecord | undefined;
  readonly model: AcrossModel;
  readonly toleranceMs: number;
  /** False when stations run on a clock of their own: their time stamps say nothing about now. */
  readonly clocksAgree: boolean;
  /** The session of an OICP SessionID as it is now, for what is asked later. */
  sessionOf(oicpSessionId: string): SessionRecord | undefined;
  readonly report: (report: RuleReport) => void;
  expect(expectation: RuleExpectation): void;
  fulfil(key: string): void;
  note<T>(key: string): T | undefined;
  setNote(key: string, value: unknown): void;
  notEvaluable(): void;
}

export type AcrossRuleFields = Omit<AcrossRule, 'protocol' | 'versions' | 'axis' | 'peer'> &
  Partial<Pick<AcrossRule, 'axis' | 'peer'>>;

export function acrossFamily(axis: AcrossRule['axis'], rules: readonly AcrossRuleFields[]): readonly AcrossRule[] {
  return rules.map((rule) => ({ protocol: 'across', versions: [], axis, peer: 'unknown', ...rule }));
}

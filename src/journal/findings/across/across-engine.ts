import type { NewFinding, Party, PartyRole } from '../../entry.ts';
import { isOfSessions, type SessionMessage, stationOf } from '../../sessions/session-message.ts';
import type { SessionRecord } from '../../sessions/session-record.ts';
import { FindingLedger, type RuleCount } from '../ledger.ts';
import { AcrossModel } from './across-model.ts';
import type { AcrossContext, AcrossExpectation, AcrossReport, AcrossRule } from './across-rule.ts';

export interface AcrossEngineOptions {
  readonly rules: readonly AcrossRule[];
  readonly report: (finding: NewFinding) => void;
  readonly wakeAt?: (time: number) => void;
  readonly toleranceMs?: number;
  readonly clocksAgree?: boolean;
  readonly defect?: (where: string, thrown: unknown) => void;
  /** The session of an OICP SessionID as it is now: two that were thought to be different may have become one. */
  readonly sessionOf: (oicpSessionId: string) => SessionRecord | undefined;
}

const MAX_OPEN = 5_000;
const MAX_EXPECTATIONS = 20_000;
const MAX_NOTES = 50_000;

interface Expected {
  readonly rule: AcrossRule;
  readonly message: SessionMessage;
  readonly session: SessionRecord | undefined;
  readonly otherwise: AcrossExpectation['otherwise'];
  dueAt: number;
}

/**
 * Asks the rules that compare protocols, over a stream that holds the messages of all parties in one order: the merged
 * journal, or a file. Each message comes with the session that it belongs to.
 */
export class AcrossEngine {
  readonly #options: AcrossEngineOptions;
  readonly #table = new Map<string, AcrossRule[]>();
  readonly #ledger: FindingLedger;
  readonly #open = new Map<number, SessionMessage>();
  readonly #expected = new Map<string, Expected>();
  readonly #notes = new Map<string, unknown>();
  readonly #parties = new Map<PartyRole, Party>();
  readonly model = new AcrossModel();
  readonly #context: Context;
  #nextDueAt = Number.POSITIVE_INFINITY;

  constructor(options: AcrossEngineOptions) {
    this.#options = options;
    this.#ledger = new FindingLedger(options.report);
    this.#context = new Context(this, options.toleranceMs ?? 2_000, options.clocksAgree ?? true);
    for (const rule of options.rules)
      for (const trigger of rule.on) this.#table.set(trigger, [...(this.#table.get(trigger) ?? []), rule]);
  }

  get counts(): ReadonlyMap<string, Readonly<RuleCount>> {
    return this.#ledger.counts;
  }

  /** True for messages that this looks at: the others need not be read for it. */
  wants(protocol: string, action: string): boolean {
    return isOfSessions(protocol, action) || OTHER.has(`${protocol}.${action}`);
  }

  take(message: SessionMessage, session: SessionRecord | undefined): void {
    const { seq, time, kind, protocol, action, partner } = message;
    if (this.#nextDueAt < time) this.#due(time);
    const isAnswer = kind === 'response' || kind === 'error';
    if (!isAnswer && kind !== 'request' && kind !== 'send') return;
    this.#parties.set(message.from.role, message.from);
    this.#parties.set(message.to.role, message.to);
    const asked = partner === undefined ? undefined : this.#open.get(partner);
    if (isAnswer) {
      if (partner !== undefined) this.#open.delete(partner);
    } else {
      this.#open.set(seq, message);
      if (this.#open.size > MAX_OPEN) dropOldest(this.#open);
    }
    this.model.take(message, asked, session);
    const rules = this.#table.get(`${protocol}.${action}.${isAnswer ? 'answer' : 'request'}`);
    if (rules === undefined) return;
    for (const rule of rules) {
      this.#context.enter(rule, message, asked, session);
      try {
        rule.check(this.#context);
      } catch (thrown) {
        this.#options.defect?.(`rule ${rule.id} on message ${seq}`, thrown);
      }
    }
  }

  tick(now: number): void {
    if (this.#nextDueAt < now) this.#due(now);
    if (this.#nextDueAt !== Number.POSITIVE_INFINITY) this.#options.wakeAt?.(this.#nextDueAt);
  }

  /** The log has ended: what was waited for stays open. */
  finish(): void {
    for (const { rule } of this.#expected.values()) this.#ledger.notEvaluable(rule.id);
    this.#expected.clear();
    this.#nextDueAt = Number.POSITIVE_INFINITY;
  }

  // --- used by the context ------------------------------------------------------------------------------------------

  sessionOf(oicpSessionId: string): SessionRecord | undefined {
    return this.#options.sessionOf(oicpSessionId);
  }

  write(
    rule: AcrossRule,
    message: SessionMessage,
    session: SessionRecord | undefined,
    report: AcrossReport,
    now: number,
  ): void {
    const {
      text,
      pointer,
      severity = rule.severity,
      fault = rule.fault,
      seq = message.seq,
      evidence,
      expected,
      actual,
    } = report;
    this.#ledger.add('', `${seq} ${pointer ?? ''}`, {
      rule: rule.id,
      severity,
      axis: rule.axis,
      party: this.#party(fault, message, session),
      seq,
      text,
      clause: rule.clause,
      time: now,
      ...(pointer === undefined ? {} : { pointer }),
      ...(evidence === undefined ? {} : { evidence }),
      ...(expected === undefined ? {} : { expected }),
      ...(actual === undefined ? {} : { actual }),
    });
  }

  hold(
    rule: AcrossRule,
    message: SessionMessage,
    session: SessionRecord | undefined,
    { key, withinMs, otherwise }: AcrossExpectation,
  ): void {
    const name = `${rule.id} ${key}`;
    if (this.#expected.has(name)) return;
    if (this.#expected.size >= MAX_EXPECTATIONS) return this.#ledger.notEvaluable(rule.id);
    const dueAt = message.time + withinMs + this.#context.toleranceMs;
    this.#expected.set(name, { rule, message, session, dueAt, otherwise });
    if (dueAt >= this.#nextDueAt) return;
    this.#nextDueAt = dueAt;
    this.#options.wakeAt?.(dueAt);
  }

  fulfil(rule: AcrossRule, key: string): void {
    this.#expected.delete(`${rule.id} ${key}`);
  }

  notEvaluable(rule: AcrossRule): void {
    this.#ledger.notEvaluable(rule.id);
  }

  note(rule: AcrossRule, key: string): unknown {
    return this.#notes.get(`${rule.id} ${key}`);
  }

  setNote(rule: AcrossRule, key: string, value: unknown): void {
    const name = `${rule.id} ${key}`;
    this.#notes.delete(name);
    this.#notes.set(name, value);
    if (this.#notes.size > MAX_NOTES) dropOldest(this.#notes);
  }

  // --- inside -------------------------------------------------------------------------------------------------------

  #party(fault: AcrossRule['fault'], message: SessionMessage, session: SessionRecord | undefined): string {
    if (fault === 'station')
      return session?.station ?? (message.protocol === 'ocpp' ? stationOf(message) : message.from.id);
    const role = ROLES[fault];
    if (role === undefined) return message.from.id;
    const here = [message.from, message.to].find((party) => party.role === role);
    return (here ?? this.#parties.get(role) ?? message.from).id;
  }

  #due(now: number): void {
    let next = Number.POSITIVE_INFINITY;
    for (const [name, expected] of this.#expected) {
      if (expected.dueAt < now) {
        const { rule, message, session, dueAt } = expected;
        const end = expected.otherwise(dueAt);
        // Asked again later; a log may have jumped over several of its times.
        if (typeof end === 'number') expected.dueAt = Math.max(dueAt + Math.max(end, 1), now);
        else this.#expected.delete(name);
        if (end === 'not evaluable') this.#ledger.notEvaluable(rule.id);
        else if (typeof end === 'object') this.write(rule, message, session, end, dueAt);
        if (typeof end !== 'number') continue;
      }
      next = Math.min(next, expected.dueAt);
    }
    this.#nextDueAt = next;
  }
}

/** What the rules need beside the messages of sessions. */
const OTHER: ReadonlySet<string> = new Set([
  'ocpp.StatusNotification',
  'ocpp.NotifyEvent',
  'ocpp.DataTransfer',
  'ocpp.Heartbeat',
  'ocpp.BootNotification',
  'oicp.PushEvseStatus',
]);

const ROLES: Readonly<Partial<Record<AcrossRule['fault'], PartyRole>>> = {
  cpo: 'csms',
  csms: 'csms',
  hub: 'hub',
  emp: 'emp',
  pools: 'pnc',
};

/** One for the whole engine: asking a rule allocates nothing. */
class Context implements AcrossContext {
  readonly toleranceMs: number;
  readonly clocksAgree: boolean;
  readonly #engine: AcrossEngine;
  #rule: AcrossRule | undefined;
  #message: SessionMessage | undefined;
  asked: SessionMessage | undefined;
  session: SessionRecord | undefined;

  constructor(engine: AcrossEngine, toleranceMs: number, clocksAgree: boolean) {
    this.#engine = engine;
    this.toleranceMs = toleranceMs;
    this.clocksAgree = clocksAgree;
  }

  enter(
    rule: AcrossRule,
    message: SessionMessage,
    asked: SessionMessage | undefined,
    session: SessionRecord | undefined,
  ): void {
    this.#rule = rule;
    this.#message = message;
    this.asked = asked;
    this.session = session;
  }

  get rule(): AcrossRule {
    if (this.#rule === undefined) throw new Error('A rule was asked outside the engine');
    return this.#rule;
  }

  get message(): SessionMessage {
    if (this.#message === undefined) throw new Error('A rule was asked outside the engine');
    return this.#message;
  }

  get model(): AcrossModel {
    return this.#engine.model;
  }

  sessionOf(oicpSessionId: string): SessionRecord | undefined {
    return this.#engine.sessionOf(oicpSessionId);
  }

  /** Rules take it out of the context. */
  readonly report = (report: AcrossReport): void => {
    this.#engine.write(this.rule, this.message, this.session, report, this.message.time);
  };

  expect(expectation: AcrossExpectation): void {
    this.#engine.hold(this.rule, this.message, this.session, expectation);
  }

  fulfil(key: string): void {
    this.#engine.fulfil(this.rule, key);
  }

  note<T>(key: string): T | undefined {
    return this.#engine.note(this.rule, key) as T | undefined;
  }

  setNote(key: string, value: unknown): void {
    this.#engine.setNote(this.rule, key, value);
  }

  notEvaluable(): void {
    this.#engine.notEvaluable(this.rule);
  }
}

function dropOldest<K>(map: Map<K, unknown>): void {
  for (const key of map.keys()) {
    map.delete(key);
    return;
  }
}

import { RecentMap } from '../../../core/recent-map.ts';
import type { NewFinding, Party, PartyRole } from '../../entry.ts';
import { isOfSessions, type SessionMessage, stationOf } from '../../sessions/session-message.ts';
import type { SessionRecord } from '../../sessions/session-record.ts';
import { FindingLedger, type RuleCount } from '../ledger.ts';
import { type RuleExpectation, RuleMemory } from '../rule-memory.ts';
import { findingOf, type RuleReport } from '../rule-report.ts';
import { AcrossModel } from './across-model.ts';
import type { AcrossContext, AcrossRule } from './across-rule.ts';

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

/** The message that a rule was asked about, and the session that it belongs to. */
interface Cause {
  readonly message: SessionMessage;
  readonly session: SessionRecord | undefined;
}

/**
 * Asks the rules that compare protocols, over a stream that holds the messages of all parties in one order: the merged
 * journal, or a file. Each message comes with the session that it belongs to.
 */
export class AcrossEngine {
  readonly #options: AcrossEngineOptions;
  readonly #table = new Map<string, AcrossRule[]>();
  readonly #ledger: FindingLedger;
  readonly #open = new RecentMap<number, SessionMessage>(MAX_OPEN);
  readonly #parties = new Map<PartyRole, Party>();
  readonly model = new AcrossModel();
  readonly memory: RuleMemory<AcrossRule, Cause>;
  readonly #context: Context;

  constructor(options: AcrossEngineOptions) {
    this.#options = options;
    this.#ledger = new FindingLedger(options.report);
    const { toleranceMs = 2_000, wakeAt } = options;
    this.memory = new RuleMemory({
      toleranceMs,
      wakeAt,
      write: (rule, { message, session }, report, now) => this.write(rule, message, session, report, now),
      notEvaluable: (rule) => this.notEvaluable(rule),
    });
    this.#context = new Context(this, toleranceMs, options.clocksAgree ?? true);
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

  /** @param ownClock the message comes from where clocks are not ours: its time stamps are not compared with its time */
  take(message: SessionMessage, session: SessionRecord | undefined, ownClock = false): void {
    const { seq, time, kind, protocol, action, partner } = message;
    this.memory.pass(time);
    const isAnswer = kind === 'response' || kind === 'error';
    if (!isAnswer && kind !== 'request' && kind !== 'send') return;
    this.#parties.set(message.from.role, message.from);
    this.#parties.set(message.to.role, message.to);
    const asked = partner === undefined ? undefined : this.#open.get(partner);
    if (isAnswer) {
      if (partner !== undefined) this.#open.delete(partner);
    } else {
      this.#open.set(seq, message);
    }
    this.model.take(message, asked, session);
    const rules = this.#table.get(`${protocol}.${action}.${isAnswer ? 'answer' : 'request'}`);
    if (rules === undefined) return;
    for (const rule of rules) {
      this.#context.enter(rule, message, asked, session, ownClock);
      try {
        rule.check(this.#context);
      } catch (thrown) {
        this.#options.defect?.(`rule ${rule.id} on message ${seq}`, thrown);
      }
    }
  }

  tick(now: number): void {
    this.memory.tick(now);
  }

  /** The log has ended: what was waited for stays open. */
  finish(): void {
    this.memory.finish();
  }

  // --- used by the context ------------------------------------------------------------------------------------------

  sessionOf(oicpSessionId: string): SessionRecord | undefined {
    return this.#options.sessionOf(oicpSessionId);
  }

  write(
    rule: AcrossRule,
    message: SessionMessage,
    session: SessionRecord | undefined,
    report: RuleReport,
    now: number,
  ): void {
    const { severity = rule.severity, fault = rule.fault, seq = message.seq } = report;
    const party = this.#party(fault, message, session);
    this.#ledger.add(
      '',
      `${seq} ${report.pointer ?? ''}`,
      findingOf(rule, report, { severity, party, seq, time: now }),
    );
  }

  notEvaluable(rule: AcrossRule): void {
    this.#ledger.notEvaluable(rule.id);
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
  readonly #engine: AcrossEngine;
  readonly #clocksAgree: boolean;
  #ownClock = false;
  #rule: AcrossRule | undefined;
  #message: SessionMessage | undefined;
  asked: SessionMessage | undefined;
  session: SessionRecord | undefined;

  constructor(engine: AcrossEngine, toleranceMs: number, clocksAgree: boolean) {
    this.#engine = engine;
    this.toleranceMs = toleranceMs;
    this.#clocksAgree = clocksAgree;
  }

  enter(
    rule: AcrossRule,
    message: SessionMessage,
    asked: SessionMessage | undefined,
    session: SessionRecord | undefined,
    ownClock: boolean,
  ): void {
    this.#ownClock = ownClock;
    this.#rule = rule;
    this.#message = message;
    this.asked = asked;
    this.session = session;
  }

  get clocksAgree(): boolean {
    return this.#clocksAgree && !this.#ownClock;
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
  readonly report = (report: RuleReport): void => {
    this.#engine.write(this.rule, this.message, this.session, report, this.message.time);
  };

  expect(expectation: RuleExpectation): void {
    const { message, session } = this;
    this.#engine.memory.hold(this.rule, { message, session }, message.time, expectation);
  }

  fulfil(key: string): void {
    this.#engine.memory.fulfil(this.rule, key);
  }

  note<T>(key: string): T | undefined {
    return this.#engine.memory.note(this.rule, key) as T | undefined;
  }

  setNote(key: string, value: unknown): void {
    this.#engine.memory.setNote(this.rule, key, value);
  }

  notEvaluable(): void {
    this.#engine.notEvaluable(this.rule);
  }
}

import { RecentMap } from '../../../core/recent-map.ts';
import { OperationBodies, operationRow, type Reading, readPageQuery } from '../../../protocols/oicp/index.ts';
import type { LinkDescription, LinkNumber, NewEntry, NewFinding, Party } from '../../entry.ts';
import { runsOnOwnClock } from '../../own-clock.ts';
import { FindingLedger, type RuleCount } from '../ledger.ts';
import { type RuleExpectation, RuleMemory } from '../rule-memory.ts';
import { findingOf, type RuleReport } from '../rule-report.ts';
import { Exchange, ExchangeAnswer, type ExchangeLink } from './exchange.ts';
import type { ExchangeContext, ExchangeMoment, ExchangeRule } from './exchange-rule.ts';
import { OicpModel } from './oicp-model.ts';

export interface ExchangeEngineOptions {
  readonly rules: readonly ExchangeRule[];
  readonly report: (finding: NewFinding) => void;
  /** Something is due at this time (epoch ms): `tick` should come then, or soon after. */
  readonly wakeAt?: (time: number) => void;
  readonly toleranceMs?: number;
  readonly clocksAgree?: boolean;
  /** Told about exceptions in rules: defects of ours, never of the traffic. */
  readonly defect?: (where: string, thrown: unknown) => void;
  readonly bodies?: OperationBodies;
}

/** Requests that wait for their answers; one that waits longer is told as unanswered by its own tap. */
const MAX_OUTSTANDING = 2_000;
const NO_RULES: readonly ExchangeRule[] = [];

/**
 * Asks the rules about every exchange over HTTP: when the request is seen, and when its answer is. Works the same on live
 * services, on the loopback and on files; knows no time but that of the messages, and `tick`.
 */
export class ExchangeEngine {
  readonly #options: ExchangeEngineOptions;
  readonly #tables: Readonly<Record<ExchangeMoment, ReadonlyMap<string, readonly ExchangeRule[]>>>;
  readonly #byId: ReadonlyMap<string, ExchangeRule>;
  readonly #links = new Map<LinkNumber, ExchangeLink>();
  readonly #outstanding = new RecentMap<number, Exchange>(MAX_OUTSTANDING);
  readonly #ledger: FindingLedger;
  readonly #context: Context;
  readonly model = new OicpModel();
  readonly memory: RuleMemory<ExchangeRule, Exchange>;
  #bodies: OperationBodies | undefined;

  constructor(options: ExchangeEngineOptions) {
    this.#options = options;
    this.#byId = new Map(options.rules.map((rule) => [rule.id, rule]));
    this.#tables = { request: tableOf(options.rules, 'request'), answer: tableOf(options.rules, 'answer') };
    this.#ledger = new FindingLedger(options.report);
    this.#bodies = options.bodies;
    const { toleranceMs = 1_000, wakeAt } = options;
    this.memory = new RuleMemory({
      toleranceMs,
      wakeAt,
      write: (rule, x, report, now) => this.write(rule, x, report, x.seq, now),
      notEvaluable: (rule) => this.notEvaluable(rule),
    });
    this.#context = new Context(this, toleranceMs, options.clocksAgree ?? true);
  }

  get counts(): ReadonlyMap<string, Readonly<RuleCount>> {
    return this.#ledger.counts;
  }

  get bodies(): OperationBodies {
    this.#bodies ??= new OperationBodies();
    return this.#bodies;
  }

  watches(link: LinkNumber): boolean {
    return this.#links.has(link);
  }

  /** `judgeBodies`: nobody has read the bodies of this link by their schema yet. Other protocols are passed over. */
  openLink(number: LinkNumber, description: LinkDescription, judgeBodies: boolean): void {
    const { protocol, a, b } = description;
    if (protocol !== 'oicp' && protocol !== 'pnc') return;
    this.#links.set(number, {
      number,
      protocol,
      a,
      b,
      judgeBodies,
      description,
      ownClock: runsOnOwnClock(description),
    });
  }

  closeLink(number: LinkNumber): void {
    this.#links.delete(number);
  }

  /** One entry of the journal, with the number it got. */
  observe(entry: NewEntry, seq: number): void {
    const link = this.#links.get(entry.link);
    // What a user only tried never crossed the wire.
    if (link === undefined || entry.flags?.includes('synthetic') === true) return;
    this.memory.pass(entry.time);
    if (entry.kind === 'request') this.#asked(link, entry, seq);
    else if (entry.kind === 'response' || entry.kind === 'error') this.#answered(entry, seq);
  }

  /** A finding of a role or a tap: the same of the same place is told once. */
  finding(finding: NewFinding): void {
    this.#ledger.add('', placeOf(finding), finding);
  }

  /** True for rules that roles and taps report too. */
  knows(rule: string): boolean {
    return this.#byId.has(rule);
  }

  tick(now: number): void {
    this.memory.tick(now);
  }

  /** The log has ended: what was waited for stays open. */
  finish(): void {
    this.memory.finish();
  }

  // --- used by the context ------------------------------------------------------------------------------------------

  write(rule: ExchangeRule, x: Exchange, report: RuleReport, seq: number, now: number): void {
    const { severity = rule.severity, fault = rule.fault } = report;
    const place = { severity, party: partyOf(x, fault).id, seq: report.seq ?? seq, time: now };
    this.finding(findingOf(rule, report, place));
  }

  notEvaluable(rule: ExchangeRule): void {
    this.#ledger.notEvaluable(rule.id);
  }

  // --- inside -------------------------------------------------------------------------------------------------------

  #asked(link: ExchangeLink, entry: NewEntry, seq: number): void {
    const x = new Exchange(link, entry.action, halfOf(entry, seq));
    this.#outstanding.set(seq, x);
    if (link.judgeBodies && link.protocol === 'oicp') this.#judgeRequest(x);
    this.#ask(this.#tables.request.get(keyOf(link, x.operation)) ?? this.#tables.request.get(`${link.protocol}.*`), x);
    if (x.oicp !== undefined) this.model.asked(x);
  }

  #answered(entry: NewEntry, seq: number): void {
    const x = entry.partner === undefined ? undefined : this.#outstanding.get(entry.partner);
    if (x === undefined) return;
    this.#outstanding.delete(x.seq);
    const answer = new ExchangeAnswer(halfOf(entry, seq));
    x.answer = answer;
    if (x.link.judgeBodies && x.link.protocol === 'oicp') this.#judgeAnswer(x, answer);
    this.#ask(
      this.#tables.answer.get(keyOf(x.link, x.operation)) ?? this.#tables.answer.get(`${x.link.protocol}.*`),
      x,
    );
    if (x.oicp !== undefined) this.model.answered(x, answer);
  }

  #judgeRequest(x: Exchange): void {
    const reading = this.readingOf(x);
    if (reading === undefined) return;
    x.refusedBySchema = !reading.ok;
    const paged = x.oicp !== undefined && operationRow(x.oicp).paged ? readPageQuery(x.query, 'lenient').findings : [];
    for (const { code, pointer, severity, text } of [...reading.findings, ...paged])
      this.#judge(x, x.seq, code, pointer, severity, text, 'caller');
  }

  #judgeAnswer(x: Exchange, answer: ExchangeAnswer): void {
    if (x.oicp === undefined || answer.failure !== undefined || (answer.status ?? 200) >= 300) return;
    const reading = this.bodies.answer(x.oicp, answer.payload, 'lenient', x.ends);
    for (const { code, pointer, severity, text } of reading.findings)
      this.#judge(x, answer.seq, code, pointer, severity, text, 'server');
  }

  #judge(
    x: Exchange,
    seq: number,
    id: string,
    pointer: string,
    severity: ExchangeRule['severity'],
    text: string,
    fault: 'caller' | 'server',
  ): void {
    const rule = this.#byId.get(id);
    if (rule !== undefined) this.write(rule, x, { text, pointer, severity, fault }, seq, x.answer?.time ?? x.time);
  }

  readingOf(x: Exchange): Reading<unknown> | undefined {
    return x.oicp === undefined ? undefined : this.bodies.request(x.oicp, x.payload, 'lenient', x.ends);
  }

  #ask(rules: readonly ExchangeRule[] = NO_RULES, x: Exchange): void {
    const context = this.#context;
    for (const rule of rules) {
      context.enter(rule, x, (x.answer ?? x).time);
      try {
        rule.check?.(context);
      } catch (thrown) {
        this.#options.defect?.(`rule ${rule.id} on message ${x.seq}`, thrown);
      }
    }
  }
}

/** One for the whole engine: asking a rule allocates nothing. */
class Context implements ExchangeContext {
  readonly toleranceMs: number;
  readonly #engine: ExchangeEngine;
  readonly #clocksAgree: boolean;
  #rule: ExchangeRule | undefined;
  #x: Exchange | undefined;
  #now = 0;
  #read: { readonly of: Exchange; readonly reading: Reading<unknown> | undefined } | undefined;

  constructor(engine: ExchangeEngine, toleranceMs: number, clocksAgree: boolean) {
    this.#engine = engine;
    this.toleranceMs = toleranceMs;
    this.#clocksAgree = clocksAgree;
  }

  enter(rule: ExchangeRule, x: Exchange, now: number): void {
    this.#rule = rule;
    this.#x = x;
    this.#now = now;
  }

  get clocksAgree(): boolean {
    return this.#clocksAgree && !this.x.link.ownClock;
  }

  get rule(): ExchangeRule {
    if (this.#rule === undefined) throw new Error('A rule was asked outside the engine');
    return this.#rule;
  }

  get x(): Exchange {
    if (this.#x === undefined) throw new Error('A rule was asked outside the engine');
    return this.#x;
  }

  get answer(): ExchangeAnswer {
    const { answer } = this.x;
    if (answer === null) throw new Error(`Rule ${this.rule.id} wants an answer that is not there yet`);
    return answer;
  }

  get oicp(): OicpModel {
    return this.#engine.model;
  }

  get judges(): boolean {
    return this.x.link.judgeBodies;
  }

  get bodies(): OperationBodies {
    return this.#engine.bodies;
  }

  reading(): Reading<unknown> | undefined {
    const { x } = this;
    if (this.#read?.of !== x) this.#read = { of: x, reading: this.#engine.readingOf(x) };
    return this.#read.reading;
  }

  /** Rules take it out of the context. */
  readonly report = (report: RuleReport): void => {
    const { rule, x } = this;
    this.#engine.write(rule, x, report, (x.answer ?? x).seq, this.#now);
  };

  expect(expectation: RuleExpectation): void {
    this.#engine.memory.hold(this.rule, this.x, this.#now, expectation);
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

/** Which rules are asked about which operation: worked out once, so that one without a rule costs one look-up. */
function tableOf(rules: readonly ExchangeRule[], moment: ExchangeMoment): ReadonlyMap<string, readonly ExchangeRule[]> {
  const asked = rules.filter((rule) => rule.check !== undefined);
  const table = new Map<string, readonly ExchangeRule[]>();
  for (const protocol of ['oicp', 'pnc'] as const) {
    const own = asked.filter((rule) => rule.protocol === protocol);
    const operations = new Set(own.flatMap(({ on }) => on.map((trigger) => trigger.split('.')[0] ?? '')));
    for (const operation of operations) {
      const list = own.filter(({ on }) =>
        on.some((trigger) => trigger === `*.${moment}` || trigger === `${operation}.${moment}`),
      );
      if (list.length > 0) table.set(`${protocol}.${operation}`, list);
    }
  }
  return table;
}

function keyOf(link: ExchangeLink, operation: string): string {
  return `${link.protocol}.${operation}`;
}

function halfOf(
  { time, kind, raw, payload, code, flags, detail }: NewEntry,
  seq: number,
): ConstructorParameters<typeof ExchangeAnswer>[0] {
  return {
    seq,
    time,
    kind,
    raw: typeof raw === 'string' ? raw : Buffer.from(raw).toString('utf8'),
    payload,
    code,
    flags,
    detail,
  };
}

function placeOf({ seq, pointer = '', text, party }: NewFinding): string {
  return seq === undefined ? `${party} ${text}` : `${seq} ${pointer}`;
}

const ENDS = { cpo: 'csms', emp: 'emp', hub: 'hub', pools: 'pnc', csms: 'csms', station: 'cs' } as const;

function partyOf({ from, to }: Exchange, fault: ExchangeRule['fault']): Party {
  if (fault === 'caller' || fault === 'sender') return from;
  if (fault === 'server') return to;
  return [from, to].find(({ role }) => role === ENDS[fault]) ?? from;
}

import type { Frame, Unreadable } from '../../protocols/ocpp/frame.ts';
import { violationsOf } from '../../protocols/ocpp/rpc-report.ts';
import { OcppSchemaSet, type Violation } from '../../protocols/ocpp/schemas.ts';
import { OCPP_VERSIONS, versionOfSubprotocol } from '../../protocols/ocpp/versions.ts';
import type { LinkDescription, LinkNumber, NewEntry, NewFinding } from '../entry.ts';
import { runsOnOwnClock } from '../own-clock.ts';
import { type Dispatch, dispatchTables, type MessageKind } from './dispatch.ts';
import { type FrameFault, FrameWatcher } from './frame-watcher.ts';
import { FindingLedger, type RuleCount } from './ledger.ts';
import { StationModel } from './model/station-model.ts';
import { MAX_OBLIGATIONS, type Obligation } from './obligations.ts';
import { Observation, type WatchedLink } from './observation.ts';
import { OutstandingRequests } from './outstanding.ts';
import { payloadOf } from './payload-of-frame.ts';
import { isObject, textAt } from './payload-reader.ts';
import type { Expectation, Report, Rule, RuleContext, SharedFacts } from './rule.ts';
import { findingOf } from './rule-report.ts';

export interface RuleEngineOptions {
  readonly rules: readonly Rule[];
  readonly report: (finding: NewFinding) => void;
  /** Something is due at this time (epoch ms): `tick` should come then, or soon after. */
  readonly wakeAt?: (time: number) => void;
  /** How much later than asked is in time: 1 s, 2 s for logs of whole seconds (F0). */
  readonly toleranceMs?: number;
  /** How long callers wait for answers on links whose frames the engine judges itself. */
  readonly timeoutMs?: number;
  /** Told about exceptions in rules: defects of ours, never of the traffic. */
  readonly defect?: (where: string, thrown: unknown) => void;
  readonly schemas?: OcppSchemaSet;
  /** False when stations run on a clock of their own, faster or slower than the one of the tap; true by default. */
  readonly clocksAgree?: boolean;
  /** Stations kept in memory; beyond, those that were silent longest and are not connected are forgotten. */
  readonly maxStations?: number;
}

const MAX_STATIONS = 50_000;
/** An answer later than this is worth a look: half of the common time-out of 30 s. */
const SLOW_MS = 15_000;

/**
 * Asks the rules about every message in the order in which it was seen. Works the same on live links, on the loopback and
 * on imported logs: what it knows of time is the time of the messages, and `tick`.
 */
export class RuleEngine {
  readonly #options: RuleEngineOptions;
  readonly #tables: ReturnType<typeof dispatchTables>;
  readonly #byId: ReadonlyMap<string, Rule>;
  readonly #links = new Map<LinkNumber, WatchedLink>();
  readonly #stations = new Map<string, StationModel>();
  readonly #waiting = new Set<StationModel>();
  readonly #ledger: FindingLedger;
  readonly #context: Context;
  #schemas: OcppSchemaSet | undefined;

  constructor(options: RuleEngineOptions) {
    this.#options = options;
    this.#tables = dispatchTables(options.rules);
    this.#byId = new Map(options.rules.map((rule) => [rule.id, rule]));
    this.#ledger = new FindingLedger(options.report);
    this.#context = new Context(this, options.toleranceMs ?? 1_000, options.clocksAgree ?? true);
    this.#schemas = options.schemas;
  }

  /** What each rule found, repeated and could not tell. */
  get counts(): ReadonlyMap<string, Readonly<RuleCount>> {
    return this.#ledger.counts;
  }

  /** Stations in memory. */
  get stationCount(): number {
    return this.#stations.size;
  }

  get schemas(): OcppSchemaSet {
    this.#schemas ??= new OcppSchemaSet();
    return this.#schemas;
  }

  /** `watchFrames`: nobody has judged the frames of this link yet. Links of other protocols are passed over. */
  openLink(number: LinkNumber, description: LinkDescription, time: number, watchFrames: boolean): void {
    const version = OCPP_VERSIONS.find((each) => each === description.version);
    if (description.protocol !== 'ocpp' || version === undefined) return;
    const stationIsClient = description.a.role !== 'csms';
    const station = stationIsClient ? description.a : description.b;
    const link: WatchedLink = {
      number,
      description,
      version,
      station,
      csms: stationIsClient ? description.b : description.a,
      stationIsClient,
      model: this.#station(station.id, time),
      ownClock: runsOnOwnClock(description),
      openedAt: time,
      outstanding: new OutstandingRequests(),
      frames: watchFrames ? new FrameWatcher(this.schemas, this.#options.timeoutMs ?? 30_000) : null,
      stationCalls: 0,
      lastMessageAt: 0,
      hadPremature: false,
      closed: false,
    };
    this.#links.set(number, link);
    link.model.connections.opened(link);
    const open = eventOf(link, 'open', 0, time, '', '');
    this.#meet(open);
    this.#ask(this.#tables[version].situations.open, open);
  }

  /** One entry of the journal, with the number it got. @param parsed its frame, where the caller has read it */
  observe(entry: NewEntry, seq: number, parsed?: Frame | Unreadable): void {
    const link = this.#links.get(entry.link);
    // A message that a user only tried ("simulate inbound") never crossed the wire.
    if (link === undefined || entry.flags?.includes('synthetic') === true) return;
    this.#due(link.model, entry.time);
    if (entry.kind === 'event') {
      if (entry.action === 'closed') this.#closed(link, seq, entry.time, textOf(entry.raw));
      else if (entry.action === 'liveness') {
        this.#ask(
          this.#tables[link.version].situations.liveness,
          eventOf(link, 'liveness', seq, entry.time, textOf(entry.raw), ''),
        );
      }
      return;
    }
    if (entry.kind === 'mark') return;
    const o =
      link.frames === null ? this.#live(link, entry, seq) : this.#watched(link, link.frames, entry, seq, parsed);
    this.#seen(o);
  }

  /** A connection that was turned away before it was one. */
  refused(description: LinkDescription, entry: NewEntry, seq: number): void {
    const offered = description.facts?.['offered']?.split(',') ?? [];
    const version = offered.map(versionOfSubprotocol).find((each) => each !== undefined) ?? '1.6';
    const link: WatchedLink = {
      number: entry.link,
      description,
      version,
      station: description.a,
      csms: description.b,
      stationIsClient: true,
      model: this.#station(description.a.id, entry.time),
      ownClock: runsOnOwnClock(description),
      openedAt: entry.time,
      outstanding: new OutstandingRequests(),
      frames: null,
      stationCalls: 0,
      lastMessageAt: 0,
      hadPremature: false,
      closed: true,
    };
    link.model.connections.refused(entry.time);
    const { refused } = this.#tables[version].situations;
    this.#ask(refused, eventOf(link, 'refused', seq, entry.time, textOf(entry.raw), entry.code ?? ''));
  }

  /** The link's end, when no `closed` event came before. */
  closeLink(number: LinkNumber, time: number): void {
    const link = this.#links.get(number);
    if (link === undefined) return;
    this.#links.delete(number);
    if (!link.closed) this.#closed(link, 0, time, '');
  }

  /** Time has passed without a message. */
  tick(now: number): void {
    for (const model of this.#waiting) this.#due(model, now);
    for (const link of this.#links.values()) link.frames?.expire(now, (fault) => this.#frameFault(fault));
    this.#wake();
  }

  /** The log has ended: what was waited for stays open. */
  finish(): void {
    for (const model of this.#waiting) {
      for (const { rule } of model.obligations) this.#ledger.notEvaluable(rule.id);
      this.#keep(model, []);
    }
  }

  // --- used by the context ------------------------------------------------------------------------------------------

  write(rule: Rule, o: Observation, report: Report, now: number): void {
    const { link } = o;
    const version = link.version;
    const fault = report.fault ?? rule.fault;
    const party = fault === 'station' ? link.station : fault === 'csms' ? link.csms : o.sender;
    const declared = typeof rule.severity === 'string' ? rule.severity : rule.severity[version];
    const severity = rule.needsHistory === true && link.model.truncated ? 'info' : (report.severity ?? declared);
    const seq = report.seq ?? o.seq;
    const finding = findingOf(rule, report, { severity, party: party.id, seq, time: now });
    this.#ledger.add(link.station.id, String(report.object ?? ''), finding);
  }

  hold(rule: Rule, o: Observation, expectation: Expectation): void {
    const { model } = o.link;
    const object = String(expectation.object ?? '');
    if (model.obligations.some((each) => each.rule === rule && each.object === object)) return;
    if (model.obligations.length >= MAX_OBLIGATIONS) return this.#ledger.notEvaluable(rule.id);
    const dueAt = o.time + expectation.withinMs + this.#context.toleranceMs;
    model.obligations.push({ rule, expectation, cause: o, link: o.link, object, dueAt });
    model.nextDueAt = Math.min(model.nextDueAt, dueAt);
    this.#waiting.add(model);
    this.#options.wakeAt?.(dueAt);
  }

  repeats(rule: Rule, o: Observation, object: string): boolean {
    return this.#ledger.repeat(o.link.station.id, rule.id, object);
  }

  notEvaluable(rule: Rule): void {
    this.#ledger.notEvaluable(rule.id);
  }

  // --- inside -------------------------------------------------------------------------------------------------------

  #station(id: string, time: number): StationModel {
    let model = this.#stations.get(id);
    if (model === undefined) {
      model = new StationModel(id, time);
      this.#stations.set(id, model);
      if (this.#stations.size > (this.#options.maxStations ?? MAX_STATIONS)) this.#forgetOne();
    }
    return model;
  }

  #forgetOne(): void {
    for (const [id, model] of this.#stations) {
      if (model.connections.open.size > 0) continue;
      this.#stations.delete(id);
      this.#waiting.delete(model);
      return;
    }
  }

  /** The link's own RPC engine has read and judged the frame. */
  #live(link: WatchedLink, entry: NewEntry, seq: number): Observation {
    const { outstanding } = link;
    const request = entry.partner === undefined ? null : (outstanding.get(entry.partner) ?? null);
    if (request !== null) {
      outstanding.delete(request);
      request.outcome = entry.kind === 'response' ? 'answered' : 'refused';
    }
    const raw = textOf(entry.raw);
    return new Observation({
      seq,
      time: entry.time,
      link,
      fromStation: entry.toClient !== link.stationIsClient,
      kind: entry.kind,
      action: entry.action,
      messageId: entry.messageId,
      payload: entry.payload ?? payloadOf(raw),
      raw,
      request,
      code: entry.code ?? '',
      flags: entry.flags ?? [],
    });
  }

  #watched(
    link: WatchedLink,
    frames: FrameWatcher,
    entry: NewEntry,
    seq: number,
    parsed: Frame | Unreadable | undefined,
  ): Observation {
    const faults: FrameFault[] = [];
    const frame = {
      seq,
      time: entry.time,
      fromStation: entry.toClient !== link.stationIsClient,
      raw: textOf(entry.raw),
      parsed,
    };
    const read = typeof entry.raw === 'string' ? 'read' : 'unreadable';
    const o = frames[read](frame, link, (fault) => faults.push(fault));
    if (o.request !== null) link.outstanding.delete(o.request);
    for (const fault of faults) this.#frameFault(fault);
    return o;
  }

  #frameFault(fault: FrameFault): void {
    const rule = this.#byId.get(fault.rule);
    if (rule === undefined) return;
    const { on, text, pointer, severity } = fault;
    // Frames have no object that could be wrong twice: each place of each action stands for itself.
    const object = `${on.action}|${on.fromStation}|${pointer?.replaceAll(/\d+/g, '#') ?? ''}|${text.replaceAll(/\d+/g, '#')}`;
    const report: Report = {
      text,
      object,
      ...(pointer === undefined ? {} : { pointer }),
      ...(severity === undefined ? {} : { severity }),
    };
    // An unanswered CALL is the fault of the one who should have answered.
    if (fault.rule === 'OCPPJ-RPC-011')
      this.write(rule, on, { ...report, fault: on.fromStation ? 'csms' : 'station' }, on.time);
    else this.write(rule, on, report, on.time);
  }

  #seen(o: Observation): void {
    const { link, kind } = o;
    const { model } = link;
    const table: Dispatch = this.#tables[link.version];
    const { situations } = table;
    link.lastMessageAt = o.time;
    if (kind === 'request') {
      link.outstanding.add(o);
    }
    if (model.obligations.length > 0) this.#meet(o);
    model.beforeRules(o);
    if (kind === 'request') {
      if (o.fromStation && ++link.stationCalls === 1) this.#ask(situations.first, o);
      if (o.messageId !== '' && model.messageIds(o.fromStation).get(o.messageId) !== undefined)
        this.#ask(situations.reused, o);
    } else if (o.request !== null && o.time - o.request.time > SLOW_MS) {
      this.#ask(situations.slow, o);
    }
    if (kind === 'request' && o.action === 'TransactionEvent') {
      const type = textAt(o.payload, 'eventType');
      if (type === 'Started') this.#ask(situations['transaction-started'], o);
      else if (type === 'Ended') this.#ask(situations['transaction-ended'], o);
    }
    if (kind === 'error' && o.isResultError && !o.flags.includes('unexpected'))
      this.#ask(situations['result-error'], o);
    if (isInvalid(o) || (o.request !== null && isInvalid(o.request))) this.#ask(situations.invalid, o);
    if (!model.boot.isPlain || link.hadPremature) this.#ask(situations.unregistered, o);
    if (o.flags.length > 0 && o.flags.includes('unexpected')) this.#ask(situations.unexpected, o);
    else if (o.flags.length === 0 || !o.flags.includes('malformed'))
      this.#ask((table.actions.get(o.action) ?? table.unknown)[kind as MessageKind], o);
    model.update(o);
  }

  #closed(link: WatchedLink, seq: number, time: number, raw: string): void {
    link.closed = true;
    const { model } = link;
    this.#due(model, time);
    const o = eventOf(link, 'closed', seq, time, raw, codeOf(raw));
    this.#meet(o);
    this.#ask(this.#tables[link.version].situations.close, o);
    model.connections.closed(link, time, o.code);
    const kept: Obligation[] = [];
    for (const obligation of model.obligations) {
      if (obligation.link !== link || obligation.expectation.survivesClose === true) kept.push(obligation);
      else this.#ledger.notEvaluable(obligation.rule.id);
    }
    this.#keep(model, kept);
  }

  #ask(rules: readonly Rule[], o: Observation): void {
    const context = this.#context;
    for (const rule of rules) {
      context.enter(rule, o, o.time);
      try {
        rule.check?.(context);
      } catch (thrown) {
        this.#options.defect?.(`rule ${rule.id} on message ${o.seq}`, thrown);
      }
    }
  }

  /** Expectations that this message fulfils, or makes pointless. */
  #meet(o: Observation): void {
    const { model } = o.link;
    let kept: Obligation[] | undefined;
    for (let index = 0; index < model.obligations.length; index++) {
      const each = model.obligations[index];
      if (each === undefined) continue;
      const { by, unless } = each.expectation;
      const met = each.cause !== o && (by?.(o) === true || unless?.(o) === true);
      if (met) kept ??= model.obligations.slice(0, index);
      else kept?.push(each);
    }
    if (kept !== undefined) this.#keep(model, kept);
  }

  #keep(model: StationModel, obligations: Obligation[]): void {
    model.obligations = obligations;
    model.nextDueAt = Number.POSITIVE_INFINITY;
    for (const { dueAt } of obligations) if (dueAt < model.nextDueAt) model.nextDueAt = dueAt;
    if (obligations.length === 0) this.#waiting.delete(model);
  }

  /** Expectations whose time is over at `now`. */
  #due(model: StationModel, now: number): void {
    if (model.nextDueAt >= now) return;
    const context = this.#context;
    const kept: Obligation[] = [];
    for (const obligation of model.obligations) {
      const { rule, expectation, cause, dueAt } = obligation;
      if (dueAt >= now || cause === null) {
        kept.push(obligation);
        continue;
      }
      context.enter(rule, cause, dueAt);
      const end = expectation.otherwise(dueAt);
      if (end === 'not evaluable') this.#ledger.notEvaluable(rule.id);
      else if (typeof end === 'number') {
        // Asked again later; a log may have jumped over several of its times.
        obligation.dueAt = Math.max(dueAt + Math.max(end, 1), now);
        kept.push(obligation);
      } else if (end !== undefined) this.write(rule, cause, end, dueAt);
    }
    this.#keep(model, kept);
  }

  #wake(): void {
    let next = Number.POSITIVE_INFINITY;
    for (const { nextDueAt } of this.#waiting) next = Math.min(next, nextDueAt);
    if (next !== Number.POSITIVE_INFINITY) this.#options.wakeAt?.(next);
  }
}

/** One for the whole engine: asking a rule allocates nothing. */
class Context implements RuleContext {
  readonly toleranceMs: number;
  readonly shared: SharedFacts = { issuedTransactionIds: new Map() };
  readonly #engine: RuleEngine;
  readonly #clocksAgree: boolean;
  #rule: Rule | undefined;
  #o: Observation | undefined;
  #now = 0;

  constructor(engine: RuleEngine, toleranceMs: number, clocksAgree: boolean) {
    this.#clocksAgree = clocksAgree;
    this.#engine = engine;
    this.toleranceMs = toleranceMs;
  }

  enter(rule: Rule, o: Observation, now: number): void {
    this.#rule = rule;
    this.#o = o;
    this.#now = now;
  }

  get clocksAgree(): boolean {
    return this.#clocksAgree && !this.o.link.ownClock;
  }

  get o(): Observation {
    if (this.#o === undefined) throw new Error('A rule was asked outside the engine');
    return this.#o;
  }

  get link(): WatchedLink {
    return this.o.link;
  }

  get station(): StationModel {
    return this.o.link.model;
  }

  report(report: Report): void {
    if (this.#rule !== undefined) this.#engine.write(this.#rule, this.o, report, this.#now);
  }

  expect(expectation: Expectation): void {
    if (this.#rule !== undefined) this.#engine.hold(this.#rule, this.o, expectation);
  }

  repeats(object: string | number): boolean {
    return this.#rule !== undefined && this.#engine.repeats(this.#rule, this.o, String(object));
  }

  notEvaluable(): void {
    if (this.#rule !== undefined) this.#engine.notEvaluable(this.#rule);
  }

  violations(o: Observation): readonly Violation[] {
    const schemas = this.#engine.schemas.of(o.link.version).of(o.action);
    return violationsOf(o.kind === 'response' ? schemas?.response : schemas?.request, o.payload);
  }
}

function isInvalid(o: Observation): boolean {
  return o.flags.length > 0 && o.flags.includes('invalid');
}

function eventOf(
  link: WatchedLink,
  action: 'open' | 'closed' | 'refused' | 'liveness',
  seq: number,
  time: number,
  raw: string,
  code: string,
): Observation {
  const payload = payloadOf(raw);
  return new Observation({
    seq,
    time,
    link,
    fromStation: true,
    kind: 'event',
    action,
    messageId: '',
    payload,
    raw,
    request: null,
    code,
    flags: [],
  });
}

function codeOf(raw: string): string {
  const facts = payloadOf(raw);
  const code = isObject(facts) ? facts['code'] : undefined;
  return typeof code === 'string' ? code : '';
}

function textOf(raw: string | Uint8Array): string {
  return typeof raw === 'string' ? raw : Buffer.from(raw).toString('utf8');
}

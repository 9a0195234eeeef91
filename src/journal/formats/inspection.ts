import { actionRow } from '../../protocols/ocpp/actions.ts';
import { OcppSchemaSet } from '../../protocols/ocpp/schemas.ts';
import { OCPP_VERSIONS, type OcppVersion } from '../../protocols/ocpp/versions.ts';
import { describeMessage } from '../describe.ts';
import type { EntryKind, NewFinding, Severity } from '../entry.ts';
import { everyRule, ruleCatalogue } from '../findings/catalogue.ts';
import { RuleEngine } from '../findings/engine.ts';
import { ExchangeEngine } from '../findings/exchange/exchange-engine.ts';
import { exchangeCatalogue } from '../findings/exchange-catalogue.ts';
import type { Rule, RuleDeclaration } from '../findings/rule.ts';
import type { SequenceRow } from '../sequence/index.ts';
import { isObject, type Members } from '../sessions/members.ts';
import { type Session, sessionOf } from '../sessions/session.ts';
import { SessionBook } from '../sessions/session-book.ts';
import { isOfSessions, type SessionMessage } from '../sessions/session-message.ts';
import type { LogFrame, LogMessage, LogWhole } from './log-message.ts';

export interface InspectionOptions {
  /** For frames that do not say their version; else it is found out from the actions. */
  readonly version?: OcppVersion;
  readonly rules?: readonly Rule[];
  /** False when the stations of the log run on clocks of their own (`--clock scaled:60`); true by default. */
  readonly clocksAgree?: boolean;
  /** Compiled before, for many short logs. */
  readonly schemas?: OcppSchemaSet;
}

export interface RankedFinding {
  readonly rule: string;
  readonly severity: Severity;
  readonly title: string;
  /** How often it was found, and repeated itself. */
  readonly count: number;
  readonly clause: string;
  readonly causes: readonly string[];
  readonly next: readonly string[];
  /** The first ones, with their place. */
  readonly examples: readonly NewFinding[];
}

export interface InspectedSession {
  readonly session: Session;
  readonly findings: readonly NewFinding[];
  /** The first messages of it, for a diagram. */
  readonly rows: readonly SequenceRow[];
}

export interface InspectionResult {
  readonly messages: number;
  readonly stations: number;
  readonly findings: readonly RankedFinding[];
  readonly sessions: readonly InspectedSession[];
  /** Sessions that were seen, also those that are not listed. */
  readonly sessionCount: number;
  readonly defects: readonly string[];
}

const ROWS_PER_SESSION = 60;
const SESSIONS_WITH_ROWS = 500;
const EXAMPLES = 5;
const FINDINGS_PER_SESSION = 20;
const REMEMBERED = 50_000;
const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

interface Conversation {
  readonly station: string;
  readonly csms: string;
  readonly version: OcppVersion;
  readonly link: number;
  /** Requests that wait, by their id: who sent them, what they were. */
  readonly waiting: Map<
    string,
    { readonly fromStation: boolean; readonly action: string; readonly seq: number; readonly time: number }
  >;
}

/** Runs the rules and puts the sessions together over messages of a log, one after another, with bounded memory. */
export class Inspection {
  readonly #options: InspectionOptions;
  readonly #rules: ReadonlyMap<string, RuleDeclaration>;
  readonly #engine: RuleEngine;
  readonly #exchangeEngine: ExchangeEngine;
  /** Links of exchanges, by protocol and parties. */
  readonly #hops = new Map<string, number>();
  readonly #conversations = new Map<string, Conversation>();
  readonly #book: SessionBook;
  readonly #sessionOf = new Map<number, number>();
  readonly #rows = new Map<number, SequenceRow[]>();
  readonly #byRule = new Map<string, { finding: NewFinding[]; severity: Severity; count: number }>();
  readonly #bySession = new Map<number, NewFinding[]>();
  readonly #exchanges = new Map<string, { readonly seq: number; readonly time: number }>();
  readonly #defects: string[] = [];
  readonly #unsettled: NewFinding[] = [];
  #seq = 0;
  #messages = 0;
  #now = 0;

  constructor(options: InspectionOptions = {}) {
    this.#options = options;
    this.#rules = new Map([...everyRule(), ...(options.rules ?? [])].map((rule) => [rule.id, rule]));
    const common = {
      ...(options.clocksAgree === undefined ? {} : { clocksAgree: options.clocksAgree }),
      report: (finding: NewFinding) => this.#found(finding),
      // Logs are often of whole seconds.
      toleranceMs: 2_000,
      defect: (where: string, thrown: unknown) => {
        if (this.#defects.length < 20) this.#defects.push(`${where}: ${String(thrown)}`);
      },
    };
    const schemas = options.schemas ?? new OcppSchemaSet();
    this.#engine = new RuleEngine({ ...common, schemas, rules: options.rules ?? ruleCatalogue() });
    this.#exchangeEngine = new ExchangeEngine({ ...common, rules: exchangeCatalogue() });
    this.#book = new SessionBook({
      assigned: (seq, session) => {
        if (session === 0) return;
        this.#sessionOf.set(seq, session);
        if (this.#sessionOf.size > REMEMBERED) removeFirst(this.#sessionOf);
      },
    });
  }

  get messages(): number {
    return this.#messages;
  }

  take(message: LogMessage): void {
    this.#messages++;
    if (message.type === 'frame') this.#frame(message);
    else this.#whole(message);
    this.#settle();
  }

  /** `silenceMs`: how long the log is known to have gone on without a message. */
  finish(silenceMs = 0): InspectionResult {
    this.#now += silenceMs;
    this.#engine.tick(this.#now);
    this.#engine.finish();
    this.#exchangeEngine.tick(this.#now);
    this.#exchangeEngine.finish();
    this.#settle();
    const sessions = this.#book.all().reverse();
    return {
      messages: this.#messages,
      stations: new Set([...this.#conversations.values()].map(({ station }) => station)).size,
      findings: this.#ranked(),
      sessionCount: sessions.length,
      sessions: sessions.slice(0, SESSIONS_WITH_ROWS).map((record) => {
        const findings = this.#bySession.get(record.number) ?? [];
        const severities = findings.map(({ severity }) => severity);
        return {
          session: sessionOf(record, severities, this.#now),
          findings,
          rows: this.#rows.get(record.number) ?? [],
        };
      }),
      defects: this.#defects,
    };
  }

  #frame(frame: LogFrame): void {
    const seq = ++this.#seq;
    // Without a time nothing can be late: messages follow each other at once.
    const time = frame.time ?? this.#now + 1;
    this.#now = Math.max(this.#now, time);
    const parts = partsOf(frame.raw);
    const conversation = this.#conversation(frame, parts, time);
    const fromStation = frame.fromStation ?? directionOf(conversation, parts);
    this.#engine.observe(
      {
        link: conversation.link,
        toClient: !fromStation,
        time,
        kind: 'request',
        action: '',
        messageId: '',
        raw: frame.raw,
      },
      seq,
    );
    if (parts === undefined) return;
    const { type, id } = parts;
    const [from, to] = fromStation
      ? [party(conversation.station, 'cs'), party(conversation.csms, 'csms')]
      : [party(conversation.csms, 'csms'), party(conversation.station, 'cs')];
    const common = { seq, time, protocol: 'ocpp', version: conversation.version, messageId: id, from, to } as const;
    if (type === 2 || type === 6) {
      conversation.waiting.set(id, { fromStation, action: parts.action, seq, time });
      if (conversation.waiting.size > 64) removeFirst(conversation.waiting);
      this.#session({ ...common, kind: type === 2 ? 'request' : 'send', action: parts.action, payload: parts.payload });
      return;
    }
    const asked = conversation.waiting.get(id);
    conversation.waiting.delete(id);
    if (asked === undefined) return;
    const kind = type === 3 ? 'response' : 'error';
    this.#session({
      ...common,
      kind,
      action: asked.action,
      payload: parts.payload,
      partner: asked.seq,
      latencyMs: time - asked.time,
    });
  }

  #whole(message: LogWhole): void {
    const seq = ++this.#seq;
    const { kind, protocol, version, action, from, to, time, raw, exchange } = message;
    this.#now = Math.max(this.#now, time);
    const isAnswer = kind === 'response' || kind === 'error';
    const asked = isAnswer ? this.#exchanges.get(exchange) : undefined;
    if (!isAnswer) {
      this.#exchanges.set(exchange, { seq, time });
      if (this.#exchanges.size > REMEMBERED) removeFirst(this.#exchanges);
    }
    this.#exchange(message, seq, asked?.seq);
    const payload = jsonOf(raw);
    this.#session({
      seq,
      time,
      kind,
      protocol,
      ...(version === undefined ? {} : { version }),
      action,
      messageId: '',
      from,
      to,
      payload: isObject(payload) ? payload : {},
      ...(asked === undefined ? {} : { partner: asked.seq, latencyMs: time - asked.time }),
    });
  }

  #exchange(message: LogWhole, seq: number, partner: number | undefined): void {
    const { kind, protocol, version, action, time, raw, detail, code } = message;
    const isAnswer = kind === 'response' || kind === 'error';
    const [a, b] = isAnswer ? [message.to, message.from] : [message.from, message.to];
    const hop = JSON.stringify([protocol, a, b]);
    let link = this.#hops.get(hop);
    if (link === undefined) {
      link = this.#hops.size + 1;
      this.#hops.set(hop, link);
      const description = { a, b, protocol, transport: 'file', conn: 'log', tap: 'import' } as const;
      this.#exchangeEngine.openLink(link, version === undefined ? description : { ...description, version }, true);
    }
    this.#exchangeEngine.observe(
      { link, toClient: isAnswer, time, kind, action, messageId: '', raw, detail, code, partner },
      seq,
    );
  }

  #session(message: SessionMessage): void {
    if (!isOfSessions(message.protocol, message.action)) return;
    const record = this.#book.take(message);
    if (record === undefined) return;
    const rows = this.#rows.get(record.number) ?? [];
    if (rows.length === 0) this.#rows.set(record.number, rows);
    if (this.#rows.size > SESSIONS_WITH_ROWS) removeFirst(this.#rows);
    if (rows.length < ROWS_PER_SESSION) rows.push(rowOf(message));
  }

  #conversation(frame: LogFrame, parts: Parts | undefined, time: number): Conversation {
    const named = OCPP_VERSIONS.find((each) => frame.version?.includes(each) === true);
    const station = frame.station ?? 'station';
    const csms = frame.csms ?? 'csms';
    const key = JSON.stringify([station, csms]);
    const known = this.#conversations.get(key);
    const version = named ?? known?.version ?? this.#options.version ?? versionOf(parts) ?? '1.6';
    if (known !== undefined && known.version === version) return known;
    if (known !== undefined) this.#engine.closeLink(known.link, time);
    const link = this.#conversations.size + 1 + (known === undefined ? 0 : 1_000_000 + this.#seq);
    this.#engine.openLink(
      link,
      {
        a: party(station, 'cs'),
        b: party(csms, 'csms'),
        protocol: 'ocpp',
        version,
        transport: 'file',
        conn: `log ${station}`,
        tap: 'import',
      },
      time,
      true,
    );
    const conversation = { station, csms, version, link, waiting: new Map() };
    this.#conversations.set(key, conversation);
    return conversation;
  }

  #found(finding: NewFinding): void {
    const known = this.#byRule.get(finding.rule) ?? { finding: [], severity: finding.severity, count: 0 };
    known.count++;
    if (known.finding.length < EXAMPLES) known.finding.push(finding);
    if (SEVERITIES.indexOf(finding.severity) < SEVERITIES.indexOf(known.severity)) known.severity = finding.severity;
    this.#byRule.set(finding.rule, known);
    this.#unsettled.push(finding);
  }

  /** The rules see a message before it has a session. */
  #settle(): void {
    for (const finding of this.#unsettled) {
      const session = finding.seq === undefined ? undefined : this.#sessionOf.get(finding.seq);
      if (session === undefined) continue;
      const list = this.#bySession.get(session) ?? [];
      if (list.length < FINDINGS_PER_SESSION) list.push(finding);
      this.#bySession.set(session, list);
    }
    this.#unsettled.length = 0;
  }

  /** The worst first, then the most frequent. */
  #ranked(): RankedFinding[] {
    const counts = new Map([...this.#engine.counts, ...this.#exchangeEngine.counts]);
    return [...this.#byRule]
      .map(([rule, { finding, severity, count }]) => {
        const row = this.#rules.get(rule);
        return {
          rule,
          severity,
          title: row?.title ?? rule,
          count: count + (counts.get(rule)?.repeats ?? 0),
          clause: row?.clause ?? '',
          causes: row?.causes ?? [],
          next: row?.next ?? [],
          examples: finding,
        };
      })
      .sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || b.count - a.count);
  }
}

interface Parts {
  readonly type: number;
  readonly id: string;
  readonly action: string;
  readonly payload: Members;
}

function partsOf(raw: string): Parts | undefined {
  const frame = jsonOf(raw);
  if (!Array.isArray(frame)) return undefined;
  const [type, id, third, fourth, fifth]: unknown[] = frame;
  if (typeof type !== 'number' || typeof id !== 'string') return undefined;
  const payload = type === 3 ? third : type === 4 || type === 5 ? fifth : fourth;
  return { type, id, action: typeof third === 'string' ? third : '', payload: isObject(payload) ? payload : {} };
}

/** Who sent it, where the log does not tell: the action says it for a call, the call for its answer. */
function directionOf({ version, waiting }: Conversation, parts: Parts | undefined): boolean {
  if (parts === undefined) return true;
  if (parts.type === 2 || parts.type === 6) return actionRow(version, parts.action)?.sender !== 'csms';
  const asked = waiting.get(parts.id);
  return asked === undefined ? false : !asked.fromStation;
}

function versionOf(parts: Parts | undefined): OcppVersion | undefined {
  if (parts?.type !== 2) return undefined;
  if (parts.action === 'BootNotification') return 'chargingStation' in parts.payload ? '2.0.1' : '1.6';
  return OCPP_VERSIONS.find((version) => actionRow(version, parts.action) !== undefined);
}

function rowOf(message: SessionMessage): SequenceRow {
  const { seq, time, kind, protocol, action, payload, from, to } = message;
  const sum = kind === 'error' ? 'error' : describeMessage(protocol, kind satisfies EntryKind, action, payload);
  return { s: seq, t: time, k: kind, p: protocol, f: from.id, to: to.id, a: action, sum };
}

function party<R extends 'cs' | 'csms'>(id: string, role: R): { id: string; role: R } {
  return { id, role };
}

function jsonOf(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}

function removeFirst<K>(map: Map<K, unknown>): void {
  for (const key of map.keys()) {
    map.delete(key);
    return;
  }
}

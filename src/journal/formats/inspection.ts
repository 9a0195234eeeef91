import { RecentMap } from '../../core/recent-map.ts';
import { CALL, SEND } from '../../protocols/ocpp/frame.ts';
import { OcppSchemaSet } from '../../protocols/ocpp/schemas.ts';
import type { OcppVersion } from '../../protocols/ocpp/versions.ts';
import { describeMessage } from '../describe.ts';
import type { EntryKind, NewFinding } from '../entry.ts';
import { AcrossEngine } from '../findings/across/across-engine.ts';
import { acrossCatalogue } from '../findings/across-catalogue.ts';
import { everyRule, ruleCatalogue } from '../findings/catalogue.ts';
import { RuleEngine } from '../findings/engine.ts';
import { ExchangeEngine } from '../findings/exchange/exchange-engine.ts';
import { exchangeCatalogue } from '../findings/exchange-catalogue.ts';
import type { Rule, RuleDeclaration } from '../findings/rule.ts';
import type { MuteBook } from '../mutes.ts';
import { ownClockFacts } from '../own-clock.ts';
import type { SequenceRow } from '../sequence/index.ts';
import { isObject } from '../sessions/members.ts';
import { type Session, sessionOf } from '../sessions/session.ts';
import { SessionBook } from '../sessions/session-book.ts';
import { keyOf } from '../sessions/session-keys.ts';
import { isOfSessions, type SessionMessage } from '../sessions/session-message.ts';
import { FoundRules, type InspectedFinding, type RankedFinding } from './found-rules.ts';
import { LogConversations } from './log-conversations.ts';
import type { LogFrame, LogMessage, LogWhole } from './log-message.ts';

export interface InspectionOptions {
  /** For frames that do not say their version; else it is found out from the actions. */
  readonly version?: OcppVersion;
  readonly rules?: readonly Rule[];
  /** What is known already: shown as muted. */
  readonly mutes?: Pick<MuteBook, 'of'>;
  /** False when the stations of the log run on clocks of their own (`--clock scaled:60`); true by default. */
  readonly clocksAgree?: boolean;
  /** Compiled before, for many short logs. */
  readonly schemas?: OcppSchemaSet;
}

export interface InspectedSession {
  readonly session: Session;
  readonly findings: readonly InspectedFinding[];
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
const FINDINGS_PER_SESSION = 20;
const REMEMBERED = 50_000;
const DEFECTS = 20;

/** Runs the rules and puts the sessions together over messages of a log, one after another, with bounded memory. */
export class Inspection {
  readonly #rules: ReadonlyMap<string, RuleDeclaration>;
  readonly #engine: RuleEngine;
  readonly #exchangeEngine: ExchangeEngine;
  readonly #across: AcrossEngine;
  /** Links of exchanges, by protocol and parties. */
  readonly #hops = new Map<string, number>();
  readonly #conversations: LogConversations;
  readonly #book: SessionBook;
  readonly #sessionOf = new RecentMap<number, number>(REMEMBERED);
  readonly #rows = new Map<number, SequenceRow[]>();
  readonly #found: FoundRules;
  readonly #bySession = new Map<number, InspectedFinding[]>();
  readonly #exchanges = new RecentMap<string, { readonly seq: number; readonly time: number }>(REMEMBERED);
  readonly #defects: string[] = [];
  readonly #unsettled: InspectedFinding[] = [];
  #messages = 0;
  #now = 0;

  constructor(options: InspectionOptions = {}) {
    this.#rules = new Map([...everyRule(), ...(options.rules ?? [])].map((rule) => [rule.id, rule]));
    this.#found = new FoundRules(options.mutes);
    const common = {
      ...(options.clocksAgree === undefined ? {} : { clocksAgree: options.clocksAgree }),
      report: (finding: NewFinding) => void this.#unsettled.push(this.#found.add(finding)),
      // Logs are often of whole seconds.
      toleranceMs: 2_000,
      defect: (where: string, thrown: unknown) => {
        if (this.#defects.length < DEFECTS) this.#defects.push(`${where}: ${String(thrown)}`);
      },
    };
    const schemas = options.schemas ?? new OcppSchemaSet();
    const engine = new RuleEngine({ ...common, schemas, rules: options.rules ?? ruleCatalogue() });
    this.#engine = engine;
    this.#exchangeEngine = new ExchangeEngine({ ...common, rules: exchangeCatalogue() });
    this.#across = new AcrossEngine({
      ...common,
      rules: acrossCatalogue(),
      sessionOf: (id) => this.#book.byKey(keyOf('oicp', id.toLowerCase())),
    });
    this.#conversations = new LogConversations({
      version: options.version,
      opened: (link, description, time) => engine.openLink(link, description, time, true),
      closed: (link, time) => engine.closeLink(link, time),
    });
    this.#book = new SessionBook({
      assigned: (seq, session) => {
        if (session !== 0) this.#sessionOf.set(seq, session);
      },
    });
  }

  get messages(): number {
    return this.#messages;
  }

  take(message: LogMessage): void {
    const seq = ++this.#messages;
    if (message.type === 'frame') this.#frame(message, seq);
    else this.#whole(message, seq);
    if (this.#unsettled.length > 0) this.#settle();
  }

  /** `silenceMs`: how long the log is known to have gone on without a message. */
  finish(silenceMs = 0): InspectionResult {
    this.#now += silenceMs;
    this.#engine.tick(this.#now);
    this.#engine.finish();
    this.#exchangeEngine.tick(this.#now);
    this.#exchangeEngine.finish();
    this.#across.tick(this.#now);
    this.#across.finish();
    this.#settle();
    const sessions = this.#book.all().reverse();
    const counts = new Map([...this.#engine.counts, ...this.#exchangeEngine.counts, ...this.#across.counts]);
    return {
      messages: this.#messages,
      stations: this.#conversations.stations,
      findings: this.#found.ranked(this.#rules, (rule) => counts.get(rule)?.repeats ?? 0),
      sessionCount: sessions.length,
      sessions: sessions.slice(0, SESSIONS_WITH_ROWS).map((record) => {
        const findings = this.#bySession.get(record.number) ?? [];
        const open = findings.filter(({ status }) => status === 'open').map(({ severity }) => severity);
        return {
          session: sessionOf(record, open, this.#now),
          findings,
          rows: this.#rows.get(record.number) ?? [],
        };
      }),
      defects: this.#defects,
    };
  }

  #frame(frame: LogFrame, seq: number): void {
    // Without a time nothing can be late: messages follow each other at once.
    const time = frame.time ?? this.#now + 1;
    this.#now = Math.max(this.#now, time);
    const { parsed, conversation, fromStation, action, payload, asked } = this.#conversations.place(frame, seq, time);
    const { station, csms, version, link } = conversation;
    const { raw } = frame;
    this.#engine.observe(
      { link, toClient: !fromStation, time, kind: 'request', action: '', messageId: '', raw },
      seq,
      parsed,
    );
    if (!this.#across.wants('ocpp', action)) return;
    const isCall = parsed.type === CALL || parsed.type === SEND;
    const [from, to] = fromStation
      ? ([
          { id: station, role: 'cs' },
          { id: csms, role: 'csms' },
        ] as const)
      : ([
          { id: csms, role: 'csms' },
          { id: station, role: 'cs' },
        ] as const);
    const told: SessionMessage = {
      seq,
      time,
      kind: parsed.type === CALL ? 'request' : isCall ? 'send' : parsed.type === 3 ? 'response' : 'error',
      protocol: 'ocpp',
      version,
      action,
      messageId: parsed.id ?? '',
      from,
      to,
      payload,
      ...(frame.trace === undefined ? {} : { trace: frame.trace }),
      ...(asked === undefined ? {} : { partner: asked.seq, latencyMs: time - asked.time }),
    };
    this.#session(told, frame.clock);
  }

  #whole(message: LogWhole, seq: number): void {
    const { kind, protocol, version, action, from, to, time, raw, exchange } = message;
    this.#now = Math.max(this.#now, time);
    const isAnswer = kind === 'response' || kind === 'error';
    const asked = isAnswer ? this.#exchanges.get(exchange) : undefined;
    if (!isAnswer) this.#exchanges.set(exchange, { seq, time });
    this.#exchange(message, seq, asked?.seq);
    if (!this.#across.wants(protocol, action)) return;
    const payload = jsonOf(raw);
    const told: SessionMessage = {
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
      ...(message.trace === undefined ? {} : { trace: message.trace }),
      ...(asked === undefined ? {} : { partner: asked.seq, latencyMs: time - asked.time }),
    };
    this.#session(told, message.clock);
  }

  #exchange(message: LogWhole, seq: number, partner: number | undefined): void {
    const { kind, protocol, version, action, time, raw, detail, code } = message;
    const isAnswer = kind === 'response' || kind === 'error';
    const [a, b] = isAnswer ? [message.to, message.from] : [message.from, message.to];
    const hop = JSON.stringify([protocol, a, b, message.clock]);
    let link = this.#hops.get(hop);
    if (link === undefined) {
      link = this.#hops.size + 1;
      this.#hops.set(hop, link);
      const facts = ownClockFacts(message.clock);
      const description = { a, b, protocol, transport: 'file', conn: 'log', tap: 'import', ...facts } as const;
      this.#exchangeEngine.openLink(link, version === undefined ? description : { ...description, version }, true);
    }
    this.#exchangeEngine.observe(
      { link, toClient: isAnswer, time, kind, action, messageId: '', raw, detail, code, partner },
      seq,
    );
  }

  #session(message: SessionMessage, clock: string | undefined): void {
    const record = isOfSessions(message.protocol, message.action) ? this.#book.take(message) : undefined;
    this.#across.take(message, record, clock !== undefined);
    if (record === undefined) return;
    let rows = this.#rows.get(record.number);
    if (rows === undefined) {
      rows = [];
      this.#rows.set(record.number, rows);
      if (this.#rows.size > SESSIONS_WITH_ROWS) removeFirst(this.#rows);
    }
    if (rows.length < ROWS_PER_SESSION) rows.push(rowOf(message));
  }

  /** The rules see a message before it has a session. */
  #settle(): void {
    for (const finding of this.#unsettled) {
      const session = finding.seq === undefined ? undefined : this.#sessionOf.get(finding.seq);
      if (session === undefined) continue;
      const list = this.#bySession.get(session) ?? [];
      if (list.length < FINDINGS_PER_SESSION) list.push(finding);
      this.#bySession.set(session, list);
      if (this.#bySession.size > REMEMBERED) removeFirst(this.#bySession);
    }
    this.#unsettled.length = 0;
  }
}

function rowOf(message: SessionMessage): SequenceRow {
  const { seq, time, kind, protocol, action, payload, from, to } = message;
  const sum = kind === 'error' ? 'error' : describeMessage(protocol, kind satisfies EntryKind, action, payload);
  return { s: seq, t: time, k: kind, p: protocol, f: from.id, to: to.id, a: action, sum };
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

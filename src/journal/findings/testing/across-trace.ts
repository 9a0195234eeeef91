import type { NewFinding, Party } from '../../entry.ts';
import { isObject, type Members } from '../../sessions/members.ts';
import { SessionBook } from '../../sessions/session-book.ts';
import { keyOf } from '../../sessions/session-keys.ts';
import { isOfSessions, type SessionMessage } from '../../sessions/session-message.ts';
import { AcrossEngine } from '../across/across-engine.ts';
import type { AcrossRule } from '../across/across-rule.ts';
import type { RuleCount } from '../ledger.ts';
import { PARTIES, splitAnswer, wireBody } from './exchange-trace.ts';
import { readTraceLine, TRACE_BEGINS_MS } from './trace-line.ts';

/**
 * Traces that hold OCPP and OICP in one stream, one line an exchange.
 *
 * ```
 * CS-1>CPO Authorize {"idTag":"044A2DAA856280"}          a CALL of a station, not answered yet
 * CPO>HUB AuthorizeStart $as = $yes                      as in `exchange-trace.ts`
 * answer {"idTagInfo":{"status":"Accepted"}}             the answer of the oldest exchange without one
 * CPO>CS-1 RemoteStartTransaction {…} = {…}              a CALL to a station
 * 10:05:00 / +60 / wait 600                              times, as there
 * ```
 */
export interface AcrossTraceResult {
  readonly findings: readonly NewFinding[];
  readonly counts: ReadonlyMap<string, Readonly<RuleCount>>;
  readonly defects: readonly string[];
}

export function runAcrossTrace(text: string, rules: readonly AcrossRule[]): AcrossTraceResult {
  const run = new AcrossRun(rules);
  for (const line of text.split('\n')) run.line(line.trim());
  return run.finish();
}

class AcrossRun {
  readonly #findings: NewFinding[] = [];
  readonly #defects: string[] = [];
  readonly #book = new SessionBook();
  readonly #engine: AcrossEngine;
  readonly #open: SessionMessage[] = [];
  #now = TRACE_BEGINS_MS;
  #seq = 0;

  constructor(rules: readonly AcrossRule[]) {
    this.#engine = new AcrossEngine({
      rules,
      report: (finding) => void this.#findings.push(finding),
      defect: (where, thrown) => void this.#defects.push(`${where}: ${String(thrown)}`),
      sessionOf: (id) => this.#book.byKey(keyOf('oicp', id.toLowerCase())),
    });
  }

  line(line: string): void {
    const read = readTraceLine(line, this.#now);
    if (read === undefined) return;
    const { word, rest } = read;
    this.#now = read.at;
    if (word === 'wait') return this.#engine.tick(this.#now);
    if (word === 'answer') return this.#answer(this.#open.shift(), rest);
    const [request, answer] = splitAnswer(rest);
    const [, action = '', body = ''] = /^(\S+)\s*(.*)$/s.exec(request) ?? [];
    const [from = '', to = ''] = word.split('>');
    const ocpp = isStation(from) || isStation(to);
    const message: SessionMessage = {
      seq: ++this.#seq,
      time: this.#now,
      kind: 'request',
      protocol: ocpp ? 'ocpp' : 'oicp',
      version: ocpp ? '1.6' : '2.3',
      action,
      messageId: ocpp ? `m${this.#seq}` : '',
      from: partyOf(from),
      to: partyOf(to),
      payload: membersOf(wireBody(body, this.#now)),
    };
    this.#take(message);
    if (answer === undefined) {
      this.#open.push(message);
      return;
    }
    this.#now += 50;
    this.#answer(message, answer);
  }

  finish(): AcrossTraceResult {
    this.#engine.tick(this.#now);
    this.#engine.finish();
    return { findings: this.#findings, counts: this.#engine.counts, defects: this.#defects };
  }

  #answer(asked: SessionMessage | undefined, text: string): void {
    if (asked === undefined) throw new Error(`Nothing waits for an answer: ${text}`);
    this.#take({
      ...asked,
      seq: ++this.#seq,
      time: this.#now,
      kind: 'response',
      from: asked.to,
      to: asked.from,
      payload: membersOf(wireBody(text, this.#now)),
      partner: asked.seq,
      latencyMs: this.#now - asked.time,
    });
  }

  #take(message: SessionMessage): void {
    const { protocol, action } = message;
    this.#engine.take(message, isOfSessions(protocol, action) ? this.#book.take(message) : undefined);
  }
}

function isStation(name: string): boolean {
  return name.startsWith('CS-');
}

function partyOf(name: string): Party {
  const party = isStation(name) ? ({ id: name, role: 'cs' } as const) : PARTIES[name];
  if (party === undefined) throw new Error(`No party is called ${name}`);
  return party;
}

function membersOf(text: string): Members {
  const value: unknown = JSON.parse(text);
  return isObject(value) ? value : {};
}

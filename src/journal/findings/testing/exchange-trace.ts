import { isoTime, SECOND_MS } from '../../../core/time.ts';
import { type OperationName, operationRow } from '../../../protocols/oicp/index.ts';
import { isOperationName } from '../../../protocols/oicp/operations.ts';
import type { NewFinding, Party, Protocol } from '../../entry.ts';
import { ExchangeEngine } from '../exchange/exchange-engine.ts';
import type { ExchangeRule } from '../exchange/exchange-rule.ts';
import type { RuleCount } from '../ledger.ts';
import { BODIES } from './exchange-bodies.ts';
import { readTraceLine, TRACE_BEGINS_MS } from './trace-line.ts';

/**
 * Exchanges for tests: wire text by hand, one line an exchange.
 *
 * ```
 * CPO>HUB AuthorizeStart $as = $yes                 asked and answered with HTTP 200, 50 ms later; one second after the line before
 * 10:00:05 CPO>HUB ChargeDetailRecord $cdr = 404 {…}    at this time; with an HTTP status
 * +300 CPO>HUB ChargingNotifications $progress{"ConsumedEnergyProgress":2} = $ok     five minutes later; members of a body replaced
 * EMP>HUB AuthorizeRemoteStart {…} = timeout        no answer came
 * CPO>HUB PushEvseData id=DE*XYZ page=1 $data       another id in the path, a query; an exchange that is not answered yet
 * answer $ok                                        the answer of the oldest exchange without one
 * wait 60                                           a minute passes, the clock ticks
 * ```
 * `$name` is a body of `exchange-bodies.ts`; `"-"` as a member's value removes it. `@`, `@-60`, `@+5`: this time, and seconds
 * before and after it. Options before a body: `id=`, `page=`, `size=`, `slow=` (seconds until the answer), `retry`, `type=`
 * (content type of the answer), `bare` (no headers are known), `anonymous` (the hub names no process), `method=`.
 */
export interface ExchangeTraceResult {
  readonly findings: readonly NewFinding[];
  readonly counts: ReadonlyMap<string, Readonly<RuleCount>>;
  readonly defects: readonly string[];
}

export const PARTIES: Readonly<Record<string, Party>> = {
  CPO: { id: 'cpo', role: 'csms' },
  HUB: { id: 'hub', role: 'hub' },
  EMP: { id: 'emp', role: 'emp' },
  EMP2: { id: 'emp-2', role: 'emp' },
  POOL: { id: 'pnc', role: 'pnc' },
};
const JSON_TYPE = 'application/json;charset=UTF-8';

export function runExchangeTrace(text: string, rules: readonly ExchangeRule[]): ExchangeTraceResult {
  const run = new ExchangeRun(rules);
  for (const line of text.split('\n')) run.line(line.trim());
  return run.finish();
}

interface Asked {
  readonly seq: number;
  readonly link: number;
  readonly action: string;
  readonly hub: boolean;
  readonly type: string | undefined;
  readonly bare: boolean;
}

class ExchangeRun {
  readonly #findings: NewFinding[] = [];
  readonly #defects: string[] = [];
  readonly #engine: ExchangeEngine;
  readonly #links = new Map<string, number>();
  readonly #open: Asked[] = [];
  #now = TRACE_BEGINS_MS;
  #seq = 0;

  constructor(rules: readonly ExchangeRule[]) {
    this.#engine = new ExchangeEngine({
      rules,
      report: (finding) => void this.#findings.push(finding),
      defect: (where, thrown) => void this.#defects.push(`${where}: ${String(thrown)}`),
    });
  }

  line(line: string): void {
    const read = readTraceLine(line, this.#now);
    if (read === undefined) return;
    const { word, rest } = read;
    this.#now = read.at;
    if (word === 'wait') return this.#engine.tick(this.#now);
    if (word === 'answer') this.#answer(this.#open.shift(), rest);
    else this.#ask(word, rest);
  }

  finish(): ExchangeTraceResult {
    this.#engine.tick(this.#now);
    this.#engine.finish();
    return { findings: this.#findings, counts: this.#engine.counts, defects: this.#defects };
  }

  #ask(ends: string, rest: string): void {
    const [request = '', answer] = splitAnswer(rest);
    const [, action = '', words = '', body = ''] =
      /^(\S+)((?:\s+(?:[a-z]+=\S*|retry|bare|anonymous))*)\s*(.*)$/s.exec(request) ?? [];
    const options = new Map(
      words
        .trim()
        .split(/\s+/)
        .map((word) => {
          const at = word.indexOf('=');
          return at < 0 ? ([word, ''] as const) : ([word.slice(0, at), word.slice(at + 1)] as const);
        }),
    );
    const [fromName = '', toName = ''] = ends.split('>');
    const protocol = toName === 'POOL' ? 'pnc' : 'oicp';
    const link = this.#link(fromName, toName, protocol);
    const bare = options.has('bare');
    const seq = ++this.#seq;
    this.#engine.observe(
      {
        link,
        toClient: false,
        time: this.#now,
        kind: 'request',
        action,
        messageId: '',
        raw: wireBody(body, this.#now),
        ...(options.has('retry') ? { flags: ['retry'] } : {}),
        ...(bare
          ? {}
          : {
              detail: JSON.stringify({
                method: options.get('method') ?? 'POST',
                path: options.get('path') ?? pathOf(action, options),
                headers: { 'content-type': JSON_TYPE },
              }),
            }),
      },
      seq,
    );
    this.#open.push({
      seq,
      link,
      action,
      hub: toName === 'HUB' && !options.has('anonymous'),
      type: options.get('type'),
      bare,
    });
    if (answer === undefined) return;
    this.#now += Number(options.get('slow') ?? '0.05') * SECOND_MS;
    this.#answer(this.#open.pop(), answer);
  }

  #answer(asked: Asked | undefined, text: string): void {
    if (asked === undefined) throw new Error(`Nothing waits for an answer: ${text}`);
    const { seq, link, action, hub, type = JSON_TYPE, bare } = asked;
    const common = { link, toClient: true, time: this.#now, action, messageId: '', partner: seq } as const;
    if (/^(timeout|unreachable|broken)$/.test(text)) {
      const raw = JSON.stringify({ failure: text, text: `it was ${text}` });
      this.#engine.observe({ ...common, kind: 'error', raw, code: text }, ++this.#seq);
      return;
    }
    const [, status = '200', body = ''] = /^(?:(\d{3})(?:\s+|$))?(.*)$/s.exec(text) ?? [];
    const headers = { 'content-type': type, ...(hub ? { 'process-id': '00000000-0000-4000-8000-000000000001' } : {}) };
    this.#engine.observe(
      {
        ...common,
        kind: Number(status) >= 400 ? 'error' : 'response',
        raw: wireBody(body, this.#now),
        ...(bare ? {} : { detail: JSON.stringify({ status: Number(status), headers }) }),
      },
      ++this.#seq,
    );
  }

  #link(from: string, to: string, protocol: Protocol): number {
    const key = `${from}>${to}`;
    const known = this.#links.get(key);
    if (known !== undefined) return known;
    const [a, b] = [PARTIES[from], PARTIES[to]];
    if (a === undefined || b === undefined) throw new Error(`No parties: ${key}`);
    const link = this.#links.size + 1;
    this.#links.set(key, link);
    this.#engine.openLink(link, { a, b, protocol, version: '2.3', transport: 'file', conn: key, tap: 'import' }, true);
    return link;
  }
}

/** A body of a trace as it stands on the wire at a time: names, changes and times are filled in. */
export function wireBody(text: string, now: number): string {
  const named = /^\$(\w+?)(\d{3})?(\{.*)?$/s.exec(text.trim());
  if (named === null) return timed(text.trim(), now);
  const [, name = '', code = '000', changes] = named;
  const body = BODIES[name];
  if (body === undefined) throw new Error(`No body is called ${name}`);
  const plain = body.replaceAll('$CODE', code);
  if (changes === undefined) return timed(plain, now);
  if (name === 'data') return timed(withRecord(plain, changes), now);
  const value = { ...(JSON.parse(plain) as object), ...(JSON.parse(changes) as object) };
  const kept = Object.fromEntries(Object.entries(value).filter(([, each]) => each !== '-'));
  return timed(JSON.stringify(kept), now);
}

function timed(text: string, now: number): string {
  return text.replaceAll(/"@([+-]\d+)?"/g, (_, offset?: string) => {
    const at = now + (offset === undefined ? 0 : Number(offset)) * SECOND_MS;
    return `"${isoTime(at).slice(0, 19)}+00:00"`;
  });
}

/** Changes of the one EVSE record of an upload; members that the upload itself has (`ActionType`) are its own. */
function withRecord(upload: string, text: string): string {
  const changes = JSON.parse(text) as Record<string, unknown>;
  const body = JSON.parse(upload) as {
    ActionType: string;
    OperatorEvseData: { OperatorID: string; EvseDataRecord: unknown[] };
  };
  const { ActionType, OperatorID, ...members } = changes;
  const record = Object.entries({ ...(body.OperatorEvseData.EvseDataRecord[0] as object), ...members });
  body.OperatorEvseData.EvseDataRecord = [Object.fromEntries(record.filter(([, each]) => each !== '-'))];
  if (typeof ActionType === 'string') body.ActionType = ActionType;
  if (typeof OperatorID === 'string') body.OperatorEvseData.OperatorID = OperatorID;
  return JSON.stringify(body);
}

/** `request = answer`, where the bodies may hold the sign themselves. */
export function splitAnswer(text: string): [string, string | undefined] {
  const at = text.lastIndexOf(' = ');
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 3)];
}

function pathOf(action: string, options: ReadonlyMap<string, string>): string {
  if (!isOperationName(action)) return action;
  const { path, pathId } = operationRow(action satisfies OperationName);
  const id = options.get('id') ?? (pathId === 'providerID' ? 'DE-DCB' : 'DE*ABC');
  const query = ['page', 'size'].flatMap((name) => (options.has(name) ? [`${name}=${options.get(name)}`] : []));
  return `${path.replace(/\{\w+\}/, encodeURIComponent(id))}${query.length === 0 ? '' : `?${query.join('&')}`}`;
}

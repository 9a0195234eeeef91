import { RecentMap } from '../../core/recent-map.ts';
import { isoTime } from '../../core/time.ts';
import { everestFact } from './everest-facts.ts';
import { ocppAnswerFact, ocppRequestFact } from './ocpp-facts.ts';
import { oicpAnswerFact, oicpRequestFact } from './oicp-facts.ts';
import type { SessionFact, TokenScope } from './session-fact.ts';
import { ASK_WINDOW_MS, keyOf, type SessionKey, TOKEN_WINDOW_MS } from './session-keys.ts';
import type { SessionMessage } from './session-message.ts';
import { addReading, MAX_SEQS, type SessionRecord } from './session-record.ts';
import { tokenName } from './token-name.ts';

export interface SessionBookOptions {
  /** Sessions kept; beyond, the oldest go. 20,000 by default. */
  readonly limit?: number;
  /** Told which message belongs to which session: `number` of the record, 0 when the session is forgotten. */
  readonly assigned?: (seq: number, session: number) => void;
}

const OPEN_REQUESTS = 50_000;
const LIMIT = 20_000;

/** Puts messages together to charging sessions, in the order of the journal; knows nothing of stores and clocks. */
export class SessionBook {
  readonly #options: SessionBookOptions;
  /** By number, oldest first. */
  readonly #records = new Map<number, SessionRecord>();
  readonly #ids = new Map<string, SessionRecord>();
  readonly #keys = new Map<SessionKey, SessionRecord>();
  readonly #traces = new RecentMap<string, SessionRecord>(OPEN_REQUESTS);
  /** Sessions that may still be joined by their token, by the token in capitals, newest last. */
  readonly #tokens = new Map<string, SessionRecord[]>();
  /** Requests without an answer, by number. */
  readonly #open = new RecentMap<number, SessionRecord>(OPEN_REQUESTS);
  /** Remote starts that a CSMS has not passed on yet, by its party. */
  readonly #remoteAsked = new Map<string, SessionRecord>();
  /** Where a session went that was merged: the maps above are not searched for it. */
  readonly #movedTo = new WeakMap<SessionRecord, SessionRecord>();
  #last = 0;

  constructor(options: SessionBookOptions = {}) {
    this.#options = options;
  }

  get size(): number {
    return this.#records.size;
  }

  /** Newest first. */
  all(): SessionRecord[] {
    return [...this.#records.values()].reverse();
  }

  byId(id: string): SessionRecord | undefined {
    return this.#ids.get(id);
  }

  byNumber(number: number): SessionRecord | undefined {
    return this.#records.get(number);
  }

  byKey(key: SessionKey): SessionRecord | undefined {
    return this.#keys.get(key);
  }

  /** False for an answer to what belongs to no session: it belongs to none, whatever it says. */
  awaits({ kind, partner }: Pick<SessionMessage, 'kind' | 'partner'>): boolean {
    if (kind !== 'response' && kind !== 'error') return true;
    return partner !== undefined && this.#open.has(partner);
  }

  /** Takes one message in; tells the session that it belongs to. */
  take(message: SessionMessage): SessionRecord | undefined {
    const isAnswer = message.kind === 'response' || message.kind === 'error';
    const fact = isAnswer ? this.#answerFact(message) : this.#requestFact(message);
    if (fact === undefined) return undefined;
    const asked = isAnswer && message.partner !== undefined ? this.#alive(this.#open.get(message.partner)) : undefined;
    if (isAnswer && message.partner !== undefined) this.#open.delete(message.partner);
    if (isAnswer && asked === undefined) return undefined;
    const record = this.#find(fact, message, asked);
    if (record === undefined) return undefined;
    this.#belong(record, message);
    for (const key of fact.keys) this.#bind(key, record);
    if (fact.claims !== undefined) this.#bind(fact.claims, record);
    if (fact.station !== undefined) record.station ??= fact.station;
    fact.update(record);
    this.#rememberIds(record);
    // Nothing answers a publish.
    const waits = message.protocol !== 'mqtt' && (message.kind === 'request' || message.kind === 'send');
    if (waits) this.#wait(record, message, fact);
    return record;
  }

  /** Messages below `seq` are gone: sessions that have none left are forgotten. */
  dropBelow(seq: number): void {
    for (const record of this.#records.values()) {
      if ((record.seqs.at(-1) ?? 0) < seq) this.#forget(record);
      else if ((record.seqs[0] ?? seq) < seq) record.seqs = record.seqs.filter((each) => each >= seq);
    }
  }

  #requestFact(message: SessionMessage): SessionFact | undefined {
    if (message.protocol === 'mqtt') return everestFact(message);
    return message.protocol === 'ocpp' ? ocppRequestFact(message) : oicpRequestFact(message);
  }

  #answerFact(message: SessionMessage): SessionFact | undefined {
    return message.protocol === 'ocpp' ? ocppAnswerFact(message) : oicpAnswerFact(message);
  }

  #find(fact: SessionFact, message: SessionMessage, asked: SessionRecord | undefined): SessionRecord | undefined {
    let record = asked;
    for (const key of fact.keys) {
      const known = this.#keys.get(key);
      if (known === undefined || known === record) continue;
      record = record === undefined ? known : this.#merge(record, known);
    }
    const byToken = asked === undefined ? this.#byToken(fact, message, record) : undefined;
    if (record === undefined) record = byToken;
    else if (byToken !== undefined && fact.scope === 'to-start') record = this.#merge(record, byToken);
    if (record === undefined && fact.begins) record = this.#byChain(fact, message) ?? this.#begin(message);
    return record;
  }

  /** A trace, or the remote start that this CSMS was just asked for. */
  #byChain(fact: SessionFact, message: SessionMessage): SessionRecord | undefined {
    const traced = message.trace === undefined ? undefined : this.#alive(this.#traces.get(message.trace));
    if (traced !== undefined && fits(traced, fact)) return traced;
    if (fact.scope !== 'remote' || message.protocol !== 'ocpp') return undefined;
    const asked = this.#alive(this.#remoteAsked.get(message.from.id));
    return asked !== undefined && asked.station === undefined && message.time - asked.lastAt < ASK_WINDOW_MS
      ? asked
      : undefined;
  }

  #byToken(fact: SessionFact, message: SessionMessage, except: SessionRecord | undefined): SessionRecord | undefined {
    const { token, scope } = fact;
    if (token === undefined || scope === undefined) return undefined;
    const candidates = this.#tokens.get(tokenName(token)) ?? [];
    for (const record of [...candidates].reverse()) {
      if (record !== except && fits(record, fact) && mayJoin(record, scope, message)) return record;
    }
    return undefined;
  }

  #alive(record: SessionRecord | undefined): SessionRecord | undefined {
    let alive = record;
    while (alive !== undefined && this.#movedTo.has(alive)) alive = this.#movedTo.get(alive);
    return alive !== undefined && this.#records.get(alive.number) === alive ? alive : undefined;
  }

  #begin(message: SessionMessage): SessionRecord {
    const number = ++this.#last;
    const day = isoTime(message.time).slice(0, 10).replaceAll('-', '');
    const record: SessionRecord = {
      number,
      id: `S-${day}-${String(message.seq).padStart(4, '0')}`,
      firstSeq: message.seq,
      beganAt: message.time,
      lastAt: message.time,
      remote: false,
      roaming: false,
      pnc: false,
      imported: message.imported === true,
      simulated: false,
      suspended: false,
      charging: false,
      cdr: 'none',
      steps: new Map(),
      told: new Map(),
      keys: new Set(),
      messages: 0,
      seqs: [],
      readings: [],
    };
    this.#records.set(number, record);
    this.#ids.set(record.id, record);
    this.#bound();
    return record;
  }

  #belong(record: SessionRecord, message: SessionMessage): void {
    record.lastAt = Math.max(record.lastAt, message.time);
    record.messages++;
    if (record.seqs.length < MAX_SEQS) record.seqs.push(message.seq);
    this.#options.assigned?.(message.seq, record.number);
    if (message.trace !== undefined) {
      record.trace ??= message.trace;
      this.#traces.set(message.trace, record);
    }
  }

  #bind(key: SessionKey, record: SessionRecord): void {
    const before = this.#keys.get(key);
    if (before === record) return;
    before?.keys.delete(key);
    this.#keys.set(key, record);
    record.keys.add(key);
  }

  #rememberIds(record: SessionRecord): void {
    this.#rememberPartner('cpo', record.cpoPartner, record);
    this.#rememberPartner('emp', record.empPartner, record);
    this.#rememberToken(record.token, record);
    this.#rememberToken(record.emaid, record);
  }

  #rememberPartner(kind: 'cpo' | 'emp', id: string | undefined, record: SessionRecord): void {
    if (id === undefined) return;
    const key = keyOf(kind, id);
    if (!this.#keys.has(key)) this.#bind(key, record);
  }

  #rememberToken(token: string | undefined, record: SessionRecord): void {
    if (token === undefined) return;
    const name = tokenName(token);
    const sharing = this.#tokens.get(name) ?? [];
    if (!sharing.includes(record)) this.#tokens.set(name, [...sharing.slice(-20), record]);
  }

  #wait(record: SessionRecord, message: SessionMessage, fact: SessionFact): void {
    this.#open.set(message.seq, record);
    if (fact.scope === 'remote' && message.protocol === 'oicp') this.#remoteAsked.set(message.to.id, record);
  }

  /** Two that turned out to be one; the older one stays. */
  #merge(one: SessionRecord, other: SessionRecord): SessionRecord {
    const [into, from] = one.number < other.number ? [one, other] : [other, one];
    const { steps, told, keys, readings, seqs, ...rest } = from;
    for (const [name, value] of Object.entries(rest)) {
      const known = into[name as keyof SessionRecord];
      if (known === undefined || known === false) Object.assign(into, { [name]: value });
    }
    if (from.cdr !== 'none') into.cdr = from.cdr;
    into.messages += from.messages;
    into.lastAt = Math.max(into.lastAt, from.lastAt);
    into.seqs = [...into.seqs, ...seqs].sort((a, b) => a - b).slice(0, MAX_SEQS);
    for (const [id, mark] of steps) if (into.steps.get(id)?.state !== 'done') into.steps.set(id, mark);
    for (const [item, voices] of told) into.told.set(item, { ...voices, ...into.told.get(item) });
    into.readings = [];
    for (const reading of [...one.readings, ...readings, ...other.readings]
      .filter(unique())
      .sort((a, b) => a.t - b.t)) {
      addReading(into, reading);
    }
    for (const key of keys) this.#bind(key, into);
    this.#remove(from, into);
    for (const seq of seqs) this.#options.assigned?.(seq, into.number);
    return into;
  }

  #remove(record: SessionRecord, instead?: SessionRecord): void {
    this.#records.delete(record.number);
    this.#ids.delete(record.id);
    if (instead !== undefined) this.#movedTo.set(record, instead);
    for (const token of [record.token, record.emaid]) {
      const name = token === undefined ? '' : tokenName(token);
      const rest = this.#tokens.get(name)?.filter((each) => each !== record) ?? [];
      if (instead !== undefined && token !== undefined && !rest.includes(instead)) rest.push(instead);
      if (rest.length === 0) this.#tokens.delete(name);
      else this.#tokens.set(name, rest);
    }
  }

  #forget(record: SessionRecord): void {
    for (const key of record.keys) if (this.#keys.get(key) === record) this.#keys.delete(key);
    this.#remove(record);
    for (const seq of record.seqs) this.#options.assigned?.(seq, 0);
  }

  #bound(): void {
    if (this.#records.size <= (this.#options.limit ?? LIMIT)) return;
    for (const oldest of this.#records.values()) {
      this.#forget(oldest);
      return;
    }
  }
}

function fits(record: SessionRecord, { station }: SessionFact): boolean {
  return station === undefined || record.station === undefined || record.station === station;
}

function hasStarted(record: SessionRecord): boolean {
  return record.ocppTx !== undefined || record.steps.has('plugged');
}

function mayJoin(record: SessionRecord, scope: TokenScope, message: SessionMessage): boolean {
  if (record.endedAt !== undefined) return false;
  const age = message.time - record.lastAt;
  switch (scope) {
    case 'at-station':
      return (
        record.station !== undefined && (hasStarted(record) || (age < TOKEN_WINDOW_MS && record.problem === undefined))
      );
    case 'to-start':
      return !hasStarted(record) && age < TOKEN_WINDOW_MS;
    case 'to-ask':
      return record.oicp === undefined && !record.remote && age < ASK_WINDOW_MS;
    case 'remote':
      if (message.protocol === 'oicp') return record.remote && record.oicp === undefined && age < ASK_WINDOW_MS;
      return (record.remote || record.reservation !== undefined) && !hasStarted(record) && age < TOKEN_WINDOW_MS;
  }
}

function unique(): (value: unknown) => boolean {
  const seen = new Set<unknown>();
  return (value) => !seen.has(value) && seen.add(value) !== undefined;
}

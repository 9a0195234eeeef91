import type { Observation, WatchedLink } from '../observation.ts';
import { booleanAt, numberAt, textAt } from '../payload-reader.ts';
import { registersIn } from './registers.ts';

/** Events of one transaction that are told apart. */
export const SEQ_NOS = 1_000;

/** Reasons after which a transaction goes on without an authorization, until it ends (2.x E05, E06, E07, F03). */
const ENDS_AUTHORIZATION: ReadonlySet<string> = new Set([
  'StopAuthorized',
  'Deauthorized',
  'RemoteStop',
  'EVConnectTimeout',
  'EVCommunicationLost',
]);

/** A transaction of 2.x as its events show it. */
export class Transaction2x {
  readonly id: string;
  readonly firstSeq: number;
  readonly firstAt: number;
  evse: number | undefined;
  connector: number | undefined;
  started: Observation | undefined;
  ended: Observation | undefined;
  /** The newest event by sequence number. */
  latest: EventDigest | undefined;
  lastSeqNo = -1;
  readonly firstSeqNo: number;
  /** seqNo -> what the event said, to see holes and doubles. */
  readonly seqNos = new Map<number, number>();
  chargingState: string | undefined;
  idToken: string | undefined;
  idTokenType: string | undefined;
  /** The tokens that were sent with events of it. */
  readonly tokens = new Set<string>();
  authorization: string | undefined;
  /** Its authorization was ended by a stop, a refusal, or a cable that did not come. */
  hasLapsed = false;
  /** groupIdToken of the token that started it. */
  group: string | undefined;
  reservationId: number | undefined;
  meterValuesAt: number;
  readonly registers = new Map<string, { readonly value: number; readonly seq: number }>();

  constructor(event: Observation) {
    this.id = transactionId(event) ?? '';
    this.firstSeq = event.seq;
    this.firstAt = event.time;
    this.meterValuesAt = event.time;
    this.firstSeqNo = numberAt(event.payload, 'seqNo') ?? 0;
  }

  get isAuthorized(): boolean {
    return this.idToken !== undefined && !this.hasLapsed && (this.authorization ?? 'Accepted') === 'Accepted';
  }

  get name(): string {
    return `transaction ${this.id}`;
  }

  add(event: Observation): void {
    const { payload } = event;
    const seqNo = numberAt(payload, 'seqNo');
    const type = textAt(payload, 'eventType');
    if (seqNo !== undefined && !this.seqNos.has(seqNo) && this.seqNos.size < SEQ_NOS)
      this.seqNos.set(seqNo, event.content);
    if (type === 'Started') this.started ??= event;
    if (type === 'Ended') this.ended ??= event;
    if (seqNo === undefined || seqNo >= this.lastSeqNo) {
      this.lastSeqNo = seqNo ?? this.lastSeqNo;
      this.latest = digestOf(event);
      this.chargingState = textAt(payload, 'transactionInfo', 'chargingState') ?? this.chargingState;
    }
    this.evse ??= numberAt(payload, 'evse', 'id');
    this.connector ??= numberAt(payload, 'evse', 'connectorId');
    this.reservationId ??= numberAt(payload, 'reservationId');
    const token = textAt(payload, 'idToken', 'idToken');
    if (token !== undefined) {
      this.idToken ??= token;
      this.idTokenType ??= textAt(payload, 'idToken', 'type');
      this.tokens.add(token.toLowerCase());
    }
    const trigger = textAt(payload, 'triggerReason') ?? '';
    if (trigger === 'MeterValuePeriodic') this.meterValuesAt = event.time;
    else if (ENDS_AUTHORIZATION.has(trigger)) this.hasLapsed = true;
    else if (trigger === 'Authorized' || trigger === 'RemoteStart') this.hasLapsed = false;
    for (const { series, value } of registersIn(event)) this.registers.set(series, { value, seq: event.seq });
  }
}

/** What later events are compared with: the event itself, and its text, would live on for every running transaction. */
export interface EventDigest {
  readonly seq: number;
  readonly link: WatchedLink;
  readonly seqNo: number | undefined;
  readonly type: string | undefined;
  readonly trigger: string | undefined;
  /** Its time as it is written, and in epoch milliseconds. */
  readonly written: string | undefined;
  readonly timestamp: number | undefined;
  readonly offline: boolean;
}

export function digestOf(event: Observation): EventDigest {
  const { seq, link, payload, timestamp } = event;
  return {
    seq,
    link,
    seqNo: numberAt(payload, 'seqNo'),
    type: textAt(payload, 'eventType'),
    trigger: textAt(payload, 'triggerReason'),
    written: textAt(payload, 'timestamp'),
    timestamp,
    offline: isOffline(event),
  };
}

const ENDED = 24;
const OPEN = 64;

export class Transactions2x {
  readonly open = new Map<string, Transaction2x>();
  readonly ended = new Map<string, Transaction2x>();
  /** Remote starts that events have named. */
  readonly remoteStartIds = new Set<number>();
  /** The transaction that was asked for last: rules and model ask for the same one. */
  #asked: Transaction2x | undefined;

  get(id: string | undefined): Transaction2x | undefined {
    if (id === undefined) return undefined;
    if (this.#asked?.id !== id) this.#asked = this.open.get(id) ?? this.ended.get(id);
    return this.#asked;
  }

  on(evse: number): Transaction2x | undefined {
    for (const transaction of this.open.values()) if (transaction.evse === evse) return transaction;
    return undefined;
  }

  update(o: Observation): void {
    if (o.action !== 'TransactionEvent') return;
    if (o.kind === 'request') this.#event(o);
    else if (o.kind === 'response') this.#answered(o);
  }

  #event(o: Observation): void {
    const id = transactionId(o);
    if (id === undefined) return;
    let transaction = this.get(id);
    if (transaction === undefined) {
      transaction = new Transaction2x(o);
      this.open.set(id, transaction);
      if (this.open.size > OPEN) forgetOldest(this.open);
      this.#asked = transaction;
    }
    transaction.add(o);
    const remoteStartId = numberAt(o.payload, 'transactionInfo', 'remoteStartId');
    if (remoteStartId !== undefined && this.remoteStartIds.size < SEQ_NOS) this.remoteStartIds.add(remoteStartId);
    if (transaction.ended !== undefined && this.open.delete(id)) {
      this.ended.set(id, transaction);
      if (this.ended.size > ENDED) forgetOldest(this.ended);
      this.#asked = undefined;
    }
  }

  #answered(o: Observation): void {
    const request = o.request;
    const status = textAt(o.payload, 'idTokenInfo', 'status');
    if (request === null || status === undefined) return;
    const transaction = this.get(transactionId(request));
    if (transaction === undefined) return;
    if (textAt(request.payload, 'idToken', 'idToken') !== transaction.idToken) return;
    transaction.authorization = status;
    transaction.group = textAt(o.payload, 'idTokenInfo', 'groupIdToken', 'idToken') ?? transaction.group;
  }
}

export function transactionId(o: Observation): string | undefined {
  return textAt(o.payload, 'transactionInfo', 'transactionId');
}

export function eventTime(o: Observation): number | undefined {
  return o.timestamp;
}

export function isOffline(o: Observation): boolean {
  return booleanAt(o.payload, 'offline') === true;
}

function forgetOldest(map: Map<string, unknown>): void {
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}

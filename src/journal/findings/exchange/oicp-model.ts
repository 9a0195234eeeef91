import {
  canonicalEvseId,
  canonicalOperatorId,
  canonicalProviderId,
  type OperationName,
} from '../../../protocols/oicp/index.ts';
import { booleanAt, isObject, listAt, type Members, numberAt, textAt } from '../payload-reader.ts';
import type { Exchange, ExchangeAnswer } from './exchange.ts';

/** A session as one side of the hub speaks about it. */
export interface OicpSession {
  readonly id: string;
  readonly side: 'cpo' | 'emp';
  /** What began it; undefined when the log begins in its middle. */
  readonly begun: OperationName | undefined;
  readonly beganSeq: number;
  readonly beganAt: number;
  state: 'asked' | 'granted' | 'refused';
  /** Why it was refused. */
  code: string;
  grantedSeq: number;
  /** Canonical id of the operator or provider of the path, on the partner's leg to the hub. */
  partner: string | undefined;
  evseId: string | undefined;
  identification: unknown;
  /** Media that may stop it beside its own. */
  stopMedia: readonly unknown[];
  cpoPartnerId: string | undefined;
  empPartnerId: string | undefined;
  start: SessionNote | undefined;
  progress: SessionNote | undefined;
  end: SessionNote | undefined;
  stopped: SessionNote | undefined;
  /** The provider does not take notifications. */
  unwanted: number | undefined;
  cdr:
    | { readonly seq: number; readonly at: number; readonly raw: string; readonly body: Members; accepted: boolean }
    | undefined;
}

export interface SessionNote {
  readonly seq: number;
  readonly at: number;
  readonly body: Members;
}

export interface EvseFacts {
  readonly compatible: boolean | undefined;
  readonly services: readonly unknown[];
  readonly maxKw: number | undefined;
  readonly timeZone: string | undefined;
  readonly dynamic: boolean;
  readonly calibration: string | undefined;
}

/** What an operator has pushed, as far as the log shows it. */
export interface OperatorData {
  /** A whole upload was seen: what is not here is not there. */
  complete: boolean;
  readonly evses: Map<string, EvseFacts>;
  statusComplete: boolean;
  readonly statuses: Map<string, { readonly status: string; readonly at: number; readonly seq: number }>;
  productsComplete: boolean;
  readonly products: Set<string>;
}

const MAX_SESSIONS = 20_000;
const MAX_OPERATORS = 2_000;
const MAX_EVSES = 200_000;
const NOTIFIED = { Start: 'start', Progress: 'progress', End: 'end' } as const;

/** What the exchanges of OICP have shown so far, bounded. */
export class OicpModel {
  readonly #sessions = new Map<string, OicpSession>();
  readonly #operators = new Map<string, OperatorData>();
  #evses = 0;

  session(side: 'cpo' | 'emp', id: string | undefined): OicpSession | undefined {
    return id === undefined ? undefined : this.#sessions.get(`${side} ${id.toLowerCase()}`);
  }

  /** The session that a request is about. */
  sessionOf(x: Exchange): OicpSession | undefined {
    return this.session(x.side, textAt(x.payload, 'SessionID'));
  }

  operator(id: string | undefined): OperatorData | undefined {
    return id === undefined ? undefined : this.#operators.get(canonicalOperatorId(id));
  }

  /** Sessions of a CPO at an EVSE, oldest first. */
  *sessionsAt(side: 'cpo' | 'emp', evseId: string): Generator<OicpSession> {
    const canonical = canonicalEvseId(evseId);
    for (const session of this.#sessions.values())
      if (session.side === side && session.evseId !== undefined && canonicalEvseId(session.evseId) === canonical)
        yield session;
  }

  /** After the rules have seen it. */
  asked(x: Exchange): void {
    const id = textAt(x.payload, 'SessionID');
    if (id === undefined || !BEGINS.has(x.operation) || x.toHub) return;
    // The hub asks a partner about a session that it has made. Several providers may be asked about one.
    if (this.session(x.side, id) === undefined) this.#begin(x, id);
  }

  answered(x: Exchange, answer: ExchangeAnswer): void {
    const { operation } = x;
    if (BEGINS.has(operation)) this.#startAnswered(x, answer);
    else if (operation === 'ChargingNotifications') this.#notified(x, answer);
    else if (operation === 'ChargeDetailRecord') this.#settled(x, answer);
    else if (STOPS.has(operation)) {
      const session = this.sessionOf(x);
      if (session !== undefined && answer.granted) session.stopped ??= noteOf(x);
    } else if (answer.granted) this.#pushed(x);
  }

  #begin(x: Exchange, id: string): OicpSession {
    const { body, operation, pathId, side } = x;
    const session: OicpSession = {
      id,
      side,
      begun: x.oicp,
      beganSeq: x.seq,
      beganAt: x.time,
      state: 'asked',
      code: '',
      grantedSeq: 0,
      partner: undefined,
      evseId: textAt(body, 'EvseID'),
      identification: body['Identification'],
      stopMedia: [],
      cpoPartnerId: textAt(body, 'CPOPartnerSessionID'),
      empPartnerId: textAt(body, 'EMPPartnerSessionID'),
      start: undefined,
      progress: undefined,
      end: undefined,
      stopped: undefined,
      unwanted: undefined,
      cdr: undefined,
    };
    if (x.toHub && pathId !== undefined)
      session.partner = operation === 'AuthorizeStart' ? canonicalOperatorId(pathId) : canonicalProviderId(pathId);
    this.#sessions.set(`${side} ${id.toLowerCase()}`, session);
    removeOldest(this.#sessions, MAX_SESSIONS);
    return session;
  }

  #startAnswered(x: Exchange, answer: ExchangeAnswer): void {
    const id = textAt(answer.payload, 'SessionID') ?? textAt(x.payload, 'SessionID');
    if (id === undefined) return;
    const known = this.session(x.side, id);
    // A hub that gives an id twice begins another session.
    const session = known === undefined || (x.toHub && known.beganSeq !== x.seq) ? this.#begin(x, id) : known;
    if (answer.granted) {
      session.state = 'granted';
      session.grantedSeq = answer.seq;
      session.stopMedia = listAt(answer.payload, 'AuthorizationStopIdentifications');
    } else if (session.state === 'asked') {
      session.state = 'refused';
      session.code = answer.statusCode ?? answer.code;
    }
  }

  #notified(x: Exchange, answer: ExchangeAnswer): void {
    const session = this.sessionOf(x);
    if (session === undefined) return;
    const place = NOTIFIED[textAt(x.payload, 'Type') as keyof typeof NOTIFIED] as
      | (typeof NOTIFIED)[keyof typeof NOTIFIED]
      | undefined;
    if (answer.statusCode === '320') session.unwanted = answer.seq;
    if (!answer.granted || place === undefined) return;
    if (place === 'progress') session.progress = noteOf(x);
    else session[place] ??= noteOf(x);
  }

  #settled(x: Exchange, answer: ExchangeAnswer): void {
    const session = this.sessionOf(x);
    if (session === undefined || session.cdr?.accepted === true) return;
    session.cdr = { seq: x.seq, at: x.time, raw: x.raw, body: x.body, accepted: answer.granted };
  }

  #pushed(x: Exchange): void {
    const { operation, payload, pathId } = x;
    const action = textAt(payload, 'ActionType');
    if (action === undefined || pathId === undefined) return;
    switch (operation) {
      case 'PushEvseData': {
        const data = this.#operator(pathId);
        if (action === 'fullLoad') {
          this.#evses -= data.evses.size;
          data.evses.clear();
          data.complete = true;
        }
        for (const record of listAt(payload, 'OperatorEvseData', 'EvseDataRecord')) {
          const id = textAt(record, 'EvseID');
          if (id === undefined) continue;
          const key = canonicalEvseId(id);
          if (action === 'delete') this.#evses -= Number(data.evses.delete(key));
          else {
            this.#evses += Number(!data.evses.has(key));
            data.evses.set(key, evseFacts(record));
          }
        }
        if (this.#evses > MAX_EVSES) this.#forgetAll();
        break;
      }
      case 'PushEvseStatus': {
        const data = this.#operator(pathId);
        if (action === 'fullLoad') {
          data.statuses.clear();
          data.statusComplete = true;
        }
        for (const record of listAt(payload, 'OperatorEvseStatus', 'EvseStatusRecord')) {
          const id = textAt(record, 'EvseID');
          const status = textAt(record, 'EvseStatus');
          if (id === undefined || status === undefined) continue;
          const key = canonicalEvseId(id);
          if (action === 'delete') data.statuses.delete(key);
          else data.statuses.set(key, { status, at: x.time, seq: x.seq });
        }
        removeOldest(data.statuses, MAX_EVSES);
        break;
      }
      case 'PushPricingProductData': {
        const data = this.#operator(pathId);
        if (action === 'fullLoad') {
          data.products.clear();
          data.productsComplete = true;
        }
        for (const record of listAt(payload, 'PricingProductData', 'PricingProductDataRecords')) {
          const id = textAt(record, 'ProductID');
          if (id === undefined) continue;
          if (action === 'delete') data.products.delete(id);
          else data.products.add(id);
        }
        break;
      }
    }
  }

  #operator(id: string): OperatorData {
    const key = canonicalOperatorId(id);
    let data = this.#operators.get(key);
    if (data === undefined) {
      data = {
        complete: false,
        evses: new Map(),
        statusComplete: false,
        statuses: new Map(),
        productsComplete: false,
        products: new Set(),
      };
      this.#operators.set(key, data);
      removeOldest(this.#operators, MAX_OPERATORS);
    }
    return data;
  }

  /** More than is remembered: from here on nothing is known until the next whole upload. */
  #forgetAll(): void {
    this.#operators.clear();
    this.#evses = 0;
  }
}

export const BEGINS: ReadonlySet<string> = new Set([
  'AuthorizeStart',
  'AuthorizeRemoteStart',
  'AuthorizeRemoteReservationStart',
]);
export const STOPS: ReadonlySet<string> = new Set([
  'AuthorizeStop',
  'AuthorizeRemoteStop',
  'AuthorizeRemoteReservationStop',
]);

function noteOf({ seq, time, body }: Exchange): SessionNote {
  return { seq, at: time, body };
}

function evseFacts(record: unknown): EvseFacts {
  let maxKw: number | undefined;
  for (const facility of listAt(record, 'ChargingFacilities')) {
    const power = numberAt(facility, 'Power');
    if (power !== undefined) maxKw = Math.max(maxKw ?? 0, power);
  }
  return {
    compatible: booleanAt(record, 'IsHubjectCompatible'),
    services: listAt(record, 'ValueAddedServices'),
    maxKw,
    timeZone: textAt(record, 'Address', 'TimeZone'),
    dynamic: isObject(record) && record['DynamicInfoAvailable'] === 'true',
    calibration: textAt(record, 'CalibrationLawDataAvailability'),
  };
}

function removeOldest<K>(map: Map<K, unknown>, limit: number): void {
  if (map.size <= limit) return;
  for (const key of map.keys()) {
    map.delete(key);
    return;
  }
}

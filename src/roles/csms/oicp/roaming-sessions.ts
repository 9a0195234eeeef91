import type { TraceContext } from '../../../link/trace-context.ts';
import { canonicalSessionId, type Identification, type StatusCodeValue } from '../../../protocols/oicp/index.ts';
import { Collection, type Page } from '../../../storage/collection.ts';
import type { Database } from '../../../storage/database.ts';

/** What became of the charge detail record. `delivered`: the hub had it already. `failed` is tried again, `refused` is not. */
export interface CdrState {
  readonly state: 'waiting' | 'accepted' | 'delivered' | 'refused' | 'failed';
  /** The exact body. */
  readonly text: string;
  readonly atMs: number;
  readonly code?: string;
  readonly reason?: string;
}

/** A session of the hub as the operator knows it. A value. */
export interface RoamingSession {
  readonly sessionId: string;
  readonly kind: 'authorised' | 'remote' | 'reservation';
  /**
   * `starting`: the station was asked. `pending`: no transaction yet. `reserved`. `charging`: bound to a transaction.
   * `closed`: over, with a record. `dropped`: over, nothing happened.
   */
  readonly state: 'starting' | 'pending' | 'reserved' | 'charging' | 'closed' | 'dropped';
  readonly station: string;
  readonly evse?: number;
  readonly evseId?: string;
  /** The token at the station. */
  readonly idToken: string;
  readonly identification: Identification;
  readonly providerId?: string;
  readonly cpoPartnerSessionId: string;
  readonly empPartnerSessionId?: string;
  readonly productId?: string;
  /** Further cards that may stop it. */
  readonly stopUids?: readonly string[];
  readonly transactionKey?: string;
  readonly remoteStartId?: number;
  readonly reservationId?: number;
  readonly expiresMs?: number;
  readonly createdMs: number;
  /** Energy flows since then, by the station's clock. */
  readonly chargingStartMs?: number;
  /** When the last notification Start or Progress was made, by ours. */
  readonly notifiedMs?: number;
  readonly errorNotified?: boolean;
  /** The provider takes no notifications (320). */
  readonly muted?: boolean;
  readonly stopAccepted?: boolean;
  /** What the hub was told about a remote start: a repetition is told the same. */
  readonly answer?: { readonly code: StatusCodeValue; readonly info?: string };
  readonly cdr?: CdrState;
  readonly trace?: TraceContext;
}

type SessionIndex = 'state' | 'transaction' | 'createdMs';

/** Sessions of roaming, durable; open ones in memory. */
export class RoamingSessions {
  readonly #sessions: Collection<RoamingSession, SessionIndex>;

  readonly #byStation = new Map<string, Set<string>>();
  readonly #byTransaction = new Map<string, string>();

  constructor(database: Database) {
    this.#sessions = new Collection<RoamingSession, SessionIndex>(database, {
      name: 'roaming_sessions',
      key: ({ sessionId }) => canonicalSessionId(sessionId),
      index: {
        state: ({ state }) => state,
        transaction: ({ transactionKey }) => transactionKey,
        createdMs: ({ createdMs }) => createdMs,
      },
      pinned: isKept,
    });
    for (const session of this.#sessions.pinned()) this.#note(session);
  }

  get(sessionId: string): RoamingSession | undefined {
    return this.#sessions.get(canonicalSessionId(sessionId));
  }

  put(session: RoamingSession): RoamingSession {
    this.#sessions.put(session);
    this.#note(session);
    return session;
  }

  /** Open sessions of a station, the oldest first. */
  openAt(station: string): RoamingSession[] {
    return [...(this.#byStation.get(station) ?? [])]
      .map((key) => this.#sessions.get(key))
      .filter((session): session is RoamingSession => session !== undefined && isOpen(session));
  }

  /** The open session that a transaction belongs to. */
  ofTransaction(transactionKey: string): RoamingSession | undefined {
    const key = this.#byTransaction.get(transactionKey);
    return key === undefined ? undefined : this.#sessions.get(key);
  }

  /** The same, also when it is over: asks the database. */
  everOfTransaction(transactionKey: string): RoamingSession | undefined {
    return (
      this.ofTransaction(transactionKey) ??
      this.#sessions.list({ where: { transaction: transactionKey }, limit: 1 }).items[0]
    );
  }

  /** Open sessions, and closed ones whose record has not arrived. */
  kept(): IterableIterator<RoamingSession> {
    return this.#sessions.pinned();
  }

  page(where: { state?: string }, limit: number, after: string | undefined): Page<RoamingSession> {
    return this.#sessions.list({
      where,
      by: 'createdMs',
      order: 'descending',
      limit,
      ...(after === undefined ? {} : { after }),
    });
  }

  #note(session: RoamingSession): void {
    const key = canonicalSessionId(session.sessionId);
    const { station, transactionKey } = session;
    const here = this.#byStation.get(station) ?? new Set<string>();
    if (isOpen(session)) this.#byStation.set(station, here.add(key));
    else if (here.delete(key) && here.size === 0) this.#byStation.delete(station);
    if (transactionKey === undefined) return;
    if (isOpen(session)) this.#byTransaction.set(transactionKey, key);
    else this.#byTransaction.delete(transactionKey);
  }
}

export function isOpen({ state }: RoamingSession): boolean {
  return state !== 'closed' && state !== 'dropped';
}

function isKept(session: RoamingSession): boolean {
  return isOpen(session) || session.cdr?.state === 'waiting' || session.cdr?.state === 'failed';
}

/** The ids that every message of a session carries. */
export function correlationOf({ sessionId, cpoPartnerSessionId, empPartnerSessionId }: RoamingSession): {
  SessionID: string;
  CPOPartnerSessionID: string;
  EMPPartnerSessionID?: string;
} {
  return {
    SessionID: sessionId,
    CPOPartnerSessionID: cpoPartnerSessionId,
    ...(empPartnerSessionId === undefined ? {} : { EMPPartnerSessionID: empPartnerSessionId }),
  };
}

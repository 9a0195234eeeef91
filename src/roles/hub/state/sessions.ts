import { type Correlation, canonicalSessionId, type Identification } from '../../../protocols/oicp/index.ts';
import type { Collection, ListOptions, Page } from '../../../storage/collection.ts';
import type { SessionRecord, SessionState } from './records.ts';

/** How a session may go on. Nothing leads out of `closed` and `invalidated`: any later use is refused with 400. */
const NEXT: Readonly<Record<SessionState, readonly SessionState[]>> = {
  pending: ['active', 'invalidated'],
  active: ['stopped', 'closed'],
  // A repeated stop, and the charge detail record.
  stopped: ['stopped', 'closed'],
  closed: [],
  invalidated: [],
};

/** The sessions of the hub. Their ids are the leading ones: each message of a charging process carries it. */
export class Sessions {
  readonly #sessions: Collection<SessionRecord, 'state'>;

  constructor(sessions: Collection<SessionRecord, 'state'>) {
    this.#sessions = sessions;
  }

  static keyOf(session: SessionRecord): string {
    return canonicalSessionId(session.sessionId);
  }

  create(session: Omit<SessionRecord, 'state' | 'updatedMs'>): SessionRecord {
    const record: SessionRecord = {
      ...session,
      identification: withoutPin(session.identification),
      state: 'pending',
      updatedMs: session.createdMs,
    };
    this.#sessions.put(record);
    return record;
  }

  get(sessionId: string): SessionRecord | undefined {
    return this.#sessions.get(canonicalSessionId(sessionId));
  }

  list(options: ListOptions<'state'>): Page<SessionRecord> {
    return this.#sessions.list(options);
  }

  /** Takes the session to another state, with further facts. Throws when the life cycle has no such step. */
  move(
    sessionId: string,
    state: SessionState,
    nowMs: number,
    facts: Partial<Pick<SessionRecord, 'provider' | 'providerId' | 'decidedBy' | 'stopMedia'>> = {},
  ): SessionRecord {
    const session = this.#must(sessionId);
    if (!NEXT[session.state].includes(state)) {
      throw new RangeError(`Session ${sessionId} cannot go from ${session.state} to ${state}`);
    }
    return this.#put({ ...session, ...facts, state, updatedMs: nowMs });
  }

  /** Keeps the first partner ids that are seen for the session. */
  learn(sessionId: string, ids: Correlation, nowMs: number): SessionRecord {
    const session = this.#must(sessionId);
    const cpo = session.cpoPartnerSessionId ?? ids.CPOPartnerSessionID;
    const emp = session.empPartnerSessionId ?? ids.EMPPartnerSessionID;
    if (cpo === session.cpoPartnerSessionId && emp === session.empPartnerSessionId) return session;
    return this.#put({
      ...session,
      ...(cpo === undefined ? {} : { cpoPartnerSessionId: cpo }),
      ...(emp === undefined ? {} : { empPartnerSessionId: emp }),
      updatedMs: nowMs,
    });
  }

  progressed(sessionId: string, nowMs: number): void {
    this.#put({ ...this.#must(sessionId), lastProgressMs: nowMs, updatedMs: nowMs });
  }

  #must(sessionId: string): SessionRecord {
    const session = this.get(sessionId);
    if (session === undefined) throw new RangeError(`There is no session ${sessionId}`);
    return session;
  }

  #put(session: SessionRecord): SessionRecord {
    this.#sessions.put(session);
    return session;
  }
}

export function isOpen(session: SessionRecord): boolean {
  return session.state === 'active' || session.state === 'stopped';
}

/** The ids of a session as answers and forwarded messages carry them. */
export function correlationOf(session: SessionRecord): Correlation {
  return {
    SessionID: session.sessionId,
    CPOPartnerSessionID: session.cpoPartnerSessionId,
    EMPPartnerSessionID: session.empPartnerSessionId,
  };
}

function withoutPin(identification: Identification): Identification {
  const { QRCodeIdentification: qr } = identification;
  return qr === undefined ? identification : { QRCodeIdentification: { EvcoID: qr.EvcoID } };
}

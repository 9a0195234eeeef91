import { CompoteError } from '../../../core/errors.ts';
import type { OicpOutcome } from '../../../link/oicp-client.ts';
import { canonicalEvseId, parseEvcoId, parseEvseId, STATUS_CODES, sameEvcoId } from '../../../protocols/oicp/index.ts';
import type { Emp } from '../emp.ts';
import type { EmpSessionRecord } from '../state/records.ts';
import { endLocally } from '../state/sessions.ts';

/** One hop of what was done, for the person who asked for it. */
export interface ActionStep {
  readonly operation: string;
  readonly outcome: OicpOutcome['kind'];
  /** OICP status code and what it means, where one came. */
  readonly code?: string;
  readonly meaning?: string;
  /** What the other side says about it. */
  readonly reason?: string;
  readonly ms: number;
  readonly trace: string;
}

export interface ActionResult {
  readonly done: boolean;
  readonly steps: readonly ActionStep[];
  readonly session?: EmpSessionRecord;
}

export interface StartWish {
  readonly evseId: string;
  readonly evcoId: string;
  readonly productId?: string | undefined;
  /** A reservation, for so many minutes; a start when absent. */
  readonly minutes?: number | undefined;
}

/** Remote start, or a reservation. A session is kept only when the operator has accepted. */
export async function startRemotely(
  emp: Emp,
  { evseId, evcoId, productId, minutes }: StartWish,
): Promise<ActionResult> {
  const { state } = emp;
  if (parseEvseId(evseId) === undefined) throw wrong('/evseId', `“${evseId}” is not an EVSE id`);
  const contract = parseEvcoId(evcoId) === undefined ? undefined : state.contract(evcoId);
  if (contract === undefined) throw wrong('/evcoId', `there is no contract ${evcoId}`);
  if (contract.locked) throw new CompoteError('CONFLICT', { detail: `the contract ${evcoId} is locked` });
  const evse = state.evses.get(canonicalEvseId(evseId))?.record;
  const reserves = minutes !== undefined;
  if (reserves && evse?.ValueAddedServices !== undefined && !evse.ValueAddedServices.includes('Reservation')) {
    throw new CompoteError('CONFLICT', {
      detail: `${evseId} does not offer reservations`,
      hint: 'Its data lists no `Reservation` in ValueAddedServices.',
    });
  }
  const ours = emp.newId();
  const common = {
    ProviderID: emp.config.providerId,
    EvseID: evseId,
    Identification: { RemoteIdentification: { EvcoID: contract.evcoId } },
    EMPPartnerSessionID: ours,
    ...(productId === undefined ? {} : { PartnerProductID: productId }),
  };
  const params = { providerID: emp.config.providerId };
  const operation = reserves ? 'AuthorizeRemoteReservationStart' : 'AuthorizeRemoteStart';
  // Never sent again by itself: a repeated start could begin two sessions (GEN-08).
  const outcome = reserves
    ? await emp.hub.call('AuthorizeRemoteReservationStart', params, { ...common, Duration: minutes })
    : await emp.hub.call('AuthorizeRemoteStart', params, common);
  const steps = [stepOf(operation, outcome)];
  if (outcome.kind !== 'ok') return { done: false, steps };
  const { SessionID, CPOPartnerSessionID } = outcome.message;
  if (SessionID === undefined) {
    return {
      done: false,
      steps: [{ ...stepOf(operation, outcome), outcome: 'invalid', reason: 'the answer names no session' }],
    };
  }
  const nowMs = emp.nowMs();
  // A notification, even the record, may have come before this answer.
  const known = state.session(SessionID);
  const session: EmpSessionRecord = {
    ...(known ?? { state: 'accepted', createdMs: nowMs }),
    sessionId: SessionID,
    kind: reserves ? 'reservation' : 'remote',
    contract: contract.key,
    identification: { RemoteIdentification: { EvcoID: contract.evcoId } },
    evseId,
    empPartnerSessionId: ours,
    updatedMs: nowMs,
    ...(minutes === undefined ? {} : { durationMin: minutes }),
    ...(CPOPartnerSessionID === undefined ? {} : { cpoPartnerSessionId: CPOPartnerSessionID }),
    ...(evse?.OperatorID === undefined ? {} : { operatorId: evse.OperatorID }),
  };
  state.sessions.put(session);
  emp.changed('session', SessionID);
  return { done: true, steps, session };
}

/** Remote stop, or the end of a reservation. A session that the hub does not know is ended here, and waits for its record. */
export async function stopRemotely(emp: Emp, sessionId: string, evcoId?: string): Promise<ActionResult> {
  const { state } = emp;
  const session = state.session(sessionId);
  if (session === undefined) throw new CompoteError('NOT_FOUND', { detail: `there is no session ${sessionId}` });
  if (evcoId !== undefined && !sameEvcoId(session.contract ?? '', evcoId)) {
    throw new CompoteError('FORBIDDEN', { detail: `the session is not one of the contract ${evcoId}` });
  }
  if (session.state === 'settled' || session.state === 'ended') {
    throw new CompoteError('CONFLICT', { detail: `the session is ${session.state}` });
  }
  if (session.evseId === undefined)
    throw new CompoteError('CONFLICT', { detail: 'the EVSE of the session is not known' });
  const reserves = session.kind === 'reservation';
  const operation = reserves ? 'AuthorizeRemoteReservationStop' : 'AuthorizeRemoteStop';
  const outcome = await emp.hub.call(
    operation,
    { providerID: emp.config.providerId },
    {
      SessionID: session.sessionId,
      ProviderID: emp.config.providerId,
      EvseID: session.evseId,
      ...(session.empPartnerSessionId === undefined ? {} : { EMPPartnerSessionID: session.empPartnerSessionId }),
      ...(session.cpoPartnerSessionId === undefined ? {} : { CPOPartnerSessionID: session.cpoPartnerSessionId }),
    },
  );
  const steps = [stepOf(operation, outcome)];
  // The record may have settled it meanwhile.
  const now = state.session(sessionId) ?? session;
  if (now.state !== 'settled') {
    if (outcome.kind === 'ok') state.sessions.put({ ...now, state: 'stopping', updatedMs: emp.nowMs() });
    else if (outcome.kind === 'refused' && outcome.code === '400') {
      endLocally(state, now, 'the hub does not know the session any more', emp.nowMs());
    }
  }
  emp.changed('session', session.sessionId);
  return { done: outcome.kind === 'ok', steps, session: state.session(sessionId) ?? session };
}

export function stepOf(operation: string, outcome: OicpOutcome): ActionStep {
  const { kind, ms, trace } = outcome;
  const step = { operation, outcome: kind, ms, trace: trace.trace };
  if (kind === 'ok') return { ...step, code: '000', meaning: STATUS_CODES['000'].meaning };
  if (kind === 'refused')
    return { ...step, code: outcome.code, meaning: STATUS_CODES[outcome.code].meaning, reason: outcome.reason };
  return { ...step, reason: outcome.reason };
}

function wrong(pointer: string, msg: string): CompoteError {
  return new CompoteError('INVALID_REQUEST', { fields: [{ pointer, msg }] });
}

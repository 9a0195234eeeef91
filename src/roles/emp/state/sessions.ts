import type { ChargeDetailRecord, RequestOf } from '../../../protocols/oicp/index.ts';
import type { EmpState } from './emp-state.ts';
import type { EmpSessionRecord } from './records.ts';

/** Whether a session may still get notifications. */
export function isRunning({ state }: EmpSessionRecord): boolean {
  return state !== 'settled';
}

/** The session after a notification. Times stay the text that came. */
export function afterNotification(
  session: EmpSessionRecord,
  body: RequestOf<'ChargingNotifications'>,
  nowMs: number,
): EmpSessionRecord {
  const known = { ...session, ...partnerIds(body), evseId: session.evseId ?? body.EvseID, updatedMs: nowMs };
  switch (body.Type) {
    case 'Start':
      return { ...known, state: going(session, 'charging'), chargingStart: body.ChargingStart };
    case 'Progress': {
      const energy = body.ConsumedEnergyProgress;
      return {
        ...known,
        state: going(session, 'charging'),
        chargingStart: session.chargingStart ?? body.ChargingStart,
        ...(energy === undefined ? {} : { energyKwh: energy }),
      };
    }
    case 'End':
      return {
        ...known,
        state: 'ended',
        chargingEnd: body.ChargingEnd,
        ...(body.ConsumedEnergy === undefined ? {} : { energyKwh: body.ConsumedEnergy }),
      };
    case 'Error':
      return { ...known, lastError: [body.ErrorType, body.ErrorAdditionalInfo].filter(Boolean).join(': ') };
  }
}

/** A stop that is under way is not undone by a late progress. */
function going(session: EmpSessionRecord, state: 'charging'): EmpSessionRecord['state'] {
  return session.state === 'stopping' || session.state === 'ended' ? session.state : state;
}

/** The session that a charge detail record closes, or the one that it tells of for the first time. */
export function settledBy(
  cdr: ChargeDetailRecord,
  session: EmpSessionRecord | undefined,
  facts: Pick<EmpSessionRecord, 'contract' | 'operatorId' | 'identification'>,
  nowMs: number,
): EmpSessionRecord {
  const begun: EmpSessionRecord = session ?? {
    sessionId: cdr.SessionID,
    kind: 'offline',
    state: 'accepted',
    createdMs: nowMs,
    updatedMs: nowMs,
    ...facts,
  };
  return {
    ...begun,
    ...partnerIds(cdr),
    state: 'settled',
    evseId: begun.evseId ?? cdr.EvseID,
    chargingStart: cdr.ChargingStart,
    chargingEnd: cdr.ChargingEnd,
    energyKwh: cdr.ConsumedEnergy,
    updatedMs: nowMs,
  };
}

/** The partner ids of a message, for answers and sessions. */
export function partnerIds(body: {
  readonly CPOPartnerSessionID?: string | undefined;
  readonly EMPPartnerSessionID?: string | undefined;
}): { cpoPartnerSessionId?: string; empPartnerSessionId?: string } {
  return {
    ...(body.CPOPartnerSessionID === undefined ? {} : { cpoPartnerSessionId: body.CPOPartnerSessionID }),
    ...(body.EMPPartnerSessionID === undefined ? {} : { empPartnerSessionId: body.EMPPartnerSessionID }),
  };
}

/** The correlation members of an answer about a session. */
export function correlation(session: EmpSessionRecord): Record<string, string> {
  return {
    SessionID: session.sessionId,
    ...(session.cpoPartnerSessionId === undefined ? {} : { CPOPartnerSessionID: session.cpoPartnerSessionId }),
    ...(session.empPartnerSessionId === undefined ? {} : { EMPPartnerSessionID: session.empPartnerSessionId }),
  };
}

/** Ends a session that the hub does not know any more. What it cost comes with the charge detail record. */
export function endLocally(state: EmpState, session: EmpSessionRecord, why: string, nowMs: number): EmpSessionRecord {
  const ended: EmpSessionRecord = { ...session, state: 'ended', lastError: why, updatedMs: nowMs };
  state.sessions.put(ended);
  return ended;
}

import type { OicpReply } from '../../../link/oicp-server.ts';
import { statusCode } from '../../../protocols/oicp/index.ts';
import { contractOf, withoutPin } from '../state/authorization.ts';
import { takeCdr } from '../state/charge-detail-records.ts';
import { timeKey } from '../state/recent-records.ts';
import type { EmpSessionRecord } from '../state/records.ts';
import { afterNotification, correlation, isRunning } from '../state/sessions.ts';
import { type Inbound, refuse, reply } from './inbound-call.ts';

/** A charge detail record: stored once, acknowledged as often as it comes. */
export function chargeDetailRecord(inbound: Inbound<'ChargeDetailRecord'>): OicpReply {
  const { call, body, state, nowMs, providerId, changed } = inbound;
  const verdict = takeCdr(body, { text: call.text, operatorId: call.pathId, source: 'pushed' }, state, nowMs);
  if (!verdict.taken) {
    call.find({ rule: 'oicp.cdr.refused', severity: 'warning', axis: 'consistency', text: verdict.reason });
    return refuse('ChargeDetailRecord', verdict.code, verdict.reason, providerId, { SessionID: body.SessionID });
  }
  if (!verdict.repeated) {
    for (const { rule, pointer, text, verdict: weight } of verdict.record.findings) {
      call.find({ rule, pointer, text, severity: weight === 'refuse' ? 'error' : 'warning', axis: 'consistency' });
    }
    changed('session', body.SessionID);
  }
  changed('cdr', body.SessionID);
  const session = state.session(body.SessionID);
  const ids = session === undefined ? { SessionID: body.SessionID } : correlation(session);
  return reply({ Result: true, StatusCode: statusCode('000'), ...ids }, '000');
}

/** A session that the hub authorised from our upload: the first we hear of it, when the message names a driver of ours. */
function offlineSession({ body, state, nowMs }: Inbound<'ChargingNotifications'>): EmpSessionRecord | undefined {
  const contract = body.Identification && contractOf(body.Identification, state);
  if (contract === undefined || body.Identification === undefined) return undefined;
  return {
    sessionId: body.SessionID,
    kind: 'offline',
    state: 'accepted',
    contract: contract.key,
    identification: withoutPin(body.Identification),
    createdMs: nowMs,
    updatedMs: nowMs,
    ...(body.OperatorID === undefined ? {} : { operatorId: body.OperatorID }),
  };
}

/** Start, Progress, End or Error of a session that we know and that is not settled. */
export function chargingNotification(inbound: Inbound<'ChargingNotifications'>): OicpReply {
  const { call, body, state, nowMs, providerId, newId, changed } = inbound;
  const session = state.session(body.SessionID) ?? offlineSession(inbound);
  if (session === undefined || !isRunning(session)) {
    const reason = session === undefined ? 'no such session' : 'the session is settled';
    return refuse('ChargingNotifications', '400', reason, providerId, { SessionID: body.SessionID });
  }
  const next = afterNotification(session, body, nowMs);
  state.sessions.put(next);
  const id = timeKey(nowMs, newId());
  state.notifications.add({ id, atMs: nowMs, sessionId: body.SessionID, type: body.Type, text: call.text });
  changed('notification', id);
  changed('session', session.sessionId);
  return reply({ Result: true, StatusCode: statusCode('000'), ...correlation(next) }, '000');
}

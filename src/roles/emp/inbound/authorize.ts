import type { OicpReply } from '../../../link/oicp-server.ts';
import { type Identification, type StatusCodeValue, statusCode } from '../../../protocols/oicp/index.ts';
import { decideAuthorization, mediumKey, withoutPin } from '../state/authorization.ts';
import { timeKey } from '../state/recent-records.ts';
import type { EmpSessionRecord } from '../state/records.ts';
import { correlation, partnerIds } from '../state/sessions.ts';
import { type Inbound, operatorMismatch, refuse, reply } from './inbound-call.ts';

/** What came of a question, for the list of authorisations. */
interface Verdict {
  readonly granted: boolean;
  readonly code: StatusCodeValue;
  readonly reason: string;
  readonly contract?: string | undefined;
}

/** May this driver charge (AuthorizeStart). `pinFits` was worked out before: the decision itself does not wait. */
export function authorizeStart(inbound: Inbound<'AuthorizeStart'>, pinFits: (hash: string) => boolean): OicpReply {
  const { call, body, state, nowMs, providerId } = inbound;
  const { SessionID: sessionId = '' } = body;
  const mismatch = operatorMismatch(call, body.OperatorID);
  if (mismatch !== undefined) return refuse('AuthorizeStart', '022', mismatch, providerId);
  const { policy } = state;
  const verdict = ((): Verdict => {
    if (policy.mode === 'accept-all') return { granted: true, code: '000', reason: 'the policy accepts everybody' };
    if (policy.mode === 'reject-all')
      return { granted: false, code: policy.code, reason: 'the policy refuses everybody' };
    const decision = decideAuthorization(body.Identification, state, nowMs, pinFits);
    const code = decision.granted ? '000' : decision.code;
    return { granted: decision.granted, code, reason: decision.reason, contract: decision.contract?.key };
  })();
  note(inbound, 'AuthorizeStart', sessionId, verdict);
  if (!verdict.granted) {
    const code = verdict.code === '000' ? '102' : verdict.code;
    const ids = { SessionID: sessionId, ...partnerIdsAsSent(body) };
    return refuse('AuthorizeStart', code, verdict.reason, providerId, ids);
  }
  const session = sessionOf(inbound, sessionId, verdict.contract);
  const medium = state.media.get(mediumKey(body.Identification));
  if (medium !== undefined) state.media.put({ ...medium, lastUsedMs: nowMs });
  const stop = stopMedia(inbound, verdict.contract);
  return reply(
    {
      ...correlation(session),
      ProviderID: providerId,
      AuthorizationStatus: 'Authorized',
      StatusCode: statusCode('000'),
      ...(stop.length === 0 ? {} : { AuthorizationStopIdentifications: stop }),
    },
    '000',
  );
}

/** May this driver stop the session (AuthorizeStop): with the medium or the contract that began it. */
export function authorizeStop(inbound: Inbound<'AuthorizeStop'>): OicpReply {
  const { call, body, state, nowMs, providerId } = inbound;
  const mismatch = operatorMismatch(call, body.OperatorID);
  if (mismatch !== undefined) return refuse('AuthorizeStop', '022', mismatch, providerId);
  const session = state.session(body.SessionID);
  const verdict = ((): Verdict => {
    if (session === undefined || session.state === 'settled') {
      return { granted: false, code: '400', reason: session === undefined ? 'no such session' : 'the session is over' };
    }
    const medium = state.media.get(mediumKey(body.Identification));
    const same =
      session.identification !== undefined && mediumKey(session.identification) === mediumKey(body.Identification);
    if (same || (medium !== undefined && medium.contract === session.contract)) {
      return { granted: true, code: '000', reason: 'a medium of the session’s driver', contract: session.contract };
    }
    return { granted: false, code: codeOfKind(body.Identification), reason: 'not a medium of the session’s driver' };
  })();
  note(inbound, 'AuthorizeStop', body.SessionID, verdict);
  const ids = session === undefined ? { SessionID: body.SessionID } : correlation(session);
  if (!verdict.granted || session === undefined) {
    const code = verdict.code === '000' ? '400' : verdict.code;
    return refuse('AuthorizeStop', code, verdict.reason, providerId, ids);
  }
  state.sessions.put({ ...session, state: 'stopping', updatedMs: nowMs });
  inbound.changed('session', session.sessionId);
  return reply(
    { ...ids, ProviderID: providerId, AuthorizationStatus: 'Authorized', StatusCode: statusCode('000') },
    '000',
  );
}

/** A question that is asked twice is the same session. */
function sessionOf(
  { body, state, nowMs, newId, changed }: Inbound<'AuthorizeStart'>,
  sessionId: string,
  contract: string | undefined,
): EmpSessionRecord {
  const known = state.session(sessionId);
  if (known !== undefined) return known;
  const session: EmpSessionRecord = {
    sessionId,
    kind: 'authorised',
    state: 'authorised',
    identification: withoutPin(body.Identification),
    operatorId: body.OperatorID,
    empPartnerSessionId: body.EMPPartnerSessionID ?? newId(),
    createdMs: nowMs,
    updatedMs: nowMs,
    ...partnerIds({ CPOPartnerSessionID: body.CPOPartnerSessionID }),
    ...(contract === undefined ? {} : { contract }),
    ...(body.EvseID === undefined ? {} : { evseId: body.EvseID }),
  };
  state.sessions.put(session);
  changed('session', sessionId);
  return session;
}

/** The other cards of the contract may stop too. */
function stopMedia({ state, body }: Inbound<'AuthorizeStart'>, contract: string | undefined): Identification[] {
  if (contract === undefined) return [];
  const asked = mediumKey(body.Identification);
  return [...state.media.all({ contract })].flatMap(({ key, uid, locked }): Identification[] =>
    uid === undefined || locked || key === asked ? [] : [{ RFIDMifareFamilyIdentification: { UID: uid } }],
  );
}

function note(
  inbound: Inbound<'AuthorizeStart' | 'AuthorizeStop'>,
  operation: 'AuthorizeStart' | 'AuthorizeStop',
  sessionId: string,
  { granted, code, reason, contract }: Verdict,
): void {
  const { body, state, nowMs, newId, changed } = inbound;
  const id = timeKey(nowMs, newId());
  state.authorizations.add({
    id,
    atMs: nowMs,
    operation,
    sessionId,
    operatorId: body.OperatorID,
    identification: withoutPin(body.Identification),
    granted,
    code,
    reason,
    ...(body.EvseID === undefined ? {} : { evseId: body.EvseID }),
    ...(contract === undefined ? {} : { contract }),
  });
  changed('authorisation', id);
}

function codeOfKind(identification: Identification): '101' | '102' | '105' {
  if (identification.QRCodeIdentification !== undefined) return '101';
  return identification.PlugAndChargeIdentification === undefined ? '102' : '105';
}

function partnerIdsAsSent(body: {
  readonly CPOPartnerSessionID?: string | undefined;
  readonly EMPPartnerSessionID?: string | undefined;
}): Record<string, string> {
  return {
    ...(body.CPOPartnerSessionID === undefined ? {} : { CPOPartnerSessionID: body.CPOPartnerSessionID }),
    ...(body.EMPPartnerSessionID === undefined ? {} : { EMPPartnerSessionID: body.EMPPartnerSessionID }),
  };
}

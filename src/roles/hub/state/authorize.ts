import {
  mediumOf,
  type OperationName,
  sameSessionId,
  statusCode,
  textAt,
  withMembers,
} from '../../../protocols/oicp/index.ts';
import { answered, present, processed, refuse } from './answer.ts';
import { matchOffline } from './authentication-data.ts';
import { mediumCodeOf } from './checks.ts';
import type { Forward, HubAnswer, HubCall, HubDecision, Parties, PendingAsk, Surroundings } from './hub-call.ts';
import type { PartnerRecord, SessionRecord } from './records.ts';
import { correlationOf } from './sessions.ts';

type CallOf<Name extends OperationName> = Extract<HubCall, { readonly operation: Name }>;

/** May this driver charge: from uploaded data, from the contract's provider, or from all that take broadcasts. */
export function authorizeStart(
  call: CallOf<'AuthorizeStart'>,
  operator: PartnerRecord,
  around: Surroundings,
): HubDecision {
  const { state, nowMs } = around;
  const { body } = call;
  const session = state.sessions.create({
    sessionId: around.newId(),
    kind: 'authorization',
    operator: operator.key,
    operatorId: call.pathId ?? body.OperatorID,
    identification: body.Identification,
    decidedBy: 'online',
    createdMs: nowMs,
    ...(body.EvseID === undefined ? {} : { evseId: body.EvseID }),
    ...(body.CPOPartnerSessionID === undefined ? {} : { cpoPartnerSessionId: body.CPOPartnerSessionID }),
  });
  const candidates = providersToAsk(call, operator, around);
  const match = matchOffline(body.Identification, candidates, state, around.pinMatches);
  if (match.kind === 'yes') {
    const providerId = match.provider.providerIds[0] ?? '';
    const facts = { provider: match.provider.key, providerId, decidedBy: 'offline' as const };
    return answered(authorized(state.sessions.move(session.sessionId, 'active', nowMs, facts)));
  }
  const asks = match.kind === 'wrong-pin' ? [] : candidates.filter((provider) => isAsked(provider, call));
  if (asks.length === 0) {
    state.sessions.move(session.sessionId, 'invalidated', nowMs);
    const code = mediumCodeOf(body.Identification);
    const { SessionID: _none, ...partnerIds } = correlationOf(session);
    return answered({ ...refuse('AuthorizeStart', code, undefined, partnerIds), situation: 'processed' });
  }
  return ask(call, session, asks);
}

function providersToAsk(
  call: CallOf<'AuthorizeStart'>,
  operator: PartnerRecord,
  { state, nowMs }: Surroundings,
): PartnerRecord[] {
  const evcoId = mediumOf(call.body.Identification)?.evcoId;
  if (evcoId === undefined) return state.partners.subscribersOf('eRoamingAuthorization', operator.key, nowMs);
  const named = state.partners.providerOfContract(evcoId);
  return named === undefined ? [] : [named];
}

/** Online, unlocked, and for a card of nobody known: willing to be asked for all. */
function isAsked({ locked, services: { authorization } }: PartnerRecord, call: CallOf<'AuthorizeStart'>): boolean {
  const needsBroadcast = mediumOf(call.body.Identification)?.evcoId === undefined;
  return !locked && authorization?.online === true && (!needsBroadcast || authorization.broadcast === true);
}

/** May this driver stop: from uploaded data the hub says so itself (the medium was checked), else the provider is asked. */
export function authorizeStop(
  call: CallOf<'AuthorizeStop'>,
  { provider, session }: Parties,
  { state, nowMs }: Surroundings,
): HubDecision {
  if (session === undefined) return answered(refuse('AuthorizeStop', '400'));
  if (session.decidedBy === 'offline') {
    return answered(authorized(state.sessions.move(session.sessionId, 'stopped', nowMs)));
  }
  if (provider?.services.authorization?.online !== true) {
    return answered(refuse('AuthorizeStop', '310', 'the provider cannot be asked', correlationOf(session)));
  }
  return ask(call, session, [provider]);
}

function authorized(session: SessionRecord): HubAnswer {
  const message = {
    AuthorizationStatus: 'Authorized',
    StatusCode: statusCode('000'),
    ProviderID: session.providerId,
    ...present(correlationOf(session)),
  };
  return processed(message, '000');
}

/**
 * The body as it was received, with the hub's session id, and the partner ids of the session where the sender left them
 * out. What the sender wrote stays, character by character.
 */
export function withSession(text: string, session: SessionRecord): string {
  const missing = Object.entries(present(correlationOf(session))).filter(([key, id]) => {
    const written = textAt(text, `/${key}`);
    if (written === undefined || written === 'null') return true;
    return key === 'SessionID' && !sameSessionId(String(JSON.parse(written)), id);
  });
  return missing.length === 0 ? text : withMembers(text, Object.fromEntries(missing));
}

/** Asks the partners with the body as it was received. */
export function ask(call: HubCall, session: SessionRecord, partners: readonly PartnerRecord[]): HubDecision {
  const text = withSession(call.text, session);
  const asks = partners.map(
    ({ key }): Forward => ({ partner: key, operation: call.operation, pathId: call.pathId, text }),
  );
  const pending: PendingAsk = {
    operation: call.operation,
    sessionId: session.sessionId,
    waiting: partners.map(({ key }) => key),
    refusals: [],
    answered: false,
  };
  return { kind: 'ask', asks, pending };
}

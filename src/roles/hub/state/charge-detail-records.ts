import { canonicalOperatorId, canonicalSessionId, instantOf, pageOfList } from '../../../protocols/oicp/index.ts';
import { acknowledge, answered, processed, refuse } from './answer.ts';
import { withSession } from './authorize.ts';
import { FIRST_PAGE, type Forward, type HubCall, type HubDecision, type Surroundings } from './hub-call.ts';
import type { HubState } from './hub-state.ts';
import type { CdrForwarding, CdrRecord, SessionRecord } from './records.ts';
import { correlationOf } from './sessions.ts';

/** Stored and acknowledged first: the operator's "done" means stored, whatever becomes of the forwarding. */
export function chargeDetailRecord(
  call: Extract<HubCall, { readonly operation: 'ChargeDetailRecord' }>,
  session: SessionRecord | undefined,
  { state, nowMs }: Surroundings,
): HubDecision {
  if (session === undefined) return answered(refuse(call.operation, '400'));
  const provider = session.provider === undefined ? undefined : state.partners.get(session.provider);
  const goesOn =
    provider !== undefined && !provider.locked && provider.services['charge-detail-records']?.online === true;
  const operatorId = call.pathId ?? session.operatorId;
  state.cdrs.put({
    sessionId: session.sessionId,
    operator: session.operator,
    operatorId,
    text: call.text,
    receivedMs: nowMs,
    forwarding: goesOn ? 'pending' : 'not-forwarded',
    ...(session.provider === undefined ? {} : { provider: session.provider }),
  });
  const closed = state.sessions.move(session.sessionId, 'closed', nowMs);
  const forward = (partner: string): Forward => ({
    partner,
    operation: call.operation,
    pathId: operatorId,
    text: withSession(call.text, closed),
  });
  return {
    kind: 'answer',
    answer: acknowledge(correlationOf(closed)),
    forwards: goesOn ? [forward(provider.key)] : [],
  };
}

/** Notes what came of forwarding a charge detail record. */
export function cdrForwarded(
  state: HubState,
  sessionId: string,
  forwarding: Exclude<CdrForwarding, 'pending'>,
  nowMs: number,
  reason = '',
): void {
  const record = state.cdrs.get(canonicalSessionId(sessionId));
  if (record === undefined) return;
  const { forwardingReason: _before, ...rest } = record;
  const why = reason === '' ? {} : { forwardingReason: reason };
  state.cdrs.put({ ...rest, ...why, forwarding, ...(forwarding === 'forwarded' ? { forwardedMs: nowMs } : {}) });
}

/** The record as it is forwarded: what the operator wrote, with the session's partner ids. */
export function withSessionOf({ sessionId, text }: CdrRecord, state: HubState): string {
  const session = state.sessions.get(sessionId);
  return session === undefined ? text : withSession(text, session);
}

/** By receipt at the hub, From and To included; what was delivered comes again. */
export function getChargeDetailRecords(
  call: Extract<HubCall, { readonly operation: 'GetChargeDetailRecords' }>,
  provider: string,
  { state }: Surroundings,
): HubDecision {
  const { From, To, SessionID, OperatorID, CDRForwarded } = call.body;
  const range = { from: instantOf(From) ?? 0, below: (instantOf(To) ?? 0) + 1 };
  const operators = OperatorID && new Set(OperatorID.map(canonicalOperatorId));
  const wanted = SessionID && new Set(SessionID.map(canonicalSessionId));
  const found = [...state.cdrs.all({ provider, receivedMs: range })]
    .filter(
      (cdr) =>
        (CDRForwarded === undefined || (cdr.forwarding === 'forwarded') === CDRForwarded) &&
        (operators === undefined || operators.has(canonicalOperatorId(cdr.operatorId))) &&
        (wanted === undefined || wanted.has(canonicalSessionId(cdr.sessionId))),
    )
    .sort((a, b) => a.receivedMs - b.receivedMs)
    .map(({ text }): unknown => JSON.parse(text));
  return answered(processed({ ...pageOfList(found, call.page ?? FIRST_PAGE) }, '000'));
}

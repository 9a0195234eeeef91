import { type Correlation, canonicalEvseId } from '../../../protocols/oicp/index.ts';
import { acknowledge, answered, processed, refuse } from './answer.ts';
import { authenticationId, withHashedPin } from './authentication-data.ts';
import { ask, authorizeStart, authorizeStop } from './authorize.ts';
import { chargeDetailRecord, getChargeDetailRecords } from './charge-detail-records.ts';
import { checkSteps, firstRefusal } from './checks.ts';
import { FIRST_PAGE, type HubCall, type HubDecision, type Parties, type Surroundings } from './hub-call.ts';
import { pullPricing } from './pull-pricing.ts';
import { pullStatus } from './pull-status.ts';
import type { PushResult } from './pushed-records.ts';
import type { PartnerRecord, SessionRecord } from './records.ts';
import type { CheckStep } from './refusals.ts';

/**
 * What the hub does with a call whose caller is known to be who it says, and whose body fits. The checks come in the
 * order of the documents; the first that fails is the answer, and then nothing has changed.
 */
export function decide(call: HubCall, around: Surroundings): HubDecision {
  const parties = partiesOf(call, around);
  const refused = firstRefusal(call, parties, around);
  if (refused !== undefined) return answered(refuse(call.operation, refused.code, refused.text));
  if (parties.session !== undefined && 'SessionID' in call.body) {
    around.state.sessions.learn(parties.session.sessionId, call.body as Correlation, around.nowMs);
  }
  return perform(call, partiesOf(call, around), around);
}

/** What the call was held to, and where it failed. Before anything else changes the state. */
export function explain(call: HubCall, around: Surroundings): CheckStep[] {
  return checkSteps(call, partiesOf(call, around), around);
}

function perform(call: HubCall, parties: Parties, around: Surroundings): HubDecision {
  const { operator, provider, session } = parties;
  switch (call.operation) {
    case 'AuthorizeStart':
      return operator === undefined ? answered(refuse(call.operation, '300')) : authorizeStart(call, operator, around);
    case 'AuthorizeStop':
      return authorizeStop(call, parties, around);
    case 'AuthorizeRemoteStart':
    case 'AuthorizeRemoteReservationStart':
      if (operator === undefined || provider === undefined) return answered(refuse(call.operation, '300'));
      return remoteStart(call, operator, provider, around);
    case 'AuthorizeRemoteStop':
    case 'AuthorizeRemoteReservationStop':
      return forwardWithin(call, session, session && around.state.partners.get(session.operator));
    case 'ChargingNotifications': {
      const receiver = session?.provider === undefined ? undefined : around.state.partners.get(session.provider);
      if (session !== undefined && call.body.Type === 'Progress') {
        around.state.sessions.progressed(session.sessionId, around.nowMs);
      }
      return forwardWithin(call, session, receiver);
    }
    case 'ChargeDetailRecord':
      return chargeDetailRecord(call, session, around);
    case 'GetChargeDetailRecords':
      return getChargeDetailRecords(call, provider?.key ?? '', around);
    case 'PushEvseData':
      return pushEvseData(call, operator?.key ?? '', around);
    case 'PushEvseStatus':
      return pushEvseStatus(call, operator?.key ?? '', around);
    case 'PushAuthenticationData': {
      const { ProviderAuthenticationData: data, ActionType } = call.body;
      const items = data.AuthenticationDataRecord.map(({ Identification }) => ({
        id: authenticationId(Identification),
        content: withHashedPin(Identification, around.hashPin),
      }));
      return pushed(call, around.state.authenticationData.push(provider?.key ?? '', ActionType, items, around.nowMs));
    }
    case 'PushPricingProductData':
      return pushed(call, around.state.pricing.pushProducts(operator?.key ?? '', call.body, around.nowMs));
    case 'PushEVSEPricing':
      return pushed(call, around.state.pricing.pushEvses(operator?.key ?? '', call.body, around.nowMs));
    case 'PullPricingProductData':
    case 'PullEVSEPricing':
      return pullPricing(call, provider, around);
    case 'PullEvseData': {
      const hasStatus = (owner: string): boolean => around.state.evseStatus.hasAny(owner);
      return answered(processed(around.state.evseData.pull(call.body, hasStatus, call.page ?? FIRST_PAGE), '000'));
    }
    case 'PullEvseStatus':
    case 'PullEvseStatusByOperatorID':
    case 'PullEvseStatusByID':
      return pullStatus(call, around);
  }
}

function partiesOf(call: HubCall, { state: { partners, sessions } }: Surroundings): Parties {
  const { body, pathId = '' } = call;
  const session =
    'SessionID' in body && typeof body.SessionID === 'string' && !startsSession(call)
      ? sessions.get(body.SessionID)
      : undefined;
  switch (call.operation) {
    case 'AuthorizeRemoteStart':
    case 'AuthorizeRemoteStop':
    case 'AuthorizeRemoteReservationStart':
    case 'AuthorizeRemoteReservationStop':
      return { operator: partners.operatorOfEvse(call.body.EvseID), provider: partners.provider(pathId), session };
    case 'AuthorizeStart':
    case 'AuthorizeStop':
    case 'ChargeDetailRecord':
    case 'PushEvseData':
    case 'PushEvseStatus':
    case 'PushPricingProductData':
    case 'PushEVSEPricing':
      return { operator: partners.operator(pathId), provider: providerOf(session, partners), session };
    case 'ChargingNotifications': {
      const operator = call.body.OperatorID === undefined ? undefined : partners.operator(call.body.OperatorID);
      return { operator, provider: providerOf(session, partners), session };
    }
    default:
      return { operator: undefined, provider: partners.provider(pathId), session: undefined };
  }
}

function providerOf(
  session: SessionRecord | undefined,
  partners: { get(key: string): PartnerRecord | undefined },
): PartnerRecord | undefined {
  return session?.provider === undefined ? undefined : partners.get(session.provider);
}

function startsSession({ operation }: HubCall): boolean {
  return (
    operation === 'AuthorizeStart' ||
    operation === 'AuthorizeRemoteStart' ||
    operation === 'AuthorizeRemoteReservationStart'
  );
}

function remoteStart(
  call: Extract<HubCall, { readonly operation: 'AuthorizeRemoteStart' | 'AuthorizeRemoteReservationStart' }>,
  operator: PartnerRecord,
  provider: PartnerRecord,
  { state, nowMs, newId }: Surroundings,
): HubDecision {
  const { body } = call;
  const session = state.sessions.create({
    sessionId: newId(),
    kind: call.operation === 'AuthorizeRemoteStart' ? 'remote' : 'reservation',
    operator: operator.key,
    operatorId: operator.operatorIds[0] ?? '',
    provider: provider.key,
    providerId: call.pathId ?? body.ProviderID,
    evseId: body.EvseID,
    identification: body.Identification,
    decidedBy: 'online',
    createdMs: nowMs,
    ...(body.EMPPartnerSessionID === undefined ? {} : { empPartnerSessionId: body.EMPPartnerSessionID }),
  });
  return ask(call, session, [operator]);
}

function forwardWithin(
  call: HubCall,
  session: SessionRecord | undefined,
  receiver: PartnerRecord | undefined,
): HubDecision {
  if (session === undefined) return answered(refuse(call.operation, '400'));
  if (receiver === undefined) return answered(refuse(call.operation, '310', 'the partner is no longer registered'));
  return ask(call, session, [receiver]);
}

function pushed(call: HubCall, result: PushResult): HubDecision {
  return answered(result.ok ? acknowledge() : refuse(call.operation, '009', result.text));
}

/** A status does not outlive the data of its EVSE. */
function pushEvseData(
  call: Extract<HubCall, { readonly operation: 'PushEvseData' }>,
  owner: string,
  { state, nowMs }: Surroundings,
): HubDecision {
  const result = state.evseData.push(owner, call.body, nowMs);
  if (result.ok && (call.body.ActionType === 'fullLoad' || call.body.ActionType === 'delete')) {
    const orphans = [...state.evseStatus.current(owner)].filter(
      ({ content }) => state.evseData.get(owner, content.EvseID) === undefined,
    );
    state.evseStatus.push(owner, 'delete', orphans, nowMs);
  }
  return pushed(call, result);
}

function pushEvseStatus(
  call: Extract<HubCall, { readonly operation: 'PushEvseStatus' }>,
  owner: string,
  { state, nowMs }: Surroundings,
): HubDecision {
  const { EvseStatusRecord: records } = call.body.OperatorEvseStatus;
  const without = records.find(({ EvseID }) => state.evseData.get(owner, EvseID) === undefined);
  if (without !== undefined) {
    return answered(refuse(call.operation, '009', `${without.EvseID} has no data record: push its data first`));
  }
  const items = records.map((record) => ({ id: canonicalEvseId(record.EvseID), content: record }));
  return pushed(call, state.evseStatus.push(owner, call.body.ActionType, items, nowMs));
}

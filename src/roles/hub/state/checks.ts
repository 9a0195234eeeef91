import {
  CHECK_ORDER,
  type CheckName,
  cdrFindings,
  type Identification,
  instantOf,
  MAX_CDR_RANGE_MS,
  mediumOf,
  missingNotificationField,
  operationRow,
  PROGRESS_INTERVAL_MS,
  type StatusCodeValue,
  sameEvcoId,
  sameUid,
} from '../../../protocols/oicp/index.ts';
import type { HubCall, Parties, Surroundings } from './hub-call.ts';
import { HUB_KEY } from './records.ts';
import { CHECK_LABELS, type CheckStep } from './refusals.ts';
import { isOpen } from './sessions.ts';

export interface Refusal {
  readonly code: Exclude<StatusCodeValue, '000'>;
  /** For `AdditionalInfo`. */
  readonly text?: string;
}

/** The first check that the call does not pass, in the operation's order; `undefined` when it passes all. */
export function firstRefusal(call: HubCall, parties: Parties, around: Surroundings): Refusal | undefined {
  for (const { check, code } of CHECK_ORDER[call.operation]) {
    const text = CHECKS[check](call, parties, around);
    if (text === undefined) continue;
    const refused = code === 'medium' ? mediumCode(call) : code;
    if (refused === '000') continue;
    return text === '' ? { code: refused } : { code: refused, text };
  }
  return undefined;
}

/** Every check of the operation, up to the first that fails; what comes after it was not looked at. */
export function checkSteps(call: HubCall, parties: Parties, around: Surroundings): CheckStep[] {
  let failed = false;
  return CHECK_ORDER[call.operation].map(({ check, code }): CheckStep => {
    const step = { check, label: CHECK_LABELS[check], code };
    if (failed) return step;
    const text = CHECKS[check](call, parties, around);
    failed = text !== undefined;
    return { ...step, ok: !failed, ...(text === undefined || text === '' ? {} : { text }) };
  });
}

/** `undefined`: passed. Else what is wrong, for a person; empty when the code says all. */
type CheckFunction = (call: HubCall, parties: Parties, around: Surroundings) => string | undefined;

const failsIf = (failed: boolean, text = ''): string | undefined => (failed ? text : undefined);

const CHECKS: Readonly<Record<CheckName, CheckFunction>> = {
  'operator-registered': (_call, { operator }) => failsIf(operator === undefined),
  'provider-registered': (_call, { provider }) => failsIf(provider === undefined),
  'evse-operator-registered': (_call, { operator }) => failsIf(operator === undefined),

  'caller-unlocked': (call, { operator, provider }) =>
    failsIf((operationRow(call.operation).legs[0].from === 'CPO' ? operator : provider)?.locked === true),
  'counterparty-unlocked': (call, { operator, provider }) =>
    failsIf((operationRow(call.operation).legs[0].from === 'CPO' ? provider : operator)?.locked === true),

  'session-of-operator': (_call, { operator, session }) =>
    failsIf(session === undefined || operator === undefined || session.operator !== operator.key),
  'session-of-provider': (_call, { provider, session }) =>
    failsIf(session === undefined || provider === undefined || session.provider !== provider.key),
  'session-open': (_call, { session }) =>
    failsIf(
      session === undefined || !isOpen(session),
      `Session found but status is not valid ${session?.state.toUpperCase() ?? ''}!`,
    ),

  contract: hasContract,
  'pricing-contract': (call, { operator, provider }, { state, nowMs }) => {
    if (call.operation === 'PullPricingProductData' || call.operation === 'PullEVSEPricing') {
      const named = call.body.OperatorIDs.map((id) => state.partners.operator(id));
      return failsIf(!named.some((each) => each && state.partners.hasPricing(each.key, provider?.key, nowMs)));
    }
    return failsIf(operator === undefined || !state.partners.hasPricing(operator.key, undefined, nowMs));
  },

  'evse-uploaded': (call, { operator }, { state }) => {
    if (!('EvseID' in call.body) || typeof call.body.EvseID !== 'string' || operator === undefined) return undefined;
    // An operator that has uploaded nothing is asked all the same.
    if (!state.evseData.hasAny(operator.key)) return undefined;
    return failsIf(state.evseData.get(operator.key, call.body.EvseID) === undefined);
  },
  'evse-compatible': (call, { operator }, { state }) => {
    if (!('EvseID' in call.body) || typeof call.body.EvseID !== 'string' || operator === undefined) return undefined;
    return failsIf(state.evseData.get(operator.key, call.body.EvseID)?.IsHubjectCompatible === false);
  },

  'evses-of-operator': (call, { operator }, { state }) => {
    const foreign = evseIdsOf(call).find((id) => state.partners.operatorOfEvse(id)?.key !== operator?.key);
    return foreign === undefined ? undefined : `${foreign} is not an EVSE of this operator`;
  },
  'evco-ids-of-provider': (call, { provider }, { state }) => {
    if (call.operation !== 'PushAuthenticationData') return undefined;
    for (const { Identification: medium } of call.body.ProviderAuthenticationData.AuthenticationDataRecord) {
      const evcoId = mediumOf(medium)?.evcoId;
      if (evcoId !== undefined && state.partners.providerOfContract(evcoId)?.key !== provider?.key) {
        return `${evcoId} is not a contract of this provider`;
      }
    }
    return undefined;
  },

  'same-medium': (call, { session }) => {
    if (call.operation !== 'AuthorizeStop' || session?.decidedBy !== 'offline') return undefined;
    const allowed = [session.identification, ...(session.stopMedia ?? [])];
    return failsIf(!allowed.some((medium) => isSameMedium(medium, call.body.Identification)));
  },

  plausible: (call, { operator, session }, { state, nowMs }) => {
    if (call.operation !== 'ChargeDetailRecord') return undefined;
    const calibrationLaw =
      operator && state.evseData.get(operator.key, call.body.EvseID)?.CalibrationLawDataAvailability;
    const findings = cdrFindings(call.body, {
      receivedMs: nowMs,
      calibrationLaw,
      ...(session === undefined ? {} : { session }),
    });
    return findings.find(({ verdict }) => verdict === 'refuse')?.text;
  },

  // Whether a push can be executed shows when it is: the store refuses it as a whole.
  executable: () => undefined,

  range: (call) => {
    if (call.operation !== 'GetChargeDetailRecords') return undefined;
    const from = instantOf(call.body.From) ?? 0;
    const to = instantOf(call.body.To) ?? 0;
    return failsIf(to - from > MAX_CDR_RANGE_MS, 'From and To may be at most 90 days apart');
  },

  'progress-interval': (call, { session }, { nowMs }) => {
    if (call.operation !== 'ChargingNotifications' || call.body.Type !== 'Progress') return undefined;
    const last = session?.lastProgressMs;
    return failsIf(
      last !== undefined && nowMs - last < PROGRESS_INTERVAL_MS,
      'Progress Notification can be sent only at interval of at least 5 min',
    );
  },
  'notification-fields': (call) => {
    if (call.operation !== 'ChargingNotifications') return undefined;
    return missingNotificationField(call.body as unknown as Record<string, unknown>)?.text;
  },
  'notification-endpoint': (_call, { session }, { state }) => {
    const provider = session?.provider === undefined ? undefined : state.partners.get(session.provider);
    return failsIf(provider?.services.notifications?.online !== true);
  },
};

function hasContract(
  call: HubCall,
  { operator, provider }: Parties,
  { state, nowMs }: Surroundings,
): string | undefined {
  const { contract } = operationRow(call.operation);
  if (contract === undefined) return undefined;
  const { partners } = state;
  switch (contract) {
    case 'eRoamingAuthorization':
    case 'eRoamingReservation': {
      if (operator === undefined) return '';
      if (call.operation !== 'AuthorizeStart') {
        return failsIf(provider === undefined || !partners.hasContract(contract, operator.key, provider.key, nowMs));
      }
      const evcoId = mediumOf(call.body.Identification)?.evcoId;
      if (evcoId === undefined) return failsIf(partners.subscribersOf(contract, operator.key, nowMs).length === 0);
      const named = partners.providerOfContract(evcoId);
      return failsIf(named === undefined || !partners.hasContract(contract, operator.key, named.key, nowMs));
    }
    case 'eRoamingPushEvseData':
      return failsIf(operator === undefined || !partners.hasContract(contract, operator.key, HUB_KEY, nowMs));
    case 'eRoamingPushAuthenticationData':
      return failsIf(provider === undefined || !partners.hasContract(contract, provider.key, HUB_KEY, nowMs));
    case 'eRoamingPullEvseData':
    case 'eRoamingPullEvseStatus':
      return failsIf(provider === undefined || !partners.hasContract(contract, HUB_KEY, provider.key, nowMs));
  }
}

function evseIdsOf(call: HubCall): string[] {
  switch (call.operation) {
    case 'PushEvseData':
      return call.body.OperatorEvseData.EvseDataRecord.map(({ EvseID }) => EvseID);
    case 'PushEvseStatus':
      return call.body.OperatorEvseStatus.EvseStatusRecord.map(({ EvseID }) => EvseID);
    case 'PushEVSEPricing':
      return call.body.EVSEPricing.map(({ EvseID }) => EvseID);
    case 'ChargeDetailRecord':
      return [call.body.EvseID];
    default:
      return [];
  }
}

/** The refusal of a medium, by its kind: 101 for a QR code, 105 for Plug & Charge, 102 for a card. */
export function mediumCodeOf(identification: Identification): '101' | '102' | '105' {
  if (identification.QRCodeIdentification !== undefined) return '101';
  return identification.PlugAndChargeIdentification === undefined ? '102' : '105';
}

function mediumCode(call: HubCall): '101' | '102' | '105' {
  return call.operation === 'AuthorizeStop' ? mediumCodeOf(call.body.Identification) : '102';
}

/** Whether two identifications are the same medium of the same driver. A PIN is not compared. */
export function isSameMedium(a: Identification, b: Identification): boolean {
  const [one, other] = [mediumOf(a), mediumOf(b)];
  if (one === undefined || other === undefined || isCard(one.kind) !== isCard(other.kind)) return false;
  if (one.uid !== undefined && other.uid !== undefined) return sameUid(one.uid, other.uid);
  return (
    one.kind === other.kind &&
    one.evcoId !== undefined &&
    other.evcoId !== undefined &&
    sameEvcoId(one.evcoId, other.evcoId)
  );
}

function isCard(kind: string): boolean {
  return kind === 'RFIDMifareFamilyIdentification' || kind === 'RFIDIdentification';
}

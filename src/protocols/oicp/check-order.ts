import type { OperationName } from './operations.ts';
import type { StatusCodeValue } from './status-codes.ts';

/**
 * In which order a hub checks a request, and with which code each check refuses, per operation (process diagrams of OICP
 * 2.3). A partner who breaks two rules sees the code of the first. Before all of these stand the identity (017), the rate
 * limit and the body's schema (HTTP 400 or 022).
 */
export type CheckName =
  | 'operator-registered'
  | 'provider-registered'
  | 'evse-operator-registered'
  | 'caller-unlocked'
  | 'counterparty-unlocked'
  | 'session-of-operator'
  | 'session-of-provider'
  | 'session-open'
  | 'contract'
  | 'pricing-contract'
  | 'evse-uploaded'
  | 'evse-compatible'
  | 'evses-of-operator'
  | 'evco-ids-of-provider'
  | 'same-medium'
  | 'plausible'
  | 'executable'
  | 'range'
  | 'progress-interval'
  | 'notification-fields'
  | 'notification-endpoint';

export interface Check {
  readonly check: CheckName;
  /** `medium`: 101, 102 or 105 by the kind of identification. */
  readonly code: StatusCodeValue | 'medium';
}

type Checks = readonly Check[];

const c = (check: CheckName, code: Check['code']): Check => ({ check, code });

const REMOTE_START: Checks = [
  c('evse-operator-registered', '300'),
  c('provider-registered', '300'),
  c('caller-unlocked', '017'),
  c('counterparty-unlocked', '017'),
  c('contract', '210'),
  c('evse-uploaded', '603'),
  c('evse-compatible', '604'),
];

/** RemoteStop answers a lock with 320, ReservationStop with 017: so drawn. */
const remoteStop = (locked: StatusCodeValue): Checks => [
  c('evse-operator-registered', '300'),
  c('provider-registered', '300'),
  c('caller-unlocked', locked),
  c('counterparty-unlocked', locked),
  c('evse-uploaded', '603'),
  c('evse-compatible', '604'),
  c('session-of-provider', '400'),
  c('session-open', '400'),
];

const PUSH_EVSE: Checks = [
  c('operator-registered', '300'),
  c('caller-unlocked', '017'),
  c('contract', '210'),
  c('evses-of-operator', '018'),
  c('executable', '009'),
];

const PULL: Checks = [c('provider-registered', '300'), c('caller-unlocked', '017'), c('contract', '210')];

const PUSH_PRICING: Checks = [
  c('operator-registered', '300'),
  c('caller-unlocked', '017'),
  c('pricing-contract', '210'),
];

const PULL_PRICING: Checks = [
  c('provider-registered', '300'),
  c('caller-unlocked', '017'),
  c('pricing-contract', '210'),
];

export const CHECK_ORDER: Readonly<Record<OperationName, Checks>> = {
  AuthorizeStart: [c('operator-registered', '300'), c('caller-unlocked', '017'), c('contract', '210')],
  AuthorizeStop: [
    c('session-of-operator', '400'),
    c('session-open', '400'),
    c('same-medium', 'medium'),
    c('operator-registered', '300'),
    c('caller-unlocked', '017'),
    c('counterparty-unlocked', '017'),
  ],
  ChargeDetailRecord: [
    c('session-of-operator', '400'),
    c('session-open', '400'),
    c('caller-unlocked', '017'),
    c('plausible', '022'),
    c('evses-of-operator', '018'),
  ],
  AuthorizeRemoteStart: REMOTE_START,
  AuthorizeRemoteReservationStart: REMOTE_START,
  AuthorizeRemoteStop: remoteStop('320'),
  AuthorizeRemoteReservationStop: remoteStop('017'),
  PushEvseData: PUSH_EVSE,
  PushEvseStatus: PUSH_EVSE,
  PullEvseData: PULL,
  PullEvseStatus: PULL,
  PullEvseStatusByID: PULL,
  PullEvseStatusByOperatorID: PULL,
  PushAuthenticationData: [
    c('provider-registered', '300'),
    c('caller-unlocked', '017'),
    c('contract', '210'),
    c('evco-ids-of-provider', '019'),
    c('executable', '009'),
  ],
  GetChargeDetailRecords: [
    c('provider-registered', '300'),
    c('caller-unlocked', '017'),
    // Observed: more than 90 days is answered with HTTP 400.
    c('range', '022'),
  ],
  PushPricingProductData: [...PUSH_PRICING, c('executable', '009')],
  PushEVSEPricing: [...PUSH_PRICING, c('evses-of-operator', '018'), c('executable', '009')],
  PullPricingProductData: PULL_PRICING,
  PullEVSEPricing: PULL_PRICING,
  ChargingNotifications: [
    c('session-of-operator', '400'),
    c('session-open', '400'),
    // The two have a text but no code in the documents.
    c('progress-interval', '022'),
    c('notification-fields', '022'),
    c('notification-endpoint', '320'),
  ],
};

/** Progress notifications of one session are at least this far apart. */
export const PROGRESS_INTERVAL_MS = 5 * 60_000;

/** GetChargeDetailRecords: From and To are at most this far apart (90 days, observed). */
export const MAX_CDR_RANGE_MS = 90 * 24 * 60 * 60_000;

/**
 * OICP 2.3: what goes over the wire between CPO, hub and EMP. No sockets, no state of a role.
 *
 * - `operations.ts` — the table of the 20 operations, and the types that derive from it (`RequestOf`, `ResponseOf`)
 * - `routes.ts` — `buildRequest` and `matchRoute`: operation <-> method, path, query
 * - `schema/` — messages, structures, enums and limits as TypeBox schemas
 * - `validation/` — reading a body strictly or leniently; findings with stable codes and JSON pointers
 * - `identifiers/` — EVSE, contract, operator, provider, session and card ids
 * - `status-codes.ts`, `http-answers.ts`, `check-order.ts` — how a hub refuses: code, HTTP status, order of checks
 * - `notification-fields.ts`, `cdr-plausibility.ts` — the checks of content that have an order or a code of their own
 * - `evse-filter.ts`, `evse-delta.ts`, `paging.ts`, `geo.ts` — pull: filters, net changes, pages, places
 * - `decimal.ts`, `date-time.ts`, `json-text.ts` — exact numbers, times kept as text, bodies forwarded unchanged
 * - `fixtures/` — wire texts by hand, one request and one answer per operation, with near misses
 */
export * from './cdr-plausibility.ts';
export * from './check-order.ts';
export * from './date-time.ts';
export * from './decimal.ts';
export * from './evse-delta.ts';
export * from './evse-filter.ts';
export * from './geo.ts';
export * from './http-answers.ts';
export * from './identifiers/evco-id.ts';
export * from './identifiers/evse-id.ts';
export * from './identifiers/operator-id.ts';
export * from './identifiers/provider-id.ts';
export * from './identifiers/session-id.ts';
export * from './identifiers/uid.ts';
export * from './json-text.ts';
export * from './notification-fields.ts';
export type { Leg, OicpRole, OperationRow, ServiceType } from './operation-row.ts';
export * from './operations.ts';
export * from './paging.ts';
export * from './routes.ts';
export type { Acknowledgement } from './schema/acknowledgement.ts';
export type { PushAuthenticationData } from './schema/authentication-data.ts';
export type * from './schema/authorization.ts';
export type { ChargeDetailRecord, ChargeDetailRecords, GetChargeDetailRecords } from './schema/charge-detail-record.ts';
export * as enums from './schema/enums.ts';
export type { EvseData, EvseDataRecord, PullEvseData, PullEvseDataRecord, PushEvseData } from './schema/evse-data.ts';
export type * from './schema/evse-status.ts';
export type { ERoamingFault, FaultBody } from './schema/fault.ts';
export {
  type HashedPIN,
  IDENTIFICATION_KINDS,
  type Identification,
  type IdentificationKind,
  type Medium,
  mediumOf,
} from './schema/identification.ts';
export type * from './schema/notifications.ts';
export type { PageMembers } from './schema/page.ts';
export type * from './schema/pricing.ts';
export type { StatusCode } from './schema/status-code.ts';
export type { Address, GeoCoordinates, InfoText, SearchCenter } from './schema/structures.ts';
export * from './status-codes.ts';
export {
  FINDING_CODES,
  type Finding,
  type FindingCode,
  findingsByItem,
  isRefused,
} from './validation/findings.ts';
export { type LegEnds, OperationBodies } from './validation/operation-bodies.ts';
export type { Severity, Strength } from './validation/severity.ts';
export { BodyValidator, type Reading } from './validation/validator.ts';

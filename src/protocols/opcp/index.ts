/**
 * The operations of the Plug & Charge pools (OPCP 1.0, with the paths of its successor OPNC): root pool, provisioning
 * pool, provisioning service, contract pool, enrolment, status, token and webhooks.
 *
 * Map of the room:
 *
 * - `operation.ts`  what a row of the table is, the access matrix and its check.
 * - `services/`     the rows, one file per service, with schemas, examples and published refusals.
 * - `operations.ts` the whole table.
 * - `request.ts`    the client's side, free of transport: a call becomes an HTTP request, an answer is read.
 * - `route-match.ts` the server's side: method and path become an operation, in all path variants in use.
 * - `callers.ts`    roles, token claims, ownership of PCIDs, EMAIDs and operator ids.
 * - `est-bodies.ts`, `error-bodies.ts`, `webhook-delivery.ts`, `fields.ts` the shapes that several operations share.
 */
export {
  CALLERS,
  type Caller,
  type CallerClaims,
  ownsEmaid,
  ownsOperatorId,
  ownsPcid,
  readTokenPayload,
  SCOPES,
  type Scope,
  type TokenOrder,
  tokenPayload,
} from './callers.ts';
export { patternMessage, poolError, TOKEN_REFUSALS } from './error-bodies.ts';
export { decodeEstCertificates, EST_ANSWER_HEADERS, encodeEstCertificates, encodeEstRequest } from './est-bodies.ts';
export {
  BASE64_PATTERN,
  EMAID_PATTERN,
  FINGERPRINT_PATTERN,
  PCID_PATTERN,
  PoolErrorBody,
} from './fields.ts';
export {
  type Access,
  type AccessVerdict,
  type AnswerOf,
  type BodyKind,
  CA_NAMES,
  type CaName,
  CONTENT_TYPES,
  checkAccess,
  type HeadersOf,
  type ParamsOf,
  type PoolOperation,
  type PoolService,
  type PublishedError,
  type QueryOf,
  type RequestOf,
} from './operation.ts';
export { type AnyPoolOperation, findPoolOperation, POOL, POOL_OPERATIONS } from './operations.ts';
export {
  buildPoolRequest,
  type PoolAnswer,
  type PoolCall,
  type PoolHttpRequest,
  type PoolHttpResponse,
  readPoolResponse,
} from './request.ts';
export { type PoolMatch, type PoolMatchResult, PoolRouter } from './route-match.ts';
export {
  type AddSignedContractDataRequest,
  ContractPoolAnswer,
  contractPoolOperations,
} from './services/contract-pool.ts';
export { caOf, enrolmentOperations } from './services/enrolment.ts';
export { ProvisioningCertificate, provisioningPoolOperations } from './services/provisioning-pool.ts';
export {
  type GenerateSignedContractDataRequest,
  type OldSignContractDataRequest,
  provisioningServiceOperations,
  type SignContractDataRequest,
  SignedContractDataAnswer,
} from './services/provisioning-service.ts';
export { registryOperations } from './services/registry.ts';
export { ROOT_TYPES, RootCertificate, rootPoolOperations } from './services/root-pool.ts';
export { ocspRequestOfPath, statusOperations } from './services/status.ts';
export { TokenError, tokenOperations } from './services/token.ts';
export {
  type ChangedWebhookEndpoint,
  type NewWebhookEndpoint,
  WEBHOOK_EVENTS,
  WebhookEndpoint,
  type WebhookEvent,
  webhookOperations,
} from './services/webhooks.ts';
export {
  isDeliverySigned,
  isWorthRetrying,
  SIGNATURE_HEADERS,
  signDelivery,
  WEBHOOK_RETRIES,
  WEBHOOK_RETRY_DELAY_MS,
  WebhookDelivery,
} from './webhook-delivery.ts';

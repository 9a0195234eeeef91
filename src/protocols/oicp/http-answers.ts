import type { OperationName } from './operations.ts';
import { type StatusCodeValue, statusCode } from './status-codes.ts';
import { type Finding, isRefused } from './validation/findings.ts';

/**
 * How the hub's refusals stand in HTTP. The documents draw an acknowledgement with HTTP 200 for everything (`doc`); the
 * live hub answers some with 4xx and a fault body (`observed`). Clients must take the outcome from the body in both.
 */
export type AnswerProfile = 'doc' | 'observed';

/** Why the hub refuses; `processed` is every outcome of a request that was dealt with, refusals of partners included. */
export type AnswerSituation =
  | 'processed'
  | 'unreadable'
  | 'identity-mismatch'
  | 'no-subscription'
  | 'unknown-partner'
  | 'invalid-session'
  | 'rate-limit'
  | 'range-too-long'
  | 'system-error';

export interface HttpMapping {
  readonly status: number;
  /** `message`: the operation's own answer. `fault`: `{ StatusCode }`. `fault-body`: `{ message, validationErrors }`. */
  readonly body: 'message' | 'fault' | 'fault-body' | 'none';
}

const PROCESSED: HttpMapping = { status: 200, body: 'message' };
const FAULT_BODY: HttpMapping = { status: 400, body: 'fault-body' };

const OBSERVED: Readonly<Record<AnswerSituation, HttpMapping>> = {
  processed: PROCESSED,
  unreadable: FAULT_BODY,
  'identity-mismatch': { status: 401, body: 'fault' },
  'no-subscription': { status: 403, body: 'fault' },
  'unknown-partner': { status: 404, body: 'fault' },
  'invalid-session': { status: 404, body: 'fault' },
  'rate-limit': { status: 429, body: 'none' },
  'range-too-long': FAULT_BODY,
  'system-error': PROCESSED,
};

/** Operations that answer a missing contract or a lack of providers with their own message, also when observed. */
const ANSWERS_ITSELF_WITHOUT_CONTRACT: ReadonlySet<OperationName> = new Set([
  'AuthorizeStart',
  'AuthorizeRemoteStart',
  'AuthorizeRemoteReservationStart',
]);

export function httpMapping(profile: AnswerProfile, situation: AnswerSituation, operation: OperationName): HttpMapping {
  if (profile === 'doc') {
    if (situation === 'rate-limit') return OBSERVED['rate-limit'];
    // The documents know no 400; a body that cannot be read is a data error (022).
    return PROCESSED;
  }
  if (situation === 'no-subscription' && ANSWERS_ITSELF_WITHOUT_CONTRACT.has(operation)) return PROCESSED;
  return OBSERVED[situation];
}

/** The situation that a refusal of the hub with this code is, where the code alone tells it. */
export function situationOf(code: StatusCodeValue): AnswerSituation {
  switch (code) {
    case '017':
      return 'identity-mismatch';
    case '210':
      return 'no-subscription';
    case '300':
      return 'unknown-partner';
    case '400':
      return 'invalid-session';
    default:
      return 'processed';
  }
}

export type Correlation = {
  readonly SessionID?: string | undefined;
  readonly CPOPartnerSessionID?: string | undefined;
  readonly EMPPartnerSessionID?: string | undefined;
};

/** The operation's own message that refuses with a code: not-authorized for the authorizations, else an acknowledgement. */
export function refusal(
  operation: OperationName,
  code: Exclude<StatusCodeValue, '000'>,
  additionalInfo?: string,
  correlation: Correlation = {},
): Record<string, unknown> {
  const known = Object.fromEntries(Object.entries(correlation).filter(([, id]) => id !== undefined));
  const StatusCode = statusCode(code, additionalInfo);
  return operation === 'AuthorizeStart' || operation === 'AuthorizeStop'
    ? { AuthorizationStatus: 'NotAuthorized', StatusCode, ...known }
    : { Result: false, StatusCode, ...known };
}

/** Body of HTTP 401, 403, 404. */
export function eRoamingFault(code: StatusCodeValue, message?: string): Record<string, unknown> {
  const fault = { StatusCode: statusCode(code) };
  return message === undefined ? fault : { ...fault, message };
}

/** Body of HTTP 400 for a body that does not fit: one entry per refused member, in the hub's lower-camel notation. */
export function faultBody(
  findings: readonly Finding[],
  message = 'Error parsing/validating JSON.',
): {
  extendedInfo: null;
  message: string;
  validationErrors: { fieldReference: string; errorMessage: string }[];
} {
  const errors = isRefused(findings) ? findings.filter(({ severity }) => severity === 'error') : findings;
  return {
    extendedInfo: null,
    message,
    validationErrors: errors.map(({ pointer, code, text }) => ({
      fieldReference: fieldReference(pointer),
      errorMessage: code === 'oicp.body.required' ? 'may not be null' : text,
    })),
  };
}

/** `/OperatorEvseData/EvseDataRecord/0/HotlinePhoneNumber` -> `operatorEvseData.evseDataRecord[0].hotlinePhoneNumber`. */
export function fieldReference(pointer: string): string {
  let reference = '';
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (/^[0-9]+$/.test(name)) reference += `[${name}]`;
    else reference += `${reference === '' ? '' : '.'}${lowerCamel(name)}`;
  }
  return reference;
}

/** `EvseID` -> `evseID`, `RFID` -> `rfid`, `EVSEPricing` -> `evsePricing`. */
function lowerCamel(name: string): string {
  const capitals = /^[A-Z]+/.exec(name)?.[0] ?? '';
  const lower = capitals.length > 1 && capitals.length < name.length ? capitals.length - 1 : capitals.length;
  return name.slice(0, lower).toLowerCase() + name.slice(lower);
}

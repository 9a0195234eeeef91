/** The OICP 2.3 status codes: the functional outcome of a call, independent of the HTTP status. */

/** `hub` codes come from the hub alone. */
export type StatusCategory = 'success' | 'hub' | 'general' | 'authentication' | 'session' | 'evse';

/** Who may be the author of the code. */
export type StatusAuthor = 'hub' | 'cpo' | 'emp';

export interface StatusCodeRow {
  /** The defined text of `Description`. Senders vary its punctuation: compare with `sameDescription`. */
  readonly meaning: string;
  readonly category: StatusCategory;
  readonly authors: readonly StatusAuthor[];
  /** When it is sent. */
  readonly when: string;
}

const HUB = ['hub'] as const;
const ALL = ['hub', 'cpo', 'emp'] as const;
const EMP = ['emp', 'hub'] as const;
const CPO = ['cpo'] as const;
const CPO_OR_HUB = ['cpo', 'hub'] as const;

export const STATUS_CODES = {
  '000': {
    meaning: 'Success',
    category: 'success',
    authors: ALL,
    when: 'Received and performed: the only positive code.',
  },
  // The defined text names the first operator of such a hub; the code belongs to whoever runs one.
  '001': { meaning: 'Hubject system error', category: 'hub', authors: HUB, when: 'Any internal failure of the hub.' },
  '002': { meaning: 'Hubject database error', category: 'hub', authors: HUB, when: 'The hub cannot store or read.' },
  '009': {
    meaning: 'Data transaction error',
    category: 'hub',
    authors: HUB,
    when: 'A push cannot be executed as a whole: insert of a known record, update of an unknown one, a key twice, another push still running.',
  },
  '017': {
    meaning: 'Unauthorized Access',
    category: 'hub',
    authors: HUB,
    when: 'The id does not belong to the certificate, or the partner is locked.',
  },
  '018': {
    meaning: 'Inconsistent EvseID',
    category: 'hub',
    authors: HUB,
    when: 'An EVSE does not belong to the operator or its sub-operators.',
  },
  '019': {
    meaning: 'Inconsistent EvcoID',
    category: 'hub',
    authors: HUB,
    when: 'A contract does not belong to the provider or its sub-providers.',
  },
  '021': { meaning: 'System error', category: 'general', authors: ALL, when: 'A partner’s own failure.' },
  '022': {
    meaning: 'Data error',
    category: 'general',
    authors: ALL,
    when: 'The content of the request is not plausible.',
  },
  '101': {
    meaning: 'QR Code Authentication failed – Invalid Credentials',
    category: 'authentication',
    authors: EMP,
    when: 'Unknown contract or wrong PIN.',
  },
  '102': {
    meaning: 'RFID Authentication failed – invalid UID',
    category: 'authentication',
    authors: EMP,
    when: 'Nobody knows the card.',
  },
  '103': {
    meaning: 'RFID Authentication failed – card not readable',
    category: 'authentication',
    authors: EMP,
    when: 'The card could not be read.',
  },
  '105': {
    meaning: 'PLC Authentication failed - invalid EvcoID',
    category: 'authentication',
    authors: EMP,
    when: 'Plug & Charge: the contract is unknown.',
  },
  '106': {
    meaning: 'No positive authentication response',
    category: 'authentication',
    authors: ['hub', 'cpo'],
    when: 'No provider said yes, and their reasons differ.',
  },
  '110': {
    meaning: 'QR Code App Authentication failed – time out error',
    category: 'authentication',
    authors: EMP,
    when: 'The QR login took too long.',
  },
  '120': {
    meaning: 'PLC (ISO/IEC 15118) Authentication failed – invalid underlying EvcoID',
    category: 'authentication',
    authors: EMP,
    when: 'The contract in the certificate is unknown.',
  },
  '121': {
    meaning: 'PLC (ISO/IEC 15118) Authentication failed – invalid certificate',
    category: 'authentication',
    authors: EMP,
    when: 'The contract certificate is not valid.',
  },
  '122': {
    meaning: 'PLC (ISO/IEC 15118) Authentication failed – time out error',
    category: 'authentication',
    authors: EMP,
    when: 'Plug & Charge authentication took too long.',
  },
  '200': { meaning: 'EvcoID locked', category: 'authentication', authors: EMP, when: 'The contract is locked.' },
  '210': {
    meaning: 'No valid contract',
    category: 'session',
    authors: HUB,
    when: 'No service offer and subscription between the two for this service.',
  },
  '300': {
    meaning: 'Partner not found',
    category: 'session',
    authors: HUB,
    when: 'The operator or provider is not registered, or nobody operates the EVSE.',
  },
  '310': {
    meaning: 'Partner did not respond',
    category: 'session',
    authors: HUB,
    when: 'Forwarding failed: unreachable, too late, or not a valid answer.',
  },
  '320': {
    meaning: 'Service not available',
    category: 'session',
    authors: ALL,
    when: 'The partner does not offer the service, or (RemoteStop) is locked.',
  },
  '400': {
    meaning: 'Session is invalid',
    category: 'session',
    authors: ALL,
    when: 'The session is unknown, somebody else’s, refused or closed.',
  },
  '501': { meaning: 'Communication to EVSE failed', category: 'evse', authors: CPO, when: 'The station is offline.' },
  '510': { meaning: 'No EV connected to EVSE', category: 'evse', authors: CPO, when: 'No car is plugged in.' },
  '601': { meaning: 'EVSE already reserved', category: 'evse', authors: CPO, when: 'Somebody else has reserved it.' },
  '602': {
    meaning: 'EVSE already in use/ wrong token',
    category: 'evse',
    authors: CPO,
    when: 'Another session runs there.',
  },
  '603': {
    meaning: 'Unknown EVSE ID',
    category: 'evse',
    authors: CPO_OR_HUB,
    when: 'The CPO has uploaded EVSE data and this id is not in it.',
  },
  '604': {
    meaning: 'EVSE ID is not Hubject compatible',
    category: 'evse',
    authors: CPO_OR_HUB,
    when: 'The EVSE’s `IsHubjectCompatible` is false.',
  },
  '700': {
    meaning: 'EVSE out of service',
    category: 'evse',
    authors: CPO,
    when: 'The EVSE is faulted or switched off.',
  },
} as const satisfies Record<string, StatusCodeRow>;

export type StatusCodeValue = keyof typeof STATUS_CODES;

export const STATUS_CODE_VALUES = Object.keys(STATUS_CODES).sort() as StatusCodeValue[];

export function isStatusCode(text: string): text is StatusCodeValue {
  return Object.hasOwn(STATUS_CODES, text);
}

/** A `StatusCode` member with the defined text, ready to be sent. */
export function statusCode(
  code: StatusCodeValue,
  additionalInfo?: string,
): { Code: StatusCodeValue; Description: string; AdditionalInfo?: string } {
  const Description: string = STATUS_CODES[code].meaning;
  return additionalInfo === undefined
    ? { Code: code, Description }
    : { Code: code, Description, AdditionalInfo: additionalInfo.slice(0, 1000) };
}

const loose = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]+/g, '');

/** Whether a received `Description` is the defined one; case and punctuation do not count (senders vary them). */
export function sameDescription(code: StatusCodeValue, description: string): boolean {
  return loose(STATUS_CODES[code].meaning) === loose(description);
}

/** Codes with which an EMP may say `NotAuthorized`: 100 to 200. */
export function isLegalAuthorizationRefusal(code: StatusCodeValue): boolean {
  const number = Number(code);
  return number >= 100 && number <= 200;
}

/** Codes with which a CPO may refuse a remote start, stop or reservation: 500 to 700. */
export function isLegalRemoteRefusal(code: StatusCodeValue): boolean {
  const number = Number(code);
  return number >= 500 && number <= 700;
}

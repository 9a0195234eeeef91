import type { OcppVersion } from './versions.ts';

/**
 * Error codes by meaning. Each version has its own spelling: 1.6 says `FormationViolation` and `OccurenceConstraintViolation`
 * (one r), 2.x says `FormatViolation` and `OccurrenceConstraintViolation` (1.6J §4.2.3; 2.x Part 4 §4.3).
 */
export type Failure =
  | 'NotImplemented' // action unknown to the receiver
  | 'NotSupported' // action known, feature not available
  | 'InternalError'
  | 'ProtocolError'
  | 'SecurityError'
  | 'Format'
  | 'PropertyConstraint'
  | 'OccurrenceConstraint'
  | 'TypeConstraint'
  | 'GenericError'
  | 'MessageTypeNotSupported' // 2.x only
  | 'RpcFramework'; // 2.x only

const COMMON = {
  NotImplemented: 'NotImplemented',
  NotSupported: 'NotSupported',
  InternalError: 'InternalError',
  ProtocolError: 'ProtocolError',
  SecurityError: 'SecurityError',
  PropertyConstraint: 'PropertyConstraintViolation',
  TypeConstraint: 'TypeConstraintViolation',
  GenericError: 'GenericError',
} as const;

const CODES_16 = {
  ...COMMON,
  Format: 'FormationViolation',
  OccurrenceConstraint: 'OccurenceConstraintViolation',
  MessageTypeNotSupported: 'GenericError',
  RpcFramework: 'FormationViolation',
} as const satisfies Record<Failure, string>;

const CODES_2X = {
  ...COMMON,
  Format: 'FormatViolation',
  OccurrenceConstraint: 'OccurrenceConstraintViolation',
  MessageTypeNotSupported: 'MessageTypeNotSupported',
  RpcFramework: 'RpcFrameworkError',
} as const satisfies Record<Failure, string>;

/** The code as this version spells it. */
export function errorCode(version: OcppVersion, failure: Failure): string {
  return (version === '1.6' ? CODES_16 : CODES_2X)[failure];
}

/** All codes that a peer of this version may send. 1.6 stacks often send the 2.x spelling: tolerated, reported by a rule. */
export function isErrorCode(version: OcppVersion, code: string): boolean {
  return (Object.values(version === '1.6' ? CODES_16 : CODES_2X) as string[]).includes(code);
}

/**
 * Which failure a broken JSON schema keyword means. No specification text maps them and libraries differ; this is the map
 * that follows each version's definitions of the codes most closely.
 */
export function failureOfKeyword(version: OcppVersion, keyword: string): Failure {
  switch (keyword) {
    case 'required':
      return version === '1.6' ? 'ProtocolError' : 'OccurrenceConstraint';
    case 'type':
      return 'TypeConstraint';
    case 'additionalProperties':
      return 'Format';
    case 'minItems':
    case 'maxItems':
      return 'OccurrenceConstraint';
    default:
      return 'PropertyConstraint';
  }
}

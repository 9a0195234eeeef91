import { CompoteError, ERRORS, type ErrorCode, type FieldError, messageOf, systemCodeOf } from '../../core/errors.ts';

/** An RFC 9457 problem document with our members `code`, `hint` and `fields`. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly code: ErrorCode;
  readonly hint: string;
  readonly fields?: readonly FieldError[];
  readonly [extra: string]: unknown;
}

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

export function problemOf(error: CompoteError): Problem {
  return {
    ...error.extra,
    type: `urn:ocpp-compote:problem:${error.code}`,
    title: error.title,
    status: error.status,
    ...(error.detail === undefined ? {} : { detail: error.detail }),
    code: error.code,
    hint: error.hint,
    ...(error.fields.length === 0 ? {} : { fields: error.fields }),
  };
}

/** The server's own error codes, as our catalogue names them. */
const SERVER_CODES: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'BODY_NOT_JSON',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'INVALID_REQUEST',
  FST_ERR_CTP_INVALID_JSON_BODY: 'INVALID_REQUEST',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'INVALID_REQUEST',
  FST_ERR_BAD_URL: 'NOT_FOUND',
  FST_ERR_MAX_PARAM_LENGTH: 'NOT_FOUND',
};

/** Anything that was thrown while a request was handled, as an error of ours. What we did not foresee is `INTERNAL`. */
export function asCompoteError(thrown: unknown): CompoteError {
  if (thrown instanceof CompoteError) return thrown;
  const known = SERVER_CODES[systemCodeOf(thrown) ?? ''];
  if (known !== undefined) return new CompoteError(known, { detail: messageOf(thrown), cause: thrown });
  const status =
    typeof thrown === 'object' && thrown !== null && 'statusCode' in thrown ? thrown.statusCode : undefined;
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new CompoteError('INVALID_REQUEST', { detail: messageOf(thrown), cause: thrown });
  }
  return new CompoteError('INTERNAL', { cause: thrown });
}

/** The catalogue's statuses of these codes, for the documentation. */
export function statusesOf(codes: readonly ErrorCode[]): Map<number, ErrorCode[]> {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const status = ERRORS[code].status;
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return byStatus;
}

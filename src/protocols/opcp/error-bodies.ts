import type { PoolErrorBody } from './fields.ts';

/** A refusal of the pools. The trace id is injected: a UUID of the service. */
export function poolError(traceId: string, ...errorMessages: readonly string[]): PoolErrorBody {
  return { errorMessages: [...errorMessages], traceId };
}

/** The text of a field that does not match its pattern, as the published examples have it. */
export function patternMessage(field: string, pattern: string): string {
  return `${field} : must match "${pattern}"`;
}

/** The two refusals of the token service, which has a body of its own. */
export const TOKEN_REFUSALS = {
  unauthorized: { error: 'access_denied', error_description: 'Unauthorized' },
  invalidRequest: (description: string) => ({ error: 'invalid_request', error_description: description }),
  unsupportedGrant: { error: 'unsupported_grant_type', error_description: 'Only client_credentials is served.' },
} as const;

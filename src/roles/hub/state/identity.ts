import type { OperationName } from '../../../protocols/oicp/index.ts';
import { operationRow } from '../../../protocols/oicp/index.ts';
import type { Partners } from './partners.ts';

/**
 * Whether the ids of a request belong to the partner who sent it; `false` is answered with 017 before anything else, also
 * when the body has other faults. `caller` is the partner key of the certificate or header; without one the id of the
 * path is believed. An id that nobody has is no mismatch when it is believed: the check for 300 comes next.
 */
export function isIdentified(
  partners: Partners,
  caller: string | undefined,
  operation: OperationName,
  pathId: string | undefined,
  body: unknown,
): boolean {
  const asOperator = operationRow(operation).legs[0].from === 'CPO';
  const ids = [pathId, idInBody(body, asOperator ? 'OperatorID' : 'ProviderID')].filter((id) => id !== undefined);
  const owners = ids.map((id) => (asOperator ? partners.operator(id) : partners.provider(id))?.key);
  if (caller !== undefined) return owners.every((owner) => owner === caller);
  return owners.every((owner) => owner === owners[0]);
}

/** Members that hold the caller's id one level down. */
const CONTAINERS = ['OperatorEvseData', 'OperatorEvseStatus', 'ProviderAuthenticationData', 'PricingProductData'];

function idInBody(body: unknown, member: 'OperatorID' | 'ProviderID'): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const members = body as Readonly<Record<string, unknown>>;
  for (const name of CONTAINERS) {
    const container = members[name];
    if (typeof container === 'object' && container !== null && !Array.isArray(container))
      return idInBody(container, member);
  }
  const id = members[member];
  return typeof id === 'string' ? id : undefined;
}

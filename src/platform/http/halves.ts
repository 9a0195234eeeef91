import { CompoteError } from '../../core/errors.ts';

/** Which half of the world somebody sees and may act in: the operator's, the provider's, or both. */
export type AccessScope = 'all' | 'cpo' | 'emp';
export type Half = Exclude<AccessScope, 'all'>;

export const HALF_NAMES: Readonly<Record<Half, string>> = { cpo: 'operator', emp: 'provider' };

/** Services that belong to one half; hub, trust environment and workbench belong to both. */
const HALVES: Readonly<Record<string, Half>> = { csms: 'cpo', station: 'cpo', everest: 'cpo', emp: 'emp' };

export const halfOf = (service: string): Half | undefined => HALVES[service];

/** What the other half serves below `/api/v1`: a service of one half says that it is not its business. */
const FOREIGN: Readonly<Record<Half, RegExp>> = {
  cpo: /^\/api\/v1\/emp(\/|$)/,
  emp: /^\/api\/v1\/(stations|transactions|tokens|evse-map|sim|everest|refused)(\/|$)/,
};

/** Why an address is none of a service's half; nothing where it just does not exist. */
export function foreignPath(path: string, half: Half | undefined): string | undefined {
  if (half === undefined || !FOREIGN[half].test(path)) return undefined;
  const owner = half === 'cpo' ? 'the EMP' : 'the CSMS and its stations';
  return `${path} belongs to ${owner}; this service shows the ${HALF_NAMES[half]}’s half`;
}

/** Something that the other half owns. */
export function outOfScope(detail: string): CompoteError {
  return new CompoteError('OUT_OF_SCOPE', { detail });
}

import {
  type Certificate,
  type Edition,
  type PathProblem,
  type PathResult,
  readCertificate,
  validatePath,
} from '../../../protocols/iso15118/index.ts';
import type { RootRecord } from '../records.ts';
import { PoolRefusal, type PoolWorld } from './pool-call.ts';

/** The roots of the root pool of some types. */
export function poolRoots(world: Pick<PoolWorld, 'state'>, types: readonly RootRecord['rootType'][]): Certificate[] {
  return [...world.state.roots.all({ rootType: [...types] })].map(({ certificate }) => readCertificate(certificate));
}

/** Validates a path to a root of the pool; the state of certificates of ours is known, of others only their dates. */
export function checkPath(
  world: Pick<PoolWorld, 'state' | 'registrar' | 'strict'>,
  leaf: Certificate,
  intermediates: readonly Certificate[],
  types: readonly RootRecord['rootType'][],
  nowMs: number,
): PathResult {
  return validatePath({
    leaf,
    intermediates,
    roots: poolRoots(world, types),
    nowMs,
    // Nobody is asked outside: a foreign certificate counts as good, or as unknown where that is an error.
    stateOf: (certificate) => world.registrar.stateOf(certificate) ?? { state: world.strict ? 'unknown' : 'good' },
  });
}

/** The problem that stands first in the order in which the pools check: validity, revocation, chain. */
export function firstProblem(result: PathResult): PathProblem | undefined {
  const rank = ({ code }: PathProblem): number =>
    code === 'EXPIRED' || code === 'NOT_YET_VALID' ? 0 : code === 'REVOKED' || code === 'STATUS_UNKNOWN' ? 1 : 2;
  return [...result.problems].sort((a, b) => rank(a) - rank(b))[0];
}

/** @throws PoolRefusal 400 with the published text */
export function certificateIn(field: string, content: string): Certificate {
  try {
    return readCertificate(content);
  } catch {
    throw new PoolRefusal(400, `Invalid certificate format on ${field}`);
  }
}

/** -20 keys are on P-521 or Ed448; everything else is -2. */
export function editionByKey(certificate: Certificate): Edition {
  return certificate.keyKind === 'secp521r1' || certificate.keyKind === 'ed448' ? 'ISO15118-20' : 'ISO15118-2';
}

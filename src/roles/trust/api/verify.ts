import {
  type Certificate,
  type CertificateHashData,
  type CertificateState,
  certificateProfile,
  describeCertificate,
  emaidCore,
  lintCertificate,
  nameValue,
  type PathProblemCode,
  parseCertificateChainPem,
  parseEmaid,
  validatePath,
} from '../../../protocols/iso15118/index.ts';
import { contractsOfCore } from '../pools/contract-store.ts';
import type { PoolWorld } from '../pools/pool-call.ts';
import { editionByKey, poolRoots } from '../pools/trust-path.ts';

/** One rung of the ladder: one check of one certificate. */
export interface Rung {
  readonly certificate: string;
  readonly check: 'issuer' | 'validity' | 'ca-rights' | 'revocation' | 'profile' | 'contract';
  readonly ok: boolean;
  readonly text: string;
  readonly clause: string;
}

export interface Ladder {
  readonly ok: boolean;
  readonly rungs: readonly Rung[];
  /** What a CSMS answers to Authorize with this chain (OCPP 2.0.1 C07.FR.13 to 17). */
  readonly certificateStatus: string;
  readonly idTokenStatus: string;
}

const CHECK_OF: Readonly<Record<PathProblemCode, Rung['check']>> = {
  NO_CERTIFICATE: 'issuer',
  UNKNOWN_ISSUER: 'issuer',
  BAD_SIGNATURE: 'issuer',
  NOT_YET_VALID: 'validity',
  EXPIRED: 'validity',
  NOT_A_CA: 'ca-rights',
  MAY_NOT_SIGN_CERTIFICATES: 'ca-rights',
  PATH_TOO_LONG: 'ca-rights',
  UNKNOWN_CRITICAL_EXTENSION: 'ca-rights',
  REVOKED: 'revocation',
  STATUS_UNKNOWN: 'revocation',
};

const CLAUSES: Readonly<Record<Rung['check'], string>> = {
  issuer: 'RFC 5280 6.1.3 (a)(1), (a)(4)',
  validity: 'RFC 5280 6.1.3 (a)(2)',
  'ca-rights': 'RFC 5280 6.1.4',
  revocation: 'RFC 6960 2.2',
  profile: 'ISO 15118-2 Annex F',
  contract: 'OCPP 2.0.1 C07.FR.14',
};

const GOOD: Readonly<Record<Rung['check'], string>> = {
  issuer: 'signed by its issuer',
  validity: 'valid now',
  'ca-rights': 'may stand where it stands',
  revocation: 'not revoked',
  profile: 'fits its profile',
  contract: 'the contract is in the pool',
};

/** Explains the verification of a chain, certificate by certificate. Throws `Iso15118Error` for an unreadable PEM. */
export function verifyChain(world: PoolWorld, pem: string, nowMs: number): Ladder {
  const [leaf, ...others] = parseCertificateChainPem(pem);
  const result = validatePath({
    leaf,
    intermediates: others,
    roots: poolRoots(world, ['V2G', 'MO', 'OEM']),
    nowMs,
    stateOf: (certificate) => world.registrar.stateOf(certificate) ?? { state: 'unknown' },
  });
  const chain = result.root === undefined ? result.chain : [...result.chain, result.root];
  const rungs = chain.flatMap((certificate, at) => rungsOf(world, certificate, at === 0, result.problems));
  const contract = leaf && contractRung(world, leaf);
  const all = contract === undefined ? rungs : [...rungs, contract];
  return { ok: all.every(({ ok }) => ok), rungs: all, ...verdictOf(result.problems, contract) };
}

function rungsOf(
  world: PoolWorld,
  certificate: Certificate,
  isLeaf: boolean,
  problems: ReturnType<typeof validatePath>['problems'],
): Rung[] {
  const name = describeCertificate(certificate);
  const mine = problems.filter((problem) => problem.certificate === certificate);
  const checks: Rung['check'][] = ['issuer', 'validity', ...(isLeaf ? [] : (['ca-rights'] as const)), 'revocation'];
  const rungs = checks.map((check): Rung => {
    const wrong = mine.find(({ code }) => CHECK_OF[code] === check);
    return {
      certificate: name,
      check,
      ok: wrong === undefined,
      text: wrong?.text ?? GOOD[check],
      clause: CLAUSES[check],
    };
  });
  const record = world.registrar.recordOf(certificate);
  if (record === undefined) return rungs;
  const [remark] = lintCertificate(certificate, certificateProfile(record.role, editionByKey(certificate)));
  const text = remark?.text ?? GOOD.profile;
  // A deviation from the profile is worth a word, and no reason to refuse.
  return [
    ...rungs,
    { certificate: name, check: 'profile', ok: remark?.severity !== 'error', text, clause: CLAUSES.profile },
  ];
}

function contractRung(world: PoolWorld, leaf: Certificate): Rung | undefined {
  const emaid = parseEmaid(nameValue(leaf.subject, 'CN') ?? '');
  if (emaid === undefined) return undefined;
  const ok = contractsOfCore(world, emaidCore(emaid)).length > 0;
  const text = ok ? GOOD.contract : 'the pool has no contract of this EMAID';
  return { certificate: describeCertificate(leaf), check: 'contract', ok, text, clause: CLAUSES.contract };
}

function verdictOf(
  problems: ReturnType<typeof validatePath>['problems'],
  contract: Rung | undefined,
): Pick<Ladder, 'certificateStatus' | 'idTokenStatus'> {
  const has = (code: PathProblemCode): boolean => problems.some((problem) => problem.code === code);
  if (has('REVOKED')) return { certificateStatus: 'CertificateRevoked', idTokenStatus: 'Invalid' };
  if (has('EXPIRED')) return { certificateStatus: 'CertificateExpired', idTokenStatus: 'Expired' };
  if (problems.length > 0) return { certificateStatus: 'CertChainError', idTokenStatus: 'Invalid' };
  if (contract?.ok === false) return { certificateStatus: 'ContractCancelled', idTokenStatus: 'Invalid' };
  return { certificateStatus: 'Accepted', idTokenStatus: 'Accepted' };
}

/** The same for hash data, leaf first, as a station sends them with Authorize. */
export function verifyHashes(world: PoolWorld, hashes: readonly CertificateHashData[]): Ladder {
  const rungs = hashes.flatMap((hash): Rung[] => {
    const issuer = world.authorities.issuerOf(hash);
    const name = `serial ${hash.serialNumber}`;
    const known: Rung = {
      certificate: name,
      check: 'issuer',
      ok: issuer !== undefined,
      text: issuer === undefined ? 'no authority here has this name and key' : `issued by ${issuer.name}`,
      clause: CLAUSES.issuer,
    };
    if (issuer === undefined) return [known];
    const state: CertificateState = world.registrar.stateOfId(issuer, hash.serialNumber);
    return [
      known,
      {
        certificate: name,
        check: 'revocation',
        ok: state.state === 'good',
        text: state.state === 'good' ? GOOD.revocation : `the responder answers ${state.state}`,
        clause: CLAUSES.revocation,
      },
    ];
  });
  const revoked = rungs.some(
    ({ check, text }) => check === 'revocation' && text.endsWith('revoked') && text !== GOOD.revocation,
  );
  const ok = rungs.length > 0 && rungs.every((rung) => rung.ok);
  return {
    ok,
    rungs,
    certificateStatus: ok ? 'Accepted' : revoked ? 'CertificateRevoked' : 'CertChainError',
    idTokenStatus: ok ? 'Accepted' : 'Invalid',
  };
}

import { isoTime } from '../../../core/time.ts';
import { type Certificate, describeCertificate, isSelfIssued, isSignedBy } from './certificate.ts';
import type { CertificateState } from './status.ts';

export type PathProblemCode =
  | 'NO_CERTIFICATE'
  | 'UNKNOWN_ISSUER'
  | 'BAD_SIGNATURE'
  | 'NOT_YET_VALID'
  | 'EXPIRED'
  | 'NOT_A_CA'
  | 'MAY_NOT_SIGN_CERTIFICATES'
  | 'PATH_TOO_LONG'
  | 'UNKNOWN_CRITICAL_EXTENSION'
  | 'REVOKED'
  | 'STATUS_UNKNOWN';

/** One thing that is wrong with a path, with the certificate it is about and a sentence for people. */
export interface PathProblem {
  readonly code: PathProblemCode;
  readonly certificate: Certificate | undefined;
  readonly text: string;
}

export interface PathResult {
  readonly ok: boolean;
  /** Leaf first, as far as it could be built; the root is not in it. */
  readonly chain: readonly Certificate[];
  readonly root: Certificate | undefined;
  readonly problems: readonly PathProblem[];
}

export interface PathOrder {
  readonly leaf: Certificate | undefined;
  /** In any order; what does not belong is ignored. */
  readonly intermediates: readonly Certificate[];
  readonly roots: readonly Certificate[];
  readonly nowMs: number;
  /** ISO 15118 allows two sub-CAs everywhere. */
  readonly maxSubCas?: number;
  /** Asked for every certificate below the root; without it nothing is said about revocation. */
  readonly stateOf?: (certificate: Certificate, issuer: Certificate) => CertificateState;
}

/** basicConstraints, keyUsage, extended key usage, policies, subject alternative name: what a chain here may make critical. */
const KNOWN_CRITICAL: ReadonlySet<string> = new Set(['2.5.29.19', '2.5.29.15', '2.5.29.37', '2.5.29.32', '2.5.29.17']);

/** Candidates per step; a bundle of a thousand copies of one name must not cost a thousand signature checks. */
const MAX_CANDIDATES = 16;

function sameBytes(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a !== undefined && b !== undefined && Buffer.compare(a, b) === 0;
}

function candidates(certificate: Certificate, among: readonly Certificate[]): readonly Certificate[] {
  const named = among.filter((issuer) => sameBytes(issuer.subjectDer, certificate.issuerDer));
  const byKey = named.filter((issuer) => sameBytes(issuer.subjectKeyId, certificate.authorityKeyId));
  return [...byKey, ...named.filter((issuer) => !byKey.includes(issuer))].slice(0, MAX_CANDIDATES);
}

interface Built {
  readonly chain: readonly Certificate[];
  readonly root: Certificate | undefined;
  readonly problem: PathProblem | undefined;
}

/** Follows issuers to a root; of several issuers with one name the one whose key fits is taken. */
function buildPath(leaf: Certificate, order: PathOrder, maxSubCas: number): Built {
  const chain: Certificate[] = [leaf];
  for (;;) {
    const last = chain[chain.length - 1] ?? leaf;
    const trusted = order.roots.find((root) => sameBytes(root.der, last.der));
    if (trusted !== undefined) return { chain: chain.slice(0, -1), root: trusted, problem: undefined };
    const rootCandidates = candidates(last, order.roots);
    const root = rootCandidates.find((candidate) => isSignedBy(last, candidate));
    if (root !== undefined) return { chain, root, problem: undefined };
    const subCaCandidates = candidates(last, order.intermediates).filter((each) => !chain.includes(each));
    const next = subCaCandidates.find((candidate) => isSignedBy(last, candidate));
    if (next === undefined) {
      const problem = issuerProblem(last, rootCandidates.length + subCaCandidates.length > 0);
      return { chain, root: undefined, problem };
    }
    // One beyond the limit is still followed, so that the message can say "too long" instead of "unknown".
    if (chain.length > maxSubCas + 1) {
      return { chain, root: undefined, problem: tooLong(last, maxSubCas) };
    }
    chain.push(next);
  }
}

function tooLong(certificate: Certificate, maxSubCas: number): PathProblem {
  const text = `More than ${maxSubCas} sub-CAs stand between the leaf and a root.`;
  return { code: 'PATH_TOO_LONG', certificate, text };
}

function issuerProblem(certificate: Certificate, hasNamesake: boolean): PathProblem {
  const who = describeCertificate(certificate);
  if (hasNamesake) {
    const text = `The issuer named in ${who} is known, but its key did not sign the certificate.`;
    return { code: 'BAD_SIGNATURE', certificate, text };
  }
  const what = isSelfIssued(certificate)
    ? 'is a root that is not trusted here'
    : 'has an issuer that is not known here';
  return { code: 'UNKNOWN_ISSUER', certificate, text: `${who} ${what}.` };
}

/** Checks a path as RFC 5280 section 6 asks, as far as ISO 15118 chains have it. Reports everything that is wrong. */
export function validatePath(order: PathOrder): PathResult {
  const { leaf, maxSubCas = 2 } = order;
  if (leaf === undefined) {
    const text = 'There is no certificate to check.';
    return {
      ok: false,
      chain: [],
      root: undefined,
      problems: [{ code: 'NO_CERTIFICATE', certificate: undefined, text }],
    };
  }
  const { chain, root, problem } = buildPath(leaf, order, maxSubCas);
  const problems: PathProblem[] = problem === undefined ? [] : [problem];
  if (problem === undefined && chain.length - 1 > maxSubCas) problems.push(tooLong(leaf, maxSubCas));
  const whole = root === undefined ? chain : [...chain, root];
  whole.forEach((certificate, depth) => {
    problems.push(...timeProblems(certificate, order.nowMs), ...extensionProblems(certificate));
    if (depth > 0) problems.push(...issuerRightProblems(certificate, depth - 1));
    const issuer = whole[depth + 1];
    if (issuer !== undefined && order.stateOf !== undefined) {
      problems.push(...statusProblems(certificate, order.stateOf(certificate, issuer)));
    }
  });
  return { ok: problems.length === 0, chain, root, problems };
}

function timeProblems(certificate: Certificate, nowMs: number): readonly PathProblem[] {
  const who = describeCertificate(certificate);
  if (nowMs < certificate.notBeforeMs) {
    const text = `${who} is valid only from ${isoTime(certificate.notBeforeMs)}.`;
    return [{ code: 'NOT_YET_VALID', certificate, text }];
  }
  if (nowMs > certificate.notAfterMs) {
    return [{ code: 'EXPIRED', certificate, text: `${who} expired at ${isoTime(certificate.notAfterMs)}.` }];
  }
  return [];
}

function extensionProblems(certificate: Certificate): readonly PathProblem[] {
  return certificate.criticalExtensions
    .filter((oid) => !KNOWN_CRITICAL.has(oid))
    .map((oid) => ({
      code: 'UNKNOWN_CRITICAL_EXTENSION',
      certificate,
      text: `${describeCertificate(certificate)} has the critical extension ${oid}, which is not known here.`,
    }));
}

/** `below` is the number of sub-CAs under this issuer. */
function issuerRightProblems(certificate: Certificate, below: number): readonly PathProblem[] {
  const who = describeCertificate(certificate);
  const problems: PathProblem[] = [];
  if (certificate.isCa !== true) {
    problems.push({ code: 'NOT_A_CA', certificate, text: `${who} issued a certificate but is no CA.` });
  }
  if (certificate.keyUsage !== undefined && !certificate.keyUsage.includes('keyCertSign')) {
    const text = `The key of ${who} may not sign certificates (keyUsage without keyCertSign).`;
    problems.push({ code: 'MAY_NOT_SIGN_CERTIFICATES', certificate, text });
  }
  if (certificate.pathLength !== undefined && below > certificate.pathLength) {
    const text = `${who} allows ${certificate.pathLength} CAs below it, but there are ${below}.`;
    problems.push({ code: 'PATH_TOO_LONG', certificate, text });
  }
  return problems;
}

function statusProblems(certificate: Certificate, status: CertificateState): readonly PathProblem[] {
  const who = describeCertificate(certificate);
  if (status.state === 'revoked') {
    const reason = status.reason === undefined ? '' : ` (${status.reason})`;
    const text = `${who} was revoked at ${isoTime(status.revokedAtMs)}${reason}.`;
    return [{ code: 'REVOKED', certificate, text }];
  }
  if (status.state === 'unknown') {
    return [{ code: 'STATUS_UNKNOWN', certificate, text: `Nobody can say whether ${who} is revoked.` }];
  }
  return [];
}

/** Orders a bundle from leaf to highest CA by issuer and subject; what does not belong to the leaf is left out. */
export function orderChain(leaf: Certificate, bundle: readonly Certificate[]): readonly Certificate[] {
  const chain: Certificate[] = [leaf];
  for (;;) {
    const last = chain[chain.length - 1] ?? leaf;
    const next = candidates(last, bundle).find((each) => !chain.includes(each) && isSignedBy(last, each));
    if (next === undefined || isSelfIssued(last)) return chain;
    chain.push(next);
  }
}

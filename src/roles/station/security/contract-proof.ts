import {
  type Certificate,
  hashDataOfChain,
  type OcspRequestData,
  ocspRequestDataOfChain,
  parseCertificateChainPem,
  validatePath,
} from '../../../protocols/iso15118/index.ts';
import type { CertificateHash } from './certificate-vault.ts';

/** A contract that a vehicle shows. */
export interface ShownContract {
  readonly emaid: string;
  /** PEM, leaf first, without root. */
  readonly chainPem: string;
}

/** What a station sends with Authorize: OCSP data of the chain, or the chain itself. */
export interface ContractProof {
  readonly certificate?: string;
  readonly iso15118CertificateHashData?: readonly OcspRequestData[];
}

function rootsOf(pems: readonly string[]): readonly Certificate[] {
  return pems.flatMap((pem) => parseCertificateChainPem(pem));
}

/**
 * The proof for the CSMS: hash data where the station has the root of the chain, else the chain itself where the CSMS may
 * validate it (CentralContractValidationAllowed), else hash data as far as they go. Throws `Iso15118Error` for an
 * unreadable chain.
 */
export function contractProof(
  contract: ShownContract,
  rootPems: readonly string[],
  central: boolean,
  nowMs: number,
): ContractProof {
  const [leaf, ...intermediates] = parseCertificateChainPem(contract.chainPem);
  const path = validatePath({ leaf, intermediates, roots: rootsOf(rootPems), nowMs });
  if (path.root === undefined && central) return { certificate: contract.chainPem };
  const chain = leaf === undefined ? [] : path.root === undefined ? [leaf, ...intermediates] : path.chain;
  return { iso15118CertificateHashData: ocspRequestDataOfChain(chain, path.root) };
}

/** What is wrong with a contract as far as a station can see it alone; `undefined` when nothing is. */
export function localProblem(contract: ShownContract, rootPems: readonly string[], nowMs: number): string | undefined {
  const [leaf, ...intermediates] = parseCertificateChainPem(contract.chainPem);
  return validatePath({ leaf, intermediates, roots: rootsOf(rootPems), nowMs }).problems[0]?.text;
}

/** Whether a certificate that the CSMS brings stands under a root of ours; without any root nobody can say. */
export function standsUnderRoots(chainPem: string, rootPems: readonly string[], nowMs: number): boolean {
  if (rootPems.length === 0) return true;
  try {
    const [leaf, ...intermediates] = parseCertificateChainPem(chainPem);
    return validatePath({ leaf, intermediates, roots: rootsOf(rootPems), nowMs }).problems.length === 0;
  } catch {
    return false;
  }
}

/** What to ask an OCSP responder about a chain, leaf first; only certificates that name a responder. */
export function ocspQuestions(chainPem: string, rootPems: readonly string[]): readonly OcspRequestData[] {
  try {
    const [leaf, ...intermediates] = parseCertificateChainPem(chainPem);
    const { chain, root } = validatePath({ leaf, intermediates, roots: rootsOf(rootPems), nowMs: 0 });
    return ocspRequestDataOfChain(chain, root);
  } catch {
    return [];
  }
}

/** Hash data of a chain, leaf first, for the list of installed certificates. */
export function chainHashes(chainPem: string, rootPems: readonly string[]): readonly CertificateHash[] {
  try {
    const chain = parseCertificateChainPem(chainPem);
    const [leaf, ...intermediates] = chain;
    const { root } = validatePath({ leaf, intermediates, roots: rootsOf(rootPems), nowMs: 0 });
    return hashDataOfChain(chain, root);
  } catch {
    return [];
  }
}

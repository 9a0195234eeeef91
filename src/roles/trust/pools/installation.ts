import {
  buildInstallationFailure,
  buildInstallationResponse,
  type Certificate,
  type CertificateInstallationResIso20,
  emaidCore,
  encodeIso2,
  encodeIso20,
  type InstallationAction,
  nameValue,
  openInstallationResponse,
  type PathProblem,
  parseCertificate,
  parseEmaid,
  type ResponseCodeIso2,
  type ResponseCodeIso20,
  readCertificate,
  readInstallationRequest,
  readInstallationRequestIso20,
  type SignatureCheck,
} from '../../../protocols/iso15118/index.ts';
import type { ContractRecord } from '../records.ts';
import { contractsOfCore, contractsOfVehicle, signedIso2, signedIso20 } from './contract-store.ts';
import type { PoolWorld } from './pool-call.ts';
import { vehicleCertificates, vehicleOf } from './provisioning-pool.ts';
import { checkPath, firstProblem } from './trust-path.ts';

/** Why a vehicle gets no contract; both editions have a code for each. */
export type InstallationRefusal = 'signature' | 'expired' | 'revoked' | 'chain' | 'none' | 'cancelled';

const CODES_ISO2: Readonly<Record<InstallationRefusal, ResponseCodeIso2>> = {
  signature: 'FAILED_SignatureError',
  expired: 'FAILED_CertificateExpired',
  revoked: 'FAILED_CertificateRevoked',
  chain: 'FAILED_CertChainError',
  none: 'FAILED_NoCertificateAvailable',
  cancelled: 'FAILED_ContractCanceled',
};

const CODES_ISO20: Readonly<Record<InstallationRefusal, ResponseCodeIso20>> = {
  signature: 'FAILED_SignatureError',
  expired: 'WARNING_CertificateExpired',
  revoked: 'WARNING_CertificateRevoked',
  chain: 'WARNING_CertificateValidationError',
  none: 'WARNING_NoContractMatchingPCIDFound',
  cancelled: 'WARNING_eMSPUnknown',
};

export type InstallationResult =
  | { readonly kind: 'contract'; readonly contract: ContractRecord; readonly exi: Uint8Array }
  | {
      readonly kind: 'refused';
      readonly refusal: InstallationRefusal;
      readonly exi: Uint8Array;
      readonly text: string;
    };

function refusalOf(problem: PathProblem): InstallationRefusal {
  if (problem.code === 'EXPIRED' || problem.code === 'NOT_YET_VALID') return 'expired';
  if (problem.code === 'REVOKED') return 'revoked';
  return 'chain';
}

interface Question {
  readonly action: InstallationAction;
  readonly certificate: Certificate;
  readonly subCas: readonly Certificate[];
  readonly emaid: string | undefined;
  readonly signature: SignatureCheck;
  /** -20: the one public request of another maker has a digest that nothing explains. */
  readonly digestsCount: boolean;
}

interface Decision {
  readonly contract?: ContractRecord;
  readonly refusal?: InstallationRefusal;
  readonly text: string;
}

/** Who asks, whether it may, and which contract is delivered. */
function decide(world: PoolWorld, question: Question, edition: ContractRecord['edition'], nowMs: number): Decision {
  const { certificate, signature, digestsCount, action } = question;
  const no = (refusal: InstallationRefusal, text: string): Decision => ({ refusal, text });
  if (!(digestsCount ? signature.ok : signature.isSignatureValid)) {
    return no('signature', 'The request is not signed by the key of its certificate.');
  }
  if (action === 'Update') return decideUpdate(world, question, edition, nowMs);
  const pcid = nameValue(certificate.subject, 'CN') ?? '';
  const vehicle = vehicleOf(world, pcid);
  if (vehicle === undefined) return no('none', 'Contract or Vehicle not found.');
  const { leaf, subCas } = vehicleCertificates(vehicle);
  const problem = firstProblem(checkPath(world, certificate, [...subCas, ...question.subCas], ['OEM', 'V2G'], nowMs));
  if (problem !== undefined) return no(refusalOf(problem), problem.text);
  // The contract key was encrypted for the key that the pool knows.
  if (Buffer.compare(leaf.publicKeyBits, certificate.publicKeyBits) !== 0) {
    return no('chain', 'The provisioning certificate of the request has another key than the one in the pool.');
  }
  const contract = contractsOfVehicle(world, pcid).find((each) => each.isDefault && each.edition === edition);
  if (contract === undefined) return no('none', 'Contract or Vehicle not found.');
  return checkContract(world, contract, nowMs);
}

function decideUpdate(
  world: PoolWorld,
  question: Question,
  edition: ContractRecord['edition'],
  nowMs: number,
): Decision {
  const { certificate, subCas } = question;
  const problem = firstProblem(checkPath(world, certificate, subCas, ['MO', 'V2G'], nowMs));
  if (problem !== undefined && problem.code !== 'EXPIRED') return { refusal: refusalOf(problem), text: problem.text };
  const emaid = parseEmaid(nameValue(certificate.subject, 'CN') ?? '');
  const contract = emaid && contractsOfCore(world, emaidCore(emaid)).find((each) => each.edition === edition);
  if (contract === undefined) return { refusal: 'none', text: 'Contract or Vehicle not found.' };
  return checkContract(world, contract, nowMs);
}

function checkContract(world: PoolWorld, contract: ContractRecord, nowMs: number): Decision {
  const leaf = readCertificate(contract.contractCertificate);
  const chain = subCasOf(contract);
  const problem = firstProblem(checkPath(world, leaf, chain, ['MO', 'V2G'], nowMs));
  if (problem !== undefined) return { refusal: refusalOf(problem), text: problem.text };
  return { contract, text: '' };
}

/** The sub-CAs that travel with a contract. */
export function subCasOf(contract: ContractRecord): readonly Certificate[] {
  if (contract.edition === 'ISO15118-2') {
    const { data } = openInstallationResponse(signedIso2(contract));
    return (data?.contractChain.slice(1) ?? []).map(parseCertificate);
  }
  const chain = signedIso20(contract).SignedInstallationData.ContractCertificateChain;
  return chain.SubCertificates.Certificate.map(parseCertificate);
}

/** The answer of -2 in the session of the vehicle. */
export function contractAnswer(
  contract: ContractRecord,
  sessionId: Uint8Array,
  action: InstallationAction = 'Install',
): Uint8Array {
  const { data } = openInstallationResponse(signedIso2(contract));
  if (data === undefined) throw new Error(`The stored contract ${contract.emaid} is not signed`);
  return encodeIso2(buildInstallationResponse(data, { action, sessionId }));
}

export function contractAnswerIso20(
  contract: ContractRecord,
  sessionId: Uint8Array,
  nowMs: number,
  remaining = 0,
): Uint8Array {
  const stored = signedIso20(contract);
  const value: CertificateInstallationResIso20 = {
    ...stored,
    Header: { ...stored.Header, SessionID: sessionId, TimeStamp: BigInt(Math.floor(nowMs / 1_000)) },
    RemainingContractCertificateChains: remaining,
  };
  return encodeIso20({ name: 'CertificateInstallationRes', value });
}

/** Answers a request of -2 with a contract or a FAILED code. Throws `Iso15118Error` when the bytes are no request. */
export function installIso2(world: PoolWorld, exi: Uint8Array, nowMs: number): InstallationResult {
  const request = readInstallationRequest(exi);
  const { action, sessionId } = request;
  const decision = decide(
    world,
    {
      action,
      certificate: request.certificate,
      subCas: request.subCas.map(parseCertificate),
      emaid: request.emaid,
      signature: request.signature,
      digestsCount: true,
    },
    'ISO15118-2',
    nowMs,
  );
  const { contract, refusal = 'none', text } = decision;
  if (contract !== undefined) return { kind: 'contract', contract, exi: contractAnswer(contract, sessionId, action) };
  const failure = buildInstallationFailure({ action, sessionId, responseCode: CODES_ISO2[refusal] });
  return { kind: 'refused', refusal, text, exi: encodeIso2(failure) };
}

/** The same for -20: one contract per answer. */
export function installIso20(world: PoolWorld, exi: Uint8Array, nowMs: number): InstallationResult {
  const request = readInstallationRequestIso20(exi);
  const { sessionId } = request;
  const {
    contract,
    refusal = 'none',
    text,
  } = decide(
    world,
    {
      action: 'Install',
      certificate: request.certificate,
      subCas: request.subCas.map(parseCertificate),
      emaid: undefined,
      signature: request.signature,
      digestsCount: false,
    },
    'ISO15118-20',
    nowMs,
  );
  if (contract !== undefined) {
    return { kind: 'contract', contract, exi: contractAnswerIso20(contract, sessionId, nowMs) };
  }
  return { kind: 'refused', refusal, text, exi: failureIso20(sessionId, nowMs, CODES_ISO20[refusal]) };
}

/** The schema has no optional parts here: a refusal carries zeros of the right size. */
function failureIso20(sessionId: Uint8Array, nowMs: number, responseCode: ResponseCodeIso20): Uint8Array {
  const nothing = Uint8Array.of(0);
  return encodeIso20({
    name: 'CertificateInstallationRes',
    value: {
      Header: { SessionID: sessionId, TimeStamp: BigInt(Math.floor(nowMs / 1_000)) },
      ResponseCode: responseCode,
      EVSEProcessing: 'Finished',
      CPSCertificateChain: { Certificate: nothing },
      SignedInstallationData: {
        Id: 'id1',
        ContractCertificateChain: { Certificate: nothing, SubCertificates: { Certificate: [nothing] } },
        ECDHCurve: 'SECP521',
        DHPublicKey: new Uint8Array(133),
        SECP521_EncryptedPrivateKey: new Uint8Array(94),
      },
      RemainingContractCertificateChains: 0,
    },
  });
}

import type { KeyObject } from 'node:crypto';
import { Iso15118Error } from '../error.ts';
import {
  type CertificateInstallationReqIso20,
  type CertificateInstallationResIso20,
  ISO20,
  type ResponseCodeIso20,
  type SignedInstallationDataIso20,
} from '../exi/iso20.ts';
import { decodeIso20 } from '../exi/messages.ts';
import type { RootCertificateId, SignatureElement } from '../exi/xmldsig.ts';
import type { Signer } from '../keys/ec-key.ts';
import { type Certificate, parseCertificate } from '../pki/certificate.ts';
import { type ChainDer, rootCertificateIds } from './installation-iso2.ts';
import { checkSignature, type SignatureCheck, signParts } from './signature.ts';

/** The certificate dialogue of ISO 15118-20, as far as public material covers it: installation, one signed reference. */

export interface InstallationRequestOrderIso20 {
  readonly sessionId: Uint8Array;
  /** Seconds or milliseconds since 1970, as the sender's stack has it. */
  readonly timeStamp: bigint;
  readonly provisioningChain: ChainDer;
  readonly roots: readonly Certificate[];
  readonly maximumContracts: number;
  readonly prioritizedEmaids?: readonly string[];
  readonly signer: Signer;
}

export function buildInstallationRequestIso20(order: InstallationRequestOrderIso20): CertificateInstallationReqIso20 {
  const [leaf, ...subCas] = order.provisioningChain;
  const Id = 'id1';
  const chain =
    subCas.length === 0
      ? { Id, Certificate: leaf }
      : { Id, Certificate: leaf, SubCertificates: { Certificate: subCas } };
  const part = { element: 'OEMProvisioningCertificateChain', id: Id, value: chain };
  const request: CertificateInstallationReqIso20 = {
    Header: {
      SessionID: order.sessionId,
      TimeStamp: order.timeStamp,
      Signature: signParts(ISO20, [part], order.signer),
    },
    OEMProvisioningCertificateChain: chain,
    ListOfRootCertificateIDs: { RootCertificateID: rootCertificateIds(order.roots) },
    MaximumContractCertificateChains: order.maximumContracts,
  };
  const { prioritizedEmaids: emaids } = order;
  return emaids === undefined ? request : { ...request, PrioritizedEMAIDs: { EMAID: emaids } };
}

export interface InstallationRequestIso20 {
  readonly sessionId: Uint8Array;
  readonly certificate: Certificate;
  readonly subCas: readonly Uint8Array[];
  readonly roots: readonly RootCertificateId[];
  readonly maximumContracts: number;
  readonly prioritizedEmaids: readonly string[];
  /**
   * A digest that does not match is a warning in -20, not a refusal: the one public request of another maker carries a
   * digest that no fragment encoding explains, while its signature over SignedInfo is right.
   */
  readonly signature: SignatureCheck;
}

/** Reads a request and checks its signature. Throws `Iso15118Error` when the bytes are none. */
export function readInstallationRequestIso20(exi: Uint8Array): InstallationRequestIso20 {
  const message = decodeIso20(exi);
  if (message.name !== 'CertificateInstallationReq') {
    throw new Iso15118Error('EXI_UNSUPPORTED', `${message.name} is no certificate request`);
  }
  const { value } = message;
  const chain = value.OEMProvisioningCertificateChain;
  const certificate = parseCertificate(chain.Certificate);
  const part = { element: 'OEMProvisioningCertificateChain', id: chain.Id, value: chain };
  return {
    sessionId: value.Header.SessionID,
    certificate,
    subCas: chain.SubCertificates?.Certificate ?? [],
    roots: value.ListOfRootCertificateIDs.RootCertificateID,
    maximumContracts: value.MaximumContractCertificateChains,
    prioritizedEmaids: value.PrioritizedEMAIDs?.EMAID ?? [],
    signature: checkSignature(ISO20, [part], value.Header.Signature, certificate.publicKey),
  };
}

export interface ContractDataIso20 {
  /** At least one sub-CA: the schema demands it. */
  readonly contractChain: readonly [leaf: Uint8Array, subCa: Uint8Array, ...subCas: Uint8Array[]];
  readonly dhPublicKey: Uint8Array;
  readonly encryptedPrivateKey: Uint8Array;
}

export interface SignedContractDataIso20 {
  readonly data: SignedInstallationDataIso20;
  readonly cpsChain: ChainDer;
  readonly signature: SignatureElement;
}

/** Signs contract data for a vehicle with a P-521 key. */
export function signContractDataIso20(
  contract: ContractDataIso20,
  cpsChain: ChainDer,
  signer: Signer,
): SignedContractDataIso20 {
  const [leaf, ...subCas] = contract.contractChain;
  const data: SignedInstallationDataIso20 = {
    Id: 'id1',
    ContractCertificateChain: { Certificate: leaf, SubCertificates: { Certificate: subCas } },
    ECDHCurve: 'SECP521',
    DHPublicKey: contract.dhPublicKey,
    SECP521_EncryptedPrivateKey: contract.encryptedPrivateKey,
  };
  const part = { element: 'SignedInstallationData', id: data.Id, value: data };
  return { data, cpsChain, signature: signParts(ISO20, [part], signer) };
}

export interface InstallationResponseOrderIso20 {
  readonly sessionId: Uint8Array;
  readonly timeStamp: bigint;
  readonly responseCode?: ResponseCodeIso20;
  readonly remainingContracts: number;
}

export function buildInstallationResponseIso20(
  signed: SignedContractDataIso20,
  order: InstallationResponseOrderIso20,
): CertificateInstallationResIso20 {
  const [leaf, ...subCas] = signed.cpsChain;
  return {
    Header: { SessionID: order.sessionId, TimeStamp: order.timeStamp, Signature: signed.signature },
    ResponseCode: order.responseCode ?? 'OK',
    EVSEProcessing: 'Finished',
    CPSCertificateChain:
      subCas.length === 0 ? { Certificate: leaf } : { Certificate: leaf, SubCertificates: { Certificate: subCas } },
    SignedInstallationData: signed.data,
    RemainingContractCertificateChains: order.remainingContracts,
  };
}

/** The vehicle's check of the provisioning service's signature. */
export function checkInstallationResponseIso20(
  response: CertificateInstallationResIso20,
  cpsKey: KeyObject | undefined,
): SignatureCheck {
  const data = response.SignedInstallationData;
  const part = { element: 'SignedInstallationData', id: data.Id, value: data };
  return checkSignature(ISO20, [part], response.Header.Signature, cpsKey);
}

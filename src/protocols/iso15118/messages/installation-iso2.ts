import type { KeyObject } from 'node:crypto';
import { Iso15118Error } from '../error.ts';
import {
  type CertificateInstallationResIso2,
  type CertificateUpdateResIso2,
  ISO2,
  type Iso2CertificateChain,
  type Iso2Message,
  type ResponseCodeIso2,
} from '../exi/iso2.ts';
import { decodeIso2, iso2BodyName } from '../exi/messages.ts';
import type { RootCertificateId, SignatureElement } from '../exi/xmldsig.ts';
import type { Signer } from '../keys/ec-key.ts';
import { type Certificate, parseCertificate } from '../pki/certificate.ts';
import { nameText } from '../pki/names.ts';
import { checkSignature, type SignatureCheck, type SignedPart, signParts } from './signature.ts';

/** The certificate dialogue of ISO 15118-2 (sections 8.4.3.10 and 8.4.3.11), for vehicle and provisioning service. */

export type InstallationAction = 'Install' | 'Update';

/** Leaf first; the root is never sent. */
export type ChainDer = readonly [leaf: Uint8Array, ...subCas: Uint8Array[]];

function toChain(der: ChainDer): { Certificate: Uint8Array; SubCertificates?: { Certificate: readonly Uint8Array[] } } {
  const [leaf, ...subCas] = der;
  return subCas.length === 0 ? { Certificate: leaf } : { Certificate: leaf, SubCertificates: { Certificate: subCas } };
}

function fromChain(chain: Iso2CertificateChain): ChainDer {
  return [chain.Certificate, ...(chain.SubCertificates?.Certificate ?? [])];
}

/** How a vehicle names the V2G roots it trusts. */
export function rootCertificateIds(roots: readonly Certificate[]): readonly RootCertificateId[] {
  return roots.map((root) => ({
    X509IssuerName: nameText(root.issuer),
    X509SerialNumber: root.serialNumber,
  }));
}

export interface InstallationRequestOrder {
  readonly sessionId: Uint8Array;
  readonly roots: readonly Certificate[];
  /** The OEM provisioning certificate for an installation, the present contract for an update. */
  readonly subject:
    | { readonly action: 'Install'; readonly provisioningCertificate: Uint8Array }
    | { readonly action: 'Update'; readonly contractChain: ChainDer; readonly emaid: string };
  /** The key of that certificate. */
  readonly signer: Signer;
}

/** What the vehicle sends, signed with its key. */
export function buildInstallationRequest(order: InstallationRequestOrder): Iso2Message {
  const { subject, signer, sessionId } = order;
  const ListOfRootCertificateIDs = { RootCertificateID: rootCertificateIds(order.roots) };
  const Id = 'id1';
  if (subject.action === 'Install') {
    const request = { Id, OEMProvisioningCert: subject.provisioningCertificate, ListOfRootCertificateIDs };
    const part = { element: 'CertificateInstallationReq', id: Id, value: request };
    return {
      Header: { SessionID: sessionId, Signature: signParts(ISO2, [part], signer) },
      Body: { CertificateInstallationReq: request },
    };
  }
  const ContractSignatureCertChain = toChain(subject.contractChain);
  const request = { Id, ContractSignatureCertChain, eMAID: subject.emaid, ListOfRootCertificateIDs };
  const part = { element: 'CertificateUpdateReq', id: Id, value: request };
  return {
    Header: { SessionID: sessionId, Signature: signParts(ISO2, [part], signer) },
    Body: { CertificateUpdateReq: request },
  };
}

export interface InstallationRequest {
  readonly action: InstallationAction;
  readonly sessionId: Uint8Array;
  /** The certificate the request must be signed with: OEM provisioning or contract leaf. */
  readonly certificate: Certificate;
  readonly subCas: readonly Uint8Array[];
  /** Only in an update. */
  readonly emaid: string | undefined;
  readonly roots: readonly RootCertificateId[];
  readonly signature: SignatureCheck;
}

/**
 * Reads a request and checks its signature; certificate path and status are for the caller. Throws `Iso15118Error` when
 * the bytes are no request or hold no certificate.
 */
export function readInstallationRequest(exi: Uint8Array): InstallationRequest {
  const message = decodeIso2(exi);
  const { SessionID: sessionId, Signature: signature } = message.Header;
  const { CertificateInstallationReq: install, CertificateUpdateReq: update } = message.Body;
  if (install !== undefined) {
    const certificate = parseCertificate(install.OEMProvisioningCert);
    const part = { element: 'CertificateInstallationReq', id: install.Id, value: install };
    return {
      action: 'Install',
      sessionId,
      certificate,
      subCas: [],
      emaid: undefined,
      roots: install.ListOfRootCertificateIDs.RootCertificateID,
      signature: checkSignature(ISO2, [part], signature, certificate.publicKey),
    };
  }
  if (update !== undefined) {
    const [leaf, ...subCas] = fromChain(update.ContractSignatureCertChain);
    const certificate = parseCertificate(leaf);
    const part = { element: 'CertificateUpdateReq', id: update.Id, value: update };
    return {
      action: 'Update',
      sessionId,
      certificate,
      subCas,
      emaid: update.eMAID,
      roots: update.ListOfRootCertificateIDs.RootCertificateID,
      signature: checkSignature(ISO2, [part], signature, certificate.publicKey),
    };
  }
  const text = `${iso2BodyName(message)} is no certificate request`;
  throw new Iso15118Error('EXI_UNSUPPORTED', text, { path: 'V2G_Message/Body' });
}

export interface ContractData {
  readonly contractChain: ChainDer;
  /** 48 octets, see the contract key transport. */
  readonly encryptedPrivateKey: Uint8Array;
  readonly dhPublicKey: Uint8Array;
  readonly emaid: string;
}

/** Contract data with the provisioning service's chain and signature: what a pool stores once and delivers often. */
export interface SignedContractData extends ContractData {
  readonly cpsChain: ChainDer;
  readonly ids: { readonly chain: string; readonly key: string; readonly dh: string; readonly emaid: string };
  readonly signature: SignatureElement;
}

type ResponseBody = Omit<CertificateInstallationResIso2, 'ResponseCode'>;

function responseBody(data: Omit<SignedContractData, 'signature'>): ResponseBody {
  return {
    SAProvisioningCertificateChain: toChain(data.cpsChain),
    ContractSignatureCertChain: { Id: data.ids.chain, ...toChain(data.contractChain) },
    ContractSignatureEncryptedPrivateKey: { Id: data.ids.key, value: data.encryptedPrivateKey },
    DHpublickey: { Id: data.ids.dh, value: data.dhPublicKey },
    eMAID: { Id: data.ids.emaid, value: data.emaid },
  };
}

/** The four elements that the provisioning service signs. Session and response code are not among them. */
function signedParts(body: ResponseBody): readonly SignedPart[] {
  return [
    {
      element: 'ContractSignatureCertChain',
      id: body.ContractSignatureCertChain.Id ?? '',
      value: body.ContractSignatureCertChain,
    },
    {
      element: 'ContractSignatureEncryptedPrivateKey',
      id: body.ContractSignatureEncryptedPrivateKey.Id,
      value: body.ContractSignatureEncryptedPrivateKey,
    },
    { element: 'DHpublickey', id: body.DHpublickey.Id, value: body.DHpublickey },
    { element: 'eMAID', id: body.eMAID.Id, value: body.eMAID },
  ];
}

/** Signs contract data with the key of the provisioning service's leaf. */
export function signContractData(data: ContractData, cpsChain: ChainDer, signer: Signer): SignedContractData {
  const unsigned = { ...data, cpsChain, ids: { chain: 'id1', key: 'id2', dh: 'id3', emaid: 'id4' } };
  return { ...unsigned, signature: signParts(ISO2, signedParts(responseBody(unsigned)), signer) };
}

export interface InstallationResponseOrder {
  readonly action: InstallationAction;
  /** The session of the request: ISO 15118 wants it echoed. */
  readonly sessionId: Uint8Array;
  readonly responseCode?: ResponseCodeIso2;
}

/** The answer to a vehicle: stored signed data in the vehicle's own session. */
export function buildInstallationResponse(data: SignedContractData, order: InstallationResponseOrder): Iso2Message {
  const response = { ResponseCode: order.responseCode ?? ('OK' as const), ...responseBody(data) };
  const Header = { SessionID: order.sessionId, Signature: data.signature };
  return order.action === 'Install'
    ? { Header, Body: { CertificateInstallationRes: response } }
    : { Header, Body: { CertificateUpdateRes: response } };
}

/** A refusal in the shape live pools give it: a notification, one zero octet for every binary, no signature. */
export function buildInstallationFailure(
  order: InstallationResponseOrder & { readonly responseCode: ResponseCodeIso2 },
): Iso2Message {
  const nothing = Uint8Array.of(0);
  const response = {
    ResponseCode: order.responseCode,
    SAProvisioningCertificateChain: { Certificate: nothing },
    ContractSignatureCertChain: { Certificate: nothing },
    ContractSignatureEncryptedPrivateKey: { Id: '0', value: nothing },
    DHpublickey: { Id: '0', value: nothing },
    eMAID: { Id: '0', value: '0' },
  };
  const Header = {
    SessionID: order.sessionId,
    Notification: { FaultCode: 'UnknownError', FaultMsg: 'CPO certInstall status' },
  } as const;
  return order.action === 'Install'
    ? { Header, Body: { CertificateInstallationRes: response } }
    : { Header, Body: { CertificateUpdateRes: response } };
}

export interface InstallationResponse {
  readonly action: InstallationAction;
  readonly sessionId: Uint8Array;
  readonly responseCode: ResponseCodeIso2;
  /** Missing in a refusal. */
  readonly data: SignedContractData | undefined;
}

/** The parts of an answer. Throws `Iso15118Error` when the message is none. */
export function openInstallationResponse(message: Iso2Message): InstallationResponse {
  const { SessionID: sessionId, Signature: signature } = message.Header;
  const { CertificateInstallationRes: install, CertificateUpdateRes: update } = message.Body;
  const body: CertificateInstallationResIso2 | CertificateUpdateResIso2 | undefined = install ?? update;
  if (body === undefined) {
    const text = `${iso2BodyName(message)} is no certificate answer`;
    throw new Iso15118Error('EXI_UNSUPPORTED', text, { path: 'V2G_Message/Body' });
  }
  const action = install === undefined ? 'Update' : 'Install';
  const opened = { action, sessionId, responseCode: body.ResponseCode } as const;
  if (signature === undefined) return { ...opened, data: undefined };
  return {
    ...opened,
    data: {
      cpsChain: fromChain(body.SAProvisioningCertificateChain),
      contractChain: fromChain(body.ContractSignatureCertChain),
      encryptedPrivateKey: body.ContractSignatureEncryptedPrivateKey.value,
      dhPublicKey: body.DHpublickey.value,
      emaid: body.eMAID.value,
      ids: {
        chain: body.ContractSignatureCertChain.Id ?? '',
        key: body.ContractSignatureEncryptedPrivateKey.Id,
        dh: body.DHpublickey.Id,
        emaid: body.eMAID.Id,
      },
      signature,
    },
  };
}

/** Like `openInstallationResponse`, from EXI. */
export function readInstallationResponse(exi: Uint8Array): InstallationResponse {
  return openInstallationResponse(decodeIso2(exi));
}

/** Checks the provisioning service's signature over all four elements with its leaf key. */
export function checkContractData(data: SignedContractData, cpsKey: KeyObject | undefined): SignatureCheck {
  return checkSignature(ISO2, signedParts(responseBody(data)), data.signature, cpsKey);
}

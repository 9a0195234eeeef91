import { createHash } from 'node:crypto';
import {
  BasicOCSPResponse,
  CertID,
  CertStatus,
  id_pkix_ocsp_basic,
  id_pkix_ocsp_nonce,
  KeyHash,
  OCSPRequest,
  OCSPResponse,
  OCSPResponseStatus,
  Request,
  ResponderID,
  ResponseBytes,
  ResponseData,
  RevokedInfo,
  SingleResponse,
  TBSRequest,
} from '@peculiar/asn1-ocsp';
import { OctetString } from '@peculiar/asn1-schema';
import { AlgorithmIdentifier, Certificate as Asn1Certificate, CRLReason, Extension } from '@peculiar/asn1-x509';
import { wholeSecondDate } from '../../../core/time.ts';
import { Iso15118Error } from '../error.ts';
import type { Signer } from '../keys/ec-key.ts';
import { type Certificate, parseCertificate, serialNumberHex } from './certificate.ts';
import { asBuffer, childrenOf, integerOctets, integerValue, parseDer, readTlv, serialize } from './der.ts';
import type { CertificateHashData } from './hash-data.ts';
import { signatureAlgorithm, signDer } from './signature-algorithms.ts';
import {
  type CertificateId,
  type CertificateState,
  type OcspHash,
  REVOCATION_REASONS,
  type RevocationReason,
} from './status.ts';

/** Online certificate status (RFC 6960), both sides. Answers are made and read without any I/O. */

const HASH_OIDS: Readonly<Record<OcspHash, string>> = {
  SHA1: '1.3.14.3.2.26',
  SHA256: '2.16.840.1.101.3.4.2.1',
  SHA384: '2.16.840.1.101.3.4.2.2',
  SHA512: '2.16.840.1.101.3.4.2.3',
};
const HASHES = Object.keys(HASH_OIDS) as readonly OcspHash[];

/** RFC 9654 allows 128 octets; nobody sends more than 32. */
const MAX_NONCE_BYTES = 128;
/** A responder answers a handful of certificates at once, not a catalogue. */
const MAX_REQUESTS = 16;

function hexOctets(text: string, what: string): ArrayBuffer {
  if (!/^([0-9a-fA-F]{2})+$/.test(text)) throw new Iso15118Error('ASN1_INVALID', `${what} "${text}" is not hex`);
  return asBuffer(new Uint8Array(Buffer.from(text, 'hex')));
}

function serialOctets(text: string): ArrayBuffer {
  if (!/^[0-9a-fA-F]{1,64}$/.test(text)) {
    throw new Iso15118Error('ASN1_INVALID', `The serial number "${text}" is not hex`);
  }
  return asBuffer(integerOctets(BigInt(`0x${text}`)));
}

function toCertId(id: CertificateId): CertID {
  return new CertID({
    hashAlgorithm: new AlgorithmIdentifier({ algorithm: HASH_OIDS[id.hashAlgorithm], parameters: null }),
    issuerNameHash: new OctetString(hexOctets(id.issuerNameHash, 'The issuer name hash')),
    issuerKeyHash: new OctetString(hexOctets(id.issuerKeyHash, 'The issuer key hash')),
    serialNumber: serialOctets(id.serialNumber),
  });
}

function fromCertId(id: CertID): CertificateId {
  const hash = HASHES.find((each) => HASH_OIDS[each] === id.hashAlgorithm.algorithm);
  if (hash === undefined) {
    throw new Iso15118Error('ASN1_INVALID', `The OCSP hash algorithm ${id.hashAlgorithm.algorithm} is not known`);
  }
  const hex = (octets: OctetString): string => Buffer.from(octets.buffer).toString('hex');
  return {
    hashAlgorithm: hash,
    issuerNameHash: hex(id.issuerNameHash),
    issuerKeyHash: hex(id.issuerKeyHash),
    serialNumber: serialNumberHex(integerValue(new Uint8Array(id.serialNumber))),
  };
}

function nonceExtension(nonce: Uint8Array): Extension {
  const inner = serialize(new OctetString(asBuffer(nonce)));
  return new Extension({ extnID: id_pkix_ocsp_nonce, extnValue: new OctetString(asBuffer(inner)) });
}

/** The nonce's octets; a few stacks put them in without the inner octet string. */
function nonceOf(extensions: readonly Extension[] | undefined): Uint8Array | undefined {
  const found = extensions?.find((extension) => extension.extnID === id_pkix_ocsp_nonce);
  if (found === undefined) return undefined;
  const value = new Uint8Array(found.extnValue.buffer);
  if (value.length > MAX_NONCE_BYTES + 4) throw new Iso15118Error('ASN1_INVALID', 'The OCSP nonce is too long');
  const inner = value[0] === 0x04 ? readTlv(value) : undefined;
  return inner !== undefined && inner.whole.length === value.length ? inner.value : value;
}

export interface OcspQuestion {
  readonly certificates: readonly CertificateId[];
  readonly nonce: Uint8Array | undefined;
}

/** A DER OCSP request. OCPP's hash data fit as they are. */
export function buildOcspRequest(
  certificates: readonly (CertificateId | CertificateHashData)[],
  nonce?: Uint8Array,
): Uint8Array {
  const tbsRequest = new TBSRequest({
    requestList: certificates.map((id) => new Request({ reqCert: toCertId(id) })),
  });
  if (nonce !== undefined) tbsRequest.requestExtensions = [nonceExtension(nonce)];
  return serialize(new OCSPRequest({ tbsRequest }));
}

/** Reads a DER OCSP request. Throws `ASN1_INVALID`; a responder answers that with `malformedRequest`. */
export function parseOcspRequest(der: Uint8Array): OcspQuestion {
  const { tbsRequest } = parseDer(der, OCSPRequest, 'OCSP request');
  if (tbsRequest.requestList.length === 0 || tbsRequest.requestList.length > MAX_REQUESTS) {
    throw new Iso15118Error('ASN1_INVALID', `An OCSP request asks about 1 to ${MAX_REQUESTS} certificates`);
  }
  return {
    certificates: tbsRequest.requestList.map((request) => fromCertId(request.reqCert)),
    nonce: nonceOf(tbsRequest.requestExtensions),
  };
}

export interface OcspAnswerOrder {
  readonly question: OcspQuestion;
  readonly stateOf: (certificate: CertificateId) => CertificateState;
  readonly signer: Signer;
  /** The delegated signer's certificate, sent along; without it the CA itself signs, which saves most of the size. */
  readonly signerCertificate?: Certificate;
  readonly producedAtMs: number;
  /** When the client shall ask again; stations ask weekly. */
  readonly validForMs: number;
}

function toCertStatus(state: CertificateState): CertStatus {
  if (state.state === 'good') return new CertStatus({ good: null });
  if (state.state === 'unknown') return new CertStatus({ unknown: null });
  const info = new RevokedInfo({ revocationTime: wholeSecondDate(state.revokedAtMs) });
  if (state.reason !== undefined) info.revocationReason = new CRLReason(REVOCATION_REASONS[state.reason]);
  return new CertStatus({ revoked: info });
}

/** A signed DER OCSP response. Certificate ids and nonce are echoed as asked. */
export function buildOcspResponse(order: OcspAnswerOrder): Uint8Array {
  const { question, signer } = order;
  const keyHash = createHash('sha1').update(signer.publicPoint).digest();
  const tbsResponseData = new ResponseData({
    responderID: new ResponderID({ byKey: new KeyHash(asBuffer(keyHash)) }),
    producedAt: wholeSecondDate(order.producedAtMs),
    responses: question.certificates.map(
      (id) =>
        new SingleResponse({
          certID: toCertId(id),
          certStatus: toCertStatus(order.stateOf(id)),
          thisUpdate: wholeSecondDate(order.producedAtMs),
          nextUpdate: wholeSecondDate(order.producedAtMs + order.validForMs),
        }),
    ),
  });
  if (question.nonce !== undefined) tbsResponseData.responseExtensions = [nonceExtension(question.nonce)];
  const basic = new BasicOCSPResponse({
    tbsResponseData,
    signatureAlgorithm: signatureAlgorithm(signer),
    signature: signDer(signer, serialize(tbsResponseData)),
  });
  if (order.signerCertificate !== undefined) {
    basic.certs = [parseDer(order.signerCertificate.der, Asn1Certificate, 'certificate')];
  }
  const responseBytes = new ResponseBytes({
    responseType: id_pkix_ocsp_basic,
    response: new OctetString(asBuffer(serialize(basic))),
  });
  return serialize(new OCSPResponse({ responseStatus: OCSPResponseStatus.successful, responseBytes }));
}

export type OcspFailure = 'malformedRequest' | 'internalError' | 'tryLater' | 'sigRequired' | 'unauthorized';

/** An unsigned answer that says only why there is none. */
export function buildOcspFailure(failure: OcspFailure): Uint8Array {
  return serialize(new OCSPResponse({ responseStatus: OCSPResponseStatus[failure] }));
}

export interface OcspSingleAnswer {
  readonly certificate: CertificateId;
  readonly status: CertificateState;
  readonly thisUpdateMs: number;
  readonly nextUpdateMs: number | undefined;
}

export type OcspAnswer =
  | { readonly kind: 'failure'; readonly failure: string }
  | {
      readonly kind: 'answer';
      readonly producedAtMs: number;
      readonly answers: readonly OcspSingleAnswer[];
      readonly nonce: Uint8Array | undefined;
      readonly signatureAlgorithm: string;
      readonly signature: Uint8Array;
      readonly signedDer: Uint8Array;
      /** The certificates sent along. */
      readonly certificates: readonly Certificate[];
    };

function fromCertStatus(status: CertStatus): CertificateState {
  if (status.revoked !== undefined) {
    const { revocationTime, revocationReason } = status.revoked;
    const names = Object.keys(REVOCATION_REASONS) as readonly RevocationReason[];
    const reason = names.find((name) => REVOCATION_REASONS[name] === Number(revocationReason?.reason));
    const revokedAtMs = revocationTime.getTime();
    return reason === undefined ? { state: 'revoked', revokedAtMs } : { state: 'revoked', revokedAtMs, reason };
  }
  return status.good === undefined ? { state: 'unknown' } : { state: 'good' };
}

/** Reads a DER OCSP response without judging it. Throws `ASN1_INVALID`. */
export function parseOcspResponse(der: Uint8Array): OcspAnswer {
  const { responseStatus, responseBytes } = parseDer(der, OCSPResponse, 'OCSP response');
  if (responseStatus !== OCSPResponseStatus.successful || responseBytes === undefined) {
    return { kind: 'failure', failure: OCSPResponseStatus[responseStatus] ?? `status ${responseStatus}` };
  }
  if (responseBytes.responseType !== id_pkix_ocsp_basic) {
    throw new Iso15118Error('ASN1_INVALID', `An OCSP response of the unknown type ${responseBytes.responseType}`);
  }
  const basicDer = new Uint8Array(responseBytes.response.buffer);
  const basic = parseDer(basicDer, BasicOCSPResponse, 'OCSP response');
  const [signed, , , certs] = childrenOf(readTlv(basicDer).value);
  const certificates = certs === undefined ? [] : childrenOf(readTlv(certs.value).value);
  return {
    kind: 'answer',
    producedAtMs: basic.tbsResponseData.producedAt.getTime(),
    answers: basic.tbsResponseData.responses.map((single) => ({
      certificate: fromCertId(single.certID),
      status: fromCertStatus(single.certStatus),
      thisUpdateMs: single.thisUpdate.getTime(),
      nextUpdateMs: single.nextUpdate?.getTime(),
    })),
    nonce: nonceOf(basic.tbsResponseData.responseExtensions),
    signatureAlgorithm: basic.signatureAlgorithm.algorithm,
    signature: new Uint8Array(basic.signature),
    signedDer: signed?.whole ?? basicDer,
    certificates: certificates.map((certificate) => parseCertificate(certificate.whole)),
  };
}

import { OctetString } from '@peculiar/asn1-schema';
import {
  AuthorityKeyIdentifier,
  CertificateList,
  CRLNumber,
  CRLReason,
  Extension,
  id_ce_authorityKeyIdentifier,
  id_ce_cRLNumber,
  id_ce_cRLReasons,
  KeyIdentifier,
  Name,
  RevokedCertificate,
  TBSCertList,
  Time,
  Version,
} from '@peculiar/asn1-x509';
import { wholeSecondDate } from '../../../core/time.ts';
import type { Signer } from '../keys/ec-key.ts';
import type { Certificate } from './certificate.ts';
import { asBuffer, childrenOf, integerOctets, integerValue, parseDer, readTlv, serialize } from './der.ts';
import { signatureAlgorithm, signDer, verifyDer } from './signature-algorithms.ts';
import { REVOCATION_REASONS, type RevocationReason } from './status.ts';

export interface RevokedEntry {
  readonly serialNumber: bigint;
  readonly revokedAtMs: number;
  readonly reason?: RevocationReason;
}

export interface CrlOrder {
  readonly issuer: Certificate;
  readonly signer: Signer;
  readonly revoked: readonly RevokedEntry[];
  readonly thisUpdateMs: number;
  readonly nextUpdateMs: number;
  /** Grows with every list of the issuer. */
  readonly number: number;
}

function extension(oid: string, value: unknown): Extension {
  return new Extension({ extnID: oid, extnValue: new OctetString(asBuffer(serialize(value))) });
}

function wholeSecond(epochMs: number): Time {
  return new Time(wholeSecondDate(epochMs));
}

/** A signed certificate revocation list (RFC 5280 section 5) in DER. */
export function buildCrl(order: CrlOrder): Uint8Array {
  const algorithm = signatureAlgorithm(order.signer);
  const tbsCertList = new TBSCertList({
    version: Version.v2,
    signature: algorithm,
    issuer: parseDer(order.issuer.subjectDer, Name, 'issuer name'),
    thisUpdate: wholeSecond(order.thisUpdateMs),
    nextUpdate: wholeSecond(order.nextUpdateMs),
    crlExtensions: [extension(id_ce_cRLNumber, new CRLNumber(order.number))],
  });
  const { subjectKeyId } = order.issuer;
  if (subjectKeyId !== undefined) {
    const authority = new AuthorityKeyIdentifier({ keyIdentifier: new KeyIdentifier(asBuffer(subjectKeyId)) });
    tbsCertList.crlExtensions?.unshift(extension(id_ce_authorityKeyIdentifier, authority));
  }
  // An empty list is left out, as RFC 5280 section 5.1.2.6 wants.
  if (order.revoked.length > 0) tbsCertList.revokedCertificates = order.revoked.map(toRevoked);
  const list = new CertificateList({
    tbsCertList,
    signatureAlgorithm: algorithm,
    signature: signDer(order.signer, serialize(tbsCertList)),
  });
  return serialize(list);
}

function toRevoked({ serialNumber, revokedAtMs, reason }: RevokedEntry): RevokedCertificate {
  const entry = new RevokedCertificate({
    userCertificate: asBuffer(integerOctets(serialNumber)),
    revocationDate: wholeSecond(revokedAtMs),
  });
  if (reason !== undefined) {
    entry.crlEntryExtensions = [extension(id_ce_cRLReasons, new CRLReason(REVOCATION_REASONS[reason]))];
  }
  return entry;
}

export interface Crl {
  readonly thisUpdateMs: number;
  readonly nextUpdateMs: number | undefined;
  readonly revoked: readonly { readonly serialNumber: bigint; readonly revokedAtMs: number }[];
  /** Whether the given issuer signed the list. */
  readonly isSignatureValid: boolean;
}

/** Reads a DER list and checks its signature against the issuer. Throws `ASN1_INVALID`. */
export function readCrl(der: Uint8Array, issuer: Certificate): Crl {
  const { tbsCertList, signatureAlgorithm: algorithm, signature } = parseDer(der, CertificateList, 'CRL');
  const [signed] = childrenOf(readTlv(der).value);
  const { publicKey } = issuer;
  return {
    thisUpdateMs: tbsCertList.thisUpdate.getTime().getTime(),
    nextUpdateMs: tbsCertList.nextUpdate?.getTime().getTime(),
    revoked: (tbsCertList.revokedCertificates ?? []).map((entry) => ({
      serialNumber: integerValue(new Uint8Array(entry.userCertificate)),
      revokedAtMs: entry.revocationDate.getTime().getTime(),
    })),
    isSignatureValid:
      publicKey !== undefined &&
      verifyDer(algorithm.algorithm, publicKey, signed?.whole ?? der, new Uint8Array(signature)),
  };
}

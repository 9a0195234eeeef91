import type { Entropy } from '../../../core/entropy.ts';
import { derSignature, EcPrivateKey } from '../../../protocols/iso15118/keys/ec-key.ts';
import { isSignedBy, parseCertificateChainPem, readCertificate } from '../../../protocols/iso15118/pki/certificate.ts';
import { createSigningRequest } from '../../../protocols/iso15118/pki/csr.ts';
import { hashDataOf } from '../../../protocols/iso15118/pki/hash-data.ts';
import { toPem } from '../../../protocols/iso15118/pki/pem.ts';
import { publicKeyInfo } from '../../../protocols/iso15118/pki/signature-algorithms.ts';
import type { CryptoPart } from './certificate-vault.ts';

/** Real certificates and keys (P-256) for a station's vault. With a seeded entropy the keys repeat: for tests only. */
export function pkiCrypto(entropy: Entropy): CryptoPart {
  return {
    reader: {
      read(pem, issuerPem) {
        const certificate = readCertificate(pem);
        const issuer = issuerPem === undefined ? certificate : readCertificate(issuerPem);
        return {
          hash: hashDataOf(certificate, issuer),
          notBeforeMs: certificate.notBeforeMs,
          notAfterMs: certificate.notAfterMs,
          subject: certificate.subject.map((part) => `${part.type}=${part.value}`).join(', '),
          publicKey: Buffer.from(certificate.publicKeyBits).toString('base64'),
        };
      },
      isSignedBy: (pem, issuerPem) => isSignedBy(readCertificate(pem), readCertificate(issuerPem)),
      split: (pem) => parseCertificateChainPem(pem).map((certificate) => toPem('CERTIFICATE', certificate.der)),
    },
    meters: {
      generate: () => EcPrivateKey.generate('secp256r1', entropy).exportPem(),
      sign: (pem, text) =>
        Buffer.from(derSignature(EcPrivateKey.fromPem(pem).sign(Buffer.from(text, 'utf8')))).toString('hex'),
      publicKey: (pem) =>
        Buffer.from(publicKeyInfo('secp256r1', EcPrivateKey.fromPem(pem).publicPoint)).toString('hex'),
    },
    keys: {
      request({ commonName, organization, domainComponent }) {
        const key = EcPrivateKey.generate('secp256r1', entropy);
        const subject = [
          ...(organization === '' ? [] : [{ type: 'O', value: organization }]),
          { type: 'CN', value: commonName },
          ...(domainComponent === undefined ? [] : [{ type: 'DC', value: domainComponent }]),
        ];
        return {
          csr: toPem('CERTIFICATE REQUEST', createSigningRequest(subject, key)),
          publicKey: Buffer.from(key.publicPoint).toString('base64'),
          privateKey: key.exportPem(),
        };
      },
    },
  };
}

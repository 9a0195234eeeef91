import type { Entropy } from '../../../core/entropy.ts';
import { EcPrivateKey } from '../../../protocols/iso15118/keys/ec-key.ts';
import { parseCertificateChainPem, readCertificate } from '../../../protocols/iso15118/pki/certificate.ts';
import { createSigningRequest } from '../../../protocols/iso15118/pki/csr.ts';
import { hashDataOf } from '../../../protocols/iso15118/pki/hash-data.ts';
import { toPem } from '../../../protocols/iso15118/pki/pem.ts';
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
      split: (pem) => parseCertificateChainPem(pem).map((certificate) => toPem('CERTIFICATE', certificate.der)),
    },
    keys: {
      request({ commonName, organization }) {
        const key = EcPrivateKey.generate('secp256r1', entropy);
        const subject = [
          ...(organization === '' ? [] : [{ type: 'O', value: organization }]),
          { type: 'CN', value: commonName },
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

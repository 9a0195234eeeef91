import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Iso15118Error } from '../error.ts';
import { decodeIso2, encodeIso2 } from '../exi/messages.ts';
import { fromContractXml, toContractXml } from '../messages/contract-xml.ts';
import { readInstallationRequest, readInstallationResponse } from '../messages/installation-iso2.ts';
import { fuzzRuns } from '../testing/fuzz-runs.ts';
import { sampleDialogueIso2 } from '../testing/sample-dialogue.ts';
import { SAMPLE_NOW_MS } from '../testing/sample-pki.ts';
import { describeCertificate, parseCertificate } from './certificate.ts';
import { buildCrl, readCrl } from './crl.ts';
import { createSigningRequest, lintSigningRequest, readSigningRequest } from './csr.ts';
import { lintCertificate } from './lint.ts';
import { buildOcspRequest, buildOcspResponse, parseOcspRequest } from './ocsp.ts';
import { verifyOcspResponse } from './ocsp-verify.ts';
import { validatePath } from './path.ts';
import { decodeCertsOnly, encodeCertsOnly } from './pkcs7.ts';
import { certificateProfile } from './profiles.ts';
import { certificateIdOf } from './status.ts';

const { pki, installRequest, installResponse } = sampleDialogueIso2();
const leaf = pki.contract.certificate;
const issuer = pki['mo-sub-ca-2'];
const question = buildOcspRequest([certificateIdOf(leaf, issuer.certificate, 'SHA256')], Uint8Array.of(1, 2, 3));
const nowMs = SAMPLE_NOW_MS;

const READERS: [string, Uint8Array, (bytes: Uint8Array) => unknown][] = [
  [
    'certificate',
    leaf.der,
    (bytes) => {
      const certificate = parseCertificate(bytes);
      lintCertificate(certificate, certificateProfile('contract'));
      describeCertificate(certificate);
      return validatePath({ leaf: certificate, intermediates: [certificate, issuer.certificate], roots: [], nowMs });
    },
  ],
  [
    'signing request',
    createSigningRequest([{ type: 'CN', value: 'X' }], pki.secc.key),
    (bytes) => lintSigningRequest(readSigningRequest(bytes), 'secp256r1'),
  ],
  ['OCSP request', question, parseOcspRequest],
  [
    'OCSP response',
    buildOcspResponse({
      question: parseOcspRequest(question),
      stateOf: () => ({ state: 'revoked', revokedAtMs: nowMs, reason: 'superseded' }),
      signer: issuer.key,
      signerCertificate: issuer.certificate,
      producedAtMs: nowMs,
      validForMs: 1_000,
    }),
    (response) => verifyOcspResponse({ response, certificate: leaf, issuer: issuer.certificate, nowMs }),
  ],
  [
    'revocation list',
    buildCrl({
      issuer: issuer.certificate,
      signer: issuer.key,
      revoked: [{ serialNumber: 5n, revokedAtMs: nowMs, reason: 'superseded' }],
      thisUpdateMs: nowMs,
      nextUpdateMs: nowMs,
      number: 1,
    }),
    (bytes) => readCrl(bytes, issuer.certificate),
  ],
  ['PKCS#7', encodeCertsOnly([leaf.der, issuer.certificate.der]), decodeCertsOnly],
  ['installation request', encodeIso2(installRequest), readInstallationRequest],
  ['installation answer', encodeIso2(installResponse), readInstallationResponse],
];

const changes = fc.array(fc.tuple(fc.nat(), fc.constantFrom('set', 'cut', 'insert'), fc.nat(255)), {
  minLength: 1,
  maxLength: 3,
});

function changed(source: Uint8Array, list: readonly (readonly [number, string, number])[]): Uint8Array {
  let bytes = Array.from(source);
  for (const [at, kind, value] of list) {
    const index = at % Math.max(1, bytes.length);
    if (kind === 'set') bytes[index] = value;
    else if (kind === 'cut') bytes = bytes.slice(0, index);
    else bytes.splice(index, 0, value);
  }
  return Uint8Array.from(bytes);
}

function endsInResultOrTypedError(work: () => unknown): void {
  try {
    work();
  } catch (thrown) {
    if (!(thrown instanceof Iso15118Error)) throw thrown;
  }
}

describe('fuzzing of certificates and messages', () => {
  it.each(READERS)('any change of a %s ends in a result or a typed error', (_, source, read) => {
    expect(() => read(source)).not.toThrow();
    fc.assert(
      fc.property(changes, (list) => endsInResultOrTypedError(() => read(changed(source, list)))),
      fuzzRuns(400),
    );
  });

  it('any change of contract XML ends in a message or a typed error', () => {
    const source = new TextEncoder().encode(toContractXml(installResponse));
    expect(decodeIso2(encodeIso2(installResponse))).toEqual(installResponse);
    fc.assert(
      fc.property(changes, (list) =>
        endsInResultOrTypedError(() => fromContractXml(Buffer.from(changed(source, list)).toString('utf8'))),
      ),
      fuzzRuns(400),
    );
  });
});

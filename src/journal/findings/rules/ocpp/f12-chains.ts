import { isoTime } from '../../../../core/time.ts';
import { isSelfIssued, nameText } from '../../../../protocols/iso15118/index.ts';
import { textAt } from '../../payload-reader.ts';
import { certificateOf, chainOf } from '../../pnc/certificates.ts';
import { pncFamily, pncNamed } from '../../pnc/pnc-rules.ts';
import type { Rule } from '../../rule.ts';

const MAX_DER = 800;
const MAX_DER_20 = 1_600;
const ROOTS = /^(V2GRootCertificate|MORootCertificate)$/;

/** Plug & Charge between station and CSMS: chains, roots and their status. */
export const f12Chains: readonly Rule[] = pncFamily([
  {
    id: 'pnc.chain.order',
    axis: 'conformance',
    severity: 'error',
    fault: 'csms',
    title: 'A chain begins with the leaf, each certificate is issued by the next, and the root is not in it',
    clause: '2.x A02, A03 CertificateSigned.certificateChain; 1.6 application note; check 26',
    causes: ['The authority’s list is passed on as it came: root first', 'The root is appended'],
    next: ['Order the certificates by issuer and subject, and leave the root out'],
    peer: 'rejects',
    on: ['CertificateSigned.request', 'DataTransfer.request'],
    check: (c) => {
      const message = pncNamed(c, 'CertificateSigned');
      const chain = chainOf(textAt(message?.payload, 'certificateChain'));
      if (message === undefined || chain.length === 0) return;
      const found = (text: string): void => c.report({ text, pointer: message.pointer('/certificateChain') });
      const [leaf] = chain;
      if (leaf?.isCa === true && chain.length > 1)
        return found(`The chain begins with the authority ${nameText(leaf.subject)}, not with the leaf`);
      for (const [at, certificate] of chain.entries()) {
        const next = chain[at + 1];
        if (next !== undefined && Buffer.compare(certificate.issuerDer, next.subjectDer) !== 0)
          return found(`${nameText(certificate.subject)} is not issued by ${nameText(next.subject)}, which follows it`);
      }
      const last = chain.at(-1);
      if (last !== undefined && chain.length > 1 && isSelfIssued(last))
        found(`The chain holds the root ${nameText(last.subject)}`);
    },
  },
  {
    id: 'pnc.chain.size',
    axis: 'compatibility',
    severity: 'warning',
    fault: 'csms',
    title: 'Certificates of ISO 15118 have at most 800 bytes, 1600 for -20',
    clause: 'ISO 15118-2 certificateType; check 10',
    causes: ['Long names, many addresses, long key identifiers'],
    next: ['Make the certificate smaller: short names, key identifiers of 8 bytes, one OCSP address'],
    peer: 'rejects',
    on: ['CertificateSigned.request', 'DataTransfer.request'],
    check: (c) => {
      const message = pncNamed(c, 'CertificateSigned');
      if (message === undefined) return;
      const type = textAt(message.payload, 'certificateType');
      // The certificate of OCPP itself has no such limit.
      if (c.o.action !== 'DataTransfer' && type !== 'V2GCertificate' && type !== 'V2G20Certificate') return;
      const limit = type === 'V2G20Certificate' ? MAX_DER_20 : MAX_DER;
      const big = chainOf(textAt(message.payload, 'certificateChain')).find(({ der }) => der.length > limit);
      if (big === undefined) return;
      c.report({
        text: `${nameText(big.subject)} has ${big.der.length} bytes, ${limit} are allowed`,
        object: nameText(big.subject),
        pointer: message.pointer('/certificateChain'),
      });
    },
  },
  {
    id: 'pnc.chain.expired',
    severity: 'error',
    fault: 'csms',
    title: 'A certificate that is delivered or installed is valid now',
    clause: '2.x A02.FR.06, M05; checks 27, 30',
    causes: ['An old file is installed', 'The authority issued with a wrong clock'],
    next: ['Compare notBefore and notAfter with the time of the message'],
    peer: 'rejects',
    on: ['CertificateSigned.request', 'InstallCertificate.request', 'DataTransfer.request'],
    check: (c) => {
      const signed = pncNamed(c, 'CertificateSigned');
      const installed = signed === undefined ? pncNamed(c, 'InstallCertificate') : undefined;
      const message = signed ?? installed;
      const pem = textAt(message?.payload, signed === undefined ? 'certificate' : 'certificateChain');
      if (message === undefined || pem === undefined) return;
      if (installed !== undefined && !ROOTS.test(textAt(installed.payload, 'certificateType') ?? '')) return;
      const now = c.o.time;
      const old = chainOf(pem).find(({ notBeforeMs, notAfterMs }) => now < notBeforeMs || now > notAfterMs);
      if (old === undefined) return;
      c.report({
        text: `${nameText(old.subject)} is valid from ${isoTime(old.notBeforeMs)} to ${isoTime(old.notAfterMs)} only`,
        object: nameText(old.subject),
        pointer: message.pointer(signed === undefined ? '/certificate' : '/certificateChain'),
      });
    },
  },
  {
    id: 'pnc.root.type',
    axis: 'conformance',
    severity: 'error',
    fault: 'csms',
    title: 'What is installed as a root is one',
    clause: '2.x M05; 1.6 application note, InstallCertificate; check 30',
    causes: ['A sub-authority is installed', 'A leaf was taken for its root'],
    next: ['Install the certificate whose subject is its issuer'],
    peer: 'rejects',
    on: ['InstallCertificate.request', 'DataTransfer.request'],
    check: (c) => {
      const message = pncNamed(c, 'InstallCertificate');
      const type = textAt(message?.payload, 'certificateType') ?? '';
      const certificate = certificateOf(textAt(message?.payload, 'certificate'));
      if (message === undefined || certificate === undefined || !ROOTS.test(type)) return;
      if (isSelfIssued(certificate) && certificate.isCa !== false) return;
      c.report({
        text: `${nameText(certificate.subject)} is no root, and is installed as ${type}`,
        object: nameText(certificate.subject),
        pointer: message.pointer('/certificate'),
      });
    },
  },
  {
    id: 'pnc.ocsp.result',
    axis: 'consistency',
    severity: 'warning',
    fault: 'csms',
    title: 'Accepted comes with the answer of the responder, also for a revoked certificate; Failed comes without',
    clause: '2.x M06; 1.6 application note, GetCertificateStatus; check 33',
    causes: ['Revoked is taken for a failure', 'The responder could not be asked, and nothing was said'],
    next: ['Pass on what the responder says with Accepted; Failed only when it could not be asked'],
    peer: 'tolerates',
    on: ['GetCertificateStatus.response', 'DataTransfer.response'],
    check: (c) => {
      const message = pncNamed(c, 'GetCertificateStatus');
      const status = textAt(message?.payload, 'status');
      if (message === undefined || status === undefined) return;
      const result = textAt(message.payload, 'ocspResult') ?? '';
      if ((status === 'Accepted') === (result !== '')) return;
      c.report({
        text: `${status} comes ${result === '' ? 'without' : 'with'} an answer of the responder`,
        object: status,
        pointer: message.pointer('/ocspResult'),
      });
    },
  },
]);

import { parseTime } from '../../../../core/time.ts';
import {
  type Certificate,
  compactPcid,
  decodeCertsOnly,
  editionOf,
  fromBase64,
  lintSigningRequest,
  nameText,
  nameValue,
  parseCertificate,
  parsePcid,
  readSigningRequest,
  type SigningRequest,
  sameEmaid,
} from '../../../../protocols/iso15118/index.ts';
import { type ExchangeRule, poolFamily } from '../../exchange/exchange-rule.ts';
import { listAt, textAt, valueAt } from '../../payload-reader.ts';
import { certificateOf, exiFactsOf } from '../../pnc/certificates.ts';

const MINUTE_MS = 60_000;
const EXI_CHARACTERS = 5_600;
/** A car waits 5 s for its contract (ISO 15118-2 table 109); station and CSMS need their part. */
const CAR_WAITS_MS = 4_500;

/** Rules about the pools of Plug & Charge: what goes in, what comes out, and in which order. */
export const pools: readonly ExchangeRule[] = poolFamily('consistency', [
  {
    id: 'pnc.pool.emaid',
    axis: 'security',
    severity: 'error',
    fault: 'caller',
    title: 'A contract is of the EMAID in its certificate',
    clause: 'OPCP createSignedContractData; ISO 15118-2: CN is the EMAID; check 22',
    causes: [
      'Request and certificate come from two contracts',
      'The certificate was issued before the EMAID was changed',
    ],
    next: ['Compare the CN of the contract certificate with the EMAID'],
    peer: 'rejects',
    on: ['createSignedContractData.request', 'createAndForwardSignedContractData.request'],
    check: ({ x, report }) => {
      const emaid = textAt(x.payload, 'emaid');
      const pointer = '/contractData/contractSignatureCertChain/contractSignatureCertChainCertificate';
      const certificate = certificateOf(
        textAt(x.payload, 'contractData', 'contractSignatureCertChain', 'contractSignatureCertChainCertificate'),
      );
      const cn = certificate === undefined ? undefined : nameValue(certificate.subject, 'CN');
      if (emaid === undefined || cn === undefined || sameEmaid(cn, emaid)) return;
      report({ text: `The certificate is of ${cn}, the request of ${emaid}`, pointer, expected: emaid, actual: cn });
    },
  },
  {
    id: 'pnc.pool.dates',
    severity: 'error',
    fault: 'pools',
    title: 'A contract ends after it has begun, and not in the past',
    clause: 'OPCP generateSignedContractData; check 21',
    causes: ['The dates are not checked'],
    next: ['Refuse it with 400'],
    peer: 'tolerates',
    on: ['generateSignedContractData.answer'],
    check: ({ x, answer, report }) => {
      const [begins, ends] = [textAt(x.payload, 'contractBegins') ?? '', textAt(x.payload, 'contractEnds') ?? ''];
      const [from, to] = [parseTime(begins), parseTime(ends)];
      if ((answer.status ?? 500) >= 300 || to === undefined) return;
      if (to > x.time && (from === undefined || from < to)) return;
      report({
        text: `A contract from ${begins} to ${ends} was made`,
        evidence: [{ seq: x.seq, pointer: '/contractEnds', label: 'the request' }],
      });
    },
  },
  {
    id: 'pnc.pool.order',
    severity: 'warning',
    fault: 'caller',
    title: 'A contract is made for a car that is in the provisioning pool',
    clause: 'OPCP lookupVehicle, generateSignedContractData; checks 20, 21',
    causes: ['The manufacturer has not delivered the car yet', 'The PCID is mistyped'],
    next: ['Look the vehicle up, and wait for its provisioning certificate'],
    peer: 'rejects',
    on: [
      'getOEMProvCert.answer',
      'lookupVehicle.answer',
      'addOemProvCert.answer',
      'generateSignedContractData.request',
      'signContractData.request',
    ],
    check: (c) => {
      const { x } = c;
      if (x.operation === 'getOEMProvCert' || x.operation === 'lookupVehicle') {
        const pcid = decodeURIComponent(x.path.split('/').at(-1) ?? '').toUpperCase();
        if (pcid !== '') c.setNote(pcid, c.answer.status === 404 ? c.answer.seq : undefined);
        return;
      }
      if (x.operation === 'addOemProvCert') {
        const pcid = pcidOf(certificateOf(textAt(x.payload, 'vehicleCertificate')));
        if (pcid !== undefined && (c.answer.status ?? 500) < 300) c.setNote(pcid, undefined);
        return;
      }
      const pcid = textAt(x.payload, 'pcid')?.toUpperCase();
      const missing = pcid === undefined ? undefined : c.note<number>(pcid);
      if (pcid === undefined || missing === undefined) return;
      c.report({
        text: `A contract is asked for ${pcid}, which the provisioning pool does not know`,
        pointer: '/pcid',
        evidence: [{ seq: missing, label: 'not found' }],
      });
    },
  },
  {
    id: 'pnc.pool.chain',
    axis: 'conformance',
    severity: 'error',
    fault: 'caller',
    title: 'A provisioning certificate is issued by the authorities that come with it',
    clause: 'OPCP addOemProvCert; check 19',
    causes: ['Sub-CA 1 and Sub-CA 2 are swapped', 'The chain is of another generation'],
    next: ['Sub-CA 2 issues the vehicle’s certificate, Sub-CA 1 issues Sub-CA 2'],
    peer: 'rejects',
    on: ['addOemProvCert.request'],
    check: ({ x, report }) => {
      const names = ['vehicleCertificate', 'subCA2Certificate', 'subCA1Certificate'];
      const chain = names.flatMap((name) => {
        const certificate = certificateOf(textAt(x.payload, name));
        return certificate === undefined ? [] : [{ name, certificate }];
      });
      for (const [at, { name, certificate }] of chain.entries()) {
        const issuer = chain[at + 1];
        if (issuer === undefined || isIssuedBy(certificate, issuer.certificate)) continue;
        return report({
          text: `${nameText(certificate.subject)} is issued by ${nameText(certificate.issuer)}, not by ${nameText(issuer.certificate.subject)}`,
          pointer: `/${name}`,
        });
      }
    },
  },
  {
    id: 'pnc.pool.expired',
    axis: 'security',
    severity: 'error',
    fault: 'pools',
    title: 'Certificates that are not valid now are not taken into the pools',
    clause: 'OPCP addOemProvCert, shell model; checks 19, 22',
    causes: ['Only the chain is checked'],
    next: ['Refuse it with 400'],
    peer: 'tolerates',
    on: ['addOemProvCert.answer', 'signContractData.answer'],
    check: ({ x, answer, report }) => {
      if ((answer.status ?? 500) >= 300) return;
      const places: readonly (readonly [string, string | undefined])[] = [
        ['/vehicleCertificate', textAt(x.payload, 'vehicleCertificate')],
        ['/subCA2Certificate', textAt(x.payload, 'subCA2Certificate')],
        ['/subCA1Certificate', textAt(x.payload, 'subCA1Certificate')],
        ['/contractData/contractCertificate', textAt(x.payload, 'contractData', 'contractCertificate')],
      ];
      for (const [pointer, text] of places) {
        const certificate = certificateOf(text);
        if (certificate === undefined || (certificate.notBeforeMs <= x.time && certificate.notAfterMs >= x.time))
          continue;
        return report({
          text: `${nameText(certificate.subject)} was accepted, and is not valid now`,
          evidence: [{ seq: x.seq, pointer, label: 'the certificate' }],
        });
      }
    },
  },
  {
    id: 'pnc.pool.pcid',
    axis: 'compatibility',
    severity: 'warning',
    fault: 'caller',
    title: 'The name of a provisioning certificate is a PCID',
    clause: 'OPCP PCID: 17 or 18 letters and digits; check 19',
    causes: ['The VIN or a serial number is the common name'],
    next: ['Issue the certificate with the PCID as common name'],
    peer: 'rejects',
    on: ['addOemProvCert.request'],
    check: ({ x, report }) => {
      const certificate = certificateOf(textAt(x.payload, 'vehicleCertificate'));
      const cn = certificate === undefined ? undefined : nameValue(certificate.subject, 'CN');
      if (cn === undefined || parsePcid(cn) !== undefined) return;
      report({ text: `${cn} is no PCID`, pointer: '/vehicleCertificate' });
    },
  },
  {
    id: 'pnc.pool.session',
    axis: 'conformance',
    severity: 'error',
    fault: 'pools',
    title: 'The contract pool answers in the car’s session',
    clause: 'OPCP getSignedContractData; ISO 15118-2 SessionID; check 23',
    causes: ['The stored answer is given out, with session 00'],
    next: ['Set the SessionID of the request into the header: it is not signed'],
    peer: 'rejects',
    on: ['getSignedContractData.answer'],
    check: ({ x, answer, report }) => {
      const schema = textAt(x.payload, 'xsdMsgDefNamespace');
      const request = exiFactsOf(textAt(x.payload, 'certificateInstallationReq') ?? '', schema);
      for (const [at, exi] of installations(answer.payload)) {
        const response = exiFactsOf(exi, schema);
        if (typeof request !== 'object' || typeof response !== 'object' || request.session === response.session)
          continue;
        report({
          text: `The car asks in session ${request.session} and is answered in session ${response.session}`,
          pointer: `/CCPResponse/emaidContent/${at}/messageDef/certificateInstallationRes`,
          expected: request.session,
          actual: response.session,
        });
      }
    },
  },
  {
    id: 'pnc.pool.exi-size',
    axis: 'compatibility',
    severity: 'warning',
    fault: 'pools',
    title: 'The contract pool’s answer fits into a message of OCPP',
    clause: 'OCPP exiResponse: 5600 characters; check 12',
    causes: ['The certificates of the chain are large'],
    next: ['Make the certificates smaller: short names, key identifiers of 8 bytes, one OCSP address'],
    peer: 'rejects',
    on: ['getSignedContractData.answer'],
    check: ({ x, answer, report }) => {
      // -20 has larger certificates and larger fields.
      if (editionOf(textAt(x.payload, 'xsdMsgDefNamespace') ?? '') === 'ISO15118-20') return;
      for (const [at, exi] of installations(answer.payload))
        if (exi.length > EXI_CHARACTERS)
          report({
            text: `The answer for the car has ${exi.length} characters, OCPP takes ${EXI_CHARACTERS}`,
            pointer: `/CCPResponse/emaidContent/${at}/messageDef/certificateInstallationRes`,
          });
    },
  },
  {
    id: 'pnc.pool.slow',
    axis: 'timing',
    severity: 'warning',
    fault: 'pools',
    title: 'A car gets its contract within 4.5 seconds',
    clause: 'ISO 15118-2 V2G_SECC_Msg_Performance; check 34',
    causes: ['The pool asks for the status of each certificate one after another'],
    next: ['Keep the status of the certificates until it runs out'],
    peer: 'rejects',
    on: ['getSignedContractData.answer'],
    check: ({ x, answer, report }) => {
      const took = answer.time - x.time;
      if (answer.failure === undefined && took > CAR_WAITS_MS)
        report({ text: `The contract pool needed ${(took / 1_000).toFixed(1)} s: the car has given up` });
    },
  },
  {
    id: 'pnc.pool.deleted',
    axis: 'security',
    severity: 'error',
    fault: 'pools',
    title: 'A contract that was deleted is not delivered',
    clause: 'OPCP deleteSignedContractData; check 41',
    causes: ['The pool keeps its answers', 'The contract was stored twice'],
    next: ['Look the contract up in the pool'],
    peer: 'tolerates',
    on: [
      'deleteSignedContractData.answer',
      'addSignedContractData.answer',
      'generateSignedContractData.answer',
      'signContractData.answer',
      'createAndForwardSignedContractData.answer',
      'getSignedContractData.answer',
    ],
    check: (c) => {
      const { x, answer } = c;
      const good = (answer.status ?? 500) < 300;
      if (x.operation === 'deleteSignedContractData') {
        const emaid = decodeURIComponent(x.path.split('/').at(-1) ?? '');
        if (good && emaid !== '') c.setNote(compact(emaid), answer.seq);
        return;
      }
      if (x.operation !== 'getSignedContractData') {
        const emaid = textAt(x.payload, 'emaid') ?? textAt(answer.payload, 'emaid');
        if (good && emaid !== undefined) c.setNote(compact(emaid), undefined);
        return;
      }
      for (const [at, content] of listAt(answer.payload, 'CCPResponse', 'emaidContent').entries()) {
        const emaid = textAt(content, 'messageDef', 'emaid');
        const deleted = emaid === undefined ? undefined : c.note<number>(compact(emaid));
        if (!good || emaid === undefined || deleted === undefined) continue;
        c.report({
          text: `The contract ${emaid} was deleted and is delivered`,
          pointer: `/CCPResponse/emaidContent/${at}/messageDef/emaid`,
          evidence: [{ seq: deleted, label: 'deleted' }],
        });
      }
    },
  },
  {
    id: 'pnc.pool.unauthorised',
    axis: 'security',
    severity: 'warning',
    fault: 'caller',
    title: 'After 401 a client gets a new token, once',
    clause: 'OPCP authentication; checks 14, 18',
    causes: ['The token has run out and is not renewed', 'The client has not the role'],
    next: ['Get a new token after 401, and stop when that is refused too'],
    on: ['*.answer'],
    check: (c) => {
      const { x, answer } = c;
      if (answer.status !== 401) return;
      const before = (c.note<readonly number[]>(x.from.id) ?? []).filter((at) => x.time - at < MINUTE_MS);
      c.setNote(x.from.id, [...before, x.time].slice(-20));
      if (before.length === 2)
        c.report({ text: `${x.operation} was answered 401 for the third time within a minute`, seq: x.seq });
    },
  },
  {
    id: 'pnc.est.request',
    axis: 'conformance',
    severity: 'warning',
    fault: 'caller',
    title: 'A certificate request is signed, of the right curve, and names who it is for',
    clause: 'OPCP simpleenroll, RFC 7030; check 17',
    causes: ['The request is made without a subject', 'The key is of another curve'],
    next: ['Give CN and O; use P-256 for -2, P-521 for -20'],
    peer: 'rejects',
    on: ['simpleEnroll.request', 'simpleReenroll.request'],
    check: ({ x, report }) => {
      const request = requestOf(x.raw);
      if (request === undefined) return report({ text: 'The body is no PKCS#10 request' });
      const curve = /20/.test(x.path) ? 'secp521r1' : 'secp256r1';
      const [problem] = lintSigningRequest(request, curve);
      if (problem !== undefined) report({ text: problem });
    },
  },
  {
    id: 'pnc.est.key',
    axis: 'security',
    severity: 'error',
    fault: 'pools',
    title: 'The certificate that is issued has the key and the name of its request, and stands alone',
    clause: 'RFC 7030 §4.2.3; check 15',
    causes: ['An answer was kept and given again', 'The chain comes with the leaf'],
    next: ['Compare the public key of the request with the one of the certificate'],
    peer: 'rejects',
    on: ['simpleEnroll.answer', 'simpleReenroll.answer'],
    check: ({ x, answer, report }) => {
      const request = requestOf(x.raw);
      if ((answer.status ?? 500) >= 300 || request === undefined) return;
      const issued = issuedIn(answer.raw);
      if (issued === undefined) return report({ text: 'The answer is no PKCS#7 with certificates' });
      const [leaf] = issued;
      if (leaf === undefined || issued.length !== 1)
        return report({ text: `The answer holds ${issued.length} certificates, one was asked for` });
      if (Buffer.compare(leaf.publicKeyBits, request.publicKeyBits) !== 0)
        report({ text: `${nameText(leaf.subject)} has another key than its request` });
      else if (nameValue(leaf.subject, 'CN') !== nameValue(request.subject, 'CN'))
        report({ text: `${nameText(leaf.subject)} was issued for the request of ${nameText(request.subject)}` });
    },
  },
]);

function* installations(payload: unknown): Generator<readonly [number, string]> {
  for (const [at, content] of listAt(payload, 'CCPResponse', 'emaidContent').entries()) {
    const exi = valueAt(content, 'messageDef', 'certificateInstallationRes');
    if (typeof exi === 'string' && exi !== '') yield [at, exi];
  }
}

function isIssuedBy(certificate: Certificate, issuer: Certificate): boolean {
  return Buffer.compare(certificate.issuerDer, issuer.subjectDer) === 0;
}

function pcidOf(certificate: Certificate | undefined): string | undefined {
  const cn = certificate === undefined ? undefined : nameValue(certificate.subject, 'CN');
  const pcid = cn === undefined ? undefined : parsePcid(cn);
  return pcid === undefined ? undefined : compactPcid(pcid);
}

function compact(emaid: string): string {
  return emaid.toUpperCase().replaceAll('-', '').slice(0, 14);
}

function requestOf(text: string): SigningRequest | undefined {
  try {
    return readSigningRequest(text);
  } catch {
    return undefined;
  }
}

function issuedIn(text: string): readonly Certificate[] | undefined {
  try {
    return decodeCertsOnly(fromBase64(text)).map(parseCertificate);
  } catch {
    return undefined;
  }
}

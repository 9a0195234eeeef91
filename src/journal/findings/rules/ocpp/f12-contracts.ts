import { isoTime } from '../../../../core/time.ts';
import {
  emaidCheckCharacter,
  isEmaidConsistent,
  nameValue,
  parseEmaid,
  sameEmaid,
} from '../../../../protocols/iso15118/index.ts';
import { listAt, textAt } from '../../payload-reader.ts';
import { certificateOf, exiFactsOf } from '../../pnc/certificates.ts';
import { emaidIn, isContractQuestion, type PncMessage, pncMessageOf } from '../../pnc/pnc-message.ts';
import { pncFamily, pncNamed } from '../../pnc/pnc-rules.ts';
import type { Rule, RuleContext } from '../../rule.ts';

const EXI_CHARACTERS = 5_600;
/** certificateStatus -> the status of the token that goes with it (2.x C07.FR.13 to 17). */
const STATUS_OF: Readonly<Record<string, string>> = {
  CertificateExpired: 'Expired',
  CertificateRevoked: 'Invalid',
  CertChainError: 'Invalid',
  SignatureError: 'Invalid',
};
const AUTHORIZED = ['Authorize.response', 'DataTransfer.response'] as const;
const INSTALLED = ['Get15118EVCertificate.response', 'DataTransfer.response'] as const;

/** Plug & Charge between station and CSMS: the contract that a car shows, and the one that it gets. */
export const f12Contracts: readonly Rule[] = pncFamily([
  {
    id: 'pnc.authorize.status',
    severity: 'error',
    fault: 'csms',
    title: 'The status of the certificate and of the token fit each other',
    clause: '2.x C07.FR.13 to C07.FR.17; 1.6 application note, Authorize; check 35',
    causes: ['The contract is looked up without a look at its certificate', 'The two are decided in two places'],
    next: [
      'Expired goes with CertificateExpired, Invalid with CertificateRevoked and CertChainError; a locked contract is ContractCancelled',
    ],
    on: AUTHORIZED,
    check: (c) => {
      const { asked, answer } = pairOf(c, 'Authorize');
      if (asked === undefined || answer === undefined || !isContractQuestion(asked.payload)) return;
      const certificate = textAt(answer.payload, 'certificateStatus');
      const token = textAt(answer.payload, 'idTokenInfo', 'status');
      if (token === undefined) return;
      if (certificate === undefined) {
        const shown =
          textAt(asked.payload, 'certificate') !== undefined ||
          listAt(asked.payload, 'iso15118CertificateHashData').length > 0;
        if (shown && token === 'Accepted')
          c.report({
            text: 'A certificate was shown, and the answer says nothing of it',
            pointer: answer.pointer(''),
            severity: 'warning',
          });
        return;
      }
      const wanted = STATUS_OF[certificate];
      const wrong =
        certificate === 'Accepted'
          ? token !== 'Accepted' && token !== 'ConcurrentTx'
          : token === 'Accepted' || (wanted !== undefined && wanted !== token);
      if (!wrong) return;
      c.report({
        text: `certificateStatus ${certificate} does not go with the token’s status ${token}`,
        object: `${certificate} ${token}`,
        pointer: answer.pointer('/certificateStatus'),
        // Nobody charges who should not: the two words only tell the driver different reasons.
        severity: token === 'Accepted' ? 'error' : 'warning',
        expected: certificate === 'Accepted' ? 'ContractCancelled' : (wanted ?? 'not Accepted'),
        actual: token,
      });
    },
  },
  {
    id: 'pnc.authorize.foreign-certificate',
    severity: 'error',
    fault: 'csms',
    title: 'The certificate that is accepted is of the contract that is shown',
    clause: '2.x C07; ISO 15118-2 contract certificate: CN is the EMAID; check 35',
    causes: ['The name in the certificate is not compared with the EMAID'],
    next: ['Compare the CN of the leaf with the EMAID, without hyphens and with or without check character'],
    on: AUTHORIZED,
    check: (c) => {
      const { asked, answer } = pairOf(c, 'Authorize');
      const leaf = certificateOf(textAt(asked?.payload, 'certificate'));
      const emaid = emaidIn(asked?.payload);
      if (asked === undefined || answer === undefined || leaf === undefined || emaid === undefined) return;
      const cn = nameValue(leaf.subject, 'CN') ?? '';
      if (textAt(answer.payload, 'certificateStatus') !== 'Accepted' || sameEmaid(cn, emaid)) return;
      c.report({
        text: `The certificate of ${cn} is accepted for ${emaid}`,
        object: emaid,
        pointer: answer.pointer('/certificateStatus'),
        evidence: [
          { seq: c.o.request?.seq ?? c.o.seq, pointer: asked.pointer('/certificate'), label: 'the certificate' },
        ],
      });
    },
  },
  {
    id: 'pnc.authorize.expired-certificate',
    severity: 'error',
    fault: 'csms',
    title: 'A contract certificate that is not valid any more, or not yet, is not accepted',
    clause: '2.x C07.FR.14; check 35',
    causes: ['Only the chain is checked', 'The clock of the CSMS is wrong'],
    next: ['Compare notBefore and notAfter of the leaf with the time of the message'],
    on: AUTHORIZED,
    check: (c) => {
      const { asked, answer } = pairOf(c, 'Authorize');
      const leaf = certificateOf(textAt(asked?.payload, 'certificate'));
      if (asked === undefined || answer === undefined || leaf === undefined) return;
      if (textAt(answer.payload, 'certificateStatus') !== 'Accepted') return;
      if (c.o.time >= leaf.notBeforeMs && c.o.time <= leaf.notAfterMs) return;
      c.report({
        text: `The certificate is valid from ${isoTime(leaf.notBeforeMs)} to ${isoTime(leaf.notAfterMs)}, and is accepted`,
        object: nameValue(leaf.subject, 'CN') ?? '',
        pointer: answer.pointer('/certificateStatus'),
        evidence: [
          { seq: c.o.request?.seq ?? c.o.seq, pointer: asked.pointer('/certificate'), label: 'the certificate' },
        ],
      });
    },
  },
  {
    id: 'pnc.authorize.check-character',
    severity: 'warning',
    axis: 'compatibility',
    fault: 'station',
    title: 'The check character of an EMAID is right',
    clause: 'ISO 15118-2 annex H, eMI3; check 39',
    causes: ['The EMAID was typed by hand', 'A test contract has a made-up character'],
    next: ['Compute the check character: the hub is asked about the contract with it'],
    peer: 'tolerates',
    on: ['Authorize.request', 'DataTransfer.request'],
    check: (c) => {
      const asked = pncNamed(c, 'Authorize');
      if (asked === undefined || !isContractQuestion(asked.payload)) return;
      const text = emaidIn(asked.payload);
      const emaid = text === undefined ? undefined : parseEmaid(text);
      if (emaid === undefined || isEmaidConsistent(emaid)) return;
      c.report({
        text: `${text ?? ''} ends with the wrong check character: ${emaidCheckCharacter(emaid)} belongs to it`,
        object: text ?? '',
        pointer: asked.pointer('/idToken/idToken'),
      });
    },
  },
  {
    id: 'pnc.exi.size',
    axis: 'compatibility',
    severity: 'warning',
    fault: 'csms',
    title: 'The answer for the car fits into 5600 characters',
    clause: '2.0.1 Get15118EVCertificateResponse.exiResponse; 1.6 application note; checks 12, 34',
    causes: ['The certificates have long names, many extensions or long key identifiers'],
    next: ['Make the certificates smaller, or raise FieldLength of the station'],
    peer: 'rejects',
    on: INSTALLED,
    check: (c) => {
      // 2.1 allows 17,000.
      if (c.link.version === '2.1') return;
      const { answer } = pairOf(c, 'Get15118EVCertificate');
      const exi = textAt(answer?.payload, 'exiResponse');
      if (answer === undefined || exi === undefined || exi.length <= EXI_CHARACTERS) return;
      c.report({
        text: `exiResponse has ${exi.length} characters, stations take ${EXI_CHARACTERS}`,
        pointer: answer.pointer('/exiResponse'),
      });
    },
  },
  {
    id: 'pnc.exi.status',
    axis: 'consistency',
    severity: 'warning',
    fault: 'csms',
    title: 'Accepted comes with an answer for the car, Failed without',
    clause: '2.x M01; 1.6 application note, Get15118EVCertificate; check 34',
    causes: [
      'A refusal of the pool is taken for a failure: the car must get it',
      'The pool did not answer, and nothing was said',
    ],
    next: ['Pass on what the pool gives, also a refusal, with Accepted'],
    peer: 'tolerates',
    on: INSTALLED,
    check: (c) => {
      const { answer } = pairOf(c, 'Get15118EVCertificate');
      const status = textAt(answer?.payload, 'status');
      if (answer === undefined || status === undefined) return;
      const exi = textAt(answer.payload, 'exiResponse') ?? '';
      if ((status === 'Accepted') === (exi !== '')) return;
      c.report({
        text:
          status === 'Accepted'
            ? 'Accepted comes without an answer for the car'
            : `${status} comes with an answer for the car, which it will not get`,
        object: status,
        pointer: answer.pointer('/exiResponse'),
      });
    },
  },
  {
    id: 'pnc.exi.session',
    axis: 'conformance',
    severity: 'error',
    fault: 'csms',
    title: 'The answer for the car is of the session of its request',
    clause: 'ISO 15118-2 SessionID; check 23',
    causes: ['The pool gives what it stored, with session 00', 'Answers of two cars were mixed up'],
    next: ['Compare the SessionID in the headers of both EXI messages'],
    peer: 'rejects',
    on: INSTALLED,
    check: (c) => {
      const { asked, answer } = pairOf(c, 'Get15118EVCertificate');
      const schema = textAt(asked?.payload, 'iso15118SchemaVersion');
      const [request, response] = [textAt(asked?.payload, 'exiRequest'), textAt(answer?.payload, 'exiResponse')];
      if (answer === undefined || !request || !response) return;
      const [one, other] = [exiFactsOf(request, schema), exiFactsOf(response, schema)];
      if (typeof one !== 'object' || typeof other !== 'object' || one.session === other.session) return;
      c.report({
        text: `The request is of session ${one.session}, the answer of session ${other.session}: the car refuses it`,
        object: one.session,
        pointer: answer.pointer('/exiResponse'),
        expected: one.session,
        actual: other.session,
      });
    },
  },
  {
    id: 'pnc.exi.refused',
    axis: 'consistency',
    severity: 'info',
    fault: 'csms',
    title: 'The car gets a contract',
    clause: 'ISO 15118-2 CertificateInstallationRes, ResponseCode; check 24',
    causes: [
      'There is no contract for this car',
      'The provisioning certificate is expired, revoked or not in the pool',
    ],
    next: ['Look for the car’s PCID in the provisioning pool and for its contracts in the contract pool'],
    peer: 'tolerates',
    on: INSTALLED,
    check: (c) => {
      const { asked, answer } = pairOf(c, 'Get15118EVCertificate');
      const response = textAt(answer?.payload, 'exiResponse');
      if (answer === undefined || !response) return;
      const facts = exiFactsOf(response, textAt(asked?.payload, 'iso15118SchemaVersion'));
      if (typeof facts !== 'object' || facts.responseCode?.startsWith('FAILED') !== true) return;
      c.report({
        text: `The car is answered ${facts.responseCode}`,
        object: facts.session,
        pointer: answer.pointer('/exiResponse'),
      });
    },
  },
  {
    id: 'pnc.exi.unreadable',
    axis: 'conformance',
    severity: 'error',
    fault: 'sender',
    title: 'EXI of the car, and for it, can be read',
    clause: 'ISO 15118-2 CertificateInstallation and CertificateUpdate; check 6',
    causes: ['The message is cut, or base64 of base64', 'The EXI was made with another schema'],
    next: ['Read the message with an EXI tool and the schema of iso15118SchemaVersion'],
    peer: 'rejects',
    on: [
      'Get15118EVCertificate.request',
      'Get15118EVCertificate.response',
      'DataTransfer.request',
      'DataTransfer.response',
    ],
    check: (c) => {
      const message = pncNamed(c, 'Get15118EVCertificate');
      const asked = c.o.request === null ? message : pncMessageOf(c.o.request);
      const name = c.o.kind === 'request' ? 'exiRequest' : 'exiResponse';
      const exi = textAt(message?.payload, name);
      if (message === undefined || !exi) return;
      const facts = exiFactsOf(exi, textAt(asked?.payload, 'iso15118SchemaVersion'));
      if (typeof facts !== 'string') return;
      c.report({
        text: `${name} cannot be read: ${facts}`,
        object: `${name} ${facts}`,
        pointer: message.pointer(`/${name}`),
      });
    },
  },
]);

function pairOf(
  c: RuleContext,
  name: string,
): { readonly asked: PncMessage | undefined; readonly answer: PncMessage | undefined } {
  const answer = pncNamed(c, name);
  return { answer, asked: answer === undefined || c.o.request === null ? undefined : pncMessageOf(c.o.request) };
}

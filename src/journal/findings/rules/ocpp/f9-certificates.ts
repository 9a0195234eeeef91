import { MINUTE_MS, SECOND_MS } from '../../../../core/time.ts';
import { readSigningRequest, type SigningRequest } from '../../../../protocols/iso15118/pki/csr.ts';
import { nameValue } from '../../../../protocols/iso15118/pki/names.ts';
import { shownProfile } from '../../model/connections.ts';
import { certificateKind, isSameCertificate } from '../../model/security-facts.ts';
import { numberAt, textAt, valueAt } from '../../payload-reader.ts';
import { ALL, family, type Rule, type RuleContext, V2X, V21 } from '../../rule.ts';

const RSA_PSS = '1.2.840.113549.1.1.10';
const STATION = 'ChargingStationCertificate';

/** Certificates of stations: asking for them, getting them, deleting them (whitepaper and 2.x A02, M04). */
export const f9Certificates: readonly Rule[] = family({ versions: ALL, axis: 'security' }, [
  {
    id: 'OCPP-SE-001',
    severity: 'error',
    fault: 'station',
    title: 'A certificate request is a signed PKCS#10 of a strong key for the right organisation',
    clause: 'A02.FR.03, A02.FR.13, A00.FR.502',
    causes: ['The request is built by hand', 'CpoName or OrganizationName is not configured in the station'],
    next: ['Read the request with openssl req -text -verify'],
    peer: 'rejects',
    on: ['SignCertificate.request'],
    check(c) {
      const text = textAt(c.o.payload, 'csr');
      if (text === undefined) return;
      const problem = requestProblem(c, text);
      if (problem !== undefined)
        c.report({ text: `The certificate request ${problem}`, object: problem, pointer: '/csr' });
    },
  },
  {
    id: 'OCPP-SE-002',
    versions: V2X,
    severity: 'warning',
    fault: 'station',
    title: 'A certificate is asked for again with growing waits, and not for ever',
    clause: 'A02.FR.17, A02.FR.18, A02.FR.19, A02.FR.20',
    causes: ['The waiting time is not doubled', 'The station asks again after a certificate that it refused'],
    next: ['Read CertSigningWaitMinimum and CertSigningRepeatTimes', 'Look at the last CertificateSigned'],
    peer: 'tolerates',
    on: ['SignCertificate.request'],
    check(c) {
      const kind = certificateKind(c.o.payload);
      const signing = c.station.management.security.signing(kind);
      if (signing === undefined || c.station.triggers.cause('SignCertificate', c.o.time) !== undefined) return;
      if (signing.end !== undefined) {
        if (signing.end.accepted) return;
        return c.report({
          text: `The station refused the last ${kind}, and asks for another one that nobody triggered`,
          object: `refused ${kind}`,
          evidence: [{ seq: signing.end.seq, label: 'CertificateSigned refused' }],
        });
      }
      if (!signing.taken) return;
      const { configuration } = c.station;
      const waitS = configuration.number('SecurityCtrlr.CertSigningWaitMinimum');
      const times = configuration.number('SecurityCtrlr.CertSigningRepeatTimes');
      const afterMs = c.o.time - signing.sentAt;
      const dueMs = (waitS ?? 0) * SECOND_MS * 2 ** signing.repeats;
      if (times !== undefined && signing.repeats >= times)
        return c.report({
          text: `The station asks for a ${kind} again, after ${signing.repeats} repetitions; CertSigningRepeatTimes is ${times}`,
          object: `often ${kind}`,
          evidence: [{ seq: signing.seq, label: 'asked before' }],
        });
      if (waitS !== undefined && afterMs < dueMs - c.toleranceMs)
        return c.report({
          text: `The station asks for a ${kind} again after ${Math.round(afterMs / SECOND_MS)} s, and should wait ${dueMs / SECOND_MS} s`,
          object: `early ${kind}`,
          evidence: [{ seq: signing.seq, label: 'asked before' }],
        });
      if (waitS === undefined || times === undefined) c.notEvaluable();
    },
  },
  {
    id: 'OCPP-SE-003',
    severity: 'error',
    fault: 'station',
    title: 'A certificate that is refused is told as a security event',
    clause: 'A02.FR.07',
    causes: ['Security events are not implemented for certificates'],
    next: ['Look into the security log of the station (GetLog)'],
    peer: 'tolerates',
    on: ['CertificateSigned.response'],
    check(c) {
      if (textAt(c.o.payload, 'status') !== 'Rejected' || isForOtherRequest(c)) return;
      const { security } = c.station.management;
      const type = c.link.version === '1.6' ? 'InvalidChargePointCertificate' : 'InvalidChargingStationCertificate';
      const sentAt = security.eventAt(type);
      if (sentAt !== undefined && c.o.time - sentAt <= MINUTE_MS) return;
      c.expect({
        withinMs: MINUTE_MS,
        by: (o) =>
          o.action === 'SecurityEventNotification' && o.kind === 'request' && textAt(o.payload, 'type') === type,
        otherwise: () => ({
          text: `The station refused a certificate, and the security event ${type} did not come within 60 s`,
          expected: type,
        }),
      });
    },
  },
  {
    id: 'OCPP-SE-004',
    versions: V2X,
    severity: 'warning',
    fault: 'station',
    title: 'A station uses its new certificate at once',
    clause: '2.0.1 errata A02.FR.08',
    causes: ['The new certificate is only used after a reboot'],
    next: ['Reset the station', 'Look at which certificate it shows'],
    peer: 'tolerates',
    on: ['CertificateSigned.response'],
    check(c) {
      if (textAt(c.o.payload, 'status') !== 'Accepted' || certificateKind(c.o.request?.payload) !== STATION) return;
      // Only security profile 3 shows it to the CSMS.
      const profile = shownProfile(c.link) ?? c.station.configuration.number('SecurityCtrlr.SecurityProfile');
      if (profile === undefined) return c.notEvaluable();
      if (profile < 3) return;
      c.expect({
        withinMs: 2 * MINUTE_MS,
        by: (o) => o.kind === 'event' && o.action === 'closed',
        otherwise: () => ({
          text: 'The station took a new certificate, and 120 s later has not connected again with it',
        }),
      });
    },
  },
  {
    id: 'OCPP-SE-007',
    severity: 'error',
    fault: 'station',
    title: 'The own certificate and the root in use are not deleted',
    clause: 'M04.FR.05, M04.FR.06',
    causes: ['The store does not know which certificates are in use'],
    next: ['Read what is left with GetInstalledCertificateIds, before the connection is lost'],
    peer: 'tolerates',
    on: ['DeleteCertificate.response'],
    check(c) {
      if (textAt(c.o.payload, 'status') !== 'Accepted') return;
      const wanted = valueAt(c.o.request?.payload, 'certificateHashData');
      const { stationCertificate, csmsRoots } = c.station.management.security;
      const serial = textAt(wanted, 'serialNumber') ?? '';
      if (stationCertificate !== undefined && isSameCertificate(stationCertificate, wanted))
        return c.report({
          text: `The station deleted its own certificate ${serial}`,
          object: serial,
          expected: 'Failed',
          actual: 'Accepted',
        });
      const usesTls = c.link.description.facts?.['tls'] !== undefined;
      const [root] = csmsRoots ?? [];
      if (usesTls && csmsRoots?.length === 1 && isSameCertificate(root, wanted))
        return c.report({
          text: `The station deleted ${serial}, the only root that it can trust this CSMS by`,
          object: serial,
          expected: 'Failed',
          actual: 'Accepted',
        });
      if (stationCertificate === undefined && (csmsRoots === undefined || !usesTls)) c.notEvaluable();
    },
  },
  {
    id: 'OCPP-SE-009',
    severity: 'error',
    fault: 'csms',
    title: 'A certificate chain is not longer than the station takes',
    clause: 'A02.FR.16',
    causes: ['The limit of the station is not read', 'The root is sent with the chain'],
    next: ['Leave the root out', 'Read the limit of the station'],
    peer: 'rejects',
    on: ['CertificateSigned.request'],
    check(c) {
      const key = c.link.version === '1.6' ? 'CertificateSignedMaxChainSize' : 'SecurityCtrlr.MaxCertificateChainSize';
      const limit = c.station.configuration.number(key);
      const size = textAt(c.o.payload, 'certificateChain')?.length;
      if (limit === undefined || size === undefined) return c.notEvaluable();
      if (size <= limit) return;
      c.report({
        text: `A certificate chain has ${size} characters, and ${key} is ${limit}`,
        pointer: '/certificateChain',
        expected: limit,
        actual: size,
      });
    },
  },
  {
    id: 'OCPP21-CERT-001',
    versions: V21,
    severity: 'error',
    fault: 'csms',
    axis: 'conformance',
    title: 'A certificate bears the number of its request',
    clause: 'A02.FR.25, A02.FR.26',
    causes: ['The CSMS does not keep requestId', 'The certificate is for a request of another station'],
    next: ['Compare requestId with the SignCertificate before'],
    peer: 'rejects',
    on: ['CertificateSigned.request', 'CertificateSigned.response'],
    check(c) {
      const request = c.o.kind === 'request' ? c.o.payload : c.o.request?.payload;
      const { security } = c.station.management;
      const signing = security.signing(certificateKind(request));
      const named = numberAt(request, 'requestId');
      const pointer = '/requestId';
      if (named === undefined) {
        if (c.o.kind !== 'request' || signing?.requestId === undefined) return;
        const evidence = [{ seq: signing.seq, pointer, label: 'SignCertificate' }];
        const text = `CertificateSigned lacks requestId ${signing.requestId} of the request`;
        return c.report({ text, object: signing.requestId, pointer, evidence, expected: signing.requestId });
      }
      if (security.hasAsked(named)) return;
      if (c.station.truncated) return c.notEvaluable();
      if (c.o.kind === 'request') {
        const text = `CertificateSigned names the request ${named}, which the station has not made`;
        c.report({ text, object: named, pointer, actual: named });
      } else if (textAt(c.o.payload, 'status') === 'Accepted') {
        const text = `The station took a certificate for request ${named}, which it has not made`;
        c.report({ text, object: `accepted ${named}`, fault: 'station', expected: 'Rejected', actual: 'Accepted' });
      }
    },
  },
]);

/** What is wrong with a certificate request, in words; undefined when nothing is. */
function requestProblem(c: RuleContext, text: string): string | undefined {
  if (!/-----BEGIN (NEW )?CERTIFICATE REQUEST-----/.test(text)) return 'is not PEM';
  let request: SigningRequest;
  try {
    request = readSigningRequest(text);
  } catch {
    return 'is not a PKCS#10 certificate request';
  }
  const key = request.publicKey;
  if (!request.isSignatureValid && request.signatureAlgorithm !== RSA_PSS) return 'is not signed by its own key';
  const bits = key?.asymmetricKeyDetails?.modulusLength;
  if (bits !== undefined && bits < 2048) return `has an RSA key of ${bits} bits, and 2048 are the least`;
  const curveBits = Number(/\d{3}/.exec(key?.asymmetricKeyDetails?.namedCurve ?? '')?.[0] ?? Number.NaN);
  if (curveBits < 224) return `has an EC key of ${curveBits} bits, and 224 are the least`;
  // The organisation of a V2G certificate is that of the contract, not of this key.
  if (certificateKind(c.o.payload) !== STATION) return undefined;
  const { configuration } = c.station;
  const name = c.link.version === '1.6' ? 'CpoName' : 'SecurityCtrlr.OrganizationName';
  const wanted = configuration.text(name);
  const organisation = nameValue(request.subject, 'O');
  if (wanted === undefined || wanted === '') {
    c.notEvaluable();
    return undefined;
  }
  return organisation === wanted
    ? undefined
    : `is for the organisation ${organisation ?? '(none)'}, and ${name} is ${wanted}`;
}

/** 2.1: a certificate for a request that the station has not made is refused without an event (A02.FR.26). */
function isForOtherRequest(c: RuleContext): boolean {
  const named = numberAt(c.o.request?.payload, 'requestId');
  return named !== undefined && !c.station.management.security.hasAsked(named);
}

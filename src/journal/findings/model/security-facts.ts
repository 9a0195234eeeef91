import { parseCertificateChainPem } from '../../../protocols/iso15118/pki/certificate.ts';
import {
  type CertificateHashData,
  hashDataOfChain,
  isSameHashData,
} from '../../../protocols/iso15118/pki/hash-data.ts';
import type { Observation } from '../observation.ts';
import { listAt, numberAt, textAt, valueAt } from '../payload-reader.ts';
import { contentOf } from '../text-content.ts';

/** A certificate that a station asks for until it has it (2.x A02). */
export interface Signing {
  /** Sent again so often after the first time. */
  readonly repeats: number;
  readonly sentAt: number;
  readonly seq: number;
  /** 2.1: its number, which CertificateSigned bears too. */
  readonly requestId: number | undefined;
  /** The CSMS has taken the request. */
  taken: boolean;
  /** How it ended: a certificate came and was taken or not. */
  end: { readonly accepted: boolean; readonly seq: number } | undefined;
}

const EVENTS = 40;
const DELIVERED = 32;
const REFUSED = 16;
const REQUEST_IDS = 200;

/** What the traffic shows of a station's security events, certificate requests and certificates. */
export class SecurityFacts {
  /** Type of event -> when it was last sent. */
  readonly #events = new Map<string, number>();
  /** Events that the CSMS has answered: what they said -> the message. */
  readonly #delivered = new Map<number, Observation>();
  /** Kind of certificate -> the request. */
  readonly #signing = new Map<string, Signing>();
  readonly #requestIds = new Map<number, number>();
  /** Messages of the whitepaper that the CSMS refused as unknown: what they said -> how often. */
  readonly #refusals = new Map<string, number>();
  /** The station's certificate, when the CSMS gave it with its issuer and the station took it. */
  stationCertificate: CertificateHashData | undefined;
  /** The roots for the CSMS that the station told of, when it told of them. */
  csmsRoots: readonly unknown[] | undefined;

  get hasSentEvents(): boolean {
    return this.#events.size > 0;
  }

  eventAt(type: string): number | undefined {
    return this.#events.get(type);
  }

  /** The answered notification that said the same. */
  delivered(o: Observation): Observation | undefined {
    return this.#delivered.get(eventKey(o));
  }

  signing(kind: string): Signing | undefined {
    return this.#signing.get(kind);
  }

  /** 2.1: the station has sent a SignCertificate under this number. */
  hasAsked(requestId: number): boolean {
    return this.#requestIds.has(requestId);
  }

  /** How often the CSMS refused this very message as one that it does not know. */
  refusals(o: Observation): number {
    return this.#refusals.get(refusalKey(o)) ?? 0;
  }

  update(o: Observation): void {
    if (o.kind === 'error' && o.request?.fromStation === true && /^Not(Implemented|Supported)$/.test(o.code))
      count(this.#refusals, refusalKey(o.request), this.refusals(o.request) + 1, REFUSED);
    switch (o.action) {
      case 'SecurityEventNotification':
        if (o.kind === 'request') count(this.#events, textAt(o.payload, 'type') ?? '', o.time, EVENTS);
        else if (o.kind === 'response' && o.request !== null)
          count(this.#delivered, eventKey(o.request), o.request, DELIVERED);
        return;
      case 'SignCertificate':
        return this.#signRequest(o);
      case 'CertificateSigned':
        if (o.kind === 'response') this.#signed(o);
        return;
      case 'GetInstalledCertificateIds':
        if (o.kind === 'response') this.#installed(o);
        return;
      case 'InstallCertificate':
        // What is installed has changed: the station must tell again.
        if (o.kind === 'response') this.csmsRoots = undefined;
    }
  }

  #signRequest(o: Observation): void {
    if (o.kind === 'request') {
      const kind = certificateKind(o.payload);
      const requestId = numberAt(o.payload, 'requestId');
      if (requestId !== undefined) count(this.#requestIds, requestId, o.seq, REQUEST_IDS);
      const before = this.#signing.get(kind);
      const isRepeat = before !== undefined && before.end === undefined && before.taken && !isTriggered(o);
      const repeats = isRepeat ? before.repeats + 1 : 0;
      count(this.#signing, kind, { repeats, sentAt: o.time, seq: o.seq, requestId, taken: false, end: undefined }, 4);
    } else if (o.request !== null) {
      const signing = this.#signing.get(certificateKind(o.request.payload));
      if (signing?.seq === o.request.seq) signing.taken = textAt(o.payload, 'status') === 'Accepted';
    }
  }

  #signed(o: Observation): void {
    const request = o.request?.payload;
    const kind = certificateKind(request);
    const accepted = textAt(o.payload, 'status') === 'Accepted';
    const signing = this.#signing.get(kind);
    if (signing !== undefined) signing.end = { accepted, seq: o.seq };
    if (accepted && kind === STATION_KIND) this.stationCertificate = leafOf(textAt(request, 'certificateChain') ?? '');
  }

  #installed(o: Observation): void {
    const asked = valueAt(o.request?.payload, 'certificateType');
    if (textAt(o.payload, 'status') !== 'Accepted') return;
    // 1.6 asks for one type and gets bare hash data; 2.x may ask for all and gets the type with each.
    if (o.link.version === '1.6') {
      if (asked === 'CentralSystemRootCertificate') this.csmsRoots = listAt(o.payload, 'certificateHashData');
      return;
    }
    if (Array.isArray(asked) && asked.length > 0 && !asked.includes('CSMSRootCertificate')) return;
    this.csmsRoots = listAt(o.payload, 'certificateHashDataChain')
      .filter((each) => textAt(each, 'certificateType') === 'CSMSRootCertificate')
      .map((each) => valueAt(each, 'certificateHashData'));
  }
}

const STATION_KIND = 'ChargingStationCertificate';

/** The kind of certificate of SignCertificate and CertificateSigned; without a word it is the station's own. */
export function certificateKind(payload: unknown): string {
  return textAt(payload, 'certificateType') ?? STATION_KIND;
}

/** True for hash data of the wire that name the same certificate. */
export function isSameCertificate(a: unknown, b: unknown): boolean {
  return isSameHashData(hashDataFrom(a), hashDataFrom(b));
}

function hashDataFrom(value: unknown): CertificateHashData {
  const algorithm = textAt(value, 'hashAlgorithm');
  return {
    hashAlgorithm: algorithm === 'SHA384' || algorithm === 'SHA512' ? algorithm : 'SHA256',
    issuerNameHash: textAt(value, 'issuerNameHash') ?? '',
    issuerKeyHash: textAt(value, 'issuerKeyHash') ?? '',
    serialNumber: textAt(value, 'serialNumber') ?? '',
  };
}

function leafOf(chain: string): CertificateHashData | undefined {
  try {
    const certificates = parseCertificateChainPem(chain);
    return certificates.length < 2 ? undefined : hashDataOfChain(certificates, undefined)[0];
  } catch {
    return undefined;
  }
}

function isTriggered(o: Observation): boolean {
  return o.link.model.triggers.cause('SignCertificate', o.time) !== undefined;
}

function eventKey({ payload }: Observation): number {
  const of = (name: string): string => textAt(payload, name) ?? '';
  return contentOf(`${of('timestamp')} ${of('type')} ${of('techInfo')}`);
}

function refusalKey({ action, content }: Observation): string {
  return `${action} ${content}`;
}

function count<K, T>(map: Map<K, T>, key: K, value: T, limit: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= limit) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}

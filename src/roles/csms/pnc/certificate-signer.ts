import { messageOf } from '../../../core/errors.ts';
import type { PoolClient } from '../../../link/pool-client.ts';
import type { Log } from '../../../platform/logging/log.ts';
import {
  type Certificate,
  isSelfIssued,
  lintSigningRequest,
  nameValue,
  orderChain,
  parseCertificate,
  readSigningRequest,
  type SigningRequest,
  toPemChain,
} from '../../../protocols/iso15118/index.ts';
import { PNC_VENDOR } from '../../../protocols/ocpp/pnc-transfer.ts';
import { isV2, type OcppVersion } from '../../../protocols/ocpp/versions.ts';
import { POOL } from '../../../protocols/opcp/index.ts';
import type { Csms } from '../csms.ts';
import type { StationItem } from '../state/station-items.ts';
import type { PncSection } from './section.ts';

export interface CertificateSignerOptions {
  readonly csms: Csms;
  readonly client: PoolClient;
  readonly log: Log;
  readonly sign: PncSection['sign'];
  readonly registerStations: boolean;
}

const MAX_CHAIN_CHARS = 10_000;

/** A chain for a station, or why there is none. */
export type SignedChain =
  | { readonly ok: true; readonly pem: string }
  | { readonly ok: false; readonly problem: string };

/** Takes signing requests of stations to the enrolment service and brings back what it issued. */
export class CertificateSigner {
  readonly #options: CertificateSignerOptions;
  readonly #stopListening: () => void;

  constructor(options: CertificateSignerOptions) {
    this.#options = options;
    this.#stopListening = options.csms.onChange((change) => {
      if (change.what !== 'item' || change.kind !== 'certificates' || !change.id.startsWith('request-')) return;
      const item = options.csms.state.items.get(change.station, 'certificates', change.id);
      if (item?.status === 'Requested') this.#requested(item);
    });
  }

  stop(): void {
    this.#stopListening();
  }

  #requested(item: StationItem): void {
    const { sign, log } = this.#options;
    const { station } = item;
    const type = String(item.value['certificateType']);
    if (sign === 'none' || (sign === 'v2g' && type !== 'V2GCertificate')) return;
    this.enrol(String(item.value['csr']), station).then(
      (chain) => {
        if (chain.ok) this.#deliver(item, chain.pem);
        else log.warn({ station, type }, `no certificate for ${station}: ${chain.problem}`);
      },
      (thrown: unknown) => log.error({ err: thrown, station }, `a request of ${station} could not be enrolled`),
    );
  }

  /** Enrols a request: leaf, sub-CAs in order, without root, as `certificateChain` has them. */
  async enrol(csr: string, station?: string): Promise<SignedChain> {
    let request: SigningRequest;
    try {
      request = readSigningRequest(csr);
    } catch (cause) {
      return { ok: false, problem: messageOf(cause) };
    }
    const iso20 = request.keyKind === 'secp521r1';
    const problems = lintSigningRequest(request, iso20 ? 'secp521r1' : 'secp256r1');
    if (problems.length > 0) return { ok: false, problem: problems.join(' ') };
    const { client, registerStations } = this.#options;
    const commonName = nameValue(request.subject, 'CN') ?? '';
    if (registerStations) {
      const registered = await client.call(POOL.registerEndEntity, {
        body: {
          commonName,
          evseISOversion: iso20 ? '15118-20' : '15118-2',
          ...(station === undefined ? {} : { deviceName: station }),
        },
      });
      if (!registered.ok) return { ok: false, problem: registered.messages.join(' ') };
    }
    // The path without edition is the live one for -2.
    const params = iso20 ? { ca: 'cpo', iso: 'ISO15118-20' } : { ca: 'cpo' };
    const path = iso20 ? '/.well-known/{ca}/simpleenroll/{iso}' : '/.well-known/{ca}/simpleenroll';
    const enrolled = await client.call(POOL.simpleEnroll, { params, path, body: request.der });
    if (!enrolled.ok) return { ok: false, problem: enrolled.messages.join(' ') || `HTTP ${enrolled.status}` };
    const cas = await client.call(POOL.caCerts, {
      params,
      path: iso20 ? '/.well-known/{ca}/cacerts/{iso}' : '/.well-known/{ca}/cacerts',
    });
    if (!cas.ok) return { ok: false, problem: cas.messages.join(' ') || `HTTP ${cas.status}` };
    return assembled(request, enrolled.value, cas.value);
  }

  /** How long a chain the station says that it takes; 1.6 in its configuration, 2.x in its device model. */
  #maxChars(station: string, version: OcppVersion): number {
    const id = isV2(version) ? 'securityctrlr.maxcertificatechainsize' : 'certificatesignedmaxchainsize';
    const said = Number(this.#options.csms.state.items.get(station, 'variables', id)?.value['value']);
    return Number.isInteger(said) && said > 0 ? said : MAX_CHAIN_CHARS;
  }

  #deliver({ station, value }: StationItem, certificateChain: string): void {
    const { csms, log } = this.#options;
    const session = csms.sessions.get(station);
    if (session === undefined) {
      log.warn({ station }, `${station} is gone: it asks again for its certificate`);
      return;
    }
    const type = String(value['certificateType']);
    const limit = this.#maxChars(station, session.version);
    if (certificateChain.length > limit) {
      const chars = certificateChain.length;
      log.warn({ station, type, chars }, `${station} takes chains of ${limit} characters; its own has ${chars}`);
      return;
    }
    const [action, payload] = certificateSigned(session.version, type, certificateChain, value['requestId']);
    csms.command(station, action, payload, { origin: 'system' }, (outcome) => {
      const status =
        outcome.kind === 'result' ? (outcome.message.payload as { status?: unknown }).status : outcome.kind;
      if (status !== 'Accepted')
        log.warn({ station, type, status }, `${station} did not take its certificate: ${status}`);
    });
  }
}

/** How CertificateSigned goes to a station of a version: 1.6 wraps those of ISO 15118 into DataTransfer. */
export function certificateSigned(
  version: OcppVersion,
  certificateType: string,
  certificateChain: string,
  requestId: unknown,
): readonly [action: string, payload: object] {
  if (isV2(version)) {
    const more = version === '2.1' && typeof requestId === 'number' ? { requestId } : {};
    return ['CertificateSigned', { certificateChain, certificateType, ...more }];
  }
  if (certificateType !== 'V2GCertificate') return ['CertificateSigned', { certificateChain }];
  const data = JSON.stringify({ certificateChain });
  return ['DataTransfer', { vendorId: PNC_VENDOR, messageId: 'CertificateSigned', data }];
}

function assembled(request: SigningRequest, leaves: readonly Uint8Array[], cas: readonly Uint8Array[]): SignedChain {
  let leaf: Certificate | undefined;
  let bundle: readonly Certificate[];
  try {
    // An answer may carry the chain too: the leaf is the one with the requester's key.
    bundle = [...leaves, ...cas].map(parseCertificate);
    leaf = bundle.find((each) => Buffer.compare(each.publicKeyBits, request.publicKeyBits) === 0);
  } catch (cause) {
    return { ok: false, problem: messageOf(cause) };
  }
  if (leaf === undefined)
    return { ok: false, problem: 'The enrolment service answered without a certificate for the key.' };
  const chain = orderChain(leaf, bundle).filter((each) => !isSelfIssued(each));
  const pem = toPemChain(chain.map(({ der }) => der));
  if (pem.length > MAX_CHAIN_CHARS) {
    return {
      ok: false,
      problem: `The chain has ${pem.length} characters; CertificateSigned takes ${MAX_CHAIN_CHARS}.`,
    };
  }
  return { ok: true, pem };
}

import { parseJson } from '../../../../core/json.ts';
import type { RequestOf, ResponseOf } from '../../../../protocols/ocpp/messages.ts';
import { PNC_VENDOR, pncFromCsms } from '../../../../protocols/ocpp/pnc-transfer.ts';
import { chainHashes, standsUnderRoots } from '../../security/contract-proof.ts';
import type { AuthorizationQuestion } from '../../state/core.ts';
import { authorizationAnswered } from '../../state/driver.ts';
import { rootPems } from '../vehicle-relay.ts';
import { securityEvent } from './security.ts';
import type { Side16 } from './side.ts';
import { tokenInfo16 } from './tokens.ts';

/**
 * ISO 15118 Plug & Charge in DataTransfer, the station's side (application note of the Open Charge Alliance). These
 * certificates are a world of their own: those of the security whitepaper never go this way.
 */
const V2G_CERTIFICATE = 'V2GCertificate';
const V2G_ROOT = ['V2GRootCertificate'];
const WRAPPED_ROOTS = ['V2GRootCertificate', 'MORootCertificate'];

const read = pncFromCsms();

type Transfer = RequestOf<'1.6', 'DataTransfer'>;
type Note =
  | { readonly pnc: 'Authorize'; readonly question: AuthorizationQuestion }
  | { readonly pnc: 'Get15118EVCertificate'; readonly evseId: number }
  | { readonly pnc: 'GetCertificateStatus'; readonly serialNumber: string }
  | { readonly pnc: 'SignCertificate' };

/** Sends an inner message; the answer comes back with the note. */
export function sendWrapped(side: Side16, inner: object, note: Note): void {
  side.send('DataTransfer', { vendorId: PNC_VENDOR, messageId: note.pnc, data: JSON.stringify(inner) }, 'normal', {
    ...note,
  });
}

/** Asks for a certificate of the SECC, with a fresh key. False without a crypto part. */
export function requestV2gCertificate(side: Side16, attempt = 0): boolean {
  const organization = side.configuration.text('CpoName') || side.template.vendor;
  const csr = side.vault.signingRequest(side.host.serialNumber, organization, 'CPO');
  if (csr === undefined) return false;
  side.v2gSigning = attempt;
  sendWrapped(side, { csr }, { pnc: 'SignCertificate' });
  return true;
}

export const SIGNING_TIMER = 'v2g-certificate';

/** Taken, not signed yet: CertificateSigned is waited for with growing patience. Anything else waits for a trigger. */
function signingAnswered(side: Side16, status: unknown): void {
  const attempt = side.v2gSigning;
  const waitS = side.configuration.int('CertSigningWaitMinimum');
  if (attempt === undefined || status !== 'Accepted') return signingOver(side);
  if (waitS === 0 || attempt >= side.configuration.int('CertSigningRepeatTimes')) return;
  side.host.timer(SIGNING_TIMER, side.host.now() + waitS * 2 ** attempt * 1_000);
}

export function signingTimer(side: Side16): void {
  if (side.v2gSigning !== undefined) requestV2gCertificate(side, side.v2gSigning + 1);
}

function signingOver(side: Side16): void {
  side.v2gSigning = undefined;
  side.host.timer(SIGNING_TIMER, undefined);
}

/**
 * Asks for the OCSP answers that the SECC staples for its leaf and sub-CAs, after it got the chain and once a week
 * (application note; 2.0.1 M06.FR.06, FR.10).
 */
export function askCertificateStatus(side: Side16): void {
  for (const ocspRequestData of side.relay.ocsp.questions(side.vault, V2G_CERTIFICATE, side.host)) {
    sendWrapped(side, { ocspRequestData }, { pnc: 'GetCertificateStatus', serialNumber: ocspRequestData.serialNumber });
  }
}

/** A wrapped command of the CSMS. */
export function wrappedCommand(side: Side16, { messageId, data }: Transfer): ResponseOf<'1.6', 'DataTransfer'> {
  const reading = read(messageId, data);
  if (reading.name === undefined) return { status: reading.status };
  const answer = (inner: object): ResponseOf<'1.6', 'DataTransfer'> => ({
    status: 'Accepted',
    data: JSON.stringify(inner),
  });
  const nowMs = side.host.now();
  switch (reading.name) {
    case 'CertificateSigned': {
      const { certificateChain } = reading.message;
      signingOver(side);
      const fits =
        certificateChain.length <= side.configuration.int('CertificateSignedMaxChainSize') &&
        standsUnderRoots(certificateChain, rootPems(side.vault, V2G_ROOT), nowMs);
      const status = fits
        ? side.vault.signed(V2G_CERTIFICATE, certificateChain, nowMs, (type) => V2G_ROOT.includes(type))
        : 'Rejected';
      if (status === 'Accepted') side.host.touched('extras');
      side.host.afterAnswer(() => {
        if (status === 'Accepted') askCertificateStatus(side);
        else securityEvent(side, 'InvalidChargePointCertificate');
      });
      return answer({ status });
    }
    case 'InstallCertificate': {
      const status = side.vault.install(reading.message.certificateType, reading.message.certificate, nowMs);
      if (status === 'Accepted') side.host.touched('extras');
      return answer({ status });
    }
    case 'DeleteCertificate': {
      const isForeign = (type: string): boolean => !WRAPPED_ROOTS.includes(type);
      const status = side.vault.remove(reading.message.certificateHashData, ({ type }) => isForeign(type));
      if (status === 'Accepted') side.host.touched('extras');
      return answer({ status });
    }
    case 'GetInstalledCertificateIds':
      return answer(installed(side, reading.message.certificateType));
    case 'TriggerMessage': {
      const { requestedMessage } = reading.message;
      if (requestedMessage !== undefined && requestedMessage !== 'SignV2GCertificate') {
        return answer({ status: 'NotImplemented' });
      }
      side.host.afterAnswer(() => requestV2gCertificate(side));
      return answer({ status: 'Accepted' });
    }
  }
}

function installed(side: Side16, types: readonly string[] | undefined): object {
  const wanted = (type: string): boolean => types === undefined || types.length === 0 || types.includes(type);
  const found = side.vault.all.flatMap(({ type, hash, pem }) => {
    if (WRAPPED_ROOTS.includes(type) && wanted(type)) return [{ certificateType: type, certificateHashData: hash }];
    if (type !== V2G_CERTIFICATE || !wanted('V2GCertificateChain')) return [];
    const [leaf = hash, ...children] = chainHashes(pem, rootPems(side.vault, V2G_ROOT));
    return [
      {
        certificateType: 'V2GCertificateChain',
        certificateHashData: leaf,
        ...(children.length === 0 ? {} : { childCertificateHashData: children.slice(0, 4) }),
      },
    ];
  });
  return found.length === 0 ? { status: 'NotFound' } : { status: 'Accepted', certificateHashDataChain: found };
}

/** The CSMS answered an inner message, or not at all. Its transport status says whether it knows them. */
export function wrappedAnswered(
  side: Side16,
  payload: Readonly<Record<string, unknown>> | undefined,
  note: Readonly<Record<string, unknown>>,
): void {
  const { pnc } = note as Partial<Note>;
  if (pnc === undefined) return;
  const known = note as Note;
  const inner = payload?.['status'] === 'Accepted' ? innerOf(payload['data']) : undefined;
  if (payload !== undefined && inner === undefined) {
    side.host.happened('plug-and-charge-refused', { message: known.pnc, status: String(payload['status']) });
  }
  switch (known.pnc) {
    case 'Authorize':
      // A CSMS that does not know Plug & Charge has not accepted the contract.
      return authorizationAnswered(
        side.core,
        known.question,
        payload === undefined ? undefined : (tokenInfo16(inner?.['idTokenInfo']) ?? { status: 'Invalid' }),
      );
    case 'Get15118EVCertificate':
      return side.relay.answered(known.evseId, inner);
    case 'GetCertificateStatus':
      return side.relay.ocsp.answered(known.serialNumber, inner, side.host);
    case 'SignCertificate':
      return signingAnswered(side, inner?.['status']);
  }
}

function innerOf(data: unknown): Record<string, unknown> | undefined {
  try {
    const inner: unknown = typeof data === 'string' ? parseJson(data) : data;
    return typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

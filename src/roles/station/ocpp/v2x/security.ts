import type { v21 } from '../../../../protocols/ocpp/messages.ts';
import type { CertificateHash, StoredCertificate } from '../../security/certificate-vault.ts';
import { chainHashes, standsUnderRoots } from '../../security/contract-proof.ts';
import { rootPems } from '../vehicle-relay.ts';
import type { Side2x } from './side.ts';
import { type Answer, info, type Request } from './wire.ts';

/** Events that must reach the CSMS (2.0.1 appendix security events; A04.FR.02). */
const CRITICAL = new Set([
  'FirmwareUpdated',
  'SettingSystemTime',
  'StartupOfTheDevice',
  'ResetOrReboot',
  'SecurityLogWasCleared',
  'MemoryExhaustion',
  'TamperDetectionActivated',
  'InvalidFirmwareSignature',
  'InvalidFirmwareSigningCertificate',
  'InvalidCsmsCertificate',
  'InvalidChargingStationCertificate',
  'InvalidTLSVersion',
  'InvalidTLSCipherSuite',
  'MaintenanceLoginAccepted',
  'MaintenanceLoginFailed',
]);

export function securityEvent(side: Side2x, type: string, techInfo?: string): void {
  side.host.happened('security-event', { type });
  if (!CRITICAL.has(type)) return;
  side.send(
    'SecurityEventNotification',
    { type, timestamp: side.iso(), ...(techInfo === undefined ? {} : { techInfo: techInfo.slice(0, 255) }) },
    'security',
  );
}

const V2G_ROOT = ['V2GRootCertificate'];

type SigningType = 'ChargingStationCertificate' | 'V2GCertificate';

/** Asks for a certificate: a fresh key's request goes out (2.0.1 A02). False without a crypto part. */
export function requestCertificate(side: Side2x, type: SigningType, attempt = 0): boolean {
  const isV2g = type === 'V2GCertificate';
  const organization = side.model.text('SecurityCtrlr.OrganizationName') || (isV2g ? side.template.vendor : '');
  const csr = side.vault.signingRequest(side.host.serialNumber, organization, isV2g ? 'CPO' : undefined);
  if (csr === undefined) return false;
  // Only 2.1 names the request (A02.FR.25).
  const requestId = side.version === '2.1' ? side.nextEventId++ : undefined;
  side.signing = { type, requestId, attempt };
  side.send(
    'SignCertificate',
    { csr, certificateType: type, ...(requestId === undefined ? {} : { requestId }) },
    'triggered',
  );
  return true;
}

/** Taken, not signed yet: wait for CertificateSigned, and ask again with growing waits (A02.FR.17-19). */
export function signAnswered(side: Side2x, payload: Readonly<Record<string, unknown>>): void {
  const { signing } = side;
  if (signing === undefined || payload['status'] !== 'Accepted') return;
  if (signing.attempt >= side.model.int('SecurityCtrlr.CertSigningRepeatTimes')) return;
  const waitS = side.model.int('SecurityCtrlr.CertSigningWaitMinimum') * 2 ** signing.attempt;
  side.host.timer('certificate', side.host.now() + waitS * 1000);
}

export function certificateTimer(side: Side2x): void {
  const { signing } = side;
  if (signing !== undefined) requestCertificate(side, signing.type as SigningType, signing.attempt + 1);
}

export function certificateSigned(side: Side2x, request: Request<'CertificateSigned'>): Answer<'CertificateSigned'> {
  const type = request.certificateType ?? 'ChargingStationCertificate';
  if (side.version === '2.1' && request.requestId !== undefined && request.requestId !== side.signing?.requestId) {
    return { status: 'Rejected', ...info('NotFound', 'No request of that id') };
  }
  const nowMs = side.host.now();
  const isV2g = type === 'V2GCertificate';
  const fits =
    request.certificateChain.length <= side.model.int('SecurityCtrlr.MaxCertificateChainSize') &&
    (!isV2g || standsUnderRoots(request.certificateChain, rootPems(side.vault, V2G_ROOT), nowMs));
  const status = fits
    ? side.vault.signed(type, request.certificateChain, nowMs, isV2g ? (one) => V2G_ROOT.includes(one) : undefined)
    : 'Rejected';
  // Also after an invalid answer no further request is sent (A02.FR.20).
  side.signing = undefined;
  side.host.timer('certificate', undefined);
  if (status === 'Rejected') {
    side.host.afterAnswer(() => securityEvent(side, 'InvalidChargingStationCertificate'));
    return { status, ...info('InvalidCertificate') };
  }
  side.host.touched('extras');
  side.host.afterAnswer(() => {
    if (isV2g) askCertificateStatus(side);
    else if (side.securityProfile === 3) side.host.reconnect();
  });
  return { status };
}

/** Asks for the OCSP answers that the SECC staples, after CertificateSigned and once a week (M06.FR.06, FR.10). */
export function askCertificateStatus(side: Side2x): void {
  for (const ocspRequestData of side.relay.ocsp.questions(side.vault, 'V2GCertificate', side.host)) {
    side.send('GetCertificateStatus', { ocspRequestData }, 'normal', { serialNumber: ocspRequestData.serialNumber });
  }
}

export function installCertificate(
  side: Side2x,
  { certificateType, certificate }: Request<'InstallCertificate'>,
): Answer<'InstallCertificate'> {
  const status = side.vault.install(certificateType, certificate, side.host.now());
  if (status === 'Accepted') side.host.touched('extras');
  return status === 'Rejected' ? { status, ...info('InvalidCertificate') } : { status };
}

/** Never the station's own certificate (M04.FR.06), nor the last root in use. */
export function deleteCertificate(
  side: Side2x,
  { certificateHashData }: Request<'DeleteCertificate'>,
): Answer<'DeleteCertificate'> {
  const status = side.vault.remove(plain(certificateHashData), (stored) => isInUse(side, stored));
  if (status === 'Accepted') side.host.touched('extras');
  return { status };
}

function isInUse(side: Side2x, stored: StoredCertificate): boolean {
  if (stored.type === 'ChargingStationCertificate') return true;
  if (stored.type !== 'CSMSRootCertificate' || side.securityProfile < 2) return false;
  return side.vault.all.filter((one) => one.type === 'CSMSRootCertificate').length === 1;
}

export function getInstalledCertificateIds(
  side: Side2x,
  { certificateType }: Request<'GetInstalledCertificateIds'>,
): Answer<'GetInstalledCertificateIds'> {
  const found = side.vault.all.filter((one) => {
    if (one.type === 'ChargingStationCertificate') return false;
    return (
      certificateType === undefined ||
      certificateType.length === 0 ||
      certificateType.some((type) => type === wireType(one.type))
    );
  });
  if (found.length === 0) return { status: 'NotFound' };
  return {
    status: 'Accepted',
    certificateHashDataChain: found.map((one) => listed(side, one)),
  };
}

/** A V2G certificate is told with its sub-CAs (M03.FR.05). */
function listed(side: Side2x, one: StoredCertificate): v21.CertificateHashDataChainType {
  const certificateType = wireType(one.type);
  if (one.type !== 'V2GCertificate') return { certificateType, certificateHashData: one.hash };
  const [leaf = one.hash, ...children] = chainHashes(one.pem, rootPems(side.vault, V2G_ROOT));
  return {
    certificateType,
    certificateHashData: leaf,
    ...(children.length === 0 ? {} : { childCertificateHashData: children.slice(0, 4) }),
  };
}

/** A signed V2G certificate is listed as a chain. */
function wireType(type: string): v21.GetCertificateIdUseEnumType {
  return type === 'V2GCertificate' ? 'V2GCertificateChain' : (type as v21.GetCertificateIdUseEnumType);
}

function plain(data: v21.CertificateHashDataType): CertificateHash {
  const { customData: _, ...hash } = data;
  return hash;
}

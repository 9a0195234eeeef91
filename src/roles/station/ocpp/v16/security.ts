import { parseTime } from '../../../../core/time.ts';
import type { RequestOf, ResponseOf } from '../../../../protocols/ocpp/messages.ts';
import { isBadCertificate } from '../../security/bad-certificate.ts';
import { diagnosticsText } from '../log-content.ts';
import type { Side16 } from './side.ts';

export const CSMS_ROOT = 'CentralSystemRootCertificate';
export const STATION_CERTIFICATE = 'ChargePointCertificate';

/** Whitepaper events that must reach the CSMS, also after an offline time. */
const CRITICAL = new Set([
  'FirmwareUpdated',
  'SettingSystemTime',
  'StartupOfTheDevice',
  'ResetOrReboot',
  'SecurityLogWasCleared',
  'MemoryExhaustion',
  'TamperDetectionActivated',
  // Not critical in the whitepaper's list, but it says of each that the event follows (A02, L01), and nobody else could tell.
  'InvalidCentralSystemCertificate',
  'InvalidChargePointCertificate',
  'InvalidFirmwareSignature',
  'InvalidFirmwareSigningCertificate',
]);

export function securityEvent(side: Side16, type: string, techInfo?: string): void {
  side.host.happened('security-event', { type });
  if (!CRITICAL.has(type)) return;
  side.send(
    'SecurityEventNotification',
    { type, timestamp: side.iso(), ...(techInfo === undefined ? {} : { techInfo: techInfo.slice(0, 255) }) },
    'security',
  );
}

/** SecurityProfile only goes up, and only with what the new profile needs (whitepaper A05). */
export function raiseSecurityProfile(side: Side16, value: string): 'Accepted' | 'Rejected' {
  const wanted = Number(value);
  const present = side.configuration.int('SecurityProfile');
  if (!/^[0-3]$/.test(value) || wanted <= present) return 'Rejected';
  if (wanted < 3 && (side.configuration.text('AuthorizationKey') ?? '') === '') return 'Rejected';
  if (wanted >= 2 && !side.vault.has(CSMS_ROOT)) return 'Rejected';
  if (wanted === 3 && !side.vault.has(STATION_CERTIFICATE)) return 'Rejected';
  side.host.afterAnswer(() => {
    side.profileBefore = present;
    side.configuration.set('SecurityProfile', value);
    side.host.touched('configuration');
    side.host.reconnect();
  });
  return 'Accepted';
}

/** Connected and accepted with the raised profile: there is no way back any more (A00.FR.005). */
export function profileWorks(side: Side16): void {
  side.profileBefore = undefined;
}

/** Attempts with a raised profile before the old one is used again (whitepaper A05.FR.08 names no number). */
const ATTEMPTS_WITH_NEW_PROFILE = 3;

export function connectFailed(side: Side16, failures: number, why: string): void {
  if (failures === 1 && isBadCertificate(why)) securityEvent(side, 'InvalidCentralSystemCertificate', why);
  if (side.profileBefore === undefined || failures < ATTEMPTS_WITH_NEW_PROFILE) return;
  side.configuration.set('SecurityProfile', String(side.profileBefore));
  side.host.touched('configuration');
  side.host.happened('security-profile', { securityProfile: side.profileBefore, why: 'fall-back' });
  side.profileBefore = undefined;
}

export function installCertificate(
  side: Side16,
  { certificateType, certificate }: RequestOf<'1.6', 'InstallCertificate'>,
): ResponseOf<'1.6', 'InstallCertificate'> {
  const status = side.vault.install(certificateType, certificate, side.host.now());
  if (status === 'Accepted') side.host.touched('extras');
  return { status };
}

export function deleteCertificate(
  side: Side16,
  { certificateHashData }: RequestOf<'1.6', 'DeleteCertificate'>,
): ResponseOf<'1.6', 'DeleteCertificate'> {
  const roots = side.vault.all.filter((one) => one.type === CSMS_ROOT).length;
  const inTls = side.configuration.int('SecurityProfile') >= 2;
  const status = side.vault.remove(
    certificateHashData,
    (stored) => stored.type === STATION_CERTIFICATE || (stored.type === CSMS_ROOT && inTls && roots === 1),
  );
  if (status === 'Accepted') side.host.touched('extras');
  return { status };
}

export function getInstalledCertificateIds(
  side: Side16,
  { certificateType }: RequestOf<'1.6', 'GetInstalledCertificateIds'>,
): ResponseOf<'1.6', 'GetInstalledCertificateIds'> {
  const found = side.vault.all.filter((one) => one.type === certificateType).map((one) => one.hash);
  return found.length === 0 ? { status: 'NotFound' } : { status: 'Accepted', certificateHashData: found };
}

export function certificateSigned(
  side: Side16,
  { certificateChain }: RequestOf<'1.6', 'CertificateSigned'>,
): ResponseOf<'1.6', 'CertificateSigned'> {
  const status =
    certificateChain.length > side.configuration.int('CertificateSignedMaxChainSize')
      ? 'Rejected'
      : side.vault.signed(STATION_CERTIFICATE, certificateChain, side.host.now());
  if (status === 'Rejected') {
    side.host.afterAnswer(() => securityEvent(side, 'InvalidChargePointCertificate'));
    return { status };
  }
  side.host.touched('extras');
  // The new certificate is used at once (whitepaper A02.FR.08).
  if (side.configuration.int('SecurityProfile') === 3) side.host.afterAnswer(() => side.host.reconnect());
  return { status };
}

/** Starts a renewal: SignCertificate with a fresh key (whitepaper A02, A03). False without a crypto part. */
export function signCertificate(side: Side16): boolean {
  const csr = side.vault.signingRequest(side.host.serialNumber, side.configuration.text('CpoName') ?? '');
  if (csr === undefined) return false;
  side.send('SignCertificate', { csr }, 'triggered');
  return true;
}

export function getLog(side: Side16, request: RequestOf<'1.6', 'GetLog'>): ResponseOf<'1.6', 'GetLog'> {
  const filename = `${request.logType}-${request.requestId}.log`;
  const canceled = side.log.running;
  side.host.afterAnswer(() =>
    side.log.start({
      requestId: request.requestId,
      url: request.log.remoteLocation,
      fileName: filename,
      content: diagnosticsText(side.host, side.core),
      retries: request.retries ?? 0,
      retryIntervalS: request.retryInterval ?? 10,
    }),
  );
  return { status: canceled ? 'AcceptedCanceled' : 'Accepted', filename };
}

/** The certificate is checked before the answer (whitepaper L01.FR.23-25). */
export function signedUpdateFirmware(
  side: Side16,
  request: RequestOf<'1.6', 'SignedUpdateFirmware'>,
): ResponseOf<'1.6', 'SignedUpdateFirmware'> {
  const { firmware } = request;
  if (side.firmware.running && !side.firmware.cancellable) return { status: 'Rejected' };
  if (!side.vault.isFirmwareSigner(firmware.signingCertificate, side.host.now())) {
    side.host.afterAnswer(() => securityEvent(side, 'InvalidFirmwareSigningCertificate'));
    return { status: 'InvalidCertificate' };
  }
  if (!side.signedFirmwareUsed) {
    side.signedFirmwareUsed = true;
    side.host.touched('extras');
  }
  const canceled = side.firmware.running;
  const installAtMs = firmware.installDateTime === undefined ? undefined : parseTime(firmware.installDateTime);
  side.host.afterAnswer(() =>
    side.firmware.start({
      requestId: request.requestId,
      url: firmware.location,
      retrieveAtMs: parseTime(firmware.retrieveDateTime) ?? side.host.now(),
      installAtMs,
      retries: request.retries ?? 0,
      retryIntervalS: request.retryInterval ?? 10,
      signed: { certificate: firmware.signingCertificate, signature: firmware.signature },
    }),
  );
  return { status: canceled ? 'AcceptedCanceled' : 'Accepted' };
}

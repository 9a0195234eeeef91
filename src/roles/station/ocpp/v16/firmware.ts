import { parseTime } from '../../../../core/time.ts';
import { RpcRefusal } from '../../../../link/ocpp-link.ts';
import type { RequestOf, ResponseOf } from '../../../../protocols/ocpp/messages.ts';
import type { FirmwareHost, FirmwareOrder, FirmwareStatus } from '../../jobs/firmware-job.ts';
import type { LogHost, LogOrder, LogStatus } from '../../jobs/log-job.ts';
import type { Lane } from '../../outbox.ts';
import { diagnosticsText } from '../log-content.ts';
import { nextVersion } from '../next-version.ts';
import { securityEvent } from './security.ts';
import type { Side16 } from './side.ts';

type ClassicFirmware = RequestOf<'1.6', 'FirmwareStatusNotification'>['status'];

/** The classic procedure has fewer words (1.6 §4.5). */
const CLASSIC: Readonly<Partial<Record<FirmwareStatus, ClassicFirmware>>> = {
  Downloading: 'Downloading',
  Downloaded: 'Downloaded',
  DownloadFailed: 'DownloadFailed',
  Installing: 'Installing',
  Installed: 'Installed',
  InstallationFailed: 'InstallationFailed',
  InvalidSignature: 'DownloadFailed',
  Idle: 'Idle',
};

export function firmwareHost16(side: Side16): FirmwareHost {
  return {
    now: () => side.host.now(),
    timer: (name, atMs) => side.host.timer(name, atMs),
    transfer: (request) => side.host.transfer(request),
    get busy() {
      return side.core.evses.some((evse) => evse.transaction !== undefined);
    },
    firmwareStatus: (status, order) => tellFirmware(side, status, order, 'normal'),
    rebootForFirmware(version) {
      side.host.firmwareVersion = version;
      side.host.touched('extras');
      side.host.reboot('FirmwareUpdate', side.firmware.installMs);
    },
    nextVersion: (url) => nextVersion(url, side.host.firmwareVersion),
  };
}

export function tellFirmware(side: Side16, status: FirmwareStatus, order: FirmwareOrder | undefined, lane: Lane): void {
  side.host.happened('firmware', { status });
  if (order?.requestId !== undefined) {
    side.send(
      'SignedFirmwareStatusNotification',
      { status, ...(status === 'Idle' ? {} : { requestId: order.requestId }) },
      lane,
    );
    if (status === 'Installed') securityEvent(side, 'FirmwareUpdated', side.host.firmwareVersion);
    if (status === 'InvalidSignature') securityEvent(side, 'InvalidFirmwareSignature');
    return;
  }
  const word = CLASSIC[status];
  if (word !== undefined) side.send('FirmwareStatusNotification', { status: word }, lane);
}

export function updateFirmware(
  side: Side16,
  request: RequestOf<'1.6', 'UpdateFirmware'>,
): ResponseOf<'1.6', 'UpdateFirmware'> {
  // Whoever has the signed procedure does not go back to the one that checks nothing (whitepaper L01.FR.20).
  if (side.signedFirmwareUsed) throw new RpcRefusal('NotSupported', 'This station takes SignedUpdateFirmware only');
  side.host.afterAnswer(() =>
    side.firmware.start({
      requestId: undefined,
      url: request.location,
      retrieveAtMs: parseTime(request.retrieveDate) ?? side.host.now(),
      installAtMs: undefined,
      retries: request.retries ?? 0,
      retryIntervalS: request.retryInterval ?? 10,
      signed: undefined,
    }),
  );
  return {};
}

export function logHost16(side: Side16): LogHost {
  return {
    now: () => side.host.now(),
    timer: (name, atMs) => side.host.timer(name, atMs),
    transfer: (request) => side.host.transfer(request),
    logStatus: (status, order) => tellLog(side, status, order, 'normal'),
  };
}

export function tellLog(side: Side16, status: LogStatus, order: LogOrder | undefined, lane: Lane): void {
  side.host.happened('log', { status });
  if (order?.requestId !== undefined) {
    // 1.6 has no AcceptedCanceled here: the old upload just ends.
    if (status === 'AcceptedCanceled') return;
    side.send('LogStatusNotification', { status, ...(status === 'Idle' ? {} : { requestId: order.requestId }) }, lane);
    return;
  }
  const word = status === 'Idle' || status === 'Uploading' || status === 'Uploaded' ? status : 'UploadFailed';
  side.send('DiagnosticsStatusNotification', { status: word }, lane);
}

/** The file goes into the directory that the URL names (1.6 §5.9). */
export function getDiagnostics(
  side: Side16,
  request: RequestOf<'1.6', 'GetDiagnostics'>,
): ResponseOf<'1.6', 'GetDiagnostics'> {
  const fileName = `diagnostics-${side.host.identity}-${Math.floor(side.host.now() / 1000)}.log`.replace(
    /[^\w.-]/g,
    '_',
  );
  side.host.afterAnswer(() =>
    side.log.start({
      requestId: undefined,
      url: request.location,
      fileName,
      content: diagnosticsText(side.host, side.core),
      retries: request.retries ?? 0,
      retryIntervalS: request.retryInterval ?? 10,
    }),
  );
  return { fileName };
}

import { parseTime } from '../../../../core/time.ts';
import { RpcRefusal } from '../../../../link/ocpp-link.ts';
import type { FirmwareHost, FirmwareOrder, FirmwareStatus } from '../../jobs/firmware-job.ts';
import type { LogHost, LogOrder, LogStatus } from '../../jobs/log-job.ts';
import type { Lane } from '../../outbox.ts';
import { diagnosticsText } from '../log-content.ts';
import { nextVersion } from '../next-version.ts';
import { securityEvent } from './security.ts';
import type { Side2x } from './side.ts';
import { type Answer, info, type Request } from './wire.ts';

export function firmwareHost2x(side: Side2x): FirmwareHost {
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

/** Every status bears the requestId, unless it is Idle (L01.FR.20). Installed is a security event too (L01.FR.31). */
function tellFirmware(side: Side2x, status: FirmwareStatus, order: FirmwareOrder | undefined, lane: Lane): void {
  side.host.happened('firmware', { status });
  side.send(
    'FirmwareStatusNotification',
    { status, ...(status === 'Idle' || order?.requestId === undefined ? {} : { requestId: order.requestId }) },
    lane,
  );
  if (status === 'Installed') securityEvent(side, 'FirmwareUpdated', side.host.firmwareVersion);
  if (status === 'InvalidSignature') securityEvent(side, 'InvalidFirmwareSignature');
}

/** As answer to a trigger: Idle if the last one was Installed, else the last status (L01.FR.25, FR.26). */
export function repeatFirmware(side: Side2x): void {
  const { last, lastOrder } = side.firmware;
  const idle = last === 'Idle' || last === 'Installed' || lastOrder?.requestId === undefined;
  side.send(
    'FirmwareStatusNotification',
    idle ? { status: 'Idle' } : { status: last, requestId: lastOrder.requestId ?? 0 },
    'triggered',
  );
}

/** The signing certificate is checked before the answer (L01.FR.21, FR.22). */
export function updateFirmware(side: Side2x, request: Request<'UpdateFirmware'>): Answer<'UpdateFirmware'> {
  const { firmware, requestId } = request;
  if (side.firmware.running && !side.firmware.cancellable) return { status: 'Rejected', ...info('FwUpdateInProgress') };
  const { signingCertificate, signature } = firmware;
  if (signingCertificate !== undefined && !side.vault.isFirmwareSigner(signingCertificate, side.host.now())) {
    side.host.afterAnswer(() => securityEvent(side, 'InvalidFirmwareSigningCertificate'));
    return { status: 'InvalidCertificate' };
  }
  const canceled = side.firmware.running;
  const installAtMs = firmware.installDateTime === undefined ? undefined : parseTime(firmware.installDateTime);
  side.host.afterAnswer(() =>
    side.firmware.start({
      requestId,
      url: firmware.location,
      retrieveAtMs: parseTime(firmware.retrieveDateTime) ?? side.host.now(),
      installAtMs,
      retries: request.retries ?? 0,
      retryIntervalS: request.retryInterval ?? 10,
      signed:
        signingCertificate === undefined || signature === undefined
          ? undefined
          : { certificate: signingCertificate, signature },
    }),
  );
  return { status: canceled ? 'AcceptedCanceled' : 'Accepted' };
}

/** Publishing firmware is for local controllers (2.0.1 L03): a station says so. */
export function publishFirmware(_side: Side2x, _request: Request<'PublishFirmware'>): Answer<'PublishFirmware'> {
  throw new RpcRefusal('NotSupported', 'A charging station publishes no firmware; a local controller does');
}

export function unpublishFirmware(_side: Side2x, _request: Request<'UnpublishFirmware'>): Answer<'UnpublishFirmware'> {
  return { status: 'NoFirmware' };
}

export function logHost2x(side: Side2x): LogHost {
  return {
    now: () => side.host.now(),
    timer: (name, atMs) => side.host.timer(name, atMs),
    transfer: (request) => side.host.transfer(request),
    logStatus: (status, order) => tellLog(side, status, order),
  };
}

function tellLog(side: Side2x, status: LogStatus, order: LogOrder): void {
  side.host.happened('log', { status });
  side.send(
    'LogStatusNotification',
    { status, ...(status === 'Idle' || order.requestId === undefined ? {} : { requestId: order.requestId }) },
    'normal',
  );
}

export function getLog(side: Side2x, request: Request<'GetLog'>): Answer<'GetLog'> {
  if (request.logType === 'DataCollectorLog')
    return { status: 'Rejected', ...info('NotFound', 'There is no data collector') };
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

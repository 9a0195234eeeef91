import type { RequestOf, ResponseOf } from '../../../../protocols/ocpp/messages.ts';
import { tellFirmware, tellLog } from './firmware.ts';
import { connectorNumber, mainValue16, meterValue16 } from './metering.ts';
import { signCertificate } from './security.ts';
import type { Side16 } from './side.ts';
import { sendAllStatuses, tell, tellStation } from './status.ts';

/** TriggerMessage: the answer first, then the message (1.6 §5.17). A connector that does not matter is ignored. */
export function trigger(
  side: Side16,
  request: RequestOf<'1.6', 'TriggerMessage'>,
): ResponseOf<'1.6', 'TriggerMessage'> {
  const { requestedMessage, connectorId } = request;
  switch (requestedMessage) {
    case 'BootNotification':
      return boot(side);
    case 'Heartbeat':
      return after(side, () => side.send('Heartbeat', {}, 'triggered'));
    case 'StatusNotification':
      return status(side, connectorId);
    case 'MeterValues':
      return meterValues(side, connectorId);
    case 'DiagnosticsStatusNotification':
      return after(side, () => tellLog(side, side.log.running ? side.log.last : 'Idle', undefined, 'triggered'));
    case 'FirmwareStatusNotification':
      return after(side, () =>
        tellFirmware(side, side.firmware.running ? side.firmware.last : 'Idle', undefined, 'triggered'),
      );
  }
}

export function extendedTrigger(
  side: Side16,
  request: RequestOf<'1.6', 'ExtendedTriggerMessage'>,
): ResponseOf<'1.6', 'ExtendedTriggerMessage'> {
  const { requestedMessage, connectorId } = request;
  switch (requestedMessage) {
    case 'BootNotification':
      return boot(side);
    case 'Heartbeat':
      return after(side, () => side.send('Heartbeat', {}, 'triggered'));
    case 'StatusNotification':
      return status(side, connectorId);
    case 'MeterValues':
      return meterValues(side, connectorId);
    case 'LogStatusNotification':
      return after(side, () => {
        const { running, lastOrder } = side.log;
        side.send(
          'LogStatusNotification',
          running && lastOrder?.requestId !== undefined
            ? { status: 'Uploading', requestId: lastOrder.requestId }
            : { status: 'Idle' },
          'triggered',
        );
      });
    case 'FirmwareStatusNotification':
      return after(side, () => {
        const { last, lastOrder } = side.firmware;
        // After Installed the state is Idle; otherwise the last status (whitepaper L01.FR.25).
        const idle = lastOrder?.requestId === undefined || last === 'Installed' || last === 'Idle';
        side.send(
          'SignedFirmwareStatusNotification',
          idle ? { status: 'Idle' } : { status: last, requestId: lastOrder.requestId ?? 0 },
          'triggered',
        );
      });
    case 'SignChargePointCertificate':
      if (!side.template.features.security) return { status: 'NotImplemented' };
      side.host.afterAnswer(() => signCertificate(side));
      return { status: 'Accepted' };
  }
}

function after(side: Side16, task: () => void): { status: 'Accepted' } {
  side.host.afterAnswer(task);
  return { status: 'Accepted' };
}

/** After Accepted a trigger for Boot is refused (E 3.35). */
function boot(side: Side16): { status: 'Accepted' | 'Rejected' } {
  if (side.host.registration === 'Accepted') return { status: 'Rejected' };
  return after(side, () => side.host.bootAgain('Triggered'));
}

function status(side: Side16, connectorId: number | undefined): { status: 'Accepted' | 'Rejected' } {
  if (connectorId === undefined) return after(side, () => sendAllStatuses(side, 'triggered'));
  if (connectorId === 0) return after(side, () => tellStation(side, 'triggered'));
  const found = side.core.connector(connectorId);
  if (found === undefined) return { status: 'Rejected' };
  return after(side, () => tell(side, found.evse, found.connector, 'triggered'));
}

/** Latest values of MeterValuesSampledData, context Trigger. */
function meterValues(side: Side16, connectorId: number | undefined): { status: 'Accepted' | 'Rejected' } {
  const found = connectorId === undefined || connectorId === 0 ? undefined : side.core.connector(connectorId);
  if (connectorId !== undefined && connectorId !== 0 && found === undefined) return { status: 'Rejected' };
  return after(side, () => {
    const measurands = side.configuration.list('MeterValuesSampledData');
    const main = found === undefined ? mainValue16(side, measurands, 'Trigger') : undefined;
    if (main !== undefined) side.send('MeterValues', { connectorId: 0, meterValue: [main] }, 'triggered');
    if (connectorId === 0) return;
    for (const evse of found === undefined ? side.core.evses : [found.evse]) {
      const value = meterValue16(side, evse, measurands, 'Trigger');
      if (value === undefined) continue;
      const { transaction } = evse;
      side.send(
        'MeterValues',
        {
          connectorId: found?.connector.number ?? connectorNumber(evse, transaction),
          ...(transaction?.number === undefined ? {} : { transactionId: transaction.number }),
          meterValue: [value],
        },
        'triggered',
      );
    }
  });
}

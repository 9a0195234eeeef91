import { repeatFirmware } from './firmware.ts';
import { mainValue2x, meterValue2x } from './metering.ts';
import { requestCertificate } from './security.ts';
import type { Side2x } from './side.ts';
import { tell } from './status.ts';
import { transactionEvent } from './transactions.ts';
import { type Answer, info, type Request } from './wire.ts';

/** TriggerMessage: the answer first, then the message (2.0.1 F06). */
export function trigger(side: Side2x, request: Request<'TriggerMessage'>): Answer<'TriggerMessage'> {
  const { requestedMessage, evse: wanted } = request;
  const evse = wanted === undefined ? undefined : side.core.evse(wanted.id);
  if (wanted !== undefined && wanted.id !== 0 && evse === undefined)
    return { status: 'Rejected', ...info('UnknownEvse') };
  const concerned = evse === undefined ? side.core.evses : [evse];
  const after = (task: () => void): { status: 'Accepted' } => {
    side.host.afterAnswer(task);
    return { status: 'Accepted' };
  };
  switch (requestedMessage) {
    case 'BootNotification':
      // After Accepted it is refused (F06.FR.17).
      if (side.host.registration === 'Accepted') return { status: 'Rejected' };
      return after(() => side.host.bootAgain('Triggered'));
    case 'Heartbeat':
      return after(() => side.send('Heartbeat', {}, 'triggered'));
    case 'StatusNotification': {
      // EVSE and connector must be named (F06.FR.12).
      const connector = evse?.connectors.find((one) => one.id === wanted?.connectorId);
      if (evse === undefined || connector === undefined) return { status: 'Rejected', ...info('UnknownConnectorId') };
      return after(() => tell(side, evse, connector, 'triggered'));
    }
    case 'MeterValues':
      return after(() => {
        const main =
          evse === undefined ? mainValue2x(side, side.model.list('AlignedDataCtrlr.Measurands'), 'Trigger') : undefined;
        if (main !== undefined) side.send('MeterValues', { evseId: 0, meterValue: [main] }, 'triggered');
        if (wanted?.id === 0) return;
        for (const one of concerned) {
          const value = meterValue2x(side, one, side.model.list('AlignedDataCtrlr.Measurands'), 'Trigger');
          if (value !== undefined) side.send('MeterValues', { evseId: one.id, meterValue: [value] }, 'triggered');
        }
      });
    case 'TransactionEvent': {
      if (!concerned.some((one) => one.transaction !== undefined)) return { status: 'Rejected', ...info('TxNotFound') };
      return after(() => {
        for (const one of concerned) {
          if (one.transaction === undefined) continue;
          const value = meterValue2x(side, one, side.model.list('SampledDataCtrlr.TxUpdatedMeasurands'), 'Trigger');
          transactionEvent(side, one, one.transaction, 'Updated', 'Trigger', value === undefined ? [] : [value]);
        }
      });
    }
    case 'LogStatusNotification':
      return after(() => {
        const { running, lastOrder } = side.log;
        const requestId = lastOrder?.requestId;
        side.send(
          'LogStatusNotification',
          running && requestId !== undefined ? { status: 'Uploading', requestId } : { status: 'Idle' },
          'triggered',
        );
      });
    case 'FirmwareStatusNotification':
      return after(() => repeatFirmware(side));
    case 'SignChargingStationCertificate':
      return after(() => requestCertificate(side, 'ChargingStationCertificate'));
    case 'SignV2GCertificate':
      return after(() => requestCertificate(side, 'V2GCertificate'));
    default:
      // Combined and V2G 2.0 certificates, publishing, custom triggers: this station has none of them.
      return { status: 'NotImplemented' };
  }
}

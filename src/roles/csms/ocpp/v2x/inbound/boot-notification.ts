import { isoTime } from '../../../../../core/time.ts';
import { bootDecision, bootSeen } from '../../boot.ts';
import type { InboundContext } from '../../handler.ts';
import { isInventoryKnown } from '../../inventory.ts';
import type { InboundV2 } from '../handlers.ts';

/** B01-B03. An accepted station whose machine or firmware is new here is asked for its full inventory (B07.FR.14). */
export const bootNotification: InboundV2<'BootNotification'> = {
  changes: 'vendor data, boot status and reason, heartbeat interval; asks for the inventory when it is not known',
  shows: '/stations/{id} boot, info',
  handle(context, { chargingStation, reason }) {
    const { services, station, now } = context;
    const decision = bootDecision(context);
    const info = {
      vendor: chargingStation.vendorName,
      model: chargingStation.model,
      serial: chargingStation.serialNumber,
      firmware: chargingStation.firmwareVersion,
      iccid: chargingStation.modem?.iccid,
      imsi: chargingStation.modem?.imsi,
    };
    bootSeen(context, decision, info, reason);
    refuseOtherCertificate(context, info.serial);
    const known = services.config.boot.askInventory === 'never' || isInventoryKnown(services, station);
    if (decision.status === 'Accepted' && !known) services.inventory.wanted(station);
    return { status: decision.status, currentTime: isoTime(now), interval: decision.intervalS };
  },
};

/** B01.FR.11/12: a certificate is made out to a serial number; a station with another one is not let in. */
function refuseOtherCertificate({ services, station, call, link }: InboundContext, serial: string | undefined): void {
  const name = services.certificateCn(station);
  if (name === undefined || name === serial) return;
  const text = `The client certificate is made out to ${name}, the station says its serial number is ${serial ?? 'none'}`;
  services.finding(call, station, {
    rule: 'csms.certificate.serial',
    severity: 'error',
    text,
    clause: 'B01.FR.11, B01.FR.12',
  });
  link.close(1008, 'The serial number is not that of the certificate');
}

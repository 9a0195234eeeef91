import { isoTime } from '../../../../../core/time.ts';
import { bootDecision, bootSeen } from '../../boot.ts';
import { inventoryKey } from '../../inventory.ts';
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
    const { askInventory } = services.config.boot;
    const record = context.record();
    if (askInventory && decision.status === 'Accepted' && record.inventoryOf !== inventoryKey(record))
      services.inventory.wanted(station);
    return { status: decision.status, currentTime: isoTime(now), interval: decision.intervalS };
  },
};

import { isoTime } from '../../../../../core/time.ts';
import { bootDecision, bootSeen } from '../../boot.ts';
import type { Inbound } from '../../handler.ts';

/** 1.6 §4.2: registers the station and tells it whether it may charge. */
export const bootNotification: Inbound<'1.6', 'BootNotification'> = {
  changes: 'vendor data, boot status, heartbeat interval',
  shows: '/stations/{id} boot, info',
  handle(context, request) {
    const decision = bootDecision(context);
    bootSeen(context, decision, {
      vendor: request.chargePointVendor,
      model: request.chargePointModel,
      serial: request.chargePointSerialNumber ?? request.chargeBoxSerialNumber,
      firmware: request.firmwareVersion,
      iccid: request.iccid,
      imsi: request.imsi,
      meterType: request.meterType,
      meterSerial: request.meterSerialNumber,
    });
    return { status: decision.status, currentTime: isoTime(context.now), interval: decision.intervalS };
  },
};

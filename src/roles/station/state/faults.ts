import { meterUp } from './charging.ts';
import type { StationCore } from './core.ts';
import { type Fault, usedConnector } from './evse.ts';
import { place } from './place.ts';
import { dropReservationsOf } from './reservation.ts';
import { forceEnd, refresh } from './transactions.ts';

/** Something breaks, or is repaired (undefined). Dangerous faults end the transaction. */
export function setFault(core: StationCore, evseId: number, connectorId: number, fault: Fault | undefined): void {
  const { evse, connector } = place(core, evseId, connectorId);
  meterUp(core, evse);
  connector.fault = fault;
  core.host.happened(fault === undefined ? 'repaired' : 'fault', { evseId, connectorId, code: fault?.code });
  if (fault !== undefined) dropReservationsOf(core, evse, connector);
  const reason = fault === undefined ? undefined : DANGEROUS[fault.code];
  if (reason !== undefined && evse.transaction !== undefined && usedConnector(evse) === connector) {
    forceEnd(core, evse, reason, 'AbnormalCondition');
  }
  refresh(core, evse);
}

/** 1.6 error codes that end a transaction, with the 2.x reason. */
const DANGEROUS: Readonly<Record<string, string>> = {
  GroundFailure: 'GroundFault',
  OverCurrentFailure: 'OvercurrentFault',
  OverVoltage: 'PowerQuality',
  UnderVoltage: 'PowerQuality',
  PowerSwitchFailure: 'Other',
  PowerMeterFailure: 'Other',
  InternalError: 'Other',
};

import { isoTime } from '../../../../core/time.ts';
import type { v21 } from '../../../../protocols/ocpp/messages.ts';
import { missingWh, soCOf } from '../../physical/ev.ts';
import type { Evse, Transaction } from '../../state/evse.ts';
import { forceEnd } from '../../state/transactions.ts';
import type { Side2x } from './side.ts';

/** What an ISO 15118 car tells of itself: one block, for AC or DC (K15.FR.06). */
const MIN_CURRENT_A = 6;
const MAX_TUPLES = 24;

/**
 * A transaction with a car that speaks ISO 15118 asks for a schedule once, and again when it negotiates anew
 * (2.0.1 K15, 2.1 Q02.FR.07). ISO15118Ctrlr.Enabled switches it.
 */
export function tellNeeds(side: Side2x, evse: Evse, transaction: Transaction, again = false): void {
  const { ev } = evse.path;
  if (ev?.template.iso15118 !== true || !side.model.bool('ISO15118Ctrlr.Enabled') || !side.host.online) return;
  if (evse.authorization === undefined || (transaction.wire['needsTold'] === true && !again)) return;
  transaction.wire['needsTold'] = true;
  const { template } = ev;
  const { dc } = evse.path.rating;
  const phases = Math.min(template.acPhases, evse.path.rating.phases);
  const mode = dc ? 'DC' : phases === 1 ? 'AC_single_phase' : phases === 2 ? 'AC_two_phase' : 'AC_three_phase';
  const energyWh = Math.round(missingWh(ev));
  const chargingNeeds: v21.ChargingNeedsType = {
    requestedEnergyTransfer: mode,
    ...(dc
      ? {
          dcChargingParameters: {
            evMaxCurrent: Math.round(template.maxDcPowerW / template.packVoltageV),
            evMaxVoltage: template.packVoltageV,
            evMaxPower: template.maxDcPowerW,
            energyAmount: energyWh,
            stateOfCharge: Math.floor(soCOf(ev)),
            evEnergyCapacity: template.capacityWh,
          },
        }
      : {
          acChargingParameters: {
            energyAmount: energyWh,
            evMinCurrent: MIN_CURRENT_A,
            evMaxCurrent: template.maxAcCurrentA,
            evMaxVoltage: Math.round(evse.path.grid.nominalV * (phases === 1 ? 1 : Math.sqrt(3))),
          },
        }),
  };
  side.send(
    'NotifyEVChargingNeeds',
    {
      evseId: evse.id,
      maxScheduleTuples: MAX_TUPLES,
      chargingNeeds,
      ...(side.version === '2.1' ? { timestamp: side.iso() } : {}),
    },
    'normal',
    { evseId: evse.id, transaction: transaction.id },
  );
}

/** 2.1: Rejected refuses the transfer mode, and the transaction ends (K19.FR.15, FR.16). */
export function needsAnswered(
  side: Side2x,
  payload: Readonly<Record<string, unknown>>,
  note: Readonly<Record<string, unknown>>,
): void {
  const evse = side.core.evse(Number(note['evseId']));
  side.host.happened('charging-needs', { evseId: note['evseId'], status: payload['status'] });
  if (evse?.transaction?.id !== note['transaction'] || payload['status'] !== 'Rejected' || side.version !== '2.1')
    return;
  if (evse !== undefined) forceEnd(side.core, evse, 'ReqEnergyTransferRejected', 'AbnormalCondition');
}

/** A profile came for a car that had told its needs: the car tells by which schedule it charges (K15.FR.09, K16). */
export function tellSchedule(side: Side2x, wire: v21.ChargingProfileType): void {
  const found = wire.transactionId === undefined ? undefined : side.core.transactionOf(wire.transactionId);
  const [schedule] = wire.chargingSchedule;
  if (found === undefined || schedule === undefined || found.transaction.wire['needsTold'] !== true) return;
  side.send(
    'NotifyEVChargingSchedule',
    { timeBase: isoTime(side.host.now()), evseId: found.evse.id, chargingSchedule: schedule },
    'normal',
  );
}

import type { StationCore } from './core.ts';
import { connectorOf, type Evse } from './evse.ts';
import { dropReservationsOf } from './reservation.ts';
import { isEffectivelyOperative } from './status.ts';

export type AvailabilityStatus = 'Accepted' | 'Scheduled' | 'Rejected';

/** One tier: the station, an EVSE or a connector. */
interface Tier {
  operative: boolean;
  scheduled: boolean | undefined;
}

/**
 * ChangeAvailability of the station (no EVSE), an EVSE or a connector (1.6 §5.2, 2.0.1 G03). While a transaction runs
 * there, the change waits for its end.
 */
export function changeAvailability(
  core: StationCore,
  operative: boolean,
  evseId: number | undefined,
  connectorId: number | undefined,
): AvailabilityStatus {
  const evse = evseId === undefined ? undefined : core.evse(evseId);
  if (evseId !== undefined && evse === undefined) return 'Rejected';
  const connector = evse === undefined || connectorId === undefined ? undefined : connectorOf(evse, connectorId);
  if (connectorId !== undefined && connector === undefined) return 'Rejected';
  const tier: Tier = connector ?? evse ?? core;
  const running = (evse === undefined ? core.evses : [evse]).some((one) => one.transaction !== undefined);
  core.host.touched('availability');
  if (tier.operative === operative) {
    tier.scheduled = undefined;
    return 'Accepted';
  }
  if (running && !operative) {
    tier.scheduled = operative;
    return 'Scheduled';
  }
  apply(core, tier, operative, evse);
  return 'Accepted';
}

/** A transaction ended: changes that waited for it take effect. */
export function settleAvailability(core: StationCore): void {
  const running = core.evses.some((evse) => evse.transaction !== undefined);
  if (core.scheduled !== undefined && !running) apply(core, core, core.scheduled, undefined);
  for (const evse of core.evses) {
    if (evse.transaction !== undefined) continue;
    if (evse.scheduled !== undefined) apply(core, evse, evse.scheduled, evse);
    for (const connector of evse.connectors) {
      if (connector.scheduled !== undefined) apply(core, connector, connector.scheduled, evse);
    }
  }
}

function apply(core: StationCore, tier: Tier, operative: boolean, evse: Evse | undefined): void {
  tier.operative = operative;
  tier.scheduled = undefined;
  core.host.touched('availability');
  for (const one of evse === undefined ? core.evses : [evse]) {
    for (const connector of one.connectors) {
      if (!isEffectivelyOperative(core, one, connector)) dropReservationsOf(core, one, connector);
    }
    core.statusMayDiffer(one);
  }
}

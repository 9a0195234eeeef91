import type { Profile } from '../smart-charging/profile.ts';
import type { StationCore, StoredPart } from './core.ts';
import type { Transaction } from './evse.ts';
import type { Reservation } from './reservation.ts';

interface StoredAvailability {
  readonly station: boolean;
  readonly evses: readonly { readonly operative: boolean; readonly connectors: readonly boolean[] }[];
}

/** The JSON of a part of the core that survives restarts; undefined when it is not the core's. */
export function storedPart(core: StationCore, part: StoredPart): unknown {
  switch (part) {
    case 'availability':
      // What waits for a transaction counts as done: after a restart there is none.
      return {
        station: core.scheduled ?? core.operative,
        evses: core.evses.map((evse) => ({
          operative: evse.scheduled ?? evse.operative,
          connectors: evse.connectors.map((one) => one.scheduled ?? one.operative),
        })),
      } satisfies StoredAvailability;
    case 'cache':
      return core.cache.toJSON();
    case 'list':
      return core.list.toJSON();
    case 'meters':
      return core.evses.map((evse) => evse.path.meter.energyWh);
    case 'profiles':
      return core.profiles.all;
    case 'reservations':
      return core.reservations;
    case 'transactions':
      return core.evses.map((evse) => ({ transaction: evse.transaction ?? null, energyWh: evse.path.meter.energyWh }));
    default:
      return undefined;
  }
}

/** Puts a stored part back; false when it is not the core's. */
export function restorePart(core: StationCore, part: StoredPart, value: unknown): boolean {
  switch (part) {
    case 'availability': {
      const saved = value as StoredAvailability;
      core.operative = saved.station;
      for (const [i, evse] of core.evses.entries()) {
        evse.operative = saved.evses[i]?.operative ?? true;
        for (const [j, connector] of evse.connectors.entries())
          connector.operative = saved.evses[i]?.connectors[j] ?? true;
      }
      return true;
    }
    case 'cache':
      core.cache.restore(value as Parameters<typeof core.cache.restore>[0]);
      return true;
    case 'list':
      core.list.restore(value as Parameters<typeof core.list.restore>[0]);
      return true;
    case 'meters':
      for (const [i, evse] of core.evses.entries()) raise(evse.path.meter, (value as number[])[i]);
      return true;
    case 'profiles':
      for (const profile of value as Profile[]) core.profiles.install(profile, 'id');
      return true;
    case 'reservations':
      core.reservations = value as Reservation[];
      return true;
    case 'transactions':
      for (const [i, evse] of core.evses.entries()) {
        const saved = (value as { readonly transaction: Transaction | null; readonly energyWh: number }[])[i];
        raise(evse.path.meter, saved?.energyWh);
        evse.transaction = saved?.transaction ?? undefined;
      }
      return true;
    default:
      return false;
  }
}

/** A register never goes back, whichever part was stored last. */
function raise(meter: { energyWh: number }, savedWh: number | undefined): void {
  if (savedWh !== undefined && savedWh > meter.energyWh) meter.energyWh = savedWh;
}

import type { Observation } from '../observation.ts';
import { listAt, numberAt, textAt } from '../payload-reader.ts';

const LIMIT = 200;

/** A default tariff that the station surely holds. */
export interface InstalledTariff {
  /** 0: for every EVSE. */
  readonly evse: number;
  /** The message that said so. */
  readonly seq: number;
}

/** The default tariffs that a station of 2.1 holds (I07 to I10), by id; where it may have dropped one, it is not here. */
export class Tariffs {
  readonly installed = new Map<string, InstalledTariff>();

  update(o: Observation): void {
    if (o.kind !== 'response') return;
    switch (o.action) {
      case 'SetDefaultTariff':
        if (textAt(o.payload, 'status') === 'Accepted')
          this.#replace(
            textAt(o.request?.payload, 'tariff', 'tariffId'),
            numberAt(o.request?.payload, 'evseId') ?? 0,
            o,
          );
        return;
      case 'GetTariffs':
        for (const each of listAt(o.payload, 'tariffAssignments')) {
          if (textAt(each, 'tariffKind') !== 'DefaultTariff') continue;
          const [evse, ...others] = listAt(each, 'evseIds');
          this.#put(textAt(each, 'tariffId'), typeof evse === 'number' && others.length === 0 ? evse : 0, o);
        }
        return;
      case 'ClearTariffs':
        for (const each of listAt(o.payload, 'clearTariffsResult')) {
          if (textAt(each, 'status') !== 'Accepted') continue;
          const id = textAt(each, 'tariffId');
          // Without an id all that were meant are gone.
          if (id === undefined) this.installed.clear();
          else this.installed.delete(id);
        }
        return;
    }
  }

  /** A new tariff takes the place of those of its EVSE; one for all of them that of all (I07). */
  #replace(id: string | undefined, evse: number, o: Observation): void {
    for (const [other, held] of this.installed) if (evse === 0 || held.evse === evse) this.installed.delete(other);
    this.#put(id, evse, o);
  }

  #put(id: string | undefined, evse: number, o: Observation): void {
    if (id !== undefined && this.installed.size < LIMIT) this.installed.set(id, { evse, seq: o.seq });
  }
}

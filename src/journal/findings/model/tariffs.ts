import type { Observation } from '../observation.ts';
import { listAt, textAt } from '../payload-reader.ts';

const LIMIT = 200;

/** Ids of the tariffs that a station of 2.1 holds (I07 to I10): id -> the message that said so. */
export class Tariffs {
  readonly installed = new Map<string, number>();

  update(o: Observation): void {
    if (o.kind !== 'response') return;
    switch (o.action) {
      case 'SetDefaultTariff':
        if (textAt(o.payload, 'status') === 'Accepted') this.#put(textAt(o.request?.payload, 'tariff', 'tariffId'), o);
        return;
      case 'GetTariffs':
        for (const each of listAt(o.payload, 'tariffAssignments')) this.#put(textAt(each, 'tariffId'), o);
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

  #put(id: string | undefined, o: Observation): void {
    if (id !== undefined && this.installed.size < LIMIT) this.installed.set(id, o.seq);
  }
}

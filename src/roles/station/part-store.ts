import type { StationMachine } from './machine.ts';
import type { Outgoing } from './outbox.ts';
import type { StoredPart } from './state/core.ts';
import { restorePart, storedPart } from './state/stored.ts';

/** What a station keeps over restarts, part by part: which parts changed, their JSON, and the way back. */
export class PartStore {
  readonly #machine: StationMachine;
  readonly #stores: boolean;
  #changed: Set<StoredPart> | undefined;

  /** @param stores false: nobody stores, so nothing is put together for it */
  constructor(machine: StationMachine, stores: boolean) {
    this.#machine = machine;
    this.#stores = stores;
  }

  touched(part: StoredPart): void {
    if (!this.#stores) return;
    this.#changed ??= new Set();
    this.#changed.add(part);
  }

  /** Hands over what changed since the last time. */
  flush(): void {
    if (this.#changed === undefined) return;
    for (const part of this.#changed) this.#machine.effect({ do: 'store', part, value: this.#jsonOf(part) });
    this.#changed = undefined;
  }

  restore(saved: Readonly<Partial<Record<StoredPart, unknown>>>): void {
    const { outbox, core, side } = this.#machine;
    for (const [part, value] of Object.entries(saved) as [StoredPart, unknown][]) {
      if (part === 'outbox') outbox.restore(value as Outgoing[]);
      else if (!restorePart(core, part, value)) side.restore(part, value);
    }
  }

  #jsonOf(part: StoredPart): unknown {
    const { outbox, core, side } = this.#machine;
    return part === 'outbox' ? outbox.toJSON() : (storedPart(core, part) ?? side.store(part));
  }
}

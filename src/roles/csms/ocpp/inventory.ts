import type { Clock, Timer } from '../../../core/clock.ts';
import { SECOND_MS } from '../../../core/time.ts';
import type { CallOutcome } from '../../../protocols/ocpp/rpc-message.ts';
import type { StationRecord } from '../state/records.ts';
import type { CsmsServices, InboundContext } from './handler.ts';

/** Inventories that are under way at the same time: a fleet that boots together must not drown its CSMS. */
const MAX_RUNNING = 20;
/** A report that stays silent for so long has ended. */
const SILENCE_MS = 120 * SECOND_MS;

export interface InventoryOptions {
  readonly clock: Clock;
  readonly nextRequestId: () => number;
  /** Sends GetBaseReport. Returns false when the station is not connected any more. */
  readonly ask: (station: string, requestId: number, done: (outcome: CallOutcome) => void) => boolean;
  /** Whether the station's inventory became known in the meantime, from another of the same machine and firmware. */
  readonly isKnown: (station: string) => boolean;
  /** Stations of the same key have the same inventory: one is asked at a time. `undefined`: it is asked for itself. */
  readonly sharedKey: (station: string) => string | undefined;
}

interface Running {
  readonly requestId: number;
  readonly key: string | undefined;
  timer: Timer;
}

/**
 * Asks stations for their full inventory (B07.FR.14), a few at a time, in the order in which they booted.
 */
export class InventoryQueue {
  readonly #options: InventoryOptions;
  readonly #waiting = new Set<string>();
  readonly #running = new Map<string, Running>();
  /** Shared keys that somebody is being asked for. */
  readonly #keys = new Set<string>();

  constructor(options: InventoryOptions) {
    this.#options = options;
  }

  get running(): number {
    return this.#running.size;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** The station's inventory is not known. It is asked after this turn: the answer to its boot goes first. */
  wanted(station: string): void {
    if (this.#running.has(station)) return;
    this.#waiting.add(station);
    this.#options.clock.soon(() => this.#next());
  }

  /** A part of a report came; the last one makes room for the next station. */
  partCame(station: string, requestId: number, last: boolean): void {
    const running = this.#running.get(station);
    if (running?.requestId !== requestId) return;
    running.timer.cancel();
    if (last) this.#finished(station, requestId);
    else running.timer = this.#silence(station, requestId);
  }

  /** The station is not connected any more. */
  gone(station: string): void {
    this.#waiting.delete(station);
    const running = this.#running.get(station);
    if (running !== undefined) this.#finished(station, running.requestId);
  }

  #next(): void {
    for (const station of this.#waiting) {
      if (this.#running.size >= MAX_RUNNING) return;
      const key = this.#options.sharedKey(station);
      if (key !== undefined && this.#keys.has(key)) continue;
      this.#waiting.delete(station);
      if (this.#options.isKnown(station)) continue;
      if (key !== undefined) this.#keys.add(key);
      const requestId = this.#options.nextRequestId();
      this.#running.set(station, { requestId, key, timer: this.#silence(station, requestId) });
      const asked = this.#options.ask(station, requestId, (outcome) => {
        const accepted = outcome.kind === 'result' && outcome.payload['status'] === 'Accepted';
        if (!accepted) this.#finished(station, requestId);
      });
      if (!asked) this.#finished(station, requestId);
    }
  }

  #silence(station: string, requestId: number): Timer {
    return this.#options.clock.after(SILENCE_MS, () => this.#finished(station, requestId));
  }

  #finished(station: string, requestId: number): void {
    const running = this.#running.get(station);
    if (running?.requestId !== requestId) return;
    running.timer.cancel();
    this.#running.delete(station);
    if (running.key !== undefined) this.#keys.delete(running.key);
    this.#options.clock.soon(() => this.#next());
  }
}

/** What an inventory belongs to: the same machine with the same firmware has the same one. */
export function inventoryKey({ info }: Pick<StationRecord, 'info'>): string {
  return JSON.stringify([info.vendor ?? '', info.model ?? '', info.firmware ?? '']);
}

/**
 * Whether the inventory of the station's machine and firmware is known. When another station reported it, that is noted in
 * the record: its values are another's, but what there is, is the same.
 */
export function isInventoryKnown({ state, config }: Pick<CsmsServices, 'state' | 'config'>, station: string): boolean {
  const record = state.stations.get(station);
  if (record === undefined) return false;
  const key = inventoryKey(record);
  if (record.inventoryOf === key) return true;
  const other = config.boot.askInventory === 'per-model' ? state.stations.inventoryReporter(key) : undefined;
  if (other === undefined || other === station) return false;
  state.stations.update(station, { inventoryOf: key, inventoryFrom: other });
  return true;
}

/** The station reported its own inventory in full. */
export function inventoryReported(context: InboundContext): void {
  const { inventoryFrom: _, ...record } = context.record();
  context.state.stations.put({ ...record, inventoryOf: inventoryKey(record) });
}

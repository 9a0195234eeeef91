import type { Clock, Timer } from '../../../core/clock.ts';
import { SECOND_MS } from '../../../core/time.ts';
import type { CallOutcome } from '../../../protocols/ocpp/rpc-message.ts';
import type { StationRecord } from '../state/records.ts';

/** Inventories that are under way at the same time: a fleet that boots together must not drown its CSMS. */
const MAX_RUNNING = 20;
/** A report that stays silent for so long has ended. */
const SILENCE_MS = 120 * SECOND_MS;

export interface InventoryOptions {
  readonly clock: Clock;
  readonly nextRequestId: () => number;
  /** Sends GetBaseReport. Returns false when the station is not connected any more. */
  readonly ask: (station: string, requestId: number, done: (outcome: CallOutcome) => void) => boolean;
}

/**
 * Asks stations for their full inventory (B07.FR.14), a few at a time, in the order in which they booted.
 */
export class InventoryQueue {
  readonly #options: InventoryOptions;
  readonly #waiting = new Set<string>();
  readonly #running = new Map<string, { readonly requestId: number; timer: Timer }>();

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
      this.#waiting.delete(station);
      const requestId = this.#options.nextRequestId();
      this.#running.set(station, { requestId, timer: this.#silence(station, requestId) });
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
    this.#options.clock.soon(() => this.#next());
  }
}

/** What an inventory belongs to: the same machine with the same firmware has the same one. */
export function inventoryKey({ info }: Pick<StationRecord, 'info'>): string {
  return JSON.stringify([info.vendor ?? '', info.model ?? '', info.firmware ?? '']);
}

import type { Random } from '../../core/random.ts';
import { HOUR_MS, MINUTE_MS } from '../../core/time.ts';
import { plugIn, presentToken, unplug } from './state/driver.ts';
import { usedConnector } from './state/evse.ts';
import type { Station } from './station.ts';
import type { FleetTimers, TimerOwner } from './timers.ts';

/** How drivers use the stations of a fleet. */
export interface BehaviourProfile {
  readonly name: string;
  /** Arrivals per EVSE and hour for each hour of the day (UTC). */
  readonly arrivalsPerHour: readonly number[];
  readonly minStayMs: number;
  readonly maxStayMs: number;
  /** Share of drivers whose card nobody knows. */
  readonly refusedShare: number;
  /** Share of drivers who just pull the plug instead of showing the card again. */
  readonly pullsPlugShare: number;
}

const day = (of: (hour: number) => number): number[] => Array.from({ length: 24 }, (_, hour) => of(hour));

export const BEHAVIOURS = {
  idle: { name: 'idle', arrivalsPerHour: day(() => 0), minStayMs: 0, maxStayMs: 0, refusedShare: 0, pullsPlugShare: 0 },
  /** Arrivals between 7 and 9, who stay for the working day. */
  commuter: {
    name: 'commuter',
    arrivalsPerHour: day((hour) => (hour >= 7 && hour < 9 ? 0.45 : hour >= 9 && hour < 18 ? 0.05 : 0.01)),
    minStayMs: 5 * HOUR_MS,
    maxStayMs: 9 * HOUR_MS,
    refusedShare: 0.01,
    pullsPlugShare: 0.05,
  },
  /** Somebody is always there, for a short time. */
  busy: {
    name: 'busy',
    arrivalsPerHour: day(() => 4),
    minStayMs: 5 * MINUTE_MS,
    maxStayMs: 20 * MINUTE_MS,
    refusedShare: 0.05,
    pullsPlugShare: 0.1,
  },
} as const satisfies Record<string, BehaviourProfile>;
export type BehaviourName = keyof typeof BEHAVIOURS;

/** How long a driver looks for the card, and for the plug. */
const FUMBLE_MS = 20_000;

/** The drivers of one station, one step at a time on the fleet's timers. */
export class Drivers implements TimerOwner {
  readonly #station: Station;
  readonly #profile: BehaviourProfile;
  readonly #timers: FleetTimers;
  readonly #random: Random;
  readonly #now: () => number;
  #card = 0;

  constructor(station: Station, profile: BehaviourProfile, timers: FleetTimers, random: Random, now: () => number) {
    this.#station = station;
    this.#profile = profile;
    this.#timers = timers;
    this.#random = random;
    this.#now = now;
  }

  start(): void {
    for (const evse of this.#station.machine.core.evses) this.#waitForArrival(evse.id);
  }

  stop(): void {
    this.#timers.clearAll(this);
  }

  fired(name: string): void {
    const [what, id] = name.split(':');
    const evseId = Number(id);
    if (!this.#station.machine.powered) return this.#waitForArrival(evseId);
    switch (what) {
      case 'look':
        return this.#waitForArrival(evseId);
      case 'arrive':
        return this.#arrive(evseId);
      case 'card':
        this.#present(evseId);
        return this.#timers.set(
          this,
          `leave:${evseId}`,
          this.#random.between(this.#profile.minStayMs, this.#profile.maxStayMs),
        );
      case 'leave':
        return this.#leave(evseId);
      case 'gone':
        return this.#pull(evseId);
    }
  }

  /** The next arrival by the rate of this hour; at a rate of 0 the next hour is looked at. */
  #waitForArrival(evseId: number): void {
    const hour = Math.floor(this.#now() / HOUR_MS) % 24;
    const rate = this.#profile.arrivalsPerHour[hour] ?? 0;
    if (this.#profile.arrivalsPerHour.every((one) => one === 0)) return;
    const waitMs = rate > 0 ? (-Math.log(1 - this.#random.next()) / rate) * HOUR_MS : Number.POSITIVE_INFINITY;
    const leftOfHourMs = HOUR_MS - (this.#now() % HOUR_MS);
    if (waitMs < leftOfHourMs) this.#timers.set(this, `arrive:${evseId}`, waitMs);
    else this.#timers.set(this, `look:${evseId}`, leftOfHourMs);
  }

  #arrive(evseId: number): void {
    const evse = this.#station.machine.core.evse(evseId);
    if (evse === undefined) return;
    if (usedConnector(evse) !== undefined) return this.#waitForArrival(evseId);
    const connector = this.#random.pick(evse.connectors);
    this.#card = this.#random.int(1, 1_000_000);
    this.#station.input({
      kind: 'act',
      act: (core) =>
        plugIn(core, evseId, connector.id, {
          soCPercent: this.#random.int(5, 80),
          targetSoC: this.#random.chance(0.7) ? 80 : 100,
        }),
    });
    this.#timers.set(this, `card:${evseId}`, this.#random.between(1_000, FUMBLE_MS));
  }

  #present(evseId: number): void {
    const refused = this.#random.chance(this.#profile.refusedShare);
    const value = refused ? '0BADCA4D' : this.#token();
    this.#station.input({
      kind: 'act',
      act: (core) =>
        presentToken(core, { value, type: this.#station.version === '1.6' ? 'idTag' : 'ISO14443' }, evseId),
    });
  }

  #token(): string {
    return `04${this.#card.toString(16).toUpperCase().padStart(12, '0')}`;
  }

  #leave(evseId: number): void {
    const evse = this.#station.machine.core.evse(evseId);
    const token = evse?.transaction?.token;
    if (token !== undefined && !this.#random.chance(this.#profile.pullsPlugShare)) {
      this.#station.input({ kind: 'act', act: (core) => presentToken(core, token, evseId) });
    }
    this.#timers.set(this, `gone:${evseId}`, this.#random.between(1_000, FUMBLE_MS));
  }

  #pull(evseId: number): void {
    this.#station.input({
      kind: 'act',
      act: (core) => {
        const evse = core.evse(evseId);
        const used = evse === undefined ? undefined : usedConnector(evse);
        if (used !== undefined) unplug(core, evseId, used.id);
      },
    });
    this.#waitForArrival(evseId);
  }
}

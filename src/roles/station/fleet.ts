import { Random } from '../../core/random.ts';
import type { OcppVersion } from '../../protocols/ocpp/versions.ts';
import { BEHAVIOURS, type BehaviourName, Drivers } from './behaviour.ts';
import { LatencyHistogram } from './latency.ts';
import { Station, type StationWorld } from './station.ts';
import type { StationTemplate } from './template.ts';

export interface FleetOptions {
  /** Its `observe` and `measure` are the fleet's. */
  readonly world: Omit<StationWorld, 'observe' | 'measure'>;
  readonly count: number;
  /** Stations get these in turn. */
  readonly versions: readonly OcppVersion[];
  readonly template: StationTemplate;
  /** `SIM-` gives SIM-00001 and so on. */
  readonly prefix: string;
  readonly endpoint: string;
  readonly behaviour: BehaviourName;
  /** Stations that are switched on per second; 0 = all at once (a storm). */
  readonly rampPerSecond: number;
  readonly seed: string;
  readonly password?: string;
}

/** What a dashboard shows and a CI job checks. */
export interface FleetSummary {
  readonly stations: number;
  readonly started: number;
  readonly connected: number;
  readonly accepted: number;
  readonly charging: number;
  readonly sessionsStarted: number;
  readonly sessionsEnded: number;
  readonly energyKWh: number;
  readonly refusedCards: number;
  readonly connectFailures: number;
  readonly messages: number;
  readonly failedCalls: Readonly<Record<string, number>>;
  /** From the first start until the last station was accepted, ms; undefined before. */
  readonly allAcceptedMs: number | undefined;
  readonly latencyMs: Readonly<
    Record<
      string,
      { readonly count: number; readonly p50: number; readonly p95: number; readonly p99: number; readonly max: number }
    >
  >;
  /** How late this process's own timers are at worst, ms: above some ten the numbers are the generator's, not the CSMS's. */
  readonly ownDelayMs: number;
}

/** Many stations in one process: shared template, shared timers, drivers by profile, and numbers about all of it. */
export class Fleet {
  readonly stations: readonly Station[];
  readonly #options: FleetOptions;
  readonly #drivers: readonly Drivers[];
  readonly #latency = new Map<string, LatencyHistogram>();
  readonly #failed = new Map<string, number>();
  readonly #accepted = new Set<Station>();
  #started = 0;
  #connected = 0;
  #charging = 0;
  #sessionsStarted = 0;
  #sessionsEnded = 0;
  #energyWh = 0;
  #refused = 0;
  #connectFailures = 0;
  #messages = 0;
  #beganMs = 0;
  #allAcceptedMs: number | undefined;
  #ownDelayMs = 0;
  #stopped = false;

  constructor(options: FleetOptions) {
    this.#options = options;
    const { world, template, endpoint, prefix, versions, seed } = options;
    const random = new Random(seed);
    const shared: StationWorld = {
      ...world,
      observe: (station, what, data) => this.#happened(station, what, data),
      measure: (action, ms, outcome) => this.#measured(action, ms, outcome),
    };
    const width = Math.max(5, String(options.count).length);
    const profile = BEHAVIOURS[options.behaviour];
    const stations: Station[] = [];
    const drivers: Drivers[] = [];
    for (let i = 0; i < options.count; i++) {
      const identity = `${prefix}${String(i + 1).padStart(width, '0')}`;
      const station = new Station(shared, {
        identity,
        version: versions[i % versions.length] ?? '2.0.1',
        template,
        endpoint,
        random: random.fork(identity),
        ...(options.password === undefined ? {} : { password: options.password }),
      });
      stations.push(station);
      if (profile.name !== 'idle') {
        drivers.push(
          new Drivers(station, profile, world.timers, random.fork(`drivers/${identity}`), () => world.clock.now()),
        );
      }
    }
    this.stations = stations;
    this.#drivers = drivers;
  }

  /** Switches the stations on, by the ramp. */
  start(): void {
    const { clock } = this.#options.world;
    this.#beganMs = clock.monotonic();
    const { rampPerSecond } = this.#options;
    if (rampPerSecond <= 0) {
      while (this.#started < this.stations.length) this.#startNext();
    } else {
      this.#ramp(rampPerSecond);
    }
    for (const one of this.#drivers) one.start();
    this.#watchOwnDelay();
  }

  stop(): void {
    this.#stopped = true;
    for (const one of this.#drivers) one.stop();
    for (const one of this.stations) one.stop();
  }

  /** A blackout: all stations lose power, and come back within so many seconds of each other. */
  blackout(darkS: number, spreadS: number): void {
    const random = new Random(`${this.#options.seed}/blackout`);
    for (const station of this.stations) {
      const backMs = darkS * 1000 + random.next() * spreadS * 1000;
      station.input({ kind: 'act', act: (_core, machine) => machine.powered && machine.powerLoss(backMs) });
    }
  }

  summary(): FleetSummary {
    const latencyMs: Record<string, { count: number; p50: number; p95: number; p99: number; max: number }> = {};
    for (const [action, one] of this.#latency) {
      latencyMs[action] = {
        count: one.count,
        p50: round(one.percentile(0.5)),
        p95: round(one.percentile(0.95)),
        p99: round(one.percentile(0.99)),
        max: round(one.maxMs),
      };
    }
    return {
      stations: this.stations.length,
      started: this.#started,
      connected: this.#connected,
      accepted: this.#accepted.size,
      charging: this.#charging,
      sessionsStarted: this.#sessionsStarted,
      sessionsEnded: this.#sessionsEnded,
      energyKWh: Math.round(this.#energyWh) / 1000,
      refusedCards: this.#refused,
      connectFailures: this.#connectFailures,
      messages: this.#messages,
      failedCalls: Object.fromEntries(this.#failed),
      allAcceptedMs: this.#allAcceptedMs,
      latencyMs,
      ownDelayMs: round(this.#ownDelayMs),
    };
  }

  #ramp(perSecond: number): void {
    const { clock } = this.#options.world;
    const slice = (): void => {
      if (this.#stopped) return;
      const due = Math.min(
        this.stations.length,
        Math.ceil(((clock.monotonic() - this.#beganMs) / 1000) * perSecond) + 1,
      );
      while (this.#started < due) this.#startNext();
      if (this.#started < this.stations.length) clock.after(Math.max(10, 1000 / perSecond), slice);
    };
    slice();
  }

  #startNext(): void {
    this.stations[this.#started]?.start();
    this.#started++;
  }

  /** A timer that should fire every 100 ms shows how far this process is behind. */
  #watchOwnDelay(): void {
    const { clock } = this.#options.world;
    const setMs = clock.monotonic();
    clock.after(100, () => {
      this.#ownDelayMs = Math.max(this.#ownDelayMs, clock.monotonic() - setMs - 100);
      if (!this.#stopped) this.#watchOwnDelay();
    });
  }

  #happened(station: Station, what: string, data: Readonly<Record<string, unknown>>): void {
    switch (what) {
      case 'connected':
        this.#connected++;
        return;
      case 'disconnected':
        this.#connected--;
        this.#accepted.delete(station);
        return;
      case 'connect-failed':
        this.#connectFailures++;
        return;
      case 'boot':
        if (data['status'] !== 'Accepted') return;
        this.#accepted.add(station);
        if (this.#accepted.size === this.stations.length)
          this.#allAcceptedMs ??= this.#options.world.clock.monotonic() - this.#beganMs;
        return;
      case 'transaction-started':
        this.#sessionsStarted++;
        this.#charging++;
        return;
      case 'transaction-ended':
        this.#sessionsEnded++;
        this.#charging--;
        this.#energyWh += Number(data['energyWh'] ?? 0);
        return;
      case 'refused':
        this.#refused++;
        return;
    }
  }

  #measured(action: string, ms: number, outcome: string): void {
    this.#messages++;
    if (outcome !== 'result') {
      const key = `${action} ${outcome}`;
      this.#failed.set(key, (this.#failed.get(key) ?? 0) + 1);
      return;
    }
    let histogram = this.#latency.get(action);
    if (histogram === undefined) {
      histogram = new LatencyHistogram();
      this.#latency.set(action, histogram);
    }
    histogram.add(ms);
  }
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}

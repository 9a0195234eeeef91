import type { LoopWatch } from '../../core/loop-watch.ts';
import { Random } from '../../core/random.ts';
import type { OcppVersion } from '../../protocols/ocpp/versions.ts';
import { BEHAVIOURS, type BehaviourName, Drivers } from './behaviour.ts';
import { type FleetReport, type FleetSummary, summarize } from './fleet-report.ts';
import { type StormName, stormSteps } from './fleet-storms.ts';
import { LatencyHistogram } from './latency.ts';
import { Station } from './station.ts';
import type { StationWorld } from './station-world.ts';
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
  /** The number of the first station; 1 by default. Workers of a fleet count on. */
  readonly firstNumber?: number;
  /** How many digits the numbers have at least. */
  readonly digits?: number;
  readonly loop?: LoopWatch;
  /** `false`: stations keep their own time, where it runs faster than that of the CSMS. */
  readonly followCsmsClock?: boolean;
}

/** A fleet, whether it runs in this process or in several. */
export interface FleetControl {
  start(): void;
  stop(): void;
  report(): FleetReport;
  storm(name: StormName, spreadS: number): void;
}

/** So many different reasons of failed connections are kept. */
const MAX_REASONS = 5;
const FIRMWARE_FAILURES: ReadonlySet<string> = new Set([
  'DownloadFailed',
  'InstallationFailed',
  'InstallVerificationFailed',
  'InvalidSignature',
]);

/** Many stations in one process: shared template, shared timers, drivers by profile, and numbers about all of it. */
export class Fleet implements FleetControl {
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
  readonly #failureReasons = new Map<string, number>();
  #disconnects = 0;
  #storms = 0;
  #firmwareInstalled = 0;
  #firmwareFailed = 0;
  #messages = 0;
  #beganMs = 0;
  #allAcceptedMs: number | undefined;
  #messagesUntilAccepted: number | undefined;
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
    const { firstNumber = 1, digits = Math.max(5, String(options.count).length) } = options;
    const profile = BEHAVIOURS[options.behaviour];
    const stations: Station[] = [];
    const drivers: Drivers[] = [];
    for (let i = 0; i < options.count; i++) {
      const identity = `${prefix}${String(firstNumber + i).padStart(digits, '0')}`;
      const station = new Station(shared, {
        identity,
        version: versions[i % versions.length] ?? '2.0.1',
        template,
        endpoint,
        random: random.fork(identity),
        ...(options.password === undefined ? {} : { password: options.password }),
      });
      station.machine.registrar.clockStubborn = options.followCsmsClock === false;
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

  /** Lets a storm loose over all stations. */
  storm(name: StormName, spreadS: number): void {
    const random = new Random(`${this.#options.seed}/${name}/${this.#storms++}`);
    const { clock } = this.#options.world;
    for (const station of this.stations) {
      for (const step of stormSteps(name, station, spreadS * 1000, random)) {
        if (step.afterMs <= 0) step.run();
        else clock.after(step.afterMs, () => !this.#stopped && step.run());
      }
    }
  }

  report(): FleetReport {
    return {
      stations: this.stations.length,
      started: this.#started,
      connected: this.#connected,
      accepted: this.#accepted.size,
      charging: this.#charging,
      sessionsStarted: this.#sessionsStarted,
      sessionsEnded: this.#sessionsEnded,
      energyWh: this.#energyWh,
      refusedCards: this.#refused,
      connectFailures: this.#connectFailures,
      connectFailureReasons: Object.fromEntries(this.#failureReasons),
      disconnects: this.#disconnects,
      firmwareInstalled: this.#firmwareInstalled,
      firmwareFailed: this.#firmwareFailed,
      messages: this.#messages,
      failedCalls: Object.fromEntries(this.#failed),
      allAcceptedMs: this.#allAcceptedMs,
      messagesUntilAccepted: this.#messagesUntilAccepted,
      latency: Object.fromEntries([...this.#latency].map(([action, one]) => [action, one.toJSON()])),
      ownDelayMs: this.#ownDelayMs,
      loop: this.#options.loop?.look(),
    };
  }

  summary(): FleetSummary {
    return summarize(this.report());
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
        // Connected again without a boot: it still is accepted.
        if (station.machine.registration === 'Accepted') this.#accepted.add(station);
        return;
      case 'disconnected':
        this.#connected--;
        this.#disconnects++;
        this.#accepted.delete(station);
        return;
      case 'connect-failed':
        this.#connectFailures++;
        this.#countReason(String(data['why']));
        return;
      case 'boot':
        if (data['status'] !== 'Accepted') return;
        this.#accepted.add(station);
        if (this.#accepted.size === this.stations.length && this.#allAcceptedMs === undefined) {
          this.#allAcceptedMs = this.#options.world.clock.monotonic() - this.#beganMs;
          this.#messagesUntilAccepted = this.#messages;
        }
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
      case 'firmware':
        if (data['status'] === 'Installed') this.#firmwareInstalled++;
        else if (FIRMWARE_FAILURES.has(String(data['status']))) this.#firmwareFailed++;
        return;
    }
  }

  #countReason(why: string): void {
    const known = this.#failureReasons.get(why);
    if (known !== undefined || this.#failureReasons.size < MAX_REASONS) this.#failureReasons.set(why, (known ?? 0) + 1);
  }

  #measured(action: string, ms: number, outcome: string): void {
    // The line broke under it: counted as a lost connection, not as a fault of the CSMS.
    if (outcome === 'closed') return;
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

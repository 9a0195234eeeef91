import type { Clock, Timer } from '../../core/clock.ts';
import { CompoteError } from '../../core/errors.ts';
import type { Ids } from '../../core/ids.ts';
import { Random } from '../../core/random.ts';
import { isoTime } from '../../core/time.ts';
import type { OcppVersion } from '../../protocols/ocpp/versions.ts';
import type { BehaviourName } from './behaviour.ts';
import { Fleet } from './fleet.ts';
import type { FleetSummary } from './fleet-report.ts';
import type { StormName } from './fleet-storms.ts';
import { simulatedFiles } from './simulated-files.ts';
import type { StationWorld } from './station-world.ts';
import type { BuiltIn } from './template-names.ts';
import { loadTemplate } from './templates.ts';

export interface FleetOrder {
  readonly count: number;
  readonly versions: readonly OcppVersion[];
  readonly template: BuiltIn;
  readonly behaviour: BehaviourName;
  /** Stations that are switched on per second. */
  readonly rampPerSecond: number;
  readonly seed?: string;
  /** Where they connect; the simulator's own CSMS by default. */
  readonly csms?: string;
  readonly password?: string;
}

/** A fleet as REST shows it. */
export interface FleetView extends Omit<FleetOrder, 'password' | 'csms' | 'seed'> {
  readonly id: string;
  /** Before the number of each station. */
  readonly prefix: string;
  readonly seed: string;
  readonly endpoint: string;
  readonly state: 'running' | 'stopped';
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly summary: FleetSummary;
}

export interface FleetRunsOptions {
  readonly clock: Clock;
  /** The machine's time. */
  readonly wallClock: Clock;
  readonly ids: Ids;
  readonly endpoint: string;
  /** What all stations share; nothing of a fleet is stored. */
  readonly world: Omit<StationWorld, 'observe' | 'measure' | 'store'>;
  readonly changed: (fleet: FleetView) => void;
}

/** All fleets together: this process has the house's other services beside it. `compote station --count` does more. */
export const MAX_FLEET_STATIONS = 2_000;
const MAX_KEPT = 20;
const TELL_MS = 1_000;

interface Running {
  readonly order: Omit<FleetView, 'summary' | 'state' | 'endedAt'>;
  readonly fleet: Fleet;
  /** The last numbers, once it has stopped. */
  ended?: { readonly at: string; readonly summary: FleetSummary };
}

/** Fleets that were started over REST: told once a second while they run, kept in memory after. */
export class FleetRuns {
  readonly #options: FleetRunsOptions;
  readonly #fleets = new Map<string, Running>();
  #timer: Timer | undefined;
  #made = 0;

  constructor(options: FleetRunsOptions) {
    this.#options = options;
  }

  /** Newest first. */
  get views(): FleetView[] {
    return [...this.#fleets.values()].map(viewOf).reverse();
  }

  /** @throws NOT_FOUND */
  view(id: string): FleetView {
    return viewOf(this.#of(id));
  }

  /** Starts a fleet. @throws CONFLICT when there would be too many stations */
  start(asked: FleetOrder): FleetView {
    const { ids, wallClock, clock, endpoint, world } = this.#options;
    const running = this.#running.reduce((sum, { order }) => sum + order.count, 0);
    if (running + asked.count > MAX_FLEET_STATIONS)
      throw new CompoteError('CONFLICT', {
        detail: `${running} stations run in fleets; ${MAX_FLEET_STATIONS} may`,
        hint: 'Stop a fleet first, or start the stations in a process of their own: `compote station --count`.',
      });
    const { csms, password, seed, ...kept } = asked;
    const id = ids.uuid();
    const order = {
      ...kept,
      id,
      prefix: `FLEET-${++this.#made}-`,
      seed: seed ?? id.slice(0, 8),
      endpoint: csms ?? endpoint,
      startedAt: isoTime(wallClock.now()),
    };
    const template = loadTemplate(asked.template);
    const fleet = new Fleet({
      world: { ...world, files: simulatedFiles(clock, new Random(`${order.seed}/files`), template.timing.downloadMs) },
      template,
      count: order.count,
      versions: order.versions,
      prefix: order.prefix,
      endpoint: order.endpoint,
      behaviour: order.behaviour,
      rampPerSecond: order.rampPerSecond,
      seed: order.seed,
      followCsmsClock: clock === wallClock,
      ...(password === undefined ? {} : { password }),
    });
    const run: Running = { order, fleet };
    this.#fleets.set(id, run);
    for (const [old, { ended }] of this.#fleets) {
      if (this.#fleets.size <= MAX_KEPT) break;
      if (ended !== undefined) this.#fleets.delete(old);
    }
    fleet.start();
    this.#timer ??= wallClock.every(TELL_MS, () => {
      for (const each of this.#running) this.#options.changed(viewOf(each));
    });
    this.#options.changed(viewOf(run));
    return viewOf(run);
  }

  /** @throws NOT_FOUND, CONFLICT for one that has stopped */
  storm(id: string, name: StormName, spreadS: number): void {
    const run = this.#of(id);
    if (run.ended !== undefined) throw new CompoteError('CONFLICT', { detail: 'the fleet has stopped' });
    run.fleet.storm(name, spreadS);
  }

  /** Stops a fleet that runs, and forgets one that has stopped. @throws NOT_FOUND */
  remove(id: string): void {
    const run = this.#of(id);
    if (run.ended === undefined) this.#stop(run);
    else this.#fleets.delete(id);
  }

  stop(): void {
    for (const run of this.#running) this.#stop(run);
  }

  get #running(): Running[] {
    return [...this.#fleets.values()].filter(({ ended }) => ended === undefined);
  }

  #stop(run: Running): void {
    // The numbers as they were while the stations were there.
    run.ended = { at: isoTime(this.#options.wallClock.now()), summary: run.fleet.summary() };
    run.fleet.stop();
    this.#options.changed(viewOf(run));
    if (this.#running.length > 0) return;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #of(id: string): Running {
    const found = this.#fleets.get(id);
    if (found === undefined) throw new CompoteError('NOT_FOUND', { detail: `There is no fleet ${id}` });
    return found;
  }
}

function viewOf({ order, fleet, ended }: Running): FleetView {
  return ended === undefined
    ? { ...order, state: 'running', summary: fleet.summary() }
    : { ...order, state: 'stopped', endedAt: ended.at, summary: ended.summary };
}

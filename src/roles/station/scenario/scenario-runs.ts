import type { Clock } from '../../../core/clock.ts';
import { CompoteError, messageOf } from '../../../core/errors.ts';
import type { Ids } from '../../../core/ids.ts';
import { isoTime } from '../../../core/time.ts';
import type { OcppVersion } from '../../../protocols/ocpp/versions.ts';
import type { Scenario } from './format.ts';
import { type RunControl, runScenario, type ScenarioOptions } from './run.ts';

export interface RunStep {
  /** Where it stands: `3`, `5.2`. */
  readonly path: string;
  readonly label: string;
  readonly state: 'active' | 'done' | 'failed';
  /** When it began: epoch ms of the machine's time, as in the journal. */
  readonly at: number;
  /** What it waits for, and how long at most, in seconds of the world's time. */
  readonly waitingFor?: { readonly what: string; readonly seconds: number };
  readonly seconds?: number;
  readonly reason?: string;
  /** When it ended, as `at`. */
  readonly endedAt?: number;
}

/** One run of a scenario, as REST shows it. */
export interface RunView {
  readonly id: string;
  readonly scenario: string;
  /** Under which it is saved; what ships, and one's own. */
  readonly scenarioId: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly station: string;
  readonly version: OcppVersion;
  readonly seed: string;
  readonly state: 'running' | 'passed' | 'failed' | 'stopped';
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly steps: readonly RunStep[];
  readonly sessions: readonly { readonly energyWh: number; readonly reason: string }[];
}

export interface RunOrder {
  readonly id: string;
  readonly scenario: Scenario;
  /** Instead of those of the scenario; only names that it has. */
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly seed?: string;
  readonly version?: OcppVersion;
  /** Where its station connects; the simulator's own CSMS by default. */
  readonly csms?: string;
  readonly password?: string;
}

export interface ScenarioRunsOptions {
  /** The world's time, in which steps wait. */
  readonly clock: Clock;
  /** The machine's time, by which the journal tells when something happened. */
  readonly wallClock: Clock;
  readonly ids: Ids;
  readonly endpoint: string;
  /** What stations of runs share with the others. */
  readonly station: Pick<ScenarioOptions, 'dialer' | 'files' | 'crypto' | 'link' | 'schemas'>;
  readonly changed: (run: RunView) => void;
}

const MAX_RUNNING = 20;
const MAX_KEPT = 200;
const MAX_STEPS_SHOWN = 1_000;

/** Runs of scenarios, each with a station of its own; the newest ones are kept in memory. */
export class ScenarioRuns {
  readonly #options: ScenarioRunsOptions;
  readonly #runs = new Map<string, { view: RunView; control: RunControl | undefined }>();

  constructor(options: ScenarioRunsOptions) {
    this.#options = options;
  }

  /** Newest first. */
  get views(): RunView[] {
    return [...this.#runs.values()].map((one) => one.view).reverse();
  }

  /** @throws NOT_FOUND */
  view(id: string): RunView {
    return this.#of(id).view;
  }

  /** Starts a run and gives its view at once. @throws CONFLICT when too many run. */
  start(order: RunOrder): RunView {
    const running = [...this.#runs.values()].filter((one) => one.view.state === 'running');
    if (running.length >= MAX_RUNNING)
      throw new CompoteError('CONFLICT', {
        detail: `${MAX_RUNNING} scenarios run already`,
        hint: 'Wait for one to end, or stop one with DELETE /api/v1/sim/runs/{id}.',
      });
    const { clock, wallClock, ids, endpoint, station } = this.#options;
    const { scenario, variables = {} } = order;
    const unknown = Object.keys(variables).filter((name) => !Object.hasOwn(scenario.variables ?? {}, name));
    if (unknown.length > 0)
      throw new CompoteError('INVALID_REQUEST', {
        fields: unknown.map((name) => ({
          pointer: `/variables/${name}`,
          msg: `is no variable of this scenario; it has ${Object.keys(scenario.variables ?? {}).join(', ') || 'none'}`,
        })),
      });
    const id = ids.uuid();
    const seed = order.seed ?? scenario.seed ?? id.slice(0, 8);
    const version = order.version ?? scenario.version ?? '2.0.1';
    const identity = `SIM-RUN-${id.slice(0, 8)}`;
    const startedAt = isoTime(wallClock.now());
    const view: RunView = {
      id,
      scenario: scenario.name,
      scenarioId: order.id,
      variables: { ...scenario.variables, ...variables },
      station: identity,
      version,
      seed,
      state: 'running',
      startedAt,
      steps: [],
      sessions: [],
    };
    const run: { view: RunView; control: RunControl | undefined } = { view, control: undefined };
    this.#runs.set(id, run);
    this.#forgetOld();
    const step = (one: Omit<RunStep, 'at'>): void => {
      const isOld = (known: RunStep): boolean => known.state === 'active' && known.path === one.path;
      const known = run.view.steps.find(isOld);
      const now = wallClock.now();
      const next: RunStep = {
        ...known,
        ...one,
        at: known?.at ?? now,
        ...(one.state === 'active' ? {} : { endedAt: now }),
      };
      const steps = [...run.view.steps.filter((each) => !isOld(each)), next];
      this.#show(run, { ...run.view, steps: steps.slice(-MAX_STEPS_SHOWN) });
    };
    runScenario({
      ...station,
      followCsmsClock: clock === wallClock,
      scenario,
      clock,
      seed,
      version,
      identity,
      endpoint: order.csms ?? endpoint,
      ...(order.password === undefined ? {} : { password: order.password }),
      onReady: (control) => {
        run.control = control;
      },
      variables,
      onBegin: (path, label) => step({ path, label, state: 'active' }),
      onWait: (path, what, seconds) => {
        const label = run.view.steps.find((each) => each.state === 'active' && each.path === path)?.label;
        if (label !== undefined) step({ path, label, state: 'active', waitingFor: { what, seconds } });
      },
      onStep: ({ path, text, ok, seconds, problem }) =>
        step({
          path,
          label: text,
          state: ok ? 'done' : 'failed',
          seconds,
          ...(problem === undefined ? {} : { reason: problem }),
        }),
    }).then(
      ({ ok, sessions }) => this.#ended(run, ok ? 'passed' : 'failed', sessions),
      (thrown: unknown) => {
        step({ path: '0', label: 'start', state: 'failed', reason: messageOf(thrown) });
        this.#ended(run, 'failed', []);
      },
    );
    return run.view;
  }

  /** Stops a run that goes on, and forgets one that has ended. @throws NOT_FOUND */
  remove(id: string): void {
    const run = this.#of(id);
    if (run.view.state !== 'running') {
      this.#runs.delete(id);
      return;
    }
    this.#show(run, { ...run.view, state: 'stopped', endedAt: isoTime(this.#options.wallClock.now()) });
    run.control?.stop();
  }

  stop(): void {
    for (const run of this.#runs.values()) run.control?.stop();
  }

  #ended(run: { view: RunView }, state: 'passed' | 'failed', sessions: RunView['sessions']): void {
    const { view } = run;
    const endedAt = view.endedAt ?? isoTime(this.#options.wallClock.now());
    this.#show(run, { ...view, state: view.state === 'stopped' ? 'stopped' : state, sessions, endedAt });
  }

  #show(run: { view: RunView }, view: RunView): void {
    run.view = view;
    this.#options.changed(view);
  }

  #of(id: string): { view: RunView; control: RunControl | undefined } {
    const found = this.#runs.get(id);
    if (found === undefined) throw new CompoteError('NOT_FOUND', { detail: `There is no run ${id}` });
    return found;
  }

  #forgetOld(): void {
    for (const [id, run] of this.#runs) {
      if (this.#runs.size <= MAX_KEPT) return;
      if (run.view.state !== 'running') this.#runs.delete(id);
    }
  }
}

import type { Clock } from '../../../core/clock.ts';
import { messageOf } from '../../../core/errors.ts';
import { Random } from '../../../core/random.ts';
import type { VirtualClock } from '../../../core/virtual-clock.ts';
import type { Command } from '../commands.ts';
import { type CreateStationOptions, createStation, type StationEvent, type StationHandle } from '../create-station.ts';
import { fits, valueAt } from './expectations.ts';
import type { Amount, Expected, Scenario, Step } from './format.ts';
import { wordsOf } from './step-words.ts';

/** How one step went. */
export interface StepResult {
  /** Where it stands: `3`, `5.2`. */
  readonly path: string;
  readonly text: string;
  readonly ok: boolean;
  readonly seconds: number;
  readonly problem?: string;
}

export interface Verdict {
  readonly scenario: string;
  readonly ok: boolean;
  readonly seed: string;
  readonly seconds: number;
  readonly steps: readonly StepResult[];
  /** Sessions that ended, with their energy. */
  readonly sessions: readonly { readonly energyWh: number; readonly reason: string }[];
}

export type ScenarioOptions = Pick<
  CreateStationOptions,
  'endpoint' | 'dialer' | 'password' | 'files' | 'crypto' | 'link' | 'schemas' | 'followCsmsClock'
> & {
  readonly scenario: Scenario;
  readonly clock: Clock;
  readonly identity?: string;
  /** Instead of the scenario's own. */
  readonly seed?: string;
  readonly version?: CreateStationOptions['version'];
  readonly onStep?: (result: StepResult) => void;
  /** A step begins that may take time. */
  readonly onBegin?: (path: string, text: string) => void;
  /** A step waits for something, for so many seconds at most. */
  readonly onWait?: (path: string, what: string, seconds: number) => void;
  /** Instead of those of the scenario. */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Gets the means to stop the run early; its verdict is a failure then. */
  readonly onReady?: (control: RunControl) => void;
  readonly onEvent?: (event: StationEvent) => void;
};

/** How long `until` and `expect` wait when nothing is said, seconds. */
const DEFAULT_WITHIN_S = 60;

/** Stops a run from outside. */
export interface RunControl {
  stop(): void;
}

class Failed extends Error {}

/** Runs a scenario with a station of its own, step by step, to the first failure. */
export async function runScenario(options: ScenarioOptions): Promise<Verdict> {
  const { scenario, clock } = options;
  const seed = options.seed ?? scenario.seed ?? 'scenario';
  const run = new Run(options, seed);
  const beganMs = clock.now();
  options.onReady?.({ stop: () => run.abort() });
  const ok = (await run.start()) && (await run.steps(scenario.steps, ''));
  run.stop();
  return {
    scenario: scenario.name,
    ok,
    seed,
    seconds: (clock.now() - beganMs) / 1000,
    steps: run.results,
    sessions: run.sessions,
  };
}

/** The same in virtual time, as fast as it goes. */
export async function runVirtually(
  options: Omit<ScenarioOptions, 'clock'> & { readonly clock: VirtualClock },
): Promise<Verdict> {
  let done = false;
  const running = runScenario(options).finally(() => {
    done = true;
  });
  while (!done) await options.clock.runFor(1_000);
  return running;
}

class Run {
  readonly results: StepResult[] = [];
  readonly sessions: { energyWh: number; reason: string }[] = [];
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #station: StationHandle;
  readonly #options: ScenarioOptions;
  readonly #variables: Map<string, unknown>;
  /** Events since the last `until` that used one: an event that came early counts. */
  #events: StationEvent[] = [];
  #wake: (() => void)[] = [];
  #aborted = false;

  constructor(options: ScenarioOptions, seed: string) {
    this.#options = options;
    this.#clock = options.clock;
    this.#random = new Random(`${seed}/scenario`);
    const { scenario } = options;
    this.#variables = new Map(Object.entries({ ...scenario.variables, ...options.variables }));
    const { endpoint, dialer, password, files, crypto, link, schemas, followCsmsClock } = options;
    this.#station = createStation({
      identity: options.identity ?? 'SIM-SCENARIO',
      version: options.version ?? scenario.version ?? '2.0.1',
      template: scenario.template ?? 'ac-22-duo',
      endpoint,
      clock: options.clock,
      seed,
      onEvent: (event) => this.#happened(event),
      ...(followCsmsClock === undefined ? {} : { followCsmsClock }),
      ...(dialer === undefined ? {} : { dialer }),
      ...(password === undefined ? {} : { password }),
      ...(files === undefined ? {} : { files }),
      ...(crypto === undefined ? {} : { crypto }),
      ...(link === undefined ? {} : { link }),
      ...(schemas === undefined ? {} : { schemas }),
    });
  }

  /** Ends the run at its present step. */
  abort(): void {
    this.#aborted = true;
    for (const wake of this.#wake.splice(0)) wake();
  }

  async start(): Promise<boolean> {
    this.#station.start();
    return this.#step({ until: 'boot', data: { status: 'Accepted' } }, '0');
  }

  stop(): void {
    this.#station.stop();
  }

  /** False when one failed; the rest is not run. */
  async steps(list: readonly Step[], prefix: string): Promise<boolean> {
    if (this.results.some((one) => !one.ok)) return false;
    for (const [index, step] of list.entries()) {
      if (!(await this.#step(step, `${prefix}${index + 1}`))) return false;
    }
    return true;
  }

  async #step(step: Step, path: string): Promise<boolean> {
    const beganMs = this.#clock.now();
    let problem: string | undefined;
    let text = wordsOf(step);
    try {
      if ('repeat' in step) {
        const times = this.#amount(step.repeat as Amount);
        for (let i = 1; i <= times; i++) {
          if ('as' in step) this.#variables.set(String(step.as), i);
          if (!(await this.steps(step.steps as readonly Step[], `${path}.${i}.`))) return false;
        }
        return true;
      }
      if ('chance' in step) {
        const chosen = this.#random.chance(Number(step.chance)) ? step.steps : (step.else ?? []);
        return await this.steps(chosen as readonly Step[], `${path}.`);
      }
      text = wordsOf(this.#filled(step) as Step);
      this.#options.onBegin?.(path, text);
      await this.#run(step, path);
    } catch (thrown) {
      problem = messageOf(thrown);
    }
    const result: StepResult = {
      path,
      text,
      ok: problem === undefined,
      seconds: (this.#clock.now() - beganMs) / 1000,
      ...(problem === undefined ? {} : { problem }),
    };
    this.results.push(result);
    this.#options.onStep?.(result);
    return result.ok;
  }

  async #run(
    step: Exclude<Step, { readonly repeat: Amount } | { readonly chance: number }>,
    path: string,
  ): Promise<void> {
    const waits = (what: string, seconds: number): number => {
      this.#options.onWait?.(path, what, seconds);
      return this.#clock.now() + seconds * 1000;
    };
    if ('do' in step) {
      const { do: type, ...params } = step;
      this.#station.do({ type, ...(this.#filled(params) as object) } as Command);
    } else if ('wait' in step) {
      const deadlineMs = waits('this time to pass', this.#amount(step.wait as Amount));
      while (await this.#nextEvent(deadlineMs));
    } else if ('until' in step) {
      await this.#until(
        String(step.until),
        this.#filled(step.data ?? {}) as Record<string, unknown>,
        waits(`the event ${String(step.until)}`, this.#amount((step.within as Amount | undefined) ?? DEFAULT_WITHIN_S)),
      );
    } else if ('expect' in step) {
      await this.#expect(
        this.#filled(step.expect) as Record<string, Expected>,
        waits(Object.keys(step.expect as object).join(', '), this.#amount((step.within as Amount | undefined) ?? 0)),
      );
    } else if ('set' in step) {
      for (const [name, value] of Object.entries(step.set as object)) this.#variables.set(name, this.#filled(value));
    }
  }

  async #until(what: string, data: Readonly<Record<string, unknown>>, deadlineMs: number): Promise<void> {
    for (;;) {
      const index = this.#events.findIndex(
        (event) => event.what === what && Object.entries(data).every(([name, value]) => event.data[name] === value),
      );
      if (index >= 0) {
        this.#events = this.#events.slice(index + 1);
        return;
      }
      if (!(await this.#nextEvent(deadlineMs))) throw new Failed(`${what} did not happen in time`);
    }
  }

  async #expect(expected: Readonly<Record<string, Expected>>, deadlineMs: number): Promise<void> {
    for (;;) {
      const view = this.#station.view();
      const wrong = Object.entries(expected).flatMap(([pointer, wanted]) => {
        const actual = valueAt(view, pointer);
        return fits(actual, wanted) ? [] : [`${pointer} is ${JSON.stringify(actual)}, not ${JSON.stringify(wanted)}`];
      });
      if (wrong.length === 0) return;
      // Values such as energy grow without an event: look again every second.
      if (this.#clock.now() >= deadlineMs) throw new Failed(wrong.join('; '));
      await this.#nextEvent(Math.min(deadlineMs, this.#clock.now() + 1_000));
    }
  }

  /** Waits for any event; false when the deadline came first. */
  async #nextEvent(deadlineMs: number): Promise<boolean> {
    const came = await this.#event(deadlineMs);
    if (this.#aborted) throw new Failed('stopped');
    return came;
  }

  #event(deadlineMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = this.#clock.after(deadlineMs - this.#clock.now(), () => {
        this.#wake = this.#wake.filter((one) => one !== wake);
        resolve(false);
      });
      const wake = (): void => {
        timer.cancel();
        resolve(true);
      };
      this.#wake.push(wake);
    });
  }

  #happened(event: StationEvent): void {
    if (event.what === 'transaction-ended') {
      this.sessions.push({ energyWh: Number(event.data['energyWh']), reason: String(event.data['reason']) });
    }
    this.#events.push(event);
    if (this.#events.length > 1_000) this.#events.shift();
    this.#options.onEvent?.(event);
    for (const wake of this.#wake.splice(0)) wake();
  }

  #amount(amount: Amount): number {
    if (typeof amount === 'object') return this.#random.between(amount.between[0], amount.between[1]);
    const value = Number(this.#filled(amount));
    if (!Number.isFinite(value)) throw new Failed(`${String(amount)} is not a number`);
    return value;
  }

  /** Puts variables into texts: `${name}`. A text that is only a variable takes its type. */
  #filled(value: unknown): unknown {
    if (typeof value === 'string') {
      const whole = value.match(/^\$\{(\w+)\}$/)?.[1];
      if (whole !== undefined) return this.#variable(whole);
      return value.replace(/\$\{(\w+)\}/g, (_all, name: string) => String(this.#variable(name)));
    }
    if (Array.isArray(value)) return value.map((one) => this.#filled(one));
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, this.#filled(member)]));
    }
    return value;
  }

  #variable(name: string): unknown {
    if (!this.#variables.has(name)) throw new Failed(`There is no variable ${name}`);
    return this.#variables.get(name);
  }
}

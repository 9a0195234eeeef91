import type { Clock } from '../../core/clock.ts';
import { CompoteError, messageOf } from '../../core/errors.ts';
import type { Ids } from '../../core/ids.ts';
import { isoTime } from '../../core/time.ts';
import type { Journal } from '../../journal/index.ts';
import type { Demo, DemoService, DemoWorld, Missing, SessionRef, Stage } from './demo.ts';
import { resultOf, sessionOf, settle } from './demo-result.ts';
import type { DemoRun } from './demo-run.ts';

export interface DemoRunsOptions {
  readonly clock: Clock;
  readonly ids: Ids;
  /** Where the messages of all services come together. */
  readonly journal: Journal;
  readonly demos: readonly Demo[];
  /** Where demos may keep files. */
  readonly folder: string;
  /** Looks which services answer: those that do not, with the reason. */
  readonly absent: (services: readonly DemoService[]) => Promise<readonly Missing[]>;
  readonly call: (token: string | undefined, ...asked: Parameters<DemoWorld['call']>) => Promise<unknown>;
  readonly changed: (run: DemoRun) => void;
}

const MAX_KEPT = 20;
const MAX_TOLD = 500;

interface Running {
  view: DemoRun;
  readonly abort: AbortController;
  readonly refs: SessionRef[];
  /** The newest message before it began. */
  since: number;
}

/** Runs demos against the running world, one at a time (they share stations); the newest runs are kept in memory. */
export class DemoRuns {
  readonly #options: DemoRunsOptions;
  readonly #runs = new Map<string, Running>();
  #current: Promise<void> | undefined;

  constructor(options: DemoRunsOptions) {
    this.#options = options;
  }

  /** Newest first. */
  get views(): DemoRun[] {
    return [...this.#runs.values()].map(({ view }) => view).reverse();
  }

  /** @throws NOT_FOUND */
  view(id: string): DemoRun {
    return this.#of(id).view;
  }

  /** What a demo lacks in this world; empty: it can run. */
  async missing(demo: Demo, token: string | undefined): Promise<readonly Missing[]> {
    const absent = await this.#options.absent(demo.services);
    if (absent.length > 0 || demo.missing === undefined) return absent;
    return demo.missing(this.#world(new AbortController().signal, token));
  }

  /** Starts a demo and gives its run at once. @throws NOT_FOUND; NOT_AVAILABLE with what is missing; CONFLICT */
  async start(id: string, token: string | undefined): Promise<DemoRun> {
    const { clock, ids, demos, journal } = this.#options;
    const demo = demos.find((each) => each.id === id);
    if (demo === undefined) {
      throw new CompoteError('NOT_FOUND', {
        detail: `there is no demo ${id}`,
        hint: `There are ${demos.map((each) => each.id).join(', ')}.`,
      });
    }
    this.#onlyOne();
    const [first, ...more] = await this.missing(demo, token);
    if (first !== undefined) {
      throw new CompoteError(first.kind === 'state' ? 'CONFLICT' : 'NOT_AVAILABLE', {
        detail: [first, ...more].map(({ text }) => text).join(' '),
        hint: first.hint,
        extra: { missing: [first, ...more] },
      });
    }
    const since = (await journal.query.info()).head;
    this.#onlyOne();
    const view: DemoRun = {
      id: ids.uuid(),
      demo: demo.id,
      title: demo.title,
      state: 'running',
      startedAt: isoTime(clock.now()),
      steps: demo.steps.map((step) => ({ ...step, state: 'pending' })),
      told: [],
      sessions: [],
    };
    const run: Running = { view, abort: new AbortController(), refs: [], since };
    this.#runs.set(view.id, run);
    for (const old of this.#runs.keys()) {
      if (this.#runs.size <= MAX_KEPT) break;
      this.#runs.delete(old);
    }
    this.#show(run, {});
    this.#current = this.#play(demo, run, token).finally(() => {
      this.#current = undefined;
    });
    return run.view;
  }

  /** Stops a run that goes on, and forgets one that has ended. @throws NOT_FOUND */
  remove(id: string): void {
    const run = this.#of(id);
    if (run.view.state === 'running') run.abort.abort();
    else this.#runs.delete(id);
  }

  /** Ends what runs, and waits until the world is as it was. */
  async stop(): Promise<void> {
    for (const { abort } of this.#runs.values()) abort.abort();
    await this.#current;
  }

  #onlyOne(): void {
    const running = this.views.find(({ state }) => state === 'running');
    if (running === undefined && this.#current === undefined) return;
    throw new CompoteError('CONFLICT', {
      detail: `the demo “${running?.title ?? 'before'}” still runs`,
      hint: 'Wait for its end, or stop it with DELETE /api/v1/demo/runs/{id}.',
    });
  }

  async #play(demo: Demo, run: Running, token: string | undefined): Promise<void> {
    const { clock, journal } = this.#options;
    const planted = demo.planted ?? [];
    let state: DemoRun['state'] = 'done';
    try {
      await demo.run(this.#world(run.abort.signal, token), this.#stage(run));
    } catch (cause) {
      state = run.abort.signal.aborted ? 'stopped' : 'failed';
      if (state === 'failed') this.#tell(run, 'demo', `It failed: ${messageOf(cause)}`);
      await demo.tidy(this.#world(new AbortController().signal, token)).catch(() => undefined);
    }
    if (state === 'done') await settle(clock, journal, run.since, planted);
    await this.#findSessions(run);
    const result = await resultOf(journal, run.since, run.view.sessions, planted);
    await Promise.all(
      result.planted.map(async ({ seq, title }) => {
        // Whoever meets the message later must not take it for a defect of the station.
        if (seq !== undefined)
          await journal.query.annotate(seq, { note: `Planted by the demo “${demo.title}”: ${title}.` });
      }),
    ).catch(() => undefined);
    this.#show(run, { state, result, endedAt: isoTime(clock.now()) });
  }

  #stage(run: Running): Stage {
    const { clock } = this.#options;
    return {
      step: async (id, play) => {
        const began = clock.monotonic();
        const ms = () => Math.round(clock.monotonic() - began);
        this.#step(run, id, { state: 'active' });
        try {
          const outcome = await play();
          this.#step(run, id, { state: 'done', ms: ms() });
          await this.#findSessions(run);
          return outcome;
        } catch (cause) {
          this.#step(run, id, { state: 'failed', ms: ms(), reason: messageOf(cause) });
          throw cause;
        }
      },
      tell: (party, text) => this.#tell(run, party, text),
      session: (ref) => {
        run.refs.push(ref);
      },
    };
  }

  #tell(run: Running, party: string, text: string): void {
    const told = [...run.view.told, { at: this.#options.clock.now(), party, text }];
    this.#show(run, { told: told.slice(-MAX_TOLD) });
  }

  #step(run: Running, id: string, change: Partial<DemoRun['steps'][number]>): void {
    if (!run.view.steps.some((step) => step.id === id))
      throw new CompoteError('INTERNAL', { detail: `the demo ${run.view.demo} has no step ${id}` });
    this.#show(run, { steps: run.view.steps.map((step) => (step.id === id ? { ...step, ...change } : step)) });
  }

  /** Two refs may name one session: its transaction and its SessionID. */
  async #findSessions(run: Running): Promise<void> {
    const found = await Promise.all(run.refs.map((ref) => sessionOf(this.#options.journal, ref)));
    const sessions = [...new Set(found.filter((id) => id !== undefined))];
    if (sessions.join() !== run.view.sessions.join()) this.#show(run, { sessions });
  }

  #show(run: Running, change: Partial<DemoRun>): void {
    run.view = { ...run.view, ...change };
    this.#options.changed(run.view);
  }

  #world(signal: AbortSignal, token: string | undefined): DemoWorld {
    const { clock, folder, call } = this.#options;
    return { clock, folder, signal, call: (...asked) => call(token, ...asked) };
  }

  #of(id: string): Running {
    const run = this.#runs.get(id);
    if (run === undefined) throw new CompoteError('NOT_FOUND', { detail: `there is no run ${id}` });
    return run;
  }
}

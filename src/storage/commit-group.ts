import type { Clock } from '../core/clock.ts';

/** Something that has work to make durable at the end of a turn: a database, the journal's spool. */
export interface CommitParticipant {
  /** Makes everything since the last call durable, synchronously. Called at most once a turn. */
  commit(): void;
}

/**
 * Group commit: all that is decided in one turn of the event loop becomes durable together, and only then the answers go
 * out (`afterCommit`). One commit for a thousand messages costs hardly more than for one.
 *
 * A failing commit is fatal for the promise "durable before answered": the answers are dropped, `onFailure` is told, and
 * the participants keep their work for the next turn.
 */
export class CommitGroup {
  readonly #clock: Clock;
  readonly #onFailure: (cause: unknown) => void;
  readonly #participants = new Set<CommitParticipant>();
  #tasks: (() => void)[] = [];
  #scheduled = false;
  #answersWait = false;

  constructor(clock: Clock, onFailure: (cause: unknown) => void) {
    this.#clock = clock;
    this.#onFailure = onFailure;
  }

  /** Asks for a commit of this participant at the end of this turn. Cheap when called often. */
  enlist(participant: CommitParticipant): void {
    this.#participants.add(participant);
    this.#schedule();
  }

  /** Runs `task` when everything that was enlisted in this turn is durable, in the order of the calls. */
  afterCommit(task: () => void): void {
    this.#tasks.push(task);
    this.#schedule();
  }

  /**
   * While a commit runs: whether an answer waits for it. A participant may leave out the wait for the disk when none
   * does, as long as a later commit that is waited for covers it too.
   */
  get answersWait(): boolean {
    return this.#answersWait;
  }

  /** Commits now; for orderly stops. */
  flush(): void {
    const participants = [...this.#participants];
    const tasks = this.#tasks;
    this.#participants.clear();
    this.#tasks = [];
    this.#answersWait = tasks.length > 0;
    for (const [index, participant] of participants.entries()) {
      try {
        participant.commit();
      } catch (cause) {
        for (const uncommitted of participants.slice(index)) this.#participants.add(uncommitted);
        this.#onFailure(cause);
        return;
      }
    }
    for (const task of tasks) task();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#clock.soon(() => {
      this.#scheduled = false;
      this.flush();
    });
  }
}

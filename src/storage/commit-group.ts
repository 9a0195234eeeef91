import type { Clock } from '../core/clock.ts';

/** Something that has work to make durable at the end of a turn: a database, the journal's file. */
export interface CommitParticipant {
  /**
   * Hands everything since the last call to the operating system, synchronously: from then on it survives `kill -9`.
   * Called at most once a turn.
   */
  commit(): void;
  /**
   * Brings what was committed to the disk, where the configuration wants it to survive power loss too; runs beside the
   * event loop. `undefined`: there is nothing to wait for.
   */
  sync?(): Promise<void> | undefined;
}

/**
 * Group commit: all that is decided in one turn of the event loop becomes durable together, and only then the answers go
 * out (`afterCommit`). One commit for a thousand messages costs hardly more than for one. The wait for the disk does not
 * hold up the next turns: what they decide meanwhile is committed when the disk is free again, all of it together. Its
 * answers would have waited for the next trip to the disk anyway.
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
  /** Committed and not yet asked to sync. */
  readonly #unsynced = new Set<CommitParticipant>();
  /** Answers of turns that are committed and wait for the disk. */
  #waiting: (() => void)[] = [];
  #syncing: Promise<void> | undefined;
  #failure: unknown;

  constructor(clock: Clock, onFailure: (cause: unknown) => void) {
    this.#clock = clock;
    this.#onFailure = onFailure;
  }

  /** Why nothing is answered at the moment; undefined while all is well. */
  get failure(): unknown {
    return this.#failure;
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

  /** Commits now, and releases the answers as soon as the disk has it. */
  flush(): void {
    const participants = [...this.#participants];
    const tasks = this.#tasks;
    this.#participants.clear();
    this.#tasks = [];
    for (const [index, participant] of participants.entries()) {
      try {
        participant.commit();
        if (participant.sync !== undefined) this.#unsynced.add(participant);
      } catch (cause) {
        for (const uncommitted of participants.slice(index)) this.#participants.add(uncommitted);
        this.#fail(cause);
        return;
      }
    }
    for (const task of tasks) this.#waiting.push(task);
    // Where nobody waits, the next turn with an answer takes this one's trip to the disk along.
    if (this.#waiting.length > 0 && this.#syncing === undefined) this.#sync();
  }

  /** Commits and resolves when all answers are released; for orderly stops. */
  async settled(): Promise<void> {
    this.flush();
    while (this.#syncing !== undefined) await this.#syncing;
  }

  #sync(): void {
    const tasks = this.#waiting;
    const participants = [...this.#unsynced];
    this.#waiting = [];
    this.#unsynced.clear();
    const trips = participants.map((participant) => participant.sync?.()).filter((trip) => trip !== undefined);
    if (trips.length === 0) return this.#release(tasks);
    const busy = this.#clock.busy();
    this.#syncing = Promise.all(trips)
      .then(
        () => this.#release(tasks),
        (cause: unknown) => {
          for (const participant of participants) this.#unsynced.add(participant);
          this.#fail(cause);
        },
      )
      .finally(() => {
        this.#syncing = undefined;
        this.flush();
        busy.release();
      });
  }

  #release(tasks: readonly (() => void)[]): void {
    this.#failure = undefined;
    for (const task of tasks) task();
  }

  #fail(cause: unknown): void {
    this.#failure = cause;
    this.#onFailure(cause);
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#clock.soon(() => {
      this.#scheduled = false;
      // The end of the trip commits what has come together until then.
      if (this.#syncing === undefined) this.flush();
    });
  }
}

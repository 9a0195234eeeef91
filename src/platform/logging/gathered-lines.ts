const MAX_WAITING_LENGTH = 65_536;

/**
 * Lines of one turn of the event loop that go out together: each write to a terminal or pipe wakes whoever reads it, which
 * costs more than the line. Many lines go out before the turn ends.
 */
export class GatheredLines {
  readonly #later: (task: () => void) => void;
  readonly #out: (lines: readonly string[]) => void;
  #waiting: string[] = [];
  #waitingLength = 0;

  /** @param later runs a task at the end of this turn (`clock.soon`). */
  constructor(later: (task: () => void) => void, out: (lines: readonly string[]) => void) {
    this.#later = later;
    this.#out = out;
  }

  write(line: string): void {
    if (this.#waiting.length === 0) this.#later(() => this.flush());
    this.#waiting.push(line);
    this.#waitingLength += line.length;
    if (this.#waitingLength > MAX_WAITING_LENGTH) this.flush();
  }

  flush(): void {
    const lines = this.#waiting;
    if (lines.length === 0) return;
    this.#waiting = [];
    this.#waitingLength = 0;
    this.#out(lines);
  }
}

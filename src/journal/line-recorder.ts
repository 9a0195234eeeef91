import type { LinkDescription, LinkNumber, Recorder } from './entry.ts';
import type { EntryLine } from './entry-line.ts';

/** How many links may be open at once: the one that was not used for longest is closed first. */
const LINK_LIMIT = 10_000;

/** Records lines of another journal into this one: an import, or a journal that is followed. */
export class LineRecorder {
  readonly #recorder: Recorder;
  readonly #links = new Map<string, LinkNumber>();

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  /** @param partner the number of its request in this journal. Returns the number that it got. */
  record({ link, entry }: Pick<EntryLine, 'link' | 'entry'>, partner: number | undefined): number {
    return this.#recorder.record({
      ...entry,
      link: this.#link(link),
      // A latency belongs to a pair.
      ...(partner === undefined ? { latencyMs: undefined } : { partner }),
    });
  }

  close(): void {
    for (const link of this.#links.values()) this.#recorder.closeLink(link);
    this.#links.clear();
  }

  #link(description: LinkDescription): LinkNumber {
    const key = JSON.stringify(description);
    const known = this.#links.get(key);
    if (known !== undefined) {
      this.#links.delete(key);
      this.#links.set(key, known);
      return known;
    }
    for (const [oldest, number] of this.#links) {
      if (this.#links.size < LINK_LIMIT) break;
      this.#recorder.closeLink(number);
      this.#links.delete(oldest);
    }
    const link = this.#recorder.openLink(description);
    this.#links.set(key, link);
    return link;
  }
}

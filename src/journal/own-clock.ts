import type { LinkDescription, LinkNumber, NewEntry, NewFinding, Recorder } from './entry.ts';

/** The fact of a link whose stations run on a clock of their own, with what sets it: `scaled:30`. */
const FACT = 'clock';

/** True when the times in what is said on a link say nothing about the time at which it is said. */
export function runsOnOwnClock({ facts }: Pick<LinkDescription, 'facts'>): boolean {
  return facts?.[FACT] !== undefined;
}

/** The facts of such a link; none for a link whose clocks are those of everybody. */
export function ownClockFacts(clock: unknown): Pick<LinkDescription, 'facts'> {
  return typeof clock === 'string' ? { facts: { [FACT]: clock } } : {};
}

/**
 * Writes down with every link that its stations run on a clock of their own, so that whoever reads an export of the journal
 * later does not compare their times with those of the messages.
 */
export class OwnClockRecorder implements Recorder {
  readonly #recorder: Recorder;
  readonly #clock: string;

  constructor(recorder: Recorder, clock: string) {
    this.#recorder = recorder;
    this.#clock = clock;
  }

  get full(): boolean {
    return this.#recorder.full;
  }

  onceDrained(resume: () => void): void {
    this.#recorder.onceDrained(resume);
  }

  openLink(description: LinkDescription): LinkNumber {
    return this.#recorder.openLink({ ...description, facts: { ...description.facts, [FACT]: this.#clock } });
  }

  closeLink(link: LinkNumber): void {
    this.#recorder.closeLink(link);
  }

  record(entry: NewEntry): number {
    return this.#recorder.record(entry);
  }

  finding(finding: NewFinding): void {
    this.#recorder.finding(finding);
  }
}

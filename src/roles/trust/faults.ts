import type { FaultSettings } from './section.ts';

export type FaultAnswer = FaultSettings['answers'][number];

/** The switches that make the environment misbehave. They hold until the next start. */
export class Faults {
  #now: FaultSettings;

  constructor(initial: FaultSettings) {
    this.#now = initial;
  }

  get now(): FaultSettings {
    return this.#now;
  }

  set(settings: FaultSettings): void {
    this.#now = settings;
  }

  /** The answer to give instead of the real one; an answer that was given often enough is used up. */
  takeAnswer(operation: string): FaultAnswer | undefined {
    const { answers } = this.#now;
    const found = answers.find((answer) => answer.operation === operation || answer.operation === '*');
    if (found?.times === undefined) return found;
    const rest = found.times - 1;
    this.#now = {
      ...this.#now,
      answers: answers.flatMap((answer) =>
        answer !== found ? [answer] : rest === 0 ? [] : [{ ...answer, times: rest }],
      ),
    };
    return found;
  }
}

import type { NewFinding } from '../entry.ts';

/** How often a rule found something, could not tell, and repeated itself. */
export interface RuleCount {
  findings: number;
  /** The same again of the same object: counted here, not reported again. */
  repeats: number;
  notEvaluable: number;
}

/** Objects remembered; beyond, the oldest are forgotten and may be reported again. */
const LIMIT = 20_000;

/** One finding per rule and object (F0); what comes again is counted. */
export class FindingLedger {
  readonly #seen = new Map<string, number>();
  readonly #counts = new Map<string, RuleCount>();
  readonly #write: (finding: NewFinding) => void;

  constructor(write: (finding: NewFinding) => void) {
    this.#write = write;
  }

  get counts(): ReadonlyMap<string, Readonly<RuleCount>> {
    return this.#counts;
  }

  add(station: string, object: string, finding: NewFinding): void {
    const key = `${station}|${finding.rule}|${object}`;
    const count = this.#count(finding.rule);
    const times = this.#seen.get(key);
    if (times !== undefined) {
      this.#seen.set(key, times + 1);
      count.repeats++;
      return;
    }
    this.#seen.set(key, 1);
    count.findings++;
    if (this.#seen.size > LIMIT) {
      for (const oldest of this.#seen.keys()) {
        this.#seen.delete(oldest);
        break;
      }
    }
    this.#write(finding);
  }

  /** Counts a repetition of what was reported; false when it was not. */
  repeat(station: string, rule: string, object: string): boolean {
    const key = `${station}|${rule}|${object}`;
    const times = this.#seen.get(key);
    if (times === undefined) return false;
    this.#seen.set(key, times + 1);
    this.#count(rule).repeats++;
    return true;
  }

  /** How often the rule would have reported this object. */
  times(station: string, rule: string, object: string): number {
    return this.#seen.get(`${station}|${rule}|${object}`) ?? 0;
  }

  notEvaluable(rule: string): void {
    this.#count(rule).notEvaluable++;
  }

  #count(rule: string): RuleCount {
    let count = this.#counts.get(rule);
    if (count === undefined) {
      count = { findings: 0, repeats: 0, notEvaluable: 0 };
      this.#counts.set(rule, count);
    }
    return count;
  }
}

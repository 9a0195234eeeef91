import type { Observation, WatchedLink } from './observation.ts';
import type { Expectation, Rule } from './rule.ts';

/** An expectation that is waited for. */
export interface Obligation {
  readonly rule: Rule;
  readonly expectation: Expectation;
  /** What set it. */
  readonly cause: Observation | null;
  readonly link: WatchedLink;
  readonly object: string;
  dueAt: number;
}

/** More than this at once of one station are not waited for. */
export const MAX_OBLIGATIONS = 200;

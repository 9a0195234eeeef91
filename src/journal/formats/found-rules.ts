import type { FindingAxis, NewFinding, PeerReaction, Severity } from '../entry.ts';
import type { RuleDeclaration } from '../findings/rule.ts';
import type { MuteBook } from '../mutes.ts';

/** A finding in a log, and whether somebody has said that it is known. */
export interface InspectedFinding extends NewFinding {
  readonly status: 'open' | 'muted';
}

export interface RankedFinding {
  readonly rule: string;
  /** The verdict by the specification: the worst of the open ones; of all where all are muted. */
  readonly severity: Severity;
  readonly axis: FindingAxis;
  /** The other axis: what a tolerant peer would do. */
  readonly peer: PeerReaction;
  readonly title: string;
  /** How often it was found, and repeated itself. */
  readonly count: number;
  /** `muted`: each of them is. */
  readonly status: InspectedFinding['status'];
  /** Why, where one is muted. */
  readonly muted?: { readonly count: number; readonly reason: string };
  readonly clause: string;
  readonly causes: readonly string[];
  readonly next: readonly string[];
  /** The first ones, with their place. */
  readonly examples: readonly InspectedFinding[];
}

interface Found {
  readonly first: NewFinding;
  readonly examples: InspectedFinding[];
  count: number;
  muted: number;
  reason: string;
  severity: Severity;
}

const EXAMPLES = 5;
export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];
const rankOf = (severity: Severity): number => SEVERITIES.indexOf(severity);

/** What was found in a log, by rule. */
export class FoundRules {
  readonly #byRule = new Map<string, Found>();
  readonly #mutes: Pick<MuteBook, 'of'> | undefined;

  constructor(mutes: Pick<MuteBook, 'of'> | undefined) {
    this.#mutes = mutes;
  }

  add(finding: NewFinding): InspectedFinding {
    const mute = this.#mutes?.of(finding);
    const told: InspectedFinding = { ...finding, status: mute === undefined ? 'open' : 'muted' };
    let found = this.#byRule.get(finding.rule);
    if (found === undefined) {
      found = { first: finding, examples: [], count: 0, muted: 0, reason: '', severity: finding.severity };
      this.#byRule.set(finding.rule, found);
    }
    const allMuted = found.muted === found.count;
    found.count++;
    if (mute !== undefined) {
      found.muted++;
      found.reason ||= mute.reason;
    }
    const { severity } = finding;
    if (mute === undefined && allMuted) found.severity = severity;
    else if ((mute === undefined || allMuted) && rankOf(severity) < rankOf(found.severity)) found.severity = severity;
    if (found.examples.length < EXAMPLES) found.examples.push(told);
    return told;
  }

  /** What is muted last; the worst first, then the most frequent. @param repeats how often a rule repeated itself */
  ranked(rules: ReadonlyMap<string, RuleDeclaration>, repeats: (rule: string) => number): RankedFinding[] {
    return [...this.#byRule]
      .map(([rule, { first, examples, count, muted, reason, severity }]): RankedFinding => {
        const row = rules.get(rule);
        return {
          rule,
          severity,
          axis: first.axis,
          peer: row?.peer ?? first.peer ?? 'unknown',
          title: row?.title ?? rule,
          count: count + repeats(rule),
          status: muted === count ? 'muted' : 'open',
          ...(muted === 0 ? {} : { muted: { count: muted, reason } }),
          clause: row?.clause ?? first.clause ?? '',
          causes: row?.causes ?? [],
          next: row?.next ?? [],
          examples,
        };
      })
      .sort(
        (a, b) =>
          Number(a.status === 'muted') - Number(b.status === 'muted') ||
          rankOf(a.severity) - rankOf(b.severity) ||
          b.count - a.count,
      );
  }
}

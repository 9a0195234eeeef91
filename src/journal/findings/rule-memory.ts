import { RecentMap } from '../../core/recent-map.ts';
import type { RuleReport } from './rule-report.ts';

/** Something that must be seen within a time, by rules whose messages meet by a key of their own (a session, an exchange). */
export interface RuleExpectation {
  /** Two of one rule and key do not stand beside each other; `fulfil` names it. */
  readonly key: string;
  /** Counted from the message at hand; the tolerance is added. */
  readonly withinMs: number;
  /**
   * The time is over: the finding, `undefined` when nothing is wrong after all, `'not evaluable'`, or the milliseconds
   * after which to ask again.
   */
  readonly otherwise: (now: number) => RuleReport | number | 'not evaluable' | undefined;
}

export interface RuleMemoryOptions<Rule, Cause> {
  readonly toleranceMs: number;
  /** Something is due at this time (epoch ms): `tick` should come then, or soon after. */
  readonly wakeAt: ((time: number) => void) | undefined;
  readonly write: (rule: Rule, cause: Cause, report: RuleReport, now: number) => void;
  readonly notEvaluable: (rule: Rule) => void;
}

const MAX_EXPECTATIONS = 20_000;
const MAX_NOTES = 50_000;

interface Expected<Rule, Cause> {
  readonly rule: Rule;
  readonly cause: Cause;
  dueAt: number;
  readonly otherwise: RuleExpectation['otherwise'];
}

/** What the rules of an engine have noted and wait for. Bounded: old notes are forgotten, too many expectations not taken. */
export class RuleMemory<Rule extends { readonly id: string }, Cause> {
  readonly #options: RuleMemoryOptions<Rule, Cause>;
  readonly #expected = new Map<string, Expected<Rule, Cause>>();
  readonly #notes = new RecentMap<string, unknown>(MAX_NOTES);
  #nextDueAt = Number.POSITIVE_INFINITY;

  constructor(options: RuleMemoryOptions<Rule, Cause>) {
    this.#options = options;
  }

  hold(rule: Rule, cause: Cause, now: number, { key, withinMs, otherwise }: RuleExpectation): void {
    const name = `${rule.id} ${key}`;
    if (this.#expected.has(name)) return;
    if (this.#expected.size >= MAX_EXPECTATIONS) return this.#options.notEvaluable(rule);
    const dueAt = now + withinMs + this.#options.toleranceMs;
    this.#expected.set(name, { rule, cause, dueAt, otherwise });
    if (dueAt >= this.#nextDueAt) return;
    this.#nextDueAt = dueAt;
    this.#options.wakeAt?.(dueAt);
  }

  /** What was waited for has come. */
  fulfil(rule: Rule, key: string): void {
    this.#expected.delete(`${rule.id} ${key}`);
  }

  note(rule: Rule, key: string): unknown {
    return this.#notes.get(`${rule.id} ${key}`);
  }

  setNote(rule: Rule, key: string, value: unknown): void {
    this.#notes.set(`${rule.id} ${key}`, value);
  }

  /** A message of this time is at hand: what was due before it is over. */
  pass(now: number): void {
    if (this.#nextDueAt >= now) return;
    let next = Number.POSITIVE_INFINITY;
    for (const [name, expected] of this.#expected) {
      if (expected.dueAt < now && !this.#goesOn(expected, now)) this.#expected.delete(name);
      else next = Math.min(next, expected.dueAt);
    }
    this.#nextDueAt = next;
  }

  /** Time has passed without a message. */
  tick(now: number): void {
    this.pass(now);
    if (this.#nextDueAt !== Number.POSITIVE_INFINITY) this.#options.wakeAt?.(this.#nextDueAt);
  }

  /** The log has ended: what was waited for stays open. */
  finish(): void {
    for (const { rule } of this.#expected.values()) this.#options.notEvaluable(rule);
    this.#expected.clear();
    this.#nextDueAt = Number.POSITIVE_INFINITY;
  }

  #goesOn(expected: Expected<Rule, Cause>, now: number): boolean {
    const { rule, cause, dueAt, otherwise } = expected;
    const end = otherwise(dueAt);
    if (typeof end === 'number') {
      // Asked again later; a log may have jumped over several of its times.
      expected.dueAt = Math.max(dueAt + Math.max(end, 1), now);
      return true;
    }
    if (end === 'not evaluable') this.#options.notEvaluable(rule);
    else if (end !== undefined) this.#options.write(rule, cause, end, dueAt);
    return false;
  }
}

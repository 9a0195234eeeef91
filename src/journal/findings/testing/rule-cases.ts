import { describe, expect, it } from 'vitest';
import { OcppSchemaSet } from '../../../protocols/ocpp/schemas.ts';
import { ruleCatalogue } from '../catalogue.ts';
import { runTrace } from './trace.ts';

/** Traces of one rule. */
export interface RuleCase {
  /** Where the rule applies and nothing is wrong: no rule at all finds anything. */
  readonly passes: string | readonly string[];
  /** Other rules that the passing trace breaks: where the rule is about what follows a fault. */
  readonly passesWith?: readonly string[];
  /** Breaks the rule. Several: each must be found. */
  readonly fails: string | readonly string[];
  /** Other rules that a failing trace breaks by its nature. */
  readonly with?: readonly string[];
  /** What the rule must know does not show here: it counts as not evaluable, and nothing is found. */
  readonly cannotTell?: string | readonly string[];
  /** A sentence that the finding must contain. */
  readonly says?: string | RegExp;
}

const schemas = new OcppSchemaSet();

/** Tests that each rule finds its failing traces and only those, and that all passing traces are clean for all rules. */
export function describeRules(name: string, cases: Readonly<Record<string, RuleCase>>): void {
  const rules = ruleCatalogue();
  describe(name, () => {
    for (const [id, { passes, passesWith = [], fails, with: companions = [], cannotTell = [], says }] of Object.entries(
      cases,
    )) {
      const rule = rules.find((each) => each.id === id);
      it(`${id}: ${rule?.title ?? 'is not in the catalogue'}`, () => {
        expect(rule, `${id} is not in the catalogue`).toBeDefined();
        for (const trace of list(passes)) {
          const { findings, defects } = runTrace(trace, { rules, schemas });
          expect(defects).toEqual([]);
          const surprising = findings.filter(
            (finding) => !passesWith.includes(finding.rule) && finding.rule !== lostConnection(trace),
          );
          expect(surprising.map((finding) => `${finding.rule}: ${finding.text}`)).toEqual([]);
        }
        for (const trace of list(cannotTell)) {
          const { findings, counts } = runTrace(trace, { rules, schemas });
          expect(findings.filter((finding) => finding.rule === id).map((finding) => finding.text)).toEqual([]);
          expect(counts.get(id)?.notEvaluable ?? 0, `${id} was evaluable in\n${trace}`).toBeGreaterThan(0);
        }
        for (const trace of list(fails)) {
          const { findings, defects } = runTrace(trace, { rules, schemas });
          expect(defects).toEqual([]);
          const own = findings.find((finding) => finding.rule === id);
          const heard = findings.map((finding) => `${finding.rule}: ${finding.text}`);
          expect(own, `${id} was not found in\n${trace}\nbut ${heard.join('\n')}`).toBeDefined();
          if (says !== undefined) expect(own?.text).toMatch(says);
          const others = heard.filter((each) => !each.startsWith(`${id}:`));
          const surprising = others.filter(
            (each) => ![...companions, lostConnection(trace)].some((companion) => each.startsWith(`${companion}:`)),
          );
          expect(surprising).toEqual([]);
        }
      });
    }
  });
}

/** A trace that loses its connection shows that too. */
function lostConnection(trace: string): string {
  return trace.includes('close 1006') ? 'OCPPJ-WS-004' : 'none';
}

function list(traces: string | readonly string[]): readonly string[] {
  return typeof traces === 'string' ? [traces] : traces;
}

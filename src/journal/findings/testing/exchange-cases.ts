import { describe, expect, it } from 'vitest';
import { acrossCatalogue } from '../across-catalogue.ts';
import { exchangeCatalogue } from '../exchange-catalogue.ts';
import type { RuleDeclaration } from '../rule.ts';
import { runAcrossTrace } from './across-trace.ts';
import { type ExchangeTraceResult, runExchangeTrace } from './exchange-trace.ts';
import type { RuleCase } from './rule-cases.ts';

/** Tests that each rule about exchanges finds its failing traces and only those; passing traces are clean for all rules. */
export function describeExchangeRules(name: string, cases: Readonly<Record<string, RuleCase>>): void {
  describeTraces(name, exchangeCatalogue(), runExchangeTrace, cases);
}

/** The same for rules that compare protocols. */
export function describeAcrossRules(name: string, cases: Readonly<Record<string, RuleCase>>): void {
  describeTraces(name, acrossCatalogue(), runAcrossTrace, cases);
}

function describeTraces<R extends RuleDeclaration>(
  name: string,
  rules: readonly R[],
  run: (trace: string, rules: readonly R[]) => ExchangeTraceResult,
  cases: Readonly<Record<string, RuleCase>>,
): void {
  describe(name, () => {
    for (const [id, { passes, passesWith = [], fails, with: companions = [], cannotTell = [], says }] of Object.entries(
      cases,
    )) {
      const rule = rules.find((each) => each.id === id);
      it(`${id}: ${rule?.title ?? 'is not in the catalogue'}`, () => {
        expect(rule, `${id} is not in the catalogue`).toBeDefined();
        for (const trace of list(passes)) {
          const { findings, defects } = run(trace, rules);
          expect(defects).toEqual([]);
          const surprising = findings.filter((finding) => !passesWith.includes(finding.rule));
          expect(
            surprising.map((finding) => `${finding.rule}: ${finding.text}`),
            trace,
          ).toEqual([]);
        }
        for (const trace of list(cannotTell)) {
          const { findings, counts } = run(trace, rules);
          expect(findings.filter((finding) => finding.rule === id).map((finding) => finding.text)).toEqual([]);
          expect(counts.get(id)?.notEvaluable ?? 0, `${id} was evaluable in\n${trace}`).toBeGreaterThan(0);
        }
        for (const trace of list(fails)) {
          const { findings, defects } = run(trace, rules);
          expect(defects).toEqual([]);
          const own = findings.find((finding) => finding.rule === id);
          const heard = findings.map((finding) => `${finding.rule}: ${finding.text}`);
          expect(own, `${id} was not found in\n${trace}\nbut ${heard.join('\n')}`).toBeDefined();
          if (says !== undefined) expect(own?.text).toMatch(says);
          const others = heard.filter((each) => !each.startsWith(`${id}:`));
          const surprising = others.filter((each) => !companions.some((companion) => each.startsWith(`${companion}:`)));
          expect(surprising, trace).toEqual([]);
        }
      });
    }
  });
}

function list(traces: string | readonly string[]): readonly string[] {
  return typeof traces === 'string' ? [traces] : traces;
}

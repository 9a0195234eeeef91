import { MUTATION_KINDS, type Mutation } from './mutation.ts';
import type { MutationOutcome } from './mutation-run.ts';
import { NEUTRAL_RULES } from './neutral.ts';

/** How a run of mutations went, as numbers. */
export interface MutationSummary {
  readonly total: number;
  readonly found: number;
  readonly neutral: number;
  /** Found, of those that are not neutral: 0 to 1. */
  readonly share: number;
}

export function summaryOf(outcomes: readonly MutationOutcome[]): MutationSummary {
  const total = outcomes.length;
  const found = outcomes.filter(({ rules }) => rules.length > 0).length;
  const neutral = outcomes.filter((each) => each.neutral !== undefined).length;
  return { total, found, neutral, share: total === neutral ? 1 : found / (total - neutral) };
}

/** Markdown: by kind, by trace and protocol, by rule, the neutral ones with their reasons, and what nobody found. */
export function mutationReport(outcomes: readonly MutationOutcome[]): string {
  const summary = summaryOf(outcomes);
  const by = (name: string, keys: readonly string[], keyOf: (each: MutationOutcome) => string): string[] => [
    `| ${name} | mutations | found | neutral | missed | found of the others |`,
    '|---|---|---|---|---|---|',
    ...[...keys, 'all'].map((key) =>
      row(key, key === 'all' ? outcomes : outcomes.filter((each) => keyOf(each) === key)),
    ),
  ];
  const traceOf = ({ trace, mutation }: MutationOutcome): string =>
    `${trace}, ${mutation.target.message.type === 'frame' ? 'OCPP' : mutation.target.message.protocol.toUpperCase()}`;
  const missed = outcomes.filter(({ rules, neutral }) => rules.length === 0 && neutral === undefined);
  return [
    `${summary.total} mutations: ${summary.found} found, ${summary.neutral} neutral (${percent(summary.neutral, summary.total)}), ${missed.length} missed; ${percent(summary.found, summary.total - summary.neutral)} of those that are not neutral were found.`,
    '',
    ...by('kind', MUTATION_KINDS, ({ mutation }) => mutation.kind),
    '',
    ...by('trace', [...new Set(outcomes.map(traceOf))], traceOf),
    '',
    '| rule | found a mutation | alone |',
    '|---|---|---|',
    ...rulesOf(outcomes),
    '',
    '| neutral by | why | mutations |',
    '|---|---|---|',
    ...NEUTRAL_RULES.map((rule) => {
      const ofRule = outcomes.filter(({ neutral }) => neutral === rule);
      return `| ${rule.name} | ${rule.reason} | ${ofRule.length === 0 ? '' : `${ofRule.length}: ${placesOf(ofRule)}`} |`;
    }),
    '',
    missed.length === 0 ? 'Nothing was missed.' : 'Missed:',
    ...missed.map((each) => `- ${each.trace} #${each.mutation.target.index + 1}: ${sentenceOf(each.mutation)}`),
    '',
  ].join('\n');
}

function row(name: string, outcomes: readonly MutationOutcome[]): string {
  const { total, found, neutral } = summaryOf(outcomes);
  return `| ${name} | ${total} | ${found} | ${neutral} | ${total - found - neutral} | ${percent(found, total - neutral)} |`;
}

function rulesOf(outcomes: readonly MutationOutcome[]): string[] {
  const counts = new Map<string, { found: number; alone: number }>();
  for (const { rules } of outcomes) {
    for (const rule of rules) {
      const count = counts.get(rule) ?? { found: 0, alone: 0 };
      count.found++;
      if (rules.length === 1) count.alone++;
      counts.set(rule, count);
    }
  }
  return [...counts]
    .sort(([a, x], [b, y]) => y.found - x.found || (a < b ? -1 : 1))
    .map(([rule, { found, alone }]) => `| ${rule} | ${found} | ${alone === 0 ? '' : alone} |`);
}

function placesOf(outcomes: readonly MutationOutcome[]): string {
  return [...new Set(outcomes.map(({ mutation }) => whatOf(mutation)))].join(', ');
}

/** What a mutation did, in words. */
export function sentenceOf(mutation: Mutation): string {
  const { kind, change, before, delayMs } = mutation;
  if (change !== undefined)
    return change.form === 'missing'
      ? `${whatOf(mutation)} is gone (${short(change.value)})`
      : `${whatOf(mutation)} is ${short(change.now)} instead of ${short(change.value)}`;
  if (before !== undefined) return `${whatOf(mutation)} (#${before.index + 1})`;
  return `${kind}: ${whatOf(mutation)}${delayMs === undefined ? '' : `, ${Math.round(delayMs / 1_000)} s`}`;
}

function whatOf({ target, change, before }: Mutation): string {
  const of = (each: typeof target): string => `${each.action}${each.isAnswer ? ' answer' : ''}`;
  return before === undefined
    ? `${of(target)}${change === undefined ? '' : ` ${change.pointer}`}`
    : `${of(target)} before ${of(before)}`;
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`;
}

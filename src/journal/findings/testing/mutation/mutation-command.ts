import { readFileSync } from 'node:fs';
import { mutationReport, summaryOf } from './mutation-report.ts';
import { type CleanTrace, findingsOf, type MutationOutcome, mutationRun } from './mutation-run.ts';
import { readTrace } from './trace-messages.ts';

/** What `npm run mutate` asks for: see scripts/mutate.mjs. */
export interface MutationCommand {
  /** Name and file of each clean trace. */
  readonly traces: readonly { readonly name: string; readonly file: string }[];
  readonly seed: string;
  readonly count: number;
  readonly progress: (done: number, total: number) => void;
}

const LEAST_FOUND = 0.9;
const MOST_NEUTRAL = 0.05;

/** Runs the mutations. `ok`: the clean traces are clean, nine of ten were found, and one of twenty at most is neutral. */
export async function runMutations(command: MutationCommand): Promise<{ readonly text: string; readonly ok: boolean }> {
  const traces: CleanTrace[] = [];
  for (const { name, file } of command.traces)
    traces.push({ name, messages: await readTrace(readFileSync(file, 'utf8')) });
  const clean = traces.map(({ name, messages }) => {
    const findings = findingsOf(messages.map(({ message }) => message));
    return { name, messages: messages.length, findings };
  });
  const outcomes: MutationOutcome[] = [];
  for (const outcome of mutationRun(traces, command.seed, command.count)) {
    outcomes.push(outcome);
    command.progress(outcomes.length, traces.length * command.count);
  }
  const { share, neutral, total } = summaryOf(outcomes);
  const text = [
    '| clean trace | messages | findings |',
    '|---|---|---|',
    ...clean.map(({ name, messages, findings }) => `| ${name} | ${messages} | ${findings.length} |`),
    '',
    ...clean.flatMap(({ name, findings }) => findings.map(({ rule, text }) => `- ${name}: ${rule} ${text}`)),
    mutationReport(outcomes),
  ].join('\n');
  const ok =
    clean.every(({ findings }) => findings.length === 0) && share >= LEAST_FOUND && neutral <= MOST_NEUTRAL * total;
  return { text, ok };
}

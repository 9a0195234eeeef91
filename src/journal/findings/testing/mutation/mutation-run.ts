import { Random } from '../../../../core/random.ts';
import { OcppSchemaSet } from '../../../../protocols/ocpp/schemas.ts';
import { Inspection } from '../../../formats/inspection.ts';
import type { LogMessage } from '../../../formats/log-message.ts';
import { drawMutation, type Mutation, mutate, type TraceMessage } from './mutation.ts';
import { type NeutralRule, neutralReason } from './neutral.ts';

/** After its last message a trace goes on in silence: less than a heartbeat, more than any rule waits. */
const SILENCE_MS = 305_000;

export interface CleanTrace {
  readonly name: string;
  readonly messages: readonly TraceMessage[];
}

export interface MutationOutcome {
  readonly trace: string;
  readonly mutation: Mutation;
  /** Rules that found something, the first on top. */
  readonly rules: readonly string[];
  /** Why nobody could find it, by a declared rule; undefined when somebody should. */
  readonly neutral: NeutralRule | undefined;
}

const schemas = new OcppSchemaSet();

/** What the rules find in a trace: `rule: text`. */
export function findingsOf(
  messages: readonly LogMessage[],
): readonly { readonly rule: string; readonly text: string }[] {
  const inspection = new Inspection({ clocksAgree: false, schemas });
  for (const message of messages) inspection.take(message);
  const { findings, defects } = inspection.finish(SILENCE_MS);
  if (defects.length > 0) throw new Error(`A rule failed: ${defects.join('; ')}`);
  return findings.flatMap(({ rule, examples }) => examples.map(({ text }) => ({ rule, text })));
}

/** Breaks each trace `count` times, and tells what the rules make of it. */
export function* mutationRun(traces: readonly CleanTrace[], seed: string, count: number): Generator<MutationOutcome> {
  for (const { name, messages } of traces) {
    const random = new Random(`${seed}/${name}`);
    for (let number = 0; number < count; number++) {
      const mutation = drawMutation(random, messages);
      const rules = [...new Set(findingsOf(mutate(messages, mutation)).map(({ rule }) => rule))];
      yield { trace: name, mutation, rules, neutral: rules.length > 0 ? undefined : neutralReason(mutation, messages) };
    }
  }
}

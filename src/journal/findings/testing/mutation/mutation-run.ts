import { Random } from '../../../../core/random.ts';
import { isoTime } from '../../../../core/time.ts';
import { OcppSchemaSet } from '../../../../protocols/ocpp/schemas.ts';
import { Inspection } from '../../../formats/inspection.ts';
import type { LogFrame, LogMessage } from '../../../formats/log-message.ts';
import { drawMutation, type Mutation, mutate, type TraceMessage } from './mutation.ts';
import { type NeutralRule, neutralReason } from './neutral.ts';

/** Then each station sends a heartbeat, as it must within 300 s, and nothing more comes for as long as any rule waits. */
const HEARTBEAT_AFTER_MS = 200_000;
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
  for (const message of [...messages, ...heartbeatsAfter(messages)]) inspection.take(message);
  const { findings, defects } = inspection.finish(SILENCE_MS - HEARTBEAT_AFTER_MS);
  if (defects.length > 0) throw new Error(`A rule failed: ${defects.join('; ')}`);
  return findings.flatMap(({ rule, examples }) => examples.map(({ text }) => ({ rule, text })));
}

/** A trace does not end with its last message: what is still to come shows that it never comes. */
function heartbeatsAfter(messages: readonly LogMessage[]): readonly LogMessage[] {
  const end = Math.max(...messages.map(({ time }) => time ?? 0));
  const stations = new Map<string, LogFrame>();
  for (const message of messages) if (message.type === 'frame') stations.set(message.station ?? '', message);
  return [...stations].flatMap(([station, frame]) => {
    const at = { ...frame, time: end + HEARTBEAT_AFTER_MS };
    const id = `heartbeat of ${station}`.slice(0, 36);
    const answer = JSON.stringify([3, id, { currentTime: isoTime(at.time) }]);
    return [
      { ...at, fromStation: true, raw: `[2,"${id}","Heartbeat",{}]` },
      { ...at, fromStation: false, raw: answer },
    ];
  });
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

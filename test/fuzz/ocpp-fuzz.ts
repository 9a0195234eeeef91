import type { Random } from '../../src/core/random.ts';
import type { OcppVersion } from '../../src/protocols/ocpp/versions.ts';
import { fits } from './fits.ts';
import { brokenFrame, codesOf, type FuzzedAction, faulty, type Payload, valid } from './ocpp-cases.ts';
import type { HeardFrame, OcppPeer } from './ocpp-peer.ts';
import { isObject } from './schema-node.ts';

export interface OcppFuzzOptions {
  readonly version: OcppVersion;
  readonly random: Random;
  /** What the other side takes. */
  readonly actions: readonly FuzzedAction[];
  readonly casesPerAction: number;
  /** The open connection, made again when it closed. */
  readonly peer: () => Promise<OcppPeer>;
  /** An exchange that always works: the link goes on. */
  readonly probe: { readonly action: string; readonly payload: string };
  /** Longer than this is a hang. */
  readonly limitMs: number;
}

export interface OcppFuzzReport {
  messages: number;
  oneFault: number;
  /** Faults whose CALLERROR named the one member. */
  named: number;
  broken: number;
  closed: number;
  readonly failures: string[];
}

/**
 * Closing says why (RFC 6455 §7.4.1): protocol error, unacceptable data, no UTF-8, policy, too big; and a station that obeys
 * a Reset goes away.
 */
const PRESCRIBED_CLOSES: readonly number[] = [1001, 1002, 1003, 1007, 1008, 1009];

/** Sends every action: payloads that fit, payloads that fit but for one member, and frames that are none. */
export async function ocppFuzz(options: OcppFuzzOptions): Promise<OcppFuzzReport> {
  const { random, actions, casesPerAction } = options;
  const report: OcppFuzzReport = { messages: 0, oneFault: 0, named: 0, broken: 0, closed: 0, failures: [] };
  const run = new Run(options, report);
  for (let round = 0; round < casesPerAction; round++) {
    for (const action of actions) {
      const roll = random.next();
      if (roll < 0.55) await run.call(action, faulty(random, action.request));
      else if (roll < 0.8) await run.call(action, valid(random, action.request));
      else await run.broken(action);
    }
  }
  return report;
}

class Run {
  readonly #options: OcppFuzzOptions;
  readonly #report: OcppFuzzReport;
  #ids = 0;

  constructor(options: OcppFuzzOptions, report: OcppFuzzReport) {
    this.#options = options;
    this.#report = report;
  }

  async call(action: FuzzedAction, payload: Payload): Promise<void> {
    const { limitMs } = this.#options;
    const peer = await this.#options.peer();
    const id = this.#newId();
    const isSend = action.response === undefined;
    const text = JSON.stringify([isSend ? 6 : 2, id, action.action, payload.value]);
    this.#report.messages++;
    if (isSend) {
      // A SEND is never answered, whatever stands in it (2.1 FR.07).
      peer.say(text);
      await this.#goesOn(peer, text);
      if (peer.unasked.some((frame) => frame[1] === id)) this.#failed('answers a SEND', text, undefined);
      return;
    }
    if (payload.fault !== undefined) this.#report.oneFault++;
    const answer = await peer.ask(id, text, limitMs);
    const wrong = answer === undefined && peer.closed !== undefined ? undefined : this.#judged(action, payload, answer);
    if (wrong !== undefined) this.#failed(wrong, text, answer);
  }

  async broken({ action }: FuzzedAction): Promise<void> {
    const peer = await this.#options.peer();
    const frame = brokenFrame(this.#options.random, action);
    const data = typeof frame === 'string' ? frame.replace('{id}', this.#newId()) : frame;
    this.#report.messages++;
    this.#report.broken++;
    peer.say(data);
    await this.#goesOn(peer, String(data).slice(0, 200));
  }

  /** The next exchange works, or the connection was closed as prescribed. */
  async #goesOn(peer: OcppPeer, after: string): Promise<void> {
    const { probe, limitMs } = this.#options;
    const id = this.#newId();
    const answer = await peer.ask(id, `[2,"${id}","${probe.action}",${probe.payload}]`, limitMs);
    if (answer !== undefined) return;
    if (peer.closed === undefined) this.#failed('the link hangs', after, undefined);
    else if (PRESCRIBED_CLOSES.includes(peer.closed.code)) this.#report.closed++;
    else this.#failed(`closed with ${peer.closed.code}`, after, undefined);
  }

  #judged({ response }: FuzzedAction, { fault }: Payload, answer: HeardFrame | undefined): string | undefined {
    if (answer === undefined) return 'no answer';
    const [type, , third, description, details] = answer;
    if (type === 3) {
      if (fault !== undefined) return `takes it, but ${fault.pointer} is wrong (${fault.kind})`;
      return response === undefined || fits(response, response, third)
        ? undefined
        : 'the answer does not fit its schema';
    }
    if (type !== 4 || typeof third !== 'string' || typeof description !== 'string' || !isObject(details))
      return 'no CALLERROR';
    if (third === 'InternalError' || third === 'GenericError') return 'something of ours failed';
    // What needs to be accepted first is refused before it is looked at.
    if (fault === undefined || third === 'SecurityError') return undefined;
    const codes = codesOf(this.#options.version, fault.kind);
    if (!codes.includes(third)) return `${third} for ${fault.kind}, not ${codes.join(' or ')}`;
    // A payload that is no object at all has no members to name.
    if (fault.pointer === '') return undefined;
    const fields = Array.isArray(details['fields']) ? details['fields'] : [];
    const pointers = fields.map((field) => (isObject(field) ? field['pointer'] : undefined));
    if (!pointers.every((each) => each === fault.pointer) || pointers.length === 0)
      return `names ${JSON.stringify(pointers)}, not ${fault.pointer}`;
    this.#report.named++;
    return undefined;
  }

  #newId(): string {
    return `fuzz-${this.#ids++}`;
  }

  #failed(wrong: string, text: string, answer: HeardFrame | undefined): void {
    this.#report.failures.push(
      `${this.#options.version}: ${wrong} [${text.slice(0, 600)} -> ${JSON.stringify(answer)?.slice(0, 400)}]`,
    );
  }
}

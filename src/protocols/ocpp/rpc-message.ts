import type { TracedHop } from '../../core/trace-context.ts';
import type { ActionSchemas, Violation } from './schemas.ts';

/** Flags that the engine puts on a message; the journal keeps them. */
export type MessageFlag = 'malformed' | 'invalid' | 'duplicate' | 'late' | 'unexpected';

/** One frame that crossed, in or out, with what the engine knows about it. */
export class RpcMessage {
  /** 2 to 6 as on the wire; 0 for a text that is not a frame. */
  readonly type: 0 | 2 | 3 | 4 | 5 | 6;
  readonly id: string;
  /** The action of the CALL; an answer bears its CALL's action. Empty when unknown. */
  readonly action: string;
  readonly payload: unknown;
  /** The exact text. */
  readonly raw: string;
  /** Epoch milliseconds at which it was seen. */
  readonly at: number;
  /** CALLERROR and CALLRESULTERROR: the code as the peer wrote it. */
  readonly code: string;
  /** The CALL that this one answers. */
  readonly answers: RpcMessage | null;
  readonly schemas: ActionSchemas | null;
  flags: readonly MessageFlag[] = NO_FLAGS;
  /** The journal's sequence number; 0 until it is recorded. */
  seq = 0;
  /** The chain of calls over all parties that this CALL begins or belongs to (W3C Trace Context); OCPP carries none. */
  trace: TracedHop | null = null;

  constructor(
    type: RpcMessage['type'],
    id: string,
    action: string,
    payload: unknown,
    raw: string,
    at: number,
    more: { code?: string; answers?: RpcMessage | null; schemas?: ActionSchemas | null } = NOTHING_MORE,
  ) {
    this.type = type;
    this.id = id;
    this.action = action;
    this.payload = payload;
    this.raw = raw;
    this.at = at;
    this.code = more.code ?? '';
    this.answers = more.answers ?? null;
    this.schemas = more.schemas ?? null;
  }

  get latencyMs(): number | undefined {
    return this.answers === null ? undefined : this.at - this.answers.at;
  }

  flag(flag: MessageFlag): void {
    if (!this.flags.includes(flag)) this.flags = [...this.flags, flag];
  }
}

const NO_FLAGS: readonly MessageFlag[] = [];
const NOTHING_MORE = {};

/** How a CALL of ours ended. */
export type CallOutcome =
  | { readonly kind: 'result'; readonly payload: Readonly<Record<string, unknown>>; readonly message: RpcMessage }
  | {
      readonly kind: 'error';
      readonly code: string;
      readonly description: string;
      readonly details: unknown;
      readonly message: RpcMessage;
    }
  /** The answer breaks its schema and this link is strict. */
  | { readonly kind: 'unusable'; readonly violations: readonly Violation[]; readonly message: RpcMessage }
  | { readonly kind: 'timeout'; readonly afterMs: number }
  | { readonly kind: 'closed' }
  /** Nothing was sent: our own payload breaks its schema. */
  | { readonly kind: 'refused'; readonly violations: readonly Violation[] }
  | { readonly kind: 'queue-full'; readonly limit: number };

/** A finding of the engine: what is wrong with a frame, and who wrote it. */
export interface RpcFinding {
  readonly rule: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly by: 'peer' | 'us';
  readonly message: RpcMessage;
  readonly pointer?: string;
  readonly text: string;
  readonly clause: string;
}

/** What the engine wants done. Effects are run in order. */
export type RpcEffect =
  | { readonly do: 'received'; readonly message: RpcMessage }
  /** `ref` is the one of `call`, for a CALL of ours. */
  | { readonly do: 'send'; readonly message: RpcMessage; readonly ref?: unknown }
  /** The peer's CALL, fit to be handled: answer it with `answer` or `fail`. */
  | { readonly do: 'request'; readonly call: RpcMessage }
  /** A SEND: handle it, never answer. */
  | { readonly do: 'notification'; readonly message: RpcMessage }
  /** The peer could not use our answer (2.1 CALLRESULTERROR). */
  | { readonly do: 'answer-rejected'; readonly call: RpcMessage; readonly message: RpcMessage }
  | { readonly do: 'settled'; readonly ref: unknown; readonly call: RpcMessage | null; readonly outcome: CallOutcome }
  | { readonly do: 'start-timer'; readonly ms: number }
  | { readonly do: 'stop-timer' }
  | { readonly do: 'finding'; readonly finding: RpcFinding };

import { CALL, callText, parseFrame } from './frame.ts';
import { type CallOutcome, type RpcEffect, RpcMessage } from './rpc-message.ts';
import { report } from './rpc-report.ts';
import type { OcppSchemas } from './schemas.ts';

export interface CallOptions {
  /** Sends a payload that breaks its schema: the user asked us to. */
  readonly allowInvalid?: boolean;
  readonly timeoutMs?: number;
  /** Sends exactly this text instead; it must be a readable CALL for its answer to be matched. */
  readonly text?: string;
  /** Uses this message id: a retry may bear its first id (2.0.1 errata 4.6). */
  readonly id?: string;
}

export interface OutgoingOptions {
  readonly schemas: OcppSchemas;
  readonly timeoutMs: number;
  /** How many of our CALLs may wait behind the one that is outstanding. */
  readonly maxQueuedCalls: number;
  readonly newId: () => string;
}

interface QueuedCall {
  readonly action: string;
  readonly payload: unknown;
  readonly ref: unknown;
  readonly options: CallOptions;
}

/** A CALL of ours that waits for its answer. */
export interface Outstanding {
  readonly call: RpcMessage;
  readonly ref: unknown;
  readonly timeoutMs: number;
}

/** How many finished message ids are remembered, to tell a late or double answer from an unknown one. */
const REMEMBERED_IDS = 8;

/** Our CALLs: one outstanding (2.x Part 4 §4.1.1), the rest in a bounded queue. Memory is taken only when needed. */
export class OutgoingCalls {
  readonly #options: OutgoingOptions;
  #outstanding: Outstanding | null = null;
  #queue: QueuedCall[] | null = null;
  #finished: { readonly id: string; readonly how: 'answered' | 'timeout' }[] | null = null;

  constructor(options: OutgoingOptions) {
    this.#options = options;
  }

  get pending(): number {
    return (this.#outstanding === null ? 0 : 1) + (this.#queue?.length ?? 0);
  }

  /** Sends the CALL, or queues it. */
  add(action: string, payload: unknown, ref: unknown, options: CallOptions, at: number, out: RpcEffect[]): void {
    const queued: QueuedCall = { action, payload, ref, options };
    if (this.#outstanding === null) return this.#send(queued, at, out);
    this.#queue ??= [];
    const limit = this.#options.maxQueuedCalls;
    if (this.#queue.length >= limit) {
      out.push({ do: 'settled', ref, call: null, outcome: { kind: 'queue-full', limit } });
      return;
    }
    this.#queue.push(queued);
  }

  /** The CALL that this answer belongs to; it is no longer outstanding. `settle` must follow. */
  take(id: string, out: RpcEffect[]): Outstanding | undefined {
    const waiting = this.#outstanding;
    if (waiting === null || waiting.call.id !== id) return undefined;
    this.#outstanding = null;
    this.#remember(id, 'answered');
    out.push({ do: 'stop-timer' });
    return waiting;
  }

  /** Tells how it ended and sends the next. */
  settle({ call, ref }: Outstanding, outcome: CallOutcome, at: number, out: RpcEffect[]): void {
    out.push({ do: 'settled', ref, call, outcome });
    const next = this.#queue?.shift();
    if (this.#queue?.length === 0) this.#queue = null;
    if (next !== undefined) this.#send(next, at, out);
  }

  expired(at: number, out: RpcEffect[]): void {
    const waiting = this.#outstanding;
    if (waiting === null) return;
    this.#outstanding = null;
    const { call, timeoutMs } = waiting;
    this.#remember(call.id, 'timeout');
    report(out, 'OCPPJ-RPC-011', call, `${call.action} was not answered within ${timeoutMs / 1000} s`);
    this.settle(waiting, { kind: 'timeout', afterMs: timeoutMs }, at, out);
  }

  /** What became of a CALL that is no longer outstanding. */
  fateOf(id: string): 'answered' | 'timeout' | undefined {
    return this.#finished?.find((finished) => finished.id === id)?.how;
  }

  close(out: RpcEffect[]): void {
    const outcome: CallOutcome = { kind: 'closed' };
    const waiting = this.#outstanding;
    this.#outstanding = null;
    if (waiting !== null) {
      out.push({ do: 'stop-timer' }, { do: 'settled', ref: waiting.ref, call: waiting.call, outcome });
    }
    for (const { ref } of this.#queue ?? []) out.push({ do: 'settled', ref, call: null, outcome });
    this.#queue = null;
  }

  #send({ action, payload, ref, options }: QueuedCall, at: number, out: RpcEffect[]): void {
    const { schemas, newId, timeoutMs: defaultMs } = this.#options;
    const timeoutMs = options.timeoutMs ?? defaultMs;
    const own = options.text === undefined ? undefined : parseFrame(options.text);
    let call: RpcMessage;
    if (own?.type === CALL) {
      const more = { schemas: schemas.of(own.action) ?? null };
      call = new RpcMessage(CALL, own.id, own.action, own.payload, options.text ?? '', at, more);
    } else {
      const id = options.id ?? newId();
      const raw = options.text ?? callText(id, action, payload);
      call = new RpcMessage(CALL, id, action, payload, raw, at, { schemas: schemas.of(action) ?? null });
    }
    this.#outstanding = { call, ref, timeoutMs };
    out.push({ do: 'send', message: call, ref }, { do: 'start-timer', ms: timeoutMs });
  }

  #remember(id: string, how: 'answered' | 'timeout'): void {
    this.#finished ??= [];
    this.#finished.push({ id, how });
    if (this.#finished.length > REMEMBERED_IDS) this.#finished.shift();
  }
}

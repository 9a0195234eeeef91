import { actionRow } from './actions.ts';
import { errorCode, type Failure, failureOfKeyword, isErrorCode } from './error-codes.ts';
import {
  CALL,
  CALLERROR,
  CALLRESULT,
  CALLRESULTERROR,
  callText,
  type ErrorFrame,
  errorText,
  parseFrame,
  type ResultFrame,
  resultText,
  SEND,
  sendText,
  UNREADABLE_ID,
  type Unreadable,
} from './frame.ts';
import { type CallOutcome, type RpcEffect, type RpcFinding, RpcMessage } from './rpc-message.ts';
import type { OcppSchemas, PayloadSchema, Violation } from './schemas.ts';
import type { OcppVersion } from './versions.ts';

/**
 * `strict` answers what breaks its schema with a CALLERROR and refuses unusable answers; `lenient` reports it and goes on;
 * `off` does not look.
 */
export type Validation = 'strict' | 'lenient' | 'off';

export interface RpcOptions {
  readonly schemas: OcppSchemas;
  /** Which side we are. */
  readonly side: 'station' | 'csms';
  readonly validation: Validation;
  /** How long we wait for an answer. */
  readonly timeoutMs: number;
  /** How many of our CALLs may wait behind the one that is outstanding. */
  readonly maxQueuedCalls: number;
  readonly newId: () => string;
}

export interface CallOptions {
  /** Sends a payload that breaks its schema: the user asked us to. */
  readonly allowInvalid?: boolean;
  readonly timeoutMs?: number;
  /** Sends exactly this text instead; it must be a readable CALL for its answer to be matched. */
  readonly text?: string;
  /** Uses this message id: a retry may bear its first id (2.0.1 errata 4.6). */
  readonly id?: string;
}

interface QueuedCall {
  readonly action: string;
  readonly payload: unknown;
  readonly ref: unknown;
  readonly options: CallOptions;
}

/** How many finished message ids are remembered, to tell a late or double answer from an unknown one. */
const REMEMBERED_IDS = 8;
/** More violations of one payload help nobody. */
const MAX_VIOLATIONS_REPORTED = 10;

/**
 * One end of an OCPP-J connection without any I/O: texts, answers, calls and time-outs go in, effects come out. One CALL
 * of ours is outstanding at a time (2.x Part 4 §4.1.1); the rest waits in a bounded queue. The same engine plays a station
 * and a CSMS.
 */
export class RpcEngine {
  readonly version: OcppVersion;
  readonly #options: RpcOptions;
  /** Our CALL that waits for its answer. */
  #outstanding: { readonly call: RpcMessage; readonly ref: unknown; readonly timeoutMs: number } | null = null;
  #queue: QueuedCall[] | null = null;
  /** The peer's CALL that we have not answered yet. */
  #handling: RpcMessage | null = null;
  /** The answer that we sent last: a CALLRESULTERROR may refer to it. */
  #lastAnswered: RpcMessage | null = null;
  #finished: { readonly id: string; readonly how: 'answered' | 'timeout' }[] | null = null;
  #closed = false;

  constructor(options: RpcOptions) {
    this.#options = options;
    this.version = options.schemas.version;
  }

  /** CALLs of ours that wait or are outstanding. */
  get pendingCalls(): number {
    return (this.#outstanding === null ? 0 : 1) + (this.#queue?.length ?? 0);
  }

  /** A text came from the peer. */
  receive(raw: string, at: number, out: RpcEffect[]): void {
    const frame = parseFrame(raw);
    switch (frame.type) {
      case 0:
        return this.#unreadable(frame, raw, at, out);
      case CALL:
        return this.#onCall(frame.id, frame.action, frame.payload, raw, at, out);
      case SEND:
        if (this.version !== '2.1') return this.#wrongVersionType(frame.type, frame.id, frame.action, raw, at, out);
        return this.#onSend(frame.id, frame.action, frame.payload, raw, at, out);
      case CALLRESULTERROR:
        if (this.version !== '2.1') return this.#wrongVersionType(frame.type, frame.id, '', raw, at, out);
        return this.#onResultError(frame, raw, at, out);
      default:
        return this.#onAnswer(frame, raw, at, out);
    }
  }

  /** Answers the peer's CALL. An answer of ours that breaks its schema is a defect: the peer gets InternalError. */
  answer(call: RpcMessage, payload: unknown, at: number, out: RpcEffect[]): void {
    if (this.#closed) return;
    const violations = this.#violations(call.schemas?.response, payload);
    if (violations.length > 0) {
      this.#reportViolations(call, violations, 'us', out);
      if (this.#options.validation === 'strict') {
        return this.fail(call, 'InternalError', 'The answer would not fit its schema', at, out);
      }
    }
    this.#finishHandling(call);
    this.#lastAnswered = call;
    const { id, action } = call;
    out.push({
      do: 'send',
      message: new RpcMessage({
        type: CALLRESULT,
        id,
        action,
        payload,
        raw: resultText(id, payload),
        at,
        answers: call,
        schemas: call.schemas,
      }),
    });
  }

  /** Refuses the peer's CALL with a CALLERROR. */
  fail(
    call: RpcMessage,
    failure: Failure,
    description: string,
    at: number,
    out: RpcEffect[],
    details: unknown = {},
  ): void {
    this.failWithCode(call, errorCode(this.version, failure), description, at, out, details);
  }

  /** The same with a code that the caller spells: for tests that want a wrong one. */
  failWithCode(
    call: RpcMessage,
    code: string,
    description: string,
    at: number,
    out: RpcEffect[],
    details: unknown = {},
  ): void {
    if (this.#closed) return;
    this.#finishHandling(call);
    this.#sendError(CALLERROR, call.id, call.action, code, description, call, at, out, details);
  }

  /** Sends a CALL, or queues it behind the one that is outstanding. Its end comes as a `settled` effect with `ref`. */
  call(action: string, payload: unknown, ref: unknown, at: number, out: RpcEffect[], options: CallOptions = {}): void {
    const settle = (outcome: CallOutcome): void => void out.push({ do: 'settled', ref, call: null, outcome });
    if (this.#closed) return settle({ kind: 'closed' });
    if (options.allowInvalid !== true && options.text === undefined) {
      const schemas = this.#options.schemas.of(action);
      if (schemas === undefined) {
        return settle({
          kind: 'refused',
          violations: [{ pointer: '', keyword: 'action', text: `OCPP ${this.version} has no ${action}` }],
        });
      }
      const violations = this.#options.validation === 'off' ? [] : this.#violations(schemas.request, payload);
      if (violations.length > 0) return settle({ kind: 'refused', violations });
    }
    const queued: QueuedCall = { action, payload, ref, options };
    if (this.#outstanding === null) return this.#sendCall(queued, at, out);
    this.#queue ??= [];
    if (this.#queue.length >= this.#options.maxQueuedCalls)
      return settle({ kind: 'queue-full', limit: this.#options.maxQueuedCalls });
    this.#queue.push(queued);
  }

  /** Sends a SEND (2.1): at any time, also while a CALL is outstanding. */
  send(action: string, payload: unknown, at: number, out: RpcEffect[]): void {
    if (this.#closed) return;
    const id = this.#options.newId();
    out.push({
      do: 'send',
      message: new RpcMessage({ type: SEND, id, action, payload, raw: sendText(id, action, payload), at }),
    });
  }

  /** The timer that `start-timer` asked for has run out. */
  expired(at: number, out: RpcEffect[]): void {
    const waiting = this.#outstanding;
    if (waiting === null) return;
    this.#outstanding = null;
    this.#remember(waiting.call.id, 'timeout');
    const seconds = waiting.timeoutMs / 1000;
    this.#find(
      out,
      'OCPPJ-RPC-011',
      'warning',
      'peer',
      waiting.call,
      `${waiting.call.action} was not answered within ${seconds} s`,
      'FR.02',
    );
    out.push({
      do: 'settled',
      ref: waiting.ref,
      call: waiting.call,
      outcome: { kind: 'timeout', afterMs: waiting.timeoutMs },
    });
    this.#next(at, out);
  }

  /** The connection is gone: everything that waits ends as `closed`; nothing is sent any more. */
  close(out: RpcEffect[]): void {
    if (this.#closed) return;
    this.#closed = true;
    const waiting = this.#outstanding;
    this.#outstanding = null;
    if (waiting !== null) {
      out.push(
        { do: 'stop-timer' },
        { do: 'settled', ref: waiting.ref, call: waiting.call, outcome: { kind: 'closed' } },
      );
    }
    for (const queued of this.#queue ?? [])
      out.push({ do: 'settled', ref: queued.ref, call: null, outcome: { kind: 'closed' } });
    this.#queue = null;
    this.#handling = null;
  }

  #onCall(id: string, action: string, payload: unknown, raw: string, at: number, out: RpcEffect[]): void {
    const schemas = this.#options.schemas.of(action) ?? null;
    const nullAsEmpty = payload === null && this.#options.validation !== 'strict' ? {} : payload;
    const call = new RpcMessage({ type: CALL, id, action, payload: nullAsEmpty, raw, at, schemas });
    out.push({ do: 'received', message: call });

    const open = this.#handling;
    if (open !== null) {
      const severity = this.version === '1.6' ? 'warning' : 'error';
      this.#find(
        out,
        'OCPPJ-RPC-010',
        severity,
        'peer',
        call,
        `${action} was sent while ${open.action} is still unanswered`,
        'OCPP-J §4.1.1',
      );
      if (open.id === id) {
        call.flag('duplicate');
        return this.#refuse(
          call,
          this.version === '1.6' ? 'ProtocolError' : 'RpcFramework',
          'This message id is being handled already',
          at,
          out,
        );
      }
    }
    const row = actionRow(this.version, action);
    if (row === undefined || schemas === null) {
      this.#find(
        out,
        'OCPPJ-RPC-018',
        'error',
        'peer',
        call,
        `OCPP ${this.version} has no action ${JSON.stringify(action)}`,
        'OCPP-J §4.2.1',
      );
      return this.#refuse(
        call,
        'NotImplemented',
        `${action.slice(0, 60)} is not an action of OCPP ${this.version}`,
        at,
        out,
      );
    }
    if (row.send === true) {
      this.#find(out, 'OCPP21-SEND-002', 'error', 'peer', call, `${action} travels as SEND, not as CALL`, 'N15.FR.01');
      return this.#refuse(call, 'ProtocolError', `${action} is a SEND message`, at, out);
    }
    if (row.sender === this.#options.side) {
      this.#find(
        out,
        'OCPPJ-RPC-019',
        'error',
        'peer',
        call,
        `${action} is ours to send, not the peer’s`,
        'OCPP-J §4.2.1',
      );
      return this.#refuse(call, 'NotImplemented', `${action} is not received by a ${this.#options.side}`, at, out);
    }
    if (this.#options.validation !== 'off') {
      if (typeof call.payload !== 'object' || call.payload === null || Array.isArray(call.payload)) {
        call.flag('invalid');
        this.#find(
          out,
          'OCPPJ-RPC-016',
          payload === null ? 'warning' : 'error',
          'peer',
          call,
          'The payload is not a JSON object',
          'OCPP-J §4.2.1',
        );
        return this.#refuse(call, 'Format', 'The payload is not a JSON object', at, out);
      }
      const violations = this.#violations(schemas.request, call.payload);
      if (violations.length > 0) {
        call.flag('invalid');
        this.#reportViolations(call, violations, 'peer', out);
        const [first] = violations;
        if (this.#options.validation === 'strict' && first !== undefined) {
          return this.#refuse(
            call,
            failureOfKeyword(this.version, first.keyword),
            `${first.pointer}: ${first.text}`,
            at,
            out,
          );
        }
      }
    }
    this.#handling = call;
    out.push({ do: 'request', call });
  }

  /** Answers a CALL that never reaches its handler; one that is being handled stays so. */
  #refuse(call: RpcMessage, failure: Failure, description: string, at: number, out: RpcEffect[]): void {
    this.#sendError(CALLERROR, call.id, call.action, errorCode(this.version, failure), description, call, at, out, {});
  }

  #onSend(id: string, action: string, payload: unknown, raw: string, at: number, out: RpcEffect[]): void {
    const schemas = this.#options.schemas.of(action) ?? null;
    const message = new RpcMessage({ type: SEND, id, action, payload, raw, at, schemas });
    out.push({ do: 'received', message });
    // Never answered, not even when it is malformed or unknown (2.1 FR.07, N15.FR.02).
    const row = actionRow(this.version, action);
    if (row?.send !== true || schemas === null) {
      return this.#find(
        out,
        'OCPP21-SEND-002',
        'error',
        'peer',
        message,
        `${action} does not travel as SEND`,
        'N15.FR.01',
      );
    }
    const violations = this.#options.validation === 'off' ? [] : this.#violations(schemas.request, payload);
    if (violations.length > 0) {
      message.flag('invalid');
      this.#reportViolations(message, violations, 'peer', out);
      if (this.#options.validation === 'strict') return;
    }
    out.push({ do: 'notification', message });
  }

  #onAnswer(frame: ResultFrame | ErrorFrame, raw: string, at: number, out: RpcEffect[]): void {
    const waiting = this.#outstanding;
    if (waiting === null || waiting.call.id !== frame.id) return this.#unexpectedAnswer(frame, raw, at, out);
    this.#outstanding = null;
    this.#remember(frame.id, 'answered');
    const { call, ref } = waiting;
    out.push({ do: 'stop-timer' });
    const settle = (outcome: CallOutcome): void => {
      out.push({ do: 'settled', ref, call, outcome });
      this.#next(at, out);
    };
    if (frame.type !== CALLRESULT) {
      const { id, code, description, details } = frame;
      const message = new RpcMessage({
        type: frame.type,
        id,
        action: call.action,
        payload: details,
        raw,
        at,
        code,
        answers: call,
      });
      out.push({ do: 'received', message });
      if (!isErrorCode(this.version, code)) {
        const other = isErrorCode(this.version === '1.6' ? '2.1' : '1.6', code);
        const text = other
          ? `${code} is spelt as in another OCPP version`
          : `${JSON.stringify(code)} is not an OCPP error code`;
        this.#find(
          out,
          other ? 'OCPPJ-RPC-014' : 'OCPPJ-RPC-013',
          other ? 'info' : 'error',
          'peer',
          message,
          text,
          'OCPP-J §4.2.3',
        );
      }
      return settle({ kind: 'error', code, description, details, message });
    }
    const { id, payload } = frame;
    const message = new RpcMessage({
      type: CALLRESULT,
      id,
      action: call.action,
      payload,
      raw,
      at,
      answers: call,
      schemas: call.schemas,
    });
    out.push({ do: 'received', message });
    const violations = this.#violations(call.schemas?.response, payload);
    if (violations.length > 0) {
      message.flag('invalid');
      this.#reportViolations(message, violations, 'peer', out);
      const isObject = typeof payload === 'object' && payload !== null && !Array.isArray(payload);
      if (this.#options.validation === 'strict' || !isObject) {
        if (this.version === '2.1') this.#sendResultError(call, violations, at, out);
        return settle({ kind: 'unusable', violations, message });
      }
    }
    settle({ kind: 'result', payload: payload as Readonly<Record<string, unknown>>, message });
  }

  /** 2.1 FR.06: the requester tells that it cannot use the CALLRESULT. */
  #sendResultError(call: RpcMessage, violations: readonly Violation[], at: number, out: RpcEffect[]): void {
    const [first] = violations;
    const failure = failureOfKeyword(this.version, first?.keyword ?? '');
    const text = first === undefined ? 'The answer does not fit' : `${first.pointer}: ${first.text}`;
    this.#sendError(CALLRESULTERROR, call.id, call.action, errorCode(this.version, failure), text, call, at, out, {});
  }

  #onResultError(frame: ErrorFrame, raw: string, at: number, out: RpcEffect[]): void {
    const last = this.#lastAnswered;
    const call = last !== null && last.id === frame.id ? last : null;
    const { id, code, details } = frame;
    const message = new RpcMessage({
      type: CALLRESULTERROR,
      id,
      action: call?.action ?? '',
      payload: details,
      raw,
      at,
      code,
      answers: call,
    });
    out.push({ do: 'received', message });
    if (call === null) {
      message.flag('unexpected');
      return this.#find(
        out,
        'OCPP21-CRE-001',
        'error',
        'peer',
        message,
        `No answer of ours has the id ${id}`,
        '2.1 Part 4 §4.1.4',
      );
    }
    out.push({ do: 'answer-rejected', call, message });
  }

  #unexpectedAnswer(frame: ResultFrame | ErrorFrame, raw: string, at: number, out: RpcEffect[]): void {
    const isError = frame.type !== CALLRESULT;
    const message = new RpcMessage({
      type: frame.type,
      id: frame.id,
      action: '',
      payload: isError ? frame.details : frame.payload,
      raw,
      at,
      code: isError ? frame.code : '',
    });
    const before = this.#finished?.find((finished) => finished.id === frame.id);
    message.flag(before?.how === 'timeout' ? 'late' : before?.how === 'answered' ? 'duplicate' : 'unexpected');
    out.push({ do: 'received', message });
    if (before?.how === 'timeout') {
      this.#find(
        out,
        'OCPPJ-RPC-008',
        'warning',
        'peer',
        message,
        'This answer came after the time-out of its call',
        'OCPP-J §4.1.1',
      );
    } else if (before?.how === 'answered') {
      this.#find(out, 'OCPPJ-RPC-009', 'error', 'peer', message, 'This call was answered before', 'OCPP-J §4.1.4');
    } else {
      this.#find(
        out,
        'OCPPJ-RPC-007',
        'error',
        'peer',
        message,
        `No call of ours has the id ${frame.id}`,
        'OCPP-J §4.1.4',
      );
    }
  }

  /** A type that only 2.1 has: 1.6 ignores it, 2.0.1 answers MessageTypeNotSupported (Part 4 §4.4). */
  #wrongVersionType(type: 5 | 6, id: string, action: string, raw: string, at: number, out: RpcEffect[]): void {
    const message = new RpcMessage({ type, id, action, payload: undefined, raw, at });
    out.push({ do: 'received', message });
    this.#find(
      out,
      'OCPPJ-RPC-023',
      'error',
      'peer',
      message,
      `Message type ${type} exists only in OCPP 2.1`,
      '2.1 Part 4 §4.1.3',
    );
    if (this.version === '2.0.1') this.#typeNotSupported(id, type, message, at, out);
  }

  #typeNotSupported(id: string, type: number, message: RpcMessage, at: number, out: RpcEffect[]): void {
    const code = errorCode(this.version, 'MessageTypeNotSupported');
    this.#sendError(CALLERROR, id, '', code, `Message type ${type} is not supported`, message, at, out, {});
  }

  #unreadable(frame: Unreadable, raw: string, at: number, out: RpcEffect[]): void {
    const message = new RpcMessage({
      type: 0,
      id: frame.id ?? '',
      action: frame.action ?? '',
      payload: undefined,
      raw,
      at,
    });
    message.flag('malformed');
    out.push({ do: 'received', message });
    const rule = {
      json: '001',
      'not-array': '002',
      type: '002',
      id: '004',
      length: '003',
      action: '018',
      'error-code': '013',
    }[frame.reason];
    this.#find(out, `OCPPJ-RPC-${rule}`, 'error', 'peer', message, `This is not a frame: ${frame.text}`, 'OCPP-J §4.2');
    switch (frame.typeNumber) {
      case CALLRESULT:
      case CALLERROR:
      case CALLRESULTERROR:
      case SEND:
        return; // Answers and SENDs are never answered.
      case CALL:
        break;
      default:
        // 1.6 and 2.1 ignore unknown types; 2.0.1 answers when an id can be read (Part 4 §4.4).
        if (frame.reason === 'type' && frame.typeNumber !== undefined) {
          if (this.version === '2.0.1' && frame.id !== undefined)
            this.#typeNotSupported(frame.id, frame.typeNumber, message, at, out);
          return;
        }
    }
    // 1.6 has no rule for a CALL without a readable id: there is nothing to answer to.
    if (this.version === '1.6' && frame.id === undefined) return;
    const code = errorCode(this.version, 'RpcFramework');
    this.#sendError(CALLERROR, frame.id ?? UNREADABLE_ID, message.action, code, frame.text, message, at, out, {});
  }

  #sendCall(queued: QueuedCall, at: number, out: RpcEffect[]): void {
    const { payload, ref, options } = queued;
    const own = options.text === undefined ? undefined : parseFrame(options.text);
    const id = own?.type === CALL ? own.id : (options.id ?? this.#options.newId());
    const action = own?.type === CALL ? own.action : queued.action;
    const raw = options.text ?? callText(id, action, payload);
    const schemas = this.#options.schemas.of(action) ?? null;
    const call = new RpcMessage({
      type: CALL,
      id,
      action,
      payload: own?.type === CALL ? own.payload : payload,
      raw,
      at,
      schemas,
    });
    const timeoutMs = options.timeoutMs ?? this.#options.timeoutMs;
    this.#outstanding = { call, ref, timeoutMs };
    out.push({ do: 'send', message: call, ref }, { do: 'start-timer', ms: timeoutMs });
  }

  #next(at: number, out: RpcEffect[]): void {
    const next = this.#queue?.shift();
    if (this.#queue?.length === 0) this.#queue = null;
    if (next !== undefined) this.#sendCall(next, at, out);
  }

  #sendError(
    type: 4 | 5,
    id: string,
    action: string,
    code: string,
    description: string,
    answers: RpcMessage,
    at: number,
    out: RpcEffect[],
    details: unknown,
  ): void {
    const raw = errorText(type, id, code, description, details);
    out.push({ do: 'send', message: new RpcMessage({ type, id, action, payload: details, raw, at, code, answers }) });
  }

  #finishHandling(call: RpcMessage): void {
    if (this.#handling === call) this.#handling = null;
  }

  #remember(id: string, how: 'answered' | 'timeout'): void {
    this.#finished ??= [];
    this.#finished.push({ id, how });
    if (this.#finished.length > REMEMBERED_IDS) this.#finished.shift();
  }

  #violations(schema: PayloadSchema | undefined, payload: unknown): readonly Violation[] {
    if (schema === undefined || this.#options.validation === 'off' || schema.check(payload)) return NO_VIOLATIONS;
    return schema.violations(payload).slice(0, MAX_VIOLATIONS_REPORTED);
  }

  #reportViolations(message: RpcMessage, violations: readonly Violation[], by: 'peer' | 'us', out: RpcEffect[]): void {
    for (const { pointer, keyword, text } of violations) {
      const sentence = `${message.action}${pointer === '' ? '' : ` ${pointer}`}: ${text} (${keyword})`;
      out.push({
        do: 'finding',
        finding: {
          rule: 'OCPPJ-RPC-021',
          severity: 'error',
          by,
          message,
          pointer,
          text: sentence,
          clause: 'JSON schema',
        },
      });
    }
  }

  #find(
    out: RpcEffect[],
    rule: string,
    severity: RpcFinding['severity'],
    by: 'peer' | 'us',
    message: RpcMessage,
    text: string,
    clause: string,
  ): void {
    out.push({ do: 'finding', finding: { rule, severity, by, message, text, clause } });
  }
}

const NO_VIOLATIONS: readonly Violation[] = [];

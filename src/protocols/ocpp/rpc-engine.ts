import { actionRow } from './actions.ts';
import { errorCode, type Failure, failureOfKeyword, isErrorCode } from './error-codes.ts';
import {
  CALL,
  CALLERROR,
  CALLRESULT,
  CALLRESULTERROR,
  type ErrorFrame,
  errorText,
  type Frame,
  parseFrame,
  type ResultFrame,
  resultText,
  SEND,
  sendText,
  UNREADABLE_ID,
  type Unreadable,
} from './frame.ts';
import { type CallOptions, OutgoingCalls, type OutgoingOptions } from './outgoing-calls.ts';
import { type CallOutcome, type RpcEffect, RpcMessage } from './rpc-message.ts';
import { detailsOf, frameFaults, report, reportViolations, UNREADABLE_RULES, violationsOf } from './rpc-report.ts';
import type { Violation } from './schemas.ts';
import type { OcppVersion } from './versions.ts';

/**
 * `strict` answers what breaks its schema with a CALLERROR and refuses unusable answers; `lenient` reports it and goes on;
 * `off` does not look.
 */
export type Validation = 'strict' | 'lenient' | 'off';

export interface RpcOptions extends OutgoingOptions {
  /** Which side we are. */
  readonly side: 'station' | 'csms';
  readonly validation: Validation;
}

/**
 * One end of an OCPP-J connection without any I/O: texts, answers, calls and time-outs go in, effects come out. The same
 * engine plays a station and a CSMS.
 */
export class RpcEngine {
  readonly version: OcppVersion;
  readonly #options: RpcOptions;
  readonly #calls: OutgoingCalls;
  /** The peer's CALL that we have not answered yet. */
  #handling: RpcMessage | null = null;
  /** 2.1: the call that we answered last: a CALLRESULTERROR may refer to it. Elsewhere no message is kept that long. */
  #lastAnswered: RpcMessage | null = null;
  #closed = false;

  constructor(options: RpcOptions) {
    this.#options = options;
    this.#calls = new OutgoingCalls(options);
    this.version = options.schemas.version;
  }

  /** CALLs of ours that wait or are outstanding. */
  get pendingCalls(): number {
    return this.#calls.pending;
  }

  /** A text came from the peer. */
  receive(raw: string, at: number, out: RpcEffect[]): void {
    const frame = parseFrame(raw);
    if (frame.type === 0) return this.#onUnreadable(frame, raw, at, out);
    const before = out.length;
    this.#onFrame(frame, raw, at, out);
    for (const { rule, text } of frameFaults(frame, this.version)) {
      const effect = out.find((each, index) => index >= before && each.do === 'received');
      if (effect?.do === 'received') report(out, rule, effect.message, text);
    }
  }

  #onFrame(frame: Frame, raw: string, at: number, out: RpcEffect[]): void {
    switch (frame.type) {
      case CALL:
        return this.#onCall(frame.id, frame.action, frame.payload, raw, at, out);
      case SEND:
        if (this.version !== '2.1') return this.#onTypeOf21(frame.type, frame.id, frame.action, raw, at, out);
        return this.#onSend(frame.id, frame.action, frame.payload, raw, at, out);
      case CALLRESULTERROR:
        if (this.version !== '2.1') return this.#onTypeOf21(frame.type, frame.id, '', raw, at, out);
        return this.#onResultError(frame, raw, at, out);
      default:
        return this.#onAnswer(frame, raw, at, out);
    }
  }

  /** Answers the peer's CALL. An answer of ours that breaks its schema is a defect: strict, the peer gets InternalError. */
  answer(call: RpcMessage, payload: unknown, at: number, out: RpcEffect[]): void {
    if (this.#closed) return;
    const violations = this.#check(call.schemas?.response, payload);
    if (violations.length > 0) {
      reportViolations(out, call, violations, 'us');
      if (this.#options.validation === 'strict') {
        return this.fail(call, 'InternalError', 'The answer would not fit its schema', at, out);
      }
    }
    this.#finishHandling(call);
    if (this.version === '2.1') this.#lastAnswered = call;
    const { id, action, schemas } = call;
    const more = { answers: call, schemas };
    out.push({
      do: 'send',
      message: new RpcMessage(CALLRESULT, id, action, payload, resultText(id, payload), at, more),
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
    if (this.#closed) return;
    this.#finishHandling(call);
    this.#sendError(CALLERROR, call.id, errorCode(this.version, failure), description, call, at, out, details);
  }

  /** Sends a CALL, or queues it behind the one that is outstanding. Its end comes as a `settled` effect with `ref`. */
  call(action: string, payload: unknown, ref: unknown, at: number, out: RpcEffect[], options: CallOptions = {}): void {
    const refused = this.#closed ? ({ kind: 'closed' } as const) : this.#refusalOf(action, payload, options);
    if (refused !== undefined) out.push({ do: 'settled', ref, call: null, outcome: refused });
    else this.#calls.add(action, payload, ref, options, at, out);
  }

  /** Sends a SEND (2.1): at any time, also while a CALL is outstanding. */
  send(action: string, payload: unknown, at: number, out: RpcEffect[]): void {
    if (this.#closed) return;
    const id = this.#options.newId();
    out.push({ do: 'send', message: new RpcMessage(SEND, id, action, payload, sendText(id, action, payload), at) });
  }

  /** The timer that `start-timer` asked for has run out. */
  expired(at: number, out: RpcEffect[]): void {
    this.#calls.expired(at, out);
  }

  /** The connection is gone: everything that waits ends as `closed`; nothing is sent any more. */
  close(out: RpcEffect[]): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#handling = null;
    this.#calls.close(out);
  }

  /** Our own payload is checked too: a wrong message goes out only when the user asked for it. */
  #refusalOf(action: string, payload: unknown, options: CallOptions): CallOutcome | undefined {
    if (options.allowInvalid === true || options.text !== undefined) return undefined;
    const schemas = this.#options.schemas.of(action);
    if (schemas === undefined) {
      const text = `OCPP ${this.version} has no ${action}`;
      return { kind: 'refused', violations: [{ pointer: '', keyword: 'action', text }] };
    }
    const violations = this.#check(schemas.request, payload);
    return violations.length === 0 ? undefined : { kind: 'refused', violations };
  }

  #onCall(id: string, action: string, payload: unknown, raw: string, at: number, out: RpcEffect[]): void {
    const { schemas: all, side, validation } = this.#options;
    const schemas = all.of(action) ?? null;
    const nullAsEmpty = payload === null && validation !== 'strict' ? {} : payload;
    const call = new RpcMessage(CALL, id, action, nullAsEmpty, raw, at, { schemas });
    out.push({ do: 'received', message: call });
    // Refuses a CALL that never reaches its handler; one that is being handled stays so.
    const refuse = (failure: Failure, why: string, details: object = {}): void =>
      this.#sendError(CALLERROR, id, errorCode(this.version, failure), why, call, at, out, details);

    const open = this.#handling;
    if (open !== null) {
      const severity = this.version === '1.6' ? 'warning' : 'error';
      report(out, 'OCPPJ-RPC-010', call, `${action} was sent while ${open.action} is still unanswered`, severity);
      if (open.id === id) {
        call.flag('duplicate');
        return refuse(
          this.version === '1.6' ? 'ProtocolError' : 'RpcFramework',
          'This message id is being handled already',
        );
      }
    }
    const row = actionRow(this.version, action);
    if (row === undefined || schemas === null) {
      report(out, 'OCPPJ-RPC-018', call, `OCPP ${this.version} has no action ${JSON.stringify(action)}`);
      return refuse('NotImplemented', `${action.slice(0, 60)} is not an action of OCPP ${this.version}`);
    }
    if (row.send === true) {
      report(out, 'OCPP21-SEND-002', call, `${action} travels as SEND, not as CALL`);
      return refuse('ProtocolError', `${action} is a SEND message`);
    }
    if (row.sender === side) {
      report(out, 'OCPPJ-RPC-019', call, `${action} is ours to send, not the peer’s`);
      return refuse('NotImplemented', `${action} is not received by a ${side}`);
    }
    if (validation !== 'off') {
      if (!isObject(call.payload)) {
        call.flag('invalid');
        report(out, 'OCPPJ-RPC-016', call, 'The payload is not a JSON object', payload === null ? 'warning' : 'error');
        return refuse('Format', 'The payload is not a JSON object');
      }
      const violations = this.#check(schemas.request, call.payload);
      const [first] = violations;
      if (first !== undefined) {
        call.flag('invalid');
        reportViolations(out, call, violations, 'peer');
        if (validation === 'strict') {
          const why = `${first.pointer}: ${first.text}`;
          return refuse(failureOfKeyword(this.version, first.keyword), why, detailsOf(violations));
        }
      }
    }
    this.#handling = call;
    out.push({ do: 'request', call });
  }

  #onSend(id: string, action: string, payload: unknown, raw: string, at: number, out: RpcEffect[]): void {
    const schemas = this.#options.schemas.of(action) ?? null;
    const message = new RpcMessage(SEND, id, action, payload, raw, at, { schemas });
    out.push({ do: 'received', message });
    // Never answered, not even when it is malformed or unknown (2.1 FR.07, N15.FR.02).
    if (actionRow(this.version, action)?.send !== true || schemas === null) {
      return report(out, 'OCPP21-SEND-002', message, `${action} does not travel as SEND`);
    }
    const violations = this.#check(schemas.request, payload);
    if (violations.length > 0) {
      message.flag('invalid');
      reportViolations(out, message, violations, 'peer');
      if (this.#options.validation === 'strict' || !isObject(payload)) return;
    }
    out.push({ do: 'notification', message });
  }

  #onAnswer(frame: ResultFrame | ErrorFrame, raw: string, at: number, out: RpcEffect[]): void {
    const waiting = this.#calls.take(frame.id, out);
    if (waiting === undefined) return this.#onUnexpectedAnswer(frame, raw, at, out);
    const { call } = waiting;
    if (frame.type !== CALLRESULT) {
      const { id, code, description, details } = frame;
      const message = new RpcMessage(frame.type, id, call.action, details, raw, at, { code, answers: call });
      out.push({ do: 'received', message });
      if (!isErrorCode(this.version, code)) {
        const ofOther = isErrorCode(this.version === '1.6' ? '2.1' : '1.6', code);
        if (ofOther) report(out, 'OCPPJ-RPC-014', message, `${code} is spelt as in another OCPP version`);
        else report(out, 'OCPPJ-RPC-013', message, `${JSON.stringify(code)} is not an OCPP error code`);
      }
      return this.#calls.settle(waiting, { kind: 'error', code, description, details, message }, at, out);
    }
    const { id, payload } = frame;
    const message = new RpcMessage(CALLRESULT, id, call.action, payload, raw, at, {
      answers: call,
      schemas: call.schemas,
    });
    out.push({ do: 'received', message });
    const violations = this.#check(call.schemas?.response, payload);
    if (violations.length > 0) {
      message.flag('invalid');
      reportViolations(out, message, violations, 'peer');
    }
    if (!isObject(payload) || (violations.length > 0 && this.#options.validation === 'strict')) {
      if (this.version === '2.1') this.#sendResultError(call, violations, at, out);
      return this.#calls.settle(waiting, { kind: 'unusable', violations, message }, at, out);
    }
    this.#calls.settle(waiting, { kind: 'result', payload, message }, at, out);
  }

  #onUnexpectedAnswer(frame: ResultFrame | ErrorFrame, raw: string, at: number, out: RpcEffect[]): void {
    const isResult = frame.type === CALLRESULT;
    const payload = isResult ? frame.payload : frame.details;
    const message = new RpcMessage(frame.type, frame.id, '', payload, raw, at, isResult ? {} : { code: frame.code });
    const fate = this.#calls.fateOf(frame.id);
    message.flag(fate === 'timeout' ? 'late' : fate === 'answered' ? 'duplicate' : 'unexpected');
    out.push({ do: 'received', message });
    if (fate === 'timeout') report(out, 'OCPPJ-RPC-008', message, 'This answer came after the time-out of its call');
    else if (fate === 'answered') report(out, 'OCPPJ-RPC-009', message, 'This call was answered before');
    // "-1" answers a frame of ours whose id the peer could not read (2.x Part 4 §4.2.3).
    else if (!(frame.type === CALLERROR && frame.id === UNREADABLE_ID && this.version !== '1.6'))
      report(out, 'OCPPJ-RPC-007', message, `No call of ours has the id ${frame.id}`);
  }

  #onResultError(frame: ErrorFrame, raw: string, at: number, out: RpcEffect[]): void {
    const { id, code, details } = frame;
    const call = this.#lastAnswered?.id === id ? this.#lastAnswered : null;
    const message = new RpcMessage(CALLRESULTERROR, id, call?.action ?? '', details, raw, at, { code, answers: call });
    if (call === null) message.flag('unexpected');
    out.push({ do: 'received', message });
    if (call === null) report(out, 'OCPP21-CRE-001', message, `No answer of ours has the id ${id}`);
    else out.push({ do: 'answer-rejected', call, message });
  }

  /** A type that only 2.1 has: 1.6 ignores it, 2.0.1 answers MessageTypeNotSupported (Part 4 §4.4). */
  #onTypeOf21(type: 5 | 6, id: string, action: string, raw: string, at: number, out: RpcEffect[]): void {
    const message = new RpcMessage(type, id, action, undefined, raw, at);
    out.push({ do: 'received', message });
    report(out, 'OCPPJ-RPC-023', message, `Message type ${type} exists only in OCPP 2.1`);
    if (this.version === '2.0.1') this.#sendTypeNotSupported(id, type, message, at, out);
  }

  #onUnreadable(frame: Unreadable, raw: string, at: number, out: RpcEffect[]): void {
    const message = new RpcMessage(0, frame.id ?? '', frame.action ?? '', undefined, raw, at);
    message.flag('malformed');
    out.push({ do: 'received', message });
    report(out, UNREADABLE_RULES[frame.reason], message, `This is not a frame: ${frame.text}`);
    const { typeNumber, id } = frame;
    // Answers and SENDs are never answered; of unknown types 1.6 and 2.1 ignore all, 2.0.1 answers when it can (Part 4 §4.4).
    if (typeNumber !== undefined && typeNumber !== CALL) {
      const unknown = frame.reason === 'type';
      if (unknown && this.version === '2.0.1' && id !== undefined)
        this.#sendTypeNotSupported(id, typeNumber, message, at, out);
      return;
    }
    // 1.6 has no rule for a CALL without a readable id: there is nothing to answer to.
    if (this.version === '1.6' && id === undefined) return;
    const code = errorCode(this.version, 'RpcFramework');
    this.#sendError(CALLERROR, id ?? UNREADABLE_ID, code, frame.text, message, at, out);
  }

  /** 2.1 FR.06: the requester tells that it cannot use the CALLRESULT. */
  #sendResultError(call: RpcMessage, violations: readonly Violation[], at: number, out: RpcEffect[]): void {
    const [first] = violations;
    const code = errorCode(
      this.version,
      first === undefined ? 'Format' : failureOfKeyword(this.version, first.keyword),
    );
    const text = first === undefined ? 'The payload is not a JSON object' : `${first.pointer}: ${first.text}`;
    this.#sendError(CALLRESULTERROR, call.id, code, text, call, at, out, detailsOf(violations));
  }

  #sendTypeNotSupported(id: string, type: number, message: RpcMessage, at: number, out: RpcEffect[]): void {
    const code = errorCode(this.version, 'MessageTypeNotSupported');
    this.#sendError(CALLERROR, id, code, `Message type ${type} is not supported`, message, at, out);
  }

  #sendError(
    type: 4 | 5,
    id: string,
    code: string,
    description: string,
    answers: RpcMessage,
    at: number,
    out: RpcEffect[],
    details: unknown = {},
  ): void {
    const raw = errorText(type, id, code, description, details);
    out.push({ do: 'send', message: new RpcMessage(type, id, answers.action, details, raw, at, { code, answers }) });
  }

  #finishHandling(call: RpcMessage): void {
    if (this.#handling === call) this.#handling = null;
  }

  #check(...[schema, payload]: Parameters<typeof violationsOf>): readonly Violation[] {
    return this.#options.validation === 'off' ? [] : violationsOf(schema, payload);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

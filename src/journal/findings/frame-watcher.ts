import { actionRow } from '../../protocols/ocpp/actions.ts';
import { isErrorCode } from '../../protocols/ocpp/error-codes.ts';
import {
  CALL,
  CALLRESULT,
  CALLRESULTERROR,
  type ErrorFrame,
  type Frame,
  parseFrame,
  type ResultFrame,
  SEND,
  UNREADABLE_ID,
  type Unreadable,
} from '../../protocols/ocpp/frame.ts';
import { frameFaults, type RpcRule, UNREADABLE_RULES, violationsOf } from '../../protocols/ocpp/rpc-report.ts';
import type { OcppSchemaSet } from '../../protocols/ocpp/schemas.ts';
import type { EntryFlag } from '../entry.ts';
import { Observation, type WatchedLink } from './observation.ts';
import { isObject } from './payload-reader.ts';

/** A frame as the journal has it, with nothing understood yet. */
export interface RawFrame {
  readonly seq: number;
  readonly time: number;
  readonly fromStation: boolean;
  readonly raw: string;
  /** What it is, where the caller has read it. */
  readonly parsed: Frame | Unreadable | undefined;
}

export interface FrameFault {
  readonly rule: RpcRule | 'OCPPJ-RPC-022' | 'OCPPJ-WS-005';
  readonly on: Observation;
  readonly text: string;
  readonly pointer?: string;
  readonly severity?: 'error' | 'warning' | 'info';
}

type Fate = 'answered' | 'timeout';

/** CALLs of one side of a connection. */
class Side {
  readonly outstanding = new Map<string, Observation>();
  readonly finished = new Map<string, Fate>();
  /** The answer that this side received last: a CALLRESULTERROR of it may follow. */
  lastResultReceived = '';
  /** An unreadable frame without an id of this side, that the other may answer. */
  unreadableAt = Number.NEGATIVE_INFINITY;
}

const REMEMBERED = 64;
const UNREADABLE_ANSWER_MS = 10_000;

/**
 * Reads the frames of a connection between two parties that are not ours, and judges them as our own RPC engine judges
 * its peer: same parser, same schemas, same rules.
 */
export class FrameWatcher {
  readonly #schemas: OcppSchemaSet;
  readonly #timeoutMs: number;
  readonly #station = new Side();
  readonly #csms = new Side();

  constructor(schemas: OcppSchemaSet, timeoutMs: number) {
    this.#schemas = schemas;
    this.#timeoutMs = timeoutMs;
  }

  read(frame: RawFrame, link: WatchedLink, fault: (fault: FrameFault) => void): Observation {
    this.expire(frame.time, fault);
    const parsed = frame.parsed ?? parseFrame(frame.raw);
    const sender = frame.fromStation ? this.#station : this.#csms;
    const other = frame.fromStation ? this.#csms : this.#station;
    switch (parsed.type) {
      case 0: {
        const o = observe(frame, link, 'error', parsed.action ?? '', parsed.id ?? '', undefined, ['malformed']);
        fault({ rule: UNREADABLE_RULES[parsed.reason], on: o, text: `This is not a frame: ${parsed.text}` });
        if (parsed.id === undefined) sender.unreadableAt = frame.time;
        // The answer to a CALL with a bad action or length still comes with its id.
        else if (parsed.typeNumber === CALL) sender.outstanding.set(parsed.id, o);
        return o;
      }
      case CALL:
        return this.#call(frame, parsed, link, sender, fault);
      case SEND:
        return this.#send(frame, parsed, link, fault);
      case CALLRESULTERROR:
        return this.#resultError(frame, parsed, link, sender, fault);
      default:
        return this.#answer(frame, parsed, link, sender, other, fault);
    }
  }

  /** A frame that is no text: binary, or not UTF-8. */
  unreadable(frame: RawFrame, link: WatchedLink, fault: (fault: FrameFault) => void): Observation {
    const o = observe(frame, link, 'error', '', '', undefined, ['malformed']);
    fault({ rule: 'OCPPJ-WS-005', on: o, text: 'A frame that is not text in UTF-8' });
    return o;
  }

  /** CALLs whose time is over. */
  expire(now: number, fault: (fault: FrameFault) => void): void {
    this.#expireSide(this.#station, now, fault);
    this.#expireSide(this.#csms, now, fault);
  }

  #expireSide(side: Side, now: number, fault: (fault: FrameFault) => void): void {
    if (side.outstanding.size === 0) return;
    for (const [id, call] of side.outstanding) {
      if (now - call.time <= this.#timeoutMs) break;
      side.outstanding.delete(id);
      remember(side.finished, id, 'timeout');
      call.outcome = 'timeout';
      call.link.model.messageIds(call.fromStation).unanswered(id, 'timeout');
      if (call.kind === 'request')
        fault({
          rule: 'OCPPJ-RPC-011',
          on: call,
          text: `${call.action} was not answered within ${this.#timeoutMs / 1_000} s`,
        });
    }
  }

  #call(
    frame: RawFrame,
    parsed: Extract<Frame, { type: typeof CALL }>,
    link: WatchedLink,
    sender: Side,
    fault: (fault: FrameFault) => void,
  ): Observation {
    const { version } = link;
    const { id, action, payload } = parsed;
    const schemas = this.#schemas.of(version).of(action);
    const row = actionRow(version, action);
    const side = frame.fromStation ? 'station' : 'csms';
    const violations = payload === null || !isObject(payload) ? [] : violationsOf(schemas?.request, payload);
    const invalid = violations.length > 0 || !isObject(payload);
    const flags: EntryFlag[] = invalid ? ['invalid'] : [];
    const [open] = sender.outstanding.values();
    if (sender.outstanding.has(id)) flags.push('duplicate');
    const o = observe(frame, link, 'request', action, id, payload, flags);
    for (const each of frameFaults(parsed, version)) fault({ ...each, on: o });
    if (open !== undefined) {
      const severity = version === '1.6' ? 'warning' : 'error';
      const text = `${action} was sent while ${open.action} is still unanswered`;
      fault({ rule: 'OCPPJ-RPC-010', on: o, text, severity });
    }
    if (row === undefined || schemas === undefined) {
      fault({ rule: 'OCPPJ-RPC-018', on: o, text: `OCPP ${version} has no action ${JSON.stringify(action)}` });
    } else if (row.send === true) {
      fault({ rule: 'OCPP21-SEND-002', on: o, text: `${action} travels as SEND, not as CALL` });
    } else if (row.sender !== 'both' && row.sender !== side) {
      fault({ rule: 'OCPPJ-RPC-019', on: o, text: `${action} is not for a ${side} to send` });
    } else if (!isObject(payload)) {
      const severity = payload === null ? 'warning' : 'error';
      fault({ rule: 'OCPPJ-RPC-016', on: o, text: 'The payload is not a JSON object', severity });
    } else {
      violate(o, violations, fault);
    }
    sender.outstanding.set(id, o);
    return o;
  }

  #send(
    frame: RawFrame,
    { id, action, payload, ...rest }: Extract<Frame, { type: typeof SEND }>,
    link: WatchedLink,
    fault: (fault: FrameFault) => void,
  ): Observation {
    const { version } = link;
    if (version !== '2.1') {
      const o = observe(frame, link, 'send', action, id, payload, []);
      fault({ rule: 'OCPPJ-RPC-023', on: o, text: 'Message type 6 exists only in OCPP 2.1' });
      return o;
    }
    const schemas = this.#schemas.of(version).of(action);
    const violations = violationsOf(schemas?.request, payload);
    const o = observe(frame, link, 'send', action, id, payload, violations.length > 0 ? ['invalid'] : []);
    for (const each of frameFaults({ ...rest, id, action, payload }, version)) fault({ ...each, on: o });
    if (actionRow(version, action)?.send !== true || !frame.fromStation)
      fault({ rule: 'OCPP21-SEND-002', on: o, text: `${action} does not travel as SEND` });
    else violate(o, violations, fault);
    return o;
  }

  #answer(
    frame: RawFrame,
    parsed: ResultFrame | ErrorFrame,
    link: WatchedLink,
    sender: Side,
    caller: Side,
    fault: (fault: FrameFault) => void,
  ): Observation {
    const { version } = link;
    const request = caller.outstanding.get(parsed.id) ?? null;
    const isResult = parsed.type === CALLRESULT;
    const kind = isResult ? 'response' : 'error';
    const payload = isResult ? parsed.payload : parsed.details;
    const code = isResult ? '' : parsed.code;
    if (request === null) return this.#unexpected(frame, parsed, link, caller, fault);
    caller.outstanding.delete(parsed.id);
    remember(caller.finished, parsed.id, 'answered');
    request.outcome = isResult ? 'answered' : 'refused';
    const schema = isResult ? this.#schemas.of(version).of(request.action)?.response : undefined;
    const violations = isObject(payload) ? violationsOf(schema, payload) : [];
    const flags: EntryFlag[] = isResult && (violations.length > 0 || !isObject(payload)) ? ['invalid'] : [];
    const answered = request.kind === 'request' ? request : null;
    const o = observe(frame, link, kind, request.action, parsed.id, payload, flags, answered, code);
    for (const each of frameFaults(parsed, version)) fault({ ...each, on: o });
    if (isResult && !isObject(payload)) {
      const severity = payload === null ? 'warning' : 'error';
      fault({ rule: 'OCPPJ-RPC-016', on: o, text: 'The payload is not a JSON object', severity });
    }
    violate(o, violations, fault);
    if (isResult) caller.lastResultReceived = parsed.id;
    else judgeCode(o, fault);
    void sender;
    return o;
  }

  #unexpected(
    frame: RawFrame,
    parsed: ResultFrame | ErrorFrame,
    link: WatchedLink,
    caller: Side,
    fault: (fault: FrameFault) => void,
  ): Observation {
    const isResult = parsed.type === CALLRESULT;
    const fate = caller.finished.get(parsed.id);
    const flag = fate === 'timeout' ? 'late' : fate === 'answered' ? 'duplicate' : 'unexpected';
    const payload = isResult ? parsed.payload : parsed.details;
    const code = isResult ? '' : parsed.code;
    const o = observe(frame, link, isResult ? 'response' : 'error', '', parsed.id, payload, [flag], null, code);
    const answersUnreadable =
      !isResult && fate === undefined && frame.time - caller.unreadableAt < UNREADABLE_ANSWER_MS;
    if (answersUnreadable) {
      caller.unreadableAt = Number.NEGATIVE_INFINITY;
      if (link.version !== '1.6' && parsed.id !== UNREADABLE_ID)
        fault({
          rule: 'OCPPJ-RPC-022',
          on: o,
          text: `The answer to a frame without a readable id has the id ${parsed.id}, not "-1"`,
        });
    } else if (fate === 'timeout') {
      fault({ rule: 'OCPPJ-RPC-008', on: o, text: 'This answer came after the time-out of its call' });
    } else if (fate === 'answered') {
      fault({ rule: 'OCPPJ-RPC-009', on: o, text: 'This call was answered before' });
    } else if (link.model.connections.lostCall(!frame.fromStation, parsed.id) === undefined && !link.model.truncated) {
      fault({ rule: 'OCPPJ-RPC-007', on: o, text: `No call of the other side has the id ${parsed.id}` });
    }
    return o;
  }

  #resultError(
    frame: RawFrame,
    parsed: ErrorFrame,
    link: WatchedLink,
    sender: Side,
    fault: (fault: FrameFault) => void,
  ): Observation {
    const isKnown = sender.lastResultReceived === parsed.id;
    const flags: EntryFlag[] = isKnown ? [] : ['unexpected'];
    const o = observe(frame, link, 'error', '', parsed.id, parsed.details, flags, null, parsed.code);
    if (link.version !== '2.1') {
      fault({ rule: 'OCPPJ-RPC-023', on: o, text: 'Message type 5 exists only in OCPP 2.1' });
    } else if (!isKnown) {
      fault({ rule: 'OCPP21-CRE-001', on: o, text: `No answer that it just received has the id ${parsed.id}` });
    } else {
      judgeCode(o, fault);
    }
    return o;
  }
}

function observe(
  frame: RawFrame,
  link: WatchedLink,
  kind: Observation['kind'],
  action: string,
  messageId: string,
  payload: unknown,
  flags: readonly EntryFlag[],
  request: Observation | null = null,
  code = '',
): Observation {
  const { seq, time, fromStation, raw } = frame;
  // Member by member: this is done for each message of a log.
  return new Observation({
    seq,
    time,
    link,
    fromStation,
    kind,
    action,
    messageId,
    payload,
    raw,
    request,
    code,
    flags,
  });
}

function violate(
  on: Observation,
  violations: ReturnType<typeof violationsOf>,
  fault: (fault: FrameFault) => void,
): void {
  for (const { pointer, keyword, text } of violations) {
    const sentence = `${on.action}${pointer === '' ? '' : ` ${pointer}`}: ${text} (${keyword})`;
    fault({ rule: 'OCPPJ-RPC-021', on, pointer, text: sentence });
  }
}

function judgeCode(on: Observation, fault: (fault: FrameFault) => void): void {
  const { version } = on.link;
  if (isErrorCode(version, on.code)) return;
  if (isErrorCode(version === '1.6' ? '2.1' : '1.6', on.code))
    fault({ rule: 'OCPPJ-RPC-014', on, text: `${on.code} is spelt as in another OCPP version` });
  else fault({ rule: 'OCPPJ-RPC-013', on, text: `${JSON.stringify(on.code)} is not an OCPP error code` });
}

function remember(finished: Map<string, Fate>, id: string, fate: Fate): void {
  finished.set(id, fate);
  if (finished.size <= REMEMBERED) return;
  for (const oldest of finished.keys()) {
    finished.delete(oldest);
    return;
  }
}

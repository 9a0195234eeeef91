import { CompoteError, type FieldError } from '../../../core/errors.ts';
import { actionRow } from '../../../protocols/ocpp/actions.ts';
import { CALL, CALLRESULT, callText, parseFrame, SEND, sendText } from '../../../protocols/ocpp/frame.ts';
import type { CallOutcome } from '../../../protocols/ocpp/rpc-message.ts';
import type { Violation } from '../../../protocols/ocpp/schemas.ts';
import type { OcppVersion } from '../../../protocols/ocpp/versions.ts';
import type { SimulatedAnswer } from '../simulated-inbound.ts';
import { type CsmsApi, knownStation } from './csms-api.ts';

/** A message that somebody wants to go out in a party's name. */
export interface Wanted {
  readonly station: string;
  readonly action: string;
  readonly payload?: unknown;
  /** Exactly this text instead of a frame made from action and payload. */
  readonly raw?: string | undefined;
  readonly allowInvalid?: boolean | undefined;
  readonly timeoutMs?: number | undefined;
  readonly messageId?: string | undefined;
}

/** The words of a CALLERROR. */
export interface ErrorWords {
  readonly code: string;
  readonly description: string;
  readonly details: unknown;
}

/** What became of a message that was sent. What could not be sent is an error instead. */
export type Sent = { readonly seq: number } & (
  | {
      readonly outcome: 'answered';
      readonly answer: unknown;
      readonly answerSeq: number;
      readonly ms: number;
      /** In strict mode: how the answer breaks its schema. */
      readonly violations?: readonly Violation[];
    }
  | { readonly outcome: 'error'; readonly answer: ErrorWords; readonly answerSeq: number; readonly ms: number }
  | { readonly outcome: 'timeout'; readonly ms: number }
  /** Gone out; no answer exists (SEND) or none can be told apart (text that is not a CALL). */
  | { readonly outcome: 'sent' }
);

/**
 * Sends a message of the CSMS to a station on its open socket and waits for what becomes of it.
 * @throws UNKNOWN_STATION, STATION_NOT_CONNECTED, UNKNOWN_ACTION, SCHEMA_VIOLATION, QUEUE_FULL, LINK_CLOSED
 */
export async function sendToStation(api: CsmsApi, wanted: Wanted): Promise<Sent> {
  const { csms } = api;
  const { id } = knownStation(api, wanted.station);
  const session = csms.sessions.get(id);
  if (session === undefined) throw new CompoteError('STATION_NOT_CONNECTED', { detail: id });
  const frame = wanted.raw === undefined ? undefined : parseFrame(wanted.raw);
  if (wanted.raw !== undefined && frame?.type !== CALL) {
    // Not a CALL: it goes out as it stands, and nothing can be matched to it.
    return { seq: session.link.sendText(wanted.raw, 'user'), outcome: 'sent' };
  }
  const action = frame?.type === CALL ? frame.action : wanted.action;
  const payload = frame?.type === CALL ? frame.payload : wanted.payload === undefined ? {} : wanted.payload;
  const free = wanted.allowInvalid === true || wanted.raw !== undefined;
  if (!free) demandAction(session.version, action, 'csms');
  if (!free) demandObject(payload);
  const { outcome, call } = await csms.commandAsync(id, action, payload as object, {
    origin: 'user',
    ...(free ? { allowInvalid: true } : {}),
    ...(wanted.raw === undefined ? {} : { text: wanted.raw }),
    ...(wanted.timeoutMs === undefined ? {} : { timeoutMs: wanted.timeoutMs }),
    ...(wanted.messageId === undefined ? {} : { id: wanted.messageId }),
  });
  return sentOf(outcome, call?.seq ?? 0, call?.at ?? api.clock.now(), id, action);
}

function sentOf(outcome: CallOutcome, seq: number, at: number, station: string, action: string): Sent {
  switch (outcome.kind) {
    case 'result': {
      const { payload, message } = outcome;
      return { seq, outcome: 'answered', answer: payload, answerSeq: message.seq, ms: message.at - at };
    }
    case 'unusable': {
      const { message, violations } = outcome;
      return {
        seq,
        outcome: 'answered',
        answer: message.payload,
        answerSeq: message.seq,
        ms: message.at - at,
        violations,
      };
    }
    case 'error': {
      const { code, description, details, message } = outcome;
      return {
        seq,
        outcome: 'error',
        answer: { code, description, details },
        answerSeq: message.seq,
        ms: message.at - at,
      };
    }
    case 'timeout':
      return { seq, outcome: 'timeout', ms: outcome.afterMs };
    case 'closed':
      throw new CompoteError('LINK_CLOSED', {
        detail: `${station}, while ${action} waited for its answer`,
        extra: { seq },
      });
    case 'refused':
      throw new CompoteError('SCHEMA_VIOLATION', {
        detail: `${action} was not sent`,
        fields: fieldsOf(outcome.violations),
      });
    case 'queue-full':
      throw new CompoteError('QUEUE_FULL', { detail: `${outcome.limit} messages wait for ${station}` });
  }
}

/**
 * Hands the CSMS a message as if the station had sent it: nothing crosses a wire, and the journal marks it as synthetic.
 * @throws UNKNOWN_STATION, UNKNOWN_ACTION, SCHEMA_VIOLATION, CONFLICT when the version is not known
 */
export function simulateFromStation(api: CsmsApi, wanted: Wanted, version: OcppVersion | undefined): Promise<Sent> {
  const { csms, clock } = api;
  const known = csms.state.stations.get(wanted.station);
  const spoken = version ?? csms.sessions.get(wanted.station)?.version ?? known?.version;
  if (spoken === undefined) {
    throw new CompoteError('CONFLICT', {
      detail: `no OCPP version of ${wanted.station} is known`,
      hint: 'Say which with `ver`.',
    });
  }
  const text = wanted.raw ?? inboundText(api, wanted, spoken);
  const frame = parseFrame(text);
  const at = clock.now();
  return new Promise((resolve) => {
    const seq = csms.simulateInbound(wanted.station, spoken, text, ([answer]) => {
      if (answer === undefined) resolve({ seq, outcome: 'timeout', ms: clock.now() - at });
      else resolve(answerOf(seq, answer, clock.now() - at));
    });
    // Nobody answers these.
    if (frame.type === SEND || frame.type === CALLRESULT) resolve({ seq, outcome: 'sent' });
  });
}

function inboundText(
  api: CsmsApi,
  { action, payload = {}, allowInvalid, messageId }: Wanted,
  version: OcppVersion,
): string {
  if (allowInvalid !== true) {
    demandAction(version, action, 'station');
    demandObject(payload);
    const violations = api.csms.schemas.of(version).of(action)?.request.violations(payload) ?? [];
    if (violations.length > 0) {
      throw new CompoteError('SCHEMA_VIOLATION', {
        detail: `${action} was not handed in`,
        fields: fieldsOf(violations),
      });
    }
  }
  const id = messageId ?? api.csms.services.newId();
  return actionRow(version, action)?.send === true ? sendText(id, action, payload) : callText(id, action, payload);
}

function answerOf(seq: number, { text, seq: answerSeq }: SimulatedAnswer, ms: number): Sent {
  const frame = parseFrame(text);
  const answered = { seq, answerSeq, ms };
  switch (frame.type) {
    case CALLRESULT:
      return { ...answered, outcome: 'answered', answer: frame.payload };
    case 4:
    case 5: {
      const { code, description, details } = frame;
      return { ...answered, outcome: 'error', answer: { code, description, details } };
    }
    default:
      return { seq, outcome: 'sent' };
  }
}

/** @throws UNKNOWN_ACTION when `sender` may not send it in this version */
export function demandAction(version: OcppVersion, action: string, sender: 'csms' | 'station'): void {
  const row = actionRow(version, action);
  if (row !== undefined && (row.sender === sender || row.sender === 'both')) return;
  throw new CompoteError('UNKNOWN_ACTION', {
    detail:
      row === undefined
        ? `OCPP ${version} has no ${action}`
        : `in OCPP ${version} ${action} is sent by the ${row.sender === 'csms' ? 'CSMS' : 'station'}`,
  });
}

function demandObject(payload: unknown): void {
  if (typeof payload === 'object' && payload !== null && !Array.isArray(payload)) return;
  throw new CompoteError('SCHEMA_VIOLATION', { fields: [{ pointer: '', msg: 'a payload is a JSON object' }] });
}

export function fieldsOf(violations: readonly Violation[]): FieldError[] {
  return violations.map(({ pointer, text }) => ({ pointer, msg: text }));
}

/** The answer of a station, or the problem that says why there is none. */
export function answerOrProblem(station: string, action: string, sent: Sent): unknown {
  const extra = { station, action, seq: sent.seq };
  switch (sent.outcome) {
    case 'answered': {
      const { answer, answerSeq, violations } = sent;
      if (violations === undefined) return answer;
      throw new CompoteError('STATION_ANSWER_INVALID', {
        detail: `${station} to ${action}`,
        fields: fieldsOf(violations),
        extra: { ...extra, answerSeq, answer },
      });
    }
    case 'error': {
      const { answer, answerSeq } = sent;
      throw new CompoteError('STATION_CALLERROR', {
        detail: `${station} answered ${action} with ${answer.code}${answer.description === '' ? '' : `: ${answer.description}`}`,
        extra: { ...extra, answerSeq, answer },
      });
    }
    case 'timeout':
      throw new CompoteError('STATION_TIMEOUT', {
        detail: `${station} did not answer ${action} within ${Math.round(sent.ms)} ms`,
        extra,
      });
    case 'sent':
      return undefined;
  }
}

import { parseJson } from '../../core/json.ts';

/**
 * OCPP-J frames: JSON arrays of 3 to 5 elements (1.6J §4.2, 2.x Part 4 §4.2). Parsing never throws; what cannot be read
 * is a frame of its own kind, with everything that could be read of it.
 */

export const CALL = 2;
export const CALLRESULT = 3;
export const CALLERROR = 4;
/** 2.1: the requester could not use the CALLRESULT. */
export const CALLRESULTERROR = 5;
/** 2.1: a message that nobody answers. */
export const SEND = 6;

/** Message ids are at most 36 characters (1.6J §4.1.4, 2.x Part 4 §4.1.4). */
export const MAX_MESSAGE_ID_LENGTH = 36;
/** The id of a CALLERROR whose CALL had no readable id (2.x Part 4 §4.2.3). */
export const UNREADABLE_ID = '-1';
/** CALLERROR descriptions hold at most 255 characters (2.x Part 4 §4.2.3). */
export const MAX_ERROR_DESCRIPTION_LENGTH = 255;

interface FrameLength {
  /** How many elements the array has: more or fewer than its type asks for are tolerated, and reported. */
  readonly elements: number;
}

export interface CallFrame extends FrameLength {
  readonly type: typeof CALL;
  readonly id: string;
  readonly action: string;
  readonly payload: unknown;
}
export interface ResultFrame extends FrameLength {
  readonly type: typeof CALLRESULT;
  readonly id: string;
  readonly payload: unknown;
}
export interface ErrorFrame extends FrameLength {
  readonly type: typeof CALLERROR | typeof CALLRESULTERROR;
  readonly id: string;
  readonly code: string;
  readonly description: string;
  readonly details: unknown;
}
export interface SendFrame extends FrameLength {
  readonly type: typeof SEND;
  readonly id: string;
  readonly action: string;
  readonly payload: unknown;
}
export type Frame = CallFrame | ResultFrame | ErrorFrame | SendFrame;

/** Why a text is not a frame. */
export type UnreadableReason =
  | 'json' // not JSON
  | 'not-array'
  | 'type' // the first element is not a message type that exists
  | 'id' // the id is missing, not a string, empty or too long
  | 'length' // too few elements
  | 'action' // the action is not a string
  | 'error-code'; // the code or description of a CALLERROR is not a string

export interface Unreadable {
  readonly type: 0;
  readonly reason: UnreadableReason;
  /** A sentence for a person. */
  readonly text: string;
  /** The first element where it is a number. */
  readonly typeNumber: number | undefined;
  /** The second element where it is a usable id. */
  readonly id: string | undefined;
  /** The third element of a CALL or SEND where it is text. */
  readonly action: string | undefined;
}

/** Elements of a frame, by its type. */
export const FRAME_LENGTHS: Readonly<Record<number, number>> = { 2: 4, 3: 3, 4: 5, 5: 5, 6: 4 };
export const FRAME_NAMES: Readonly<Record<number, string>> = {
  2: 'CALL',
  3: 'CALLRESULT',
  4: 'CALLERROR',
  5: 'CALLRESULTERROR',
  6: 'SEND',
};

/** Reads one frame. Extra elements behind the last one are tolerated here and reported by the rules. */
export function parseFrame(text: string): Frame | Unreadable {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (thrown) {
    return unreadable('json', `not JSON: ${thrown instanceof Error ? thrown.message : ''}`.trim());
  }
  if (!Array.isArray(value)) return unreadable('not-array', 'a frame is a JSON array');
  const array: readonly unknown[] = value;
  const elements = array.length;
  const [type, id, third] = array;
  const usableId = typeof id === 'string' && id.length > 0 && id.length <= MAX_MESSAGE_ID_LENGTH ? id : undefined;
  const action = (type === CALL || type === SEND) && typeof third === 'string' ? third : undefined;
  const typeNumber = typeof type === 'number' ? type : undefined;
  const fail = (reason: UnreadableReason, why: string): Unreadable => ({
    type: 0,
    reason,
    text: why,
    typeNumber,
    id: usableId,
    action,
  });

  if (typeNumber === undefined || FRAME_LENGTHS[typeNumber] === undefined) {
    return fail('type', `${JSON.stringify(type) ?? 'nothing'} is not a message type`);
  }
  if (usableId === undefined) {
    return fail(
      'id',
      typeof id === 'string'
        ? `a message id has 1 to ${MAX_MESSAGE_ID_LENGTH} characters, not ${id.length}`
        : 'the message id is not a string',
    );
  }
  const name = FRAME_NAMES[typeNumber] ?? '';
  const length = FRAME_LENGTHS[typeNumber] ?? 0;
  // A CALLERROR without description or details is common and readable.
  const least = typeNumber === CALLERROR || typeNumber === CALLRESULTERROR ? 3 : length;
  if (array.length < least) return fail('length', `a ${name} has ${length} elements, not ${array.length}`);
  switch (typeNumber) {
    case CALL:
    case SEND:
      if (action === undefined) return fail('action', 'the action is not a string');
      return { type: typeNumber, id: usableId, action, payload: array[3], elements };
    case CALLRESULT:
      return { type: CALLRESULT, id: usableId, payload: third, elements };
    default: {
      const description = array[3] ?? '';
      if (typeof third !== 'string') return fail('error-code', 'the error code is not a string');
      if (typeof description !== 'string') return fail('error-code', 'the error description is not a string');
      return { type: typeNumber as 4 | 5, id: usableId, code: third, description, details: array[4] ?? {}, elements };
    }
  }
}

function unreadable(reason: UnreadableReason, text: string): Unreadable {
  return { type: 0, reason, text, typeNumber: undefined, id: undefined, action: undefined };
}

export function callText(id: string, action: string, payload: unknown): string {
  return `[2,${JSON.stringify(id)},${JSON.stringify(action)},${JSON.stringify(payload)}]`;
}
export function resultText(id: string, payload: unknown): string {
  return `[3,${JSON.stringify(id)},${JSON.stringify(payload)}]`;
}
export function errorText(type: 4 | 5, id: string, code: string, description: string, details: unknown = {}): string {
  return JSON.stringify([type, id, code, description.slice(0, MAX_ERROR_DESCRIPTION_LENGTH), details]);
}
export function sendText(id: string, action: string, payload: unknown): string {
  return `[6,${JSON.stringify(id)},${JSON.stringify(action)},${JSON.stringify(payload)}]`;
}

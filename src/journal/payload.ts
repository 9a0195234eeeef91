import { parseJson } from '../core/json.ts';
import type { EntryKind, Protocol } from './entry.ts';
import { jsonFaultAt } from './json-fault.ts';

/** The raw text as JSON, and the part of it that is the message's payload. */
export interface Payload {
  readonly payload?: unknown;
  /** Why it is not readable. */
  readonly malformed?: { readonly msg: string; readonly at: number };
}

/**
 * The payload of a message: of an OCPP frame the last element (OCPP-J 1.6 §4.2, 2.1 Part 4 §4.2), of everything else the
 * whole body.
 */
export function payloadOf(protocol: Protocol, kind: EntryKind, raw: string): Payload {
  if (raw === '' || kind === 'event' || kind === 'mark') return parsed(raw, false);
  const whole = parsed(raw, protocol !== 'mqtt');
  if (protocol !== 'ocpp' || !Array.isArray(whole.payload)) return whole;
  const frame: readonly unknown[] = whole.payload;
  // CALL and SEND: [type, id, action, payload]; CALLRESULT: [3, id, payload]; CALLERROR, CALLRESULTERROR: [type, id, code, text, details].
  const payload = frame[0] === 3 ? frame[2] : frame[0] === 4 || frame[0] === 5 ? frame[4] : frame[3];
  return payload === undefined ? {} : { payload };
}

function parsed(raw: string, mustBeJson: boolean): Payload {
  if (raw === '') return {};
  try {
    return { payload: parseJson(raw) as unknown };
  } catch (error) {
    if (!mustBeJson) return {};
    const msg = error instanceof Error ? error.message : String(error);
    return { malformed: { msg, at: jsonFaultAt(raw) } };
  }
}

/** Where the status of an answer stands, in the protocols that we know. */
const STATUS_PATHS: readonly (readonly string[])[] = [
  ['status'],
  ['idTagInfo', 'status'],
  ['idTokenInfo', 'status'],
  ['AuthorizationStatus'],
  ['StatusCode', 'Code'],
  ['Code'],
];

/** The words of an answer that say how it went: `Accepted`, `Rejected`, `000`. */
export function statusesOf(payload: unknown): string[] {
  const found: string[] = [];
  for (const path of STATUS_PATHS) {
    let value: unknown = payload;
    for (const key of path)
      value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
    if (typeof value === 'string' || typeof value === 'number') found.push(String(value));
  }
  return found;
}

const SUMMARY_LIMIT = 80;

/** One line about a payload: its first plain values, shallow ones first. */
export function summaryOf(payload: unknown): string {
  const parts: string[] = [];
  let level: unknown[] = [payload];
  for (let depth = 0; depth < 4 && parts.length < 3; depth++) {
    const below: unknown[] = [];
    for (const value of level) {
      if (typeof value !== 'object' || value === null) continue;
      for (const [name, member] of Object.entries(value)) {
        if (typeof member === 'object' && member !== null) below.push(member);
        else if (parts.length < 3 && member !== null)
          parts.push(Array.isArray(value) ? String(member) : `${name} ${String(member)}`);
      }
    }
    level = below.slice(0, 20);
  }
  if (parts.length === 0 && (typeof payload === 'string' || typeof payload === 'number')) parts.push(String(payload));
  const line = parts.join(' · ');
  return line.length > SUMMARY_LIMIT ? `${line.slice(0, SUMMARY_LIMIT - 1)}…` : line;
}

import { FRAME_LENGTHS, FRAME_NAMES, type Frame, MAX_ERROR_DESCRIPTION_LENGTH, type Unreadable } from './frame.ts';
import type { RpcEffect, RpcFinding, RpcMessage } from './rpc-message.ts';
import type { PayloadSchema, Violation } from './schemas.ts';
import type { OcppVersion } from './versions.ts';

/** Findings of the RPC engine: what each one means is declared here once. */
export const RPC_FINDINGS = {
  'OCPPJ-RPC-001': { severity: 'error', clause: 'OCPP-J §4.1.2' }, // not JSON
  'OCPPJ-RPC-002': { severity: 'error', clause: 'OCPP-J §4.2' }, // not an array, or no message type
  'OCPPJ-RPC-003': { severity: 'error', clause: 'OCPP-J §4.2' }, // too few elements
  'OCPPJ-RPC-004': { severity: 'error', clause: 'OCPP-J §4.1.4' }, // unusable message id
  'OCPPJ-RPC-007': { severity: 'error', clause: 'OCPP-J §4.1.4' }, // answer to nothing
  'OCPPJ-RPC-008': { severity: 'warning', clause: 'OCPP-J §4.1.1' }, // late answer
  'OCPPJ-RPC-009': { severity: 'error', clause: 'OCPP-J §4.1.4' }, // second answer
  'OCPPJ-RPC-010': { severity: 'warning', clause: 'OCPP-J §4.1.1, FR.01' }, // second outstanding CALL
  'OCPPJ-RPC-011': { severity: 'warning', clause: 'FR.02' }, // no answer
  'OCPPJ-RPC-013': { severity: 'error', clause: 'OCPP-J §4.2.3' }, // no such error code
  'OCPPJ-RPC-014': { severity: 'info', clause: 'OCPP-J §4.2.3' }, // error code spelt for another version
  'OCPPJ-RPC-015': { severity: 'warning', clause: 'OCPP-J §4.2.3' }, // details or description of a CALLERROR
  'OCPPJ-RPC-016': { severity: 'error', clause: 'OCPP-J §4.2.1' }, // payload is not an object
  'OCPPJ-RPC-018': { severity: 'error', clause: 'OCPP-J §4.2.1' }, // no such action
  'OCPPJ-RPC-019': { severity: 'error', clause: 'OCPP-J §4.2.1' }, // wrong direction
  'OCPPJ-RPC-021': { severity: 'error', clause: 'JSON schema' },
  'OCPPJ-RPC-023': { severity: 'error', clause: '2.1 Part 4 §4.1.3' }, // type 5 or 6 before 2.1
  'OCPP21-SEND-002': { severity: 'error', clause: 'N15.FR.01' }, // SEND as CALL or the other way round
  'OCPP21-CRE-001': { severity: 'error', clause: '2.1 Part 4 §4.1.4' }, // CALLRESULTERROR to nothing
} as const satisfies Record<string, Pick<RpcFinding, 'severity' | 'clause'>>;

export type RpcRule = keyof typeof RPC_FINDINGS;

/** The rule that each unreadable text breaks. */
export const UNREADABLE_RULES = {
  json: 'OCPPJ-RPC-001',
  'not-array': 'OCPPJ-RPC-002',
  type: 'OCPPJ-RPC-002',
  id: 'OCPPJ-RPC-004',
  length: 'OCPPJ-RPC-003',
  action: 'OCPPJ-RPC-018',
  'error-code': 'OCPPJ-RPC-013',
} as const satisfies Record<Unreadable['reason'], RpcRule>;

interface FrameFault {
  readonly rule: RpcRule;
  readonly text: string;
}
const NO_FAULTS: readonly FrameFault[] = [];

/** What is wrong with a frame that can be read all the same; nothing of its payload. */
export function frameFaults(frame: Frame, version: OcppVersion): readonly FrameFault[] {
  const length = FRAME_LENGTHS[frame.type] ?? 0;
  // Almost every frame: nothing is allocated.
  if (frame.elements === length && frame.type !== 4 && frame.type !== 5) return NO_FAULTS;
  const faults: { rule: RpcRule; text: string }[] = [];
  if (frame.elements !== length) {
    const text = `A ${FRAME_NAMES[frame.type]} has ${length} elements, this one has ${frame.elements}`;
    faults.push({ rule: 'OCPPJ-RPC-003', text });
  }
  if (frame.type !== 4 && frame.type !== 5) return faults;
  if (typeof frame.details !== 'object' || frame.details === null || Array.isArray(frame.details))
    faults.push({ rule: 'OCPPJ-RPC-015', text: 'The error details are not a JSON object' });
  // 1.6 sets no limit.
  if (version !== '1.6' && frame.description.length > MAX_ERROR_DESCRIPTION_LENGTH) {
    const text = `The error description has ${frame.description.length} characters, at most ${MAX_ERROR_DESCRIPTION_LENGTH} are allowed`;
    faults.push({ rule: 'OCPPJ-RPC-015', text });
  }
  return faults;
}

/** Reports a finding of the peer on a message. */
export function report(
  out: RpcEffect[],
  rule: RpcRule,
  message: RpcMessage,
  text: string,
  severity?: RpcFinding['severity'],
): void {
  const entry = RPC_FINDINGS[rule];
  out.push({
    do: 'finding',
    finding: { rule, severity: severity ?? entry.severity, by: 'peer', message, text, clause: entry.clause },
  });
}

/** Reports how a payload breaks its schema, one finding per place, against whoever wrote it. */
export function reportViolations(
  out: RpcEffect[],
  message: RpcMessage,
  violations: readonly Violation[],
  by: 'peer' | 'us',
): void {
  const { severity, clause } = RPC_FINDINGS['OCPPJ-RPC-021'];
  for (const { pointer, keyword, text } of violations) {
    const sentence = `${message.action}${pointer === '' ? '' : ` ${pointer}`}: ${text} (${keyword})`;
    out.push({
      do: 'finding',
      finding: { rule: 'OCPPJ-RPC-021', severity, by, message, pointer, text: sentence, clause },
    });
  }
}

/** Error details for a peer: each place that is wrong. Their form is free (1.6J §4.2.3, 2.x Part 4 §4.2.3). */
export function detailsOf(violations: readonly Violation[]): object {
  return violations.length === 0 ? {} : { fields: violations.map(({ pointer, text }) => ({ pointer, msg: text })) };
}

/** More violations of one payload help nobody. */
const MAX_VIOLATIONS = 10;
const NO_VIOLATIONS: readonly Violation[] = [];

export function violationsOf(schema: PayloadSchema | undefined, payload: unknown): readonly Violation[] {
  return schema === undefined || schema.check(payload)
    ? NO_VIOLATIONS
    : schema.violations(payload).slice(0, MAX_VIOLATIONS);
}

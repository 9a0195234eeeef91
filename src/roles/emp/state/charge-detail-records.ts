import {
  type ChargeDetailRecord,
  canonicalEvseId,
  cdrFindings,
  type StatusCodeValue,
} from '../../../protocols/oicp/index.ts';
import { contractOf, withoutPin } from './authorization.ts';
import type { EmpState } from './emp-state.ts';
import type { CdrRecord } from './records.ts';
import { settledBy } from './sessions.ts';

export type CdrVerdict =
  | { readonly taken: true; readonly repeated: boolean; readonly record: CdrRecord }
  | { readonly taken: false; readonly code: Exclude<StatusCodeValue, '000'>; readonly reason: string };

/**
 * Takes a charge detail record into the store: once, however often it comes. A record of a session that we do not know is
 * taken when its driver is ours (the hub may have authorised from our upload, or our remote start timed out).
 */
export function takeCdr(
  cdr: ChargeDetailRecord,
  given: { readonly text: string; readonly operatorId?: string | undefined; readonly source: CdrRecord['source'] },
  state: EmpState,
  nowMs: number,
): CdrVerdict {
  const known = state.cdr(cdr.SessionID);
  if (known !== undefined) {
    if (!isSameRecord(known.text, cdr)) {
      return { taken: false, code: '400', reason: 'the session has another charge detail record already' };
    }
    const record = { ...known, deliveries: known.deliveries + 1 };
    state.cdrs.put(record);
    return { taken: true, repeated: true, record };
  }
  const session = state.session(cdr.SessionID);
  const contract = session?.contract === undefined ? contractOf(cdr.Identification, state)?.key : session.contract;
  if (session === undefined && contract === undefined) {
    return { taken: false, code: '400', reason: 'neither the session nor the driver is known here' };
  }
  const calibrationLaw = state.evses.get(canonicalEvseId(cdr.EvseID))?.record.CalibrationLawDataAvailability;
  const findings = cdrFindings(cdr, {
    receivedMs: nowMs,
    calibrationLaw,
    ...(session === undefined ? {} : { session: { evseId: session.evseId, identification: session.identification } }),
  });
  const record: CdrRecord = {
    sessionId: cdr.SessionID,
    text: given.text,
    receivedMs: nowMs,
    source: given.source,
    deliveries: 1,
    findings,
    ...(given.operatorId === undefined ? {} : { operatorId: given.operatorId }),
    ...(contract === undefined ? {} : { contract }),
  };
  state.cdrs.put(record);
  const facts = {
    identification: withoutPin(cdr.Identification),
    ...(given.operatorId === undefined ? {} : { operatorId: given.operatorId }),
    ...(contract === undefined ? {} : { contract }),
  };
  state.sessions.put(settledBy(cdr, session, facts, nowMs));
  return { taken: true, repeated: false, record };
}

/** Members that a hub may add or leave out between two deliveries. */
const CORRELATION = new Set(['CPOPartnerSessionID', 'EMPPartnerSessionID', 'HubOperatorID', 'HubProviderID']);

function isSameRecord(text: string, cdr: ChargeDetailRecord): boolean {
  return essence(JSON.parse(text)) === essence(cdr);
}

/** The content in an order of its own, so that spelling and order of members do not matter. Null counts as absent. */
function essence(value: unknown, top = true): string {
  if (Array.isArray(value)) return `[${value.map((item) => essence(item, false)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([key, member]) => member !== null && member !== undefined && !(top && CORRELATION.has(key)))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${key}:${essence(member, false)}`).join(',')}}`;
}

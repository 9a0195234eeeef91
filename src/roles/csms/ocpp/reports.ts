import type { StationItem } from '../state/station-items.ts';
import type { InboundContext, OutboundContext } from './handler.ts';

/** Answers that come later, in parts, under a request id (2.x Part 2 §2.1.4 FR.05). */
export type ReportType = 'inventory' | 'monitoring' | 'profiles' | 'messages' | 'customer-information' | 'der-controls';

/** One part of a report. Reports without sequence numbers (profiles, messages, DER) only count. */
export interface ReportPart {
  readonly seqNo?: number | undefined;
  /** "To be continued": absent or false on the last part. */
  readonly tbc?: boolean | undefined;
  readonly entries: number;
  readonly generatedAt?: string | undefined;
}

interface ReportValue {
  readonly type: ReportType;
  readonly requestId: number;
  /** What was asked for; absent when nobody here asked. */
  readonly request?: object;
  readonly requestedAt?: number;
  readonly parts: number;
  readonly entries: number;
  readonly lastSeqNo?: number;
  readonly missingSeqNos: readonly number[];
  readonly lastPartSeen: boolean;
  readonly generatedAt?: string;
}

const MAX_MISSING = 200;

export function reportId(type: ReportType, requestId: number): string {
  return `${type}-${requestId}`;
}

/** A station accepted a request whose results come in parts. */
export function reportExpected(context: OutboundContext, type: ReportType, requestId: number, request: object): void {
  const { state, station, now } = context;
  const before = state.items.get(station, 'reports', reportId(type, requestId));
  // A station may send its first part before its answer.
  const value = { ...(before === undefined ? EMPTY : reportOf(before)), type, requestId, request, requestedAt: now };
  put(context, value, before?.status ?? 'Requested');
}

/** A part came. Returns the request when the report is complete now and it was ours. */
export function reportPart(
  context: InboundContext,
  type: ReportType,
  requestId: number,
  part: ReportPart,
): { readonly request: object; readonly requestedAt: number } | undefined {
  const { state, station } = context;
  const item = state.items.get(station, 'reports', reportId(type, requestId));
  const before = item === undefined ? { ...EMPTY, type, requestId } : reportOf(item);
  const { repeated, ...sequence } = sequenceOf(before, part.seqNo);
  const lastPartSeen = before.lastPartSeen || part.tbc !== true;
  const value: ReportValue = {
    ...before,
    ...sequence,
    lastPartSeen,
    parts: before.parts + (repeated ? 0 : 1),
    entries: before.entries + (repeated ? 0 : part.entries),
    ...(part.generatedAt === undefined ? {} : { generatedAt: part.generatedAt }),
  };
  const complete = lastPartSeen && value.missingSeqNos.length === 0;
  put(context, value, complete ? 'Complete' : lastPartSeen ? 'Incomplete' : 'Receiving');
  const { request, requestedAt } = value;
  return complete && request !== undefined && requestedAt !== undefined ? { request, requestedAt } : undefined;
}

/** After a complete, unfiltered report: what it did not name is not there any more. */
export function dropUnreported(
  context: InboundContext,
  kind: 'monitors' | 'profiles' | 'messages' | 'der-controls',
  requestedAt: number,
): void {
  const { state, station } = context;
  for (const item of state.items.all(station, kind)) {
    if (item.at < requestedAt) state.items.delete(station, kind, item.id);
  }
}

const EMPTY = { parts: 0, entries: 0, missingSeqNos: [], lastPartSeen: false } as const;

function sequenceOf(
  before: Omit<ReportValue, 'type' | 'requestId'>,
  seqNo: number | undefined,
): { lastSeqNo?: number; missingSeqNos: readonly number[]; repeated: boolean } {
  const { lastSeqNo = -1, missingSeqNos } = before;
  if (seqNo === undefined) return { missingSeqNos, repeated: false };
  if (seqNo <= lastSeqNo) {
    const late = missingSeqNos.includes(seqNo);
    return { missingSeqNos: missingSeqNos.filter((each) => each !== seqNo), repeated: !late };
  }
  const missing = [...missingSeqNos];
  for (let skipped = lastSeqNo + 1; skipped < seqNo && missing.length < MAX_MISSING; skipped++) missing.push(skipped);
  return { lastSeqNo: seqNo, missingSeqNos: missing, repeated: false };
}

function put({ state, station, now, services }: InboundContext | OutboundContext, value: ReportValue, status: string) {
  const id = reportId(value.type, value.requestId);
  state.items.put({ station, kind: 'reports', id, at: now, status, value: { ...value } });
  services.changed({ what: 'item', station, kind: 'reports', id });
}

function reportOf(item: StationItem): ReportValue {
  return item.value as unknown as ReportValue;
}

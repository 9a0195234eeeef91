import { reportId, reportPart } from '../../reports.ts';
import type { InboundV2 } from '../handlers.ts';

/** Text and parts kept per request: a peer must not fill the disk. */
const MAX_CHARACTERS = 1_000_000;
const MAX_PARTS = 1_000;

/** N09, N10: the text comes in parts and is joined in the order of their numbers. */
export const notifyCustomerInformation: InboundV2<'NotifyCustomerInformation'> = {
  changes: 'the customer information of that request; how far the report has come',
  shows: '/stations/{id}/customer-information; /stations/{id}/reports',
  handle(context, { requestId, seqNo, tbc, generatedAt, data }) {
    const { state, station, now, services } = context;
    const id = String(requestId);
    const before = partsOf(state.items.get(station, 'customer-information', id)?.value['parts']);
    const parts = [...before.filter((part) => part.seqNo !== seqNo), { seqNo, data }].sort((a, b) => a.seqNo - b.seqNo);
    const text = parts.map((part) => part.data).join('');
    reportPart(context, 'customer-information', requestId, { seqNo, tbc, generatedAt, entries: 1 });
    const report = state.items.get(station, 'reports', reportId('customer-information', requestId));
    if (text.length <= MAX_CHARACTERS && parts.length <= MAX_PARTS) {
      state.items.put({
        station,
        kind: 'customer-information',
        id,
        at: now,
        ...(report?.status === undefined ? {} : { status: report.status }),
        value: { requestId, generatedAt, text, parts },
      });
    }
    services.changed({ what: 'item', station, kind: 'customer-information', id });
    return {};
  },
};

interface Part {
  readonly seqNo: number;
  readonly data: string;
}

function partsOf(value: unknown): readonly Part[] {
  return Array.isArray(value) ? (value as Part[]) : [];
}

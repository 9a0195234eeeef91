import type { InboundContext, OutboundContext } from './handler.ts';

export interface DataTransferDecision {
  readonly status: 'Accepted' | 'Rejected' | 'UnknownMessageId' | 'UnknownVendorId';
}

/** 1.6 §4.3, 2.x P01/P02: an unknown vendor or message id is said so, without data. Each transfer is kept. */
export function dataTransferReceived(
  context: InboundContext,
  transfer: { readonly vendorId: string; readonly messageId?: string | undefined; readonly data?: unknown },
): DataTransferDecision {
  const { state, station, now, services } = context;
  const vendor = services.config.dataTransfer.vendors[transfer.vendorId];
  const status =
    vendor === undefined
      ? 'UnknownVendorId'
      : vendor.messageIds !== undefined && !vendor.messageIds.includes(transfer.messageId ?? '')
        ? 'UnknownMessageId'
        : 'Accepted';
  const { vendorId, messageId, data } = transfer;
  state.items.append({
    station,
    kind: 'data-transfers',
    at: now,
    status,
    value: { direction: 'from-station', vendorId, messageId, data },
  });
  return { status };
}

/** A transfer of ours that the station answered. */
export function dataTransferAnswered(
  context: OutboundContext,
  transfer: { readonly vendorId: string; readonly messageId?: string | undefined; readonly data?: unknown },
  answer: { readonly status: string; readonly data?: unknown },
): void {
  const { state, station, now } = context;
  const { vendorId, messageId, data } = transfer;
  const value = { direction: 'to-station', vendorId, messageId, data, answer: answer.data };
  state.items.append({ station, kind: 'data-transfers', at: now, status: answer.status, value });
}

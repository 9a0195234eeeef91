import { dataTransferReceived } from '../../data-transfer.ts';
import type { Inbound } from '../../handler.ts';

/** 1.6 §4.3. */
export const dataTransfer: Inbound<'1.6', 'DataTransfer'> = {
  changes: 'keeps the transfer with its answer',
  shows: '/stations/{id}/data-transfers',
  handle: (context, request) => dataTransferReceived(context, request),
};

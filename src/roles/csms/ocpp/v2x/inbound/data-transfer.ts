import { dataTransferReceived } from '../../data-transfer.ts';
import type { InboundV2 } from '../handlers.ts';

/** P02. */
export const dataTransfer: InboundV2<'DataTransfer'> = {
  changes: 'keeps the transfer with its answer',
  shows: '/stations/{id}/data-transfers',
  handle: (context, request) => dataTransferReceived(context, request),
};

import { dataTransferAnswered } from '../../data-transfer.ts';
import type { Outbound } from '../../handler.ts';

/** 1.6 §5.6. */
export const dataTransfer: Outbound<'1.6', 'DataTransfer'> = {
  changes: 'keeps the transfer with its answer',
  shows: '/stations/{id}/data-transfers',
  answered: (context, request, response) => dataTransferAnswered(context, request, response),
};

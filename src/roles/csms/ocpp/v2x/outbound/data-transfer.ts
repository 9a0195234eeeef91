import { dataTransferAnswered } from '../../data-transfer.ts';
import type { OutboundV2 } from '../handlers.ts';

/** P01. */
export const dataTransfer: OutboundV2<'DataTransfer'> = {
  changes: 'keeps the transfer with its answer',
  shows: '/stations/{id}/data-transfers',
  answered: (context, request, response) => dataTransferAnswered(context, request, response),
};

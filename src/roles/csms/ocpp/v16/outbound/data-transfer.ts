import { PNC_VENDOR } from '../../../../../protocols/ocpp/pnc-transfer.ts';
import { dataTransferAnswered } from '../../data-transfer.ts';
import type { Outbound } from '../../handler.ts';
import { pncTransferAnswered } from '../pnc-transfer.ts';

/** 1.6 §5.6. */
export const dataTransfer: Outbound<'1.6', 'DataTransfer'> = {
  changes: 'keeps the transfer with its answer; Plug & Charge: as the inner message does',
  shows: '/stations/{id}/data-transfers',
  answered(context, request, response) {
    dataTransferAnswered(context, request, response);
    if (request.vendorId === PNC_VENDOR) pncTransferAnswered(context, request, response);
  },
};

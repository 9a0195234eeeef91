import { PNC_VENDOR } from '../../../../../protocols/ocpp/pnc-transfer.ts';
import { dataTransferReceived } from '../../data-transfer.ts';
import type { Inbound } from '../../handler.ts';
import { pncTransferReceived } from '../pnc-transfer.ts';

/** 1.6 §4.3. Plug & Charge comes this way too, where somebody answers for it. */
export const dataTransfer: Inbound<'1.6', 'DataTransfer'> = {
  changes: 'keeps the transfer with its answer; Plug & Charge: as the inner message does',
  shows: '/stations/{id}/data-transfers',
  handle(context, request) {
    const { vehicleCertificates } = context.services;
    return request.vendorId === PNC_VENDOR && vehicleCertificates !== undefined
      ? pncTransferReceived(context, request, vehicleCertificates)
      : dataTransferReceived(context, request);
  },
};

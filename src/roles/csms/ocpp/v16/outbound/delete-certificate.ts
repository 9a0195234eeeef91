import { certificateDeleted } from '../../certificates.ts';
import type { Outbound } from '../../handler.ts';

/** Security whitepaper M04. NotFound: it is not there either. */
export const deleteCertificate: Outbound<'1.6', 'DeleteCertificate'> = {
  changes: 'removes the certificate, once Accepted or NotFound',
  shows: '/stations/{id}/certificates',
  answered(context, { certificateHashData }, { status }) {
    if (status !== 'Failed') certificateDeleted(context, certificateHashData);
  },
};

import { certificateSignedAccepted } from '../../certificates.ts';
import type { Outbound } from '../../handler.ts';

/** Security whitepaper A02, A03. */
export const certificateSigned: Outbound<'1.6', 'CertificateSigned'> = {
  changes: 'the signing request is Signed, once Accepted',
  shows: '/stations/{id}/certificates',
  answered(context, { certificateChain }, { status }) {
    if (status === 'Accepted') certificateSignedAccepted(context, 'ChargingStationCertificate', certificateChain);
  },
};

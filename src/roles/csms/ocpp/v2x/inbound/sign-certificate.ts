import { certificateRequested } from '../../certificate-requests.ts';
import type { InboundV2 } from '../handlers.ts';

/** A02, A03. A request id (2.1) comes back in CertificateSigned (A02.FR.25). */
export const signCertificate: InboundV2<'SignCertificate'> = {
  changes: 'keeps the signing request until CertificateSigned',
  shows: '/stations/{id}/certificates',
  handle(context, request) {
    const status = certificateRequested(context, request);
    return status === 'Accepted' ? { status } : { status, statusInfo: { reasonCode: 'InvalidCSR' } };
  },
};

import { certificateRequested } from '../../certificate-requests.ts';
import type { Inbound } from '../../handler.ts';

/** Security whitepaper A02, A03. */
export const signCertificate: Inbound<'1.6', 'SignCertificate'> = {
  changes: 'keeps the signing request until CertificateSigned',
  shows: '/stations/{id}/certificates',
  handle: (context, request) => ({ status: certificateRequested(context, request) }),
};

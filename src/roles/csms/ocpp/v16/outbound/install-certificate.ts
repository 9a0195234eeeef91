import { certificateInstalled } from '../../certificates.ts';
import type { Outbound } from '../../handler.ts';

/** Security whitepaper M05. */
export const installCertificate: Outbound<'1.6', 'InstallCertificate'> = {
  changes: 'the certificate that was accepted',
  shows: '/stations/{id}/certificates',
  answered(context, { certificateType, certificate }, { status }) {
    if (status === 'Accepted') certificateInstalled(context, certificateType, certificate);
  },
};

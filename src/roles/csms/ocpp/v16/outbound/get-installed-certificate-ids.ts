import { certificatesListed } from '../../certificates.ts';
import type { Outbound } from '../../handler.ts';

/** Security whitepaper M03: one type is asked for; NotFound means that there is none. */
export const getInstalledCertificateIds: Outbound<'1.6', 'GetInstalledCertificateIds'> = {
  changes: 'the installed certificates of that type',
  shows: '/stations/{id}/certificates',
  answered(context, { certificateType }, { certificateHashData }) {
    certificatesListed(
      context,
      [certificateType],
      (certificateHashData ?? []).map((hash) => ({ type: certificateType, hash })),
    );
  },
};

import { isoTime } from '../../../../../core/time.ts';
import { DEFERRED } from '../../../../../link/ocpp-link.ts';
import { certificateQuestionAnswered } from '../../certificate-questions.ts';
import type { Inbound } from '../../handler.ts';

/** 2.1 M07: CRL or OCSP for up to four certificates. Answered by whoever runs Plug & Charge, else Failed for each. */
export const getCertificateChainStatus: Inbound<'2.1', 'GetCertificateChainStatus'> = {
  changes: 'keeps the question and how it was answered',
  shows: '/stations/{id}/certificate-questions',
  handle(context, { certificateStatusRequests: requests }) {
    const { services, station, link, call, now } = context;
    const seen = (statuses: readonly string[]): void =>
      certificateQuestionAnswered(context, 'GetCertificateChainStatus', { requests }, statuses.join(', '));
    if (services.vehicleCertificates === undefined) {
      const certificateStatus = requests.map(({ certificateHashData, source }) => ({
        certificateHashData,
        source,
        status: 'Failed' as const,
        // Ask again at once: nothing is known.
        nextUpdate: isoTime(now),
      }));
      seen(certificateStatus.map((each) => each.status));
      return { certificateStatus };
    }
    services.vehicleCertificates.chainStatus({ station, requests }, (certificateStatus) => {
      seen(certificateStatus.map((each) => each.status));
      link.answer(call, { certificateStatus });
    });
    return DEFERRED;
  },
};

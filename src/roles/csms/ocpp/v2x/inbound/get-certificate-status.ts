import { DEFERRED } from '../../../../../link/ocpp-link.ts';
import { certificateQuestionAnswered, NO_CERTIFICATE_SERVICE } from '../../certificate-questions.ts';
import type { InboundV2 } from '../handlers.ts';

/** M06: OCSP on behalf of the station. Answered by whoever runs Plug & Charge, else Failed. */
export const getCertificateStatus: InboundV2<'GetCertificateStatus'> = {
  changes: 'keeps the question and how it was answered',
  shows: '/stations/{id}/certificate-questions',
  handle(context, { ocspRequestData }) {
    const { services, station, link, call } = context;
    const seen = (status: string): void =>
      certificateQuestionAnswered(context, 'GetCertificateStatus', { ocspRequestData }, status);
    if (services.vehicleCertificates === undefined) {
      seen('Failed');
      return { status: 'Failed', statusInfo: NO_CERTIFICATE_SERVICE };
    }
    services.vehicleCertificates.certificateStatus({ station, data: ocspRequestData }, (answer) => {
      seen(answer.status);
      link.answer(call, answer);
    });
    return DEFERRED;
  },
};

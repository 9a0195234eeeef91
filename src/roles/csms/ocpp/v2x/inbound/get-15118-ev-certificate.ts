import { DEFERRED } from '../../../../../link/ocpp-link.ts';
import type { v21 } from '../../../../../protocols/ocpp/messages.ts';
import { certificateQuestionAnswered, NO_CERTIFICATE_SERVICE } from '../../certificate-questions.ts';
import type { InboundV2 } from '../handlers.ts';

/** M01, M02: a car wants its contract certificate. Answered by whoever runs Plug & Charge, else Failed. */
export const get15118EVCertificate: InboundV2<'Get15118EVCertificate'> = {
  changes: 'keeps the question and how it was answered',
  shows: '/stations/{id}/certificate-questions',
  handle(context, request) {
    const { services, station, link, call, version } = context;
    const { action, iso15118SchemaVersion } = request;
    const seen = (status: string): void =>
      certificateQuestionAnswered(context, 'Get15118EVCertificate', { action, iso15118SchemaVersion }, status);
    if (services.vehicleCertificates === undefined) {
      seen('Failed');
      return { status: 'Failed', exiResponse: '', statusInfo: NO_CERTIFICATE_SERVICE };
    }
    services.vehicleCertificates.evCertificate({ station, request }, (answer) => {
      seen(answer.status);
      link.answer(call, version === '2.1' ? answer : withoutRemaining(answer));
    });
    return DEFERRED;
  },
};

/** 2.0.1 cannot say how many contracts remain. */
function withoutRemaining({
  remainingContracts: _,
  ...answer
}: v21.Get15118EVCertificateResponse): Omit<v21.Get15118EVCertificateResponse, 'remainingContracts'> {
  return answer;
}

import { DEFERRED } from '../../../../../link/ocpp-link.ts';
import type { v21, v201 } from '../../../../../protocols/ocpp/messages.ts';
import type { InboundV2 } from '../handlers.ts';
import { idTokenInfo, presentedToken } from '../id-token-info.ts';

/**
 * C01-C07: may this token charge? Asked before a transaction, so that concurrent use does not count yet. About a contract
 * certificate something is said only when somebody decided about it (C07).
 */
export const authorize: InboundV2<'Authorize'> = {
  changes: 'nothing; the decision stands in the answer',
  shows: '/messages?q=action:Authorize',
  handle(context, request) {
    const { services, station, link, call } = context;
    const { idToken, certificate, iso15118CertificateHashData: hashData } = request;
    services.authorize({ token: presentedToken(idToken), station, starting: false }, (authorization) => {
      const answer: v201.AuthorizeResponse = { idTokenInfo: idTokenInfo(authorization) };
      const decide = services.vehicleCertificates;
      if (decide === undefined || (certificate === undefined && hashData === undefined))
        return link.answer(call, answer);
      decide.contractStatus(
        {
          station,
          idToken: idToken.idToken,
          ...(certificate === undefined ? {} : { certificate }),
          ...(hashData === undefined ? {} : { hashData }),
        },
        (status) => link.answer(call, status === undefined ? answer : withCertificate(answer, status)),
      );
    });
    return DEFERRED;
  },
};

/** A contract that does not hold makes the token invalid, whatever the list says of it. */
function withCertificate(
  answer: v201.AuthorizeResponse,
  certificateStatus: v21.AuthorizeCertificateStatusEnumType,
): v201.AuthorizeResponse {
  const holds = certificateStatus === 'Accepted' || answer.idTokenInfo.status !== 'Accepted';
  return {
    ...answer,
    ...(holds ? {} : { idTokenInfo: { ...answer.idTokenInfo, status: 'Invalid' } }),
    certificateStatus,
  };
}

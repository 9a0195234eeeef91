import { DEFERRED } from '../../../../../link/ocpp-link.ts';
import type { v21 } from '../../../../../protocols/ocpp/messages.ts';
import { authorizeContract } from '../../contract-authorization.ts';
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
    const { idToken, certificate, iso15118CertificateHashData } = request;
    authorizeContract(
      services,
      {
        station,
        call,
        token: presentedToken(idToken),
        certificate,
        hashData: iso15118CertificateHashData as readonly v21.OCSPRequestDataType[] | undefined,
      },
      (authorization, certificateStatus) =>
        link.answer(call, {
          idTokenInfo: idTokenInfo(authorization),
          ...(certificateStatus === undefined ? {} : { certificateStatus }),
        }),
    );
    return DEFERRED;
  },
};

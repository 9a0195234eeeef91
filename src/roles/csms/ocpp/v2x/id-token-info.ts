import { isoTime } from '../../../../core/time.ts';
import type { v21, v201 } from '../../../../protocols/ocpp/messages.ts';
import type { Authorization } from '../../state/authorization.ts';
import type { PresentedToken } from '../../state/tokens.ts';

/** What the CSMS says about a token (C01). The group is named whenever there is one (C01.FR.06, C09.FR.12). */
export function idTokenInfo(authorization: Authorization): v201.IdTokenInfoType {
  const { status, expiresAt, groupId, language } = authorization;
  return {
    status,
    ...(expiresAt === undefined ? {} : { cacheExpiryDateTime: isoTime(expiresAt) }),
    // The text of a group may be longer in our list than 2.0.1 can say.
    ...(groupId === undefined || groupId.length > 36 ? {} : { groupIdToken: { idToken: groupId, type: 'Central' } }),
    ...(language === undefined ? {} : { language1: language }),
  };
}

export function presentedToken(idToken: v21.IdTokenType): PresentedToken {
  return { idToken: idToken.idToken, type: idToken.type };
}

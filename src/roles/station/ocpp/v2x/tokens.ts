import { parseTime } from '../../../../core/time.ts';
import type { v21 } from '../../../../protocols/ocpp/messages.ts';
import type { Token, TokenInfo } from '../../authorization/token.ts';

export function tokenOf(wire: v21.IdTokenType): Token {
  return { value: wire.idToken, type: wire.type };
}

export function wireToken(token: Token): v21.IdTokenType {
  return { idToken: token.value, type: token.type };
}

/** What an idTokenInfo of the CSMS says. */
export function tokenInfo2x(wire: unknown): TokenInfo | undefined {
  if (typeof wire !== 'object' || wire === null) return undefined;
  const { status, groupIdToken, cacheExpiryDateTime, evseId } = wire as v21.IdTokenInfoType;
  const expiryMs = cacheExpiryDateTime === undefined ? undefined : parseTime(cacheExpiryDateTime);
  return {
    status,
    ...(groupIdToken === undefined ? {} : { group: tokenOf(groupIdToken) }),
    ...(expiryMs === undefined ? {} : { expiryMs }),
    ...(evseId === undefined ? {} : { evseIds: evseId }),
  };
}

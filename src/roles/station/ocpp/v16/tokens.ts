import { parseTime } from '../../../../core/time.ts';
import type { v16 } from '../../../../protocols/ocpp/messages.ts';
import type { Token, TokenInfo } from '../../authorization/token.ts';

export type IdTagInfo = v16.AuthorizeResponse['idTagInfo'];

/** 1.6 tokens have no type; all of them share this one. */
export function idTag(value: string): Token {
  return { value, type: 'idTag' };
}

/** What an idTagInfo of the CSMS says. Undefined when there is none. */
export function tokenInfo16(info: unknown): TokenInfo | undefined {
  if (typeof info !== 'object' || info === null) return undefined;
  const { status, parentIdTag, expiryDate } = info as IdTagInfo;
  const expiryMs = expiryDate === undefined ? undefined : parseTime(expiryDate);
  return {
    status,
    ...(parentIdTag === undefined ? {} : { group: idTag(parentIdTag) }),
    ...(expiryMs === undefined ? {} : { expiryMs }),
  };
}

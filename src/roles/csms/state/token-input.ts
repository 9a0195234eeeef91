import Type, { type Static } from 'typebox';
import { CompoteError } from '../../../core/errors.ts';
import { isoTime, parseTime } from '../../../core/time.ts';
import { oneOf } from '../../../platform/schema/words.ts';
import type { TokenRecord } from './records.ts';

const STATUSES = [
  'Accepted',
  'Blocked',
  'Expired',
  'Invalid',
  'NoCredit',
  'NotAtThisLocation',
  'NotAtThisTime',
  'NotAllowedTypeEVSE',
] as const satisfies readonly TokenRecord['status'][];

export const TokenStatus = oneOf(STATUSES, { description: 'What Authorize answers for it, as OCPP words it.' });

/** What may be said about a token besides its text. */
export const tokenFields = {
  type: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 20,
      description:
        'ISO14443, ISO15693, Central, eMAID, Local, KeyCode, MacAddress …; ISO14443 when absent. 1.6 ignores it.',
    }),
  ),
  status: Type.Optional(TokenStatus),
  expiresAt: Type.Optional(Type.String({ format: 'date-time', description: 'Expired from then on.' })),
  groupId: Type.Optional(
    Type.String({ minLength: 1, maxLength: 255, description: 'parentIdTag of 1.6, groupIdToken of 2.x.' }),
  ),
  concurrent: Type.Optional(Type.Boolean({ description: 'May have several transactions at once; false when absent.' })),
  stations: Type.Optional(Type.Array(Type.String(), { description: 'Only on these stations.' })),
  language: Type.Optional(Type.String({ maxLength: 8, description: 'Language of messages to its owner (RFC 5646).' })),
  note: Type.Optional(Type.String({ maxLength: 500, description: 'For people.' })),
};

/** A token as users and the configuration write it. */
export const TokenInput = Type.Object(
  {
    idToken: Type.String({ minLength: 1, maxLength: 255, description: 'The token; compared without case.' }),
    ...tokenFields,
  },
  { additionalProperties: false, description: 'A token.' },
);
export type TokenInput = Static<typeof TokenInput>;

/** A token as REST shows it. */
export const TokenView = Type.Object({
  idToken: Type.String(),
  type: Type.String(),
  status: TokenStatus,
  concurrent: Type.Boolean(),
  expiresAt: Type.Optional(Type.String()),
  groupId: Type.Optional(Type.String()),
  stations: Type.Optional(Type.Array(Type.String())),
  language: Type.Optional(Type.String()),
  note: Type.Optional(Type.String()),
});

/** @throws INVALID_REQUEST when `expiresAt` is not a time */
export function tokenOf(input: TokenInput): TokenRecord {
  const { idToken, type, status, expiresAt, groupId, concurrent, stations, language, note } = input;
  return {
    idToken,
    type: type ?? 'ISO14443',
    status: status ?? 'Accepted',
    concurrent: concurrent ?? false,
    ...(expiresAt === undefined ? {} : { expiresAt: timeOf(expiresAt, '/expiresAt') }),
    ...(groupId === undefined ? {} : { groupId }),
    ...(stations === undefined ? {} : { stations }),
    ...(language === undefined ? {} : { language }),
    ...(note === undefined ? {} : { note }),
  };
}

export function tokenView(token: TokenRecord): Static<typeof TokenView> {
  const { expiresAt, stations, ...rest } = token;
  return {
    ...rest,
    ...(stations === undefined ? {} : { stations: [...stations] }),
    ...(expiresAt === undefined ? {} : { expiresAt: isoTime(expiresAt) }),
  };
}

function timeOf(text: string, pointer: string): number {
  const at = parseTime(text);
  if (at !== undefined) return at;
  throw new CompoteError('INVALID_REQUEST', {
    fields: [{ pointer, msg: `must be a date and time such as 2027-01-31T12:00:00Z, not ${JSON.stringify(text)}` }],
  });
}

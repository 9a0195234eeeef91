import Type from 'typebox';
import { maskSecrets } from '../../../core/secrets.ts';
import { isoTime } from '../../../core/time.ts';
import { oneOf } from '../../../platform/schema/words.ts';
import type { EmpSessionRecord } from '../state/records.ts';

export const SESSION_STATES = ['authorised', 'accepted', 'charging', 'stopping', 'ended', 'settled'] as const;

/** A session as REST shows it. */
export const Session = Type.Object({
  id: Type.String(),
  kind: oneOf(['authorised', 'remote', 'reservation', 'offline']),
  state: oneOf(SESSION_STATES),
  contract: Type.Optional(Type.String()),
  operatorId: Type.Optional(Type.String()),
  evseId: Type.Optional(Type.String()),
  energyKwh: Type.Optional(Type.Number()),
  createdAt: Type.String(),
  updatedAt: Type.String(),
});

export function shownSession(session: EmpSessionRecord): unknown {
  const { sessionId: id, createdMs, updatedMs, identification, ...rest } = session;
  return {
    id,
    ...rest,
    ...(identification === undefined ? {} : { identification: maskSecrets(identification) }),
    createdAt: isoTime(createdMs),
    updatedAt: isoTime(updatedMs),
  };
}

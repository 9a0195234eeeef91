import { CompoteError } from '../../core/errors.ts';
import type { JournalQuery, Session } from '../../journal/index.ts';
import { type KeyKind, LOOKUP_KINDS } from '../../journal/sessions/session-keys.ts';

const KINDS = Object.keys(LOOKUP_KINDS) as KeyKind[];

/**
 * The session that a path names: by its id, or by an id of the wire, `oicp:{SessionID}`, `ocpp:{station}/{transaction}`. An
 * id is of one journal only (each counts its own messages); those of the wire mean the same everywhere.
 */
export async function sessionNamed(query: JournalQuery, name: string): Promise<Session> {
  const colon = name.indexOf(':');
  if (colon < 0) return query.session(name);
  const kind = KINDS.find((each) => each === name.slice(0, colon));
  if (kind !== undefined) return query.sessionByKey(kind, partsOf(kind, name.slice(colon + 1), '/path/id'));
  const msg = `Give an id of GET /sessions, or one of the wire: ${KINDS.map((each) => `${each}:…`).join(', ')}`;
  throw new CompoteError('INVALID_REQUEST', { fields: [{ pointer: '/path/id', msg }] });
}

/** The identity of a station may hold a slash (OCPP 1.6), a transaction id may not. */
export function partsOf(kind: KeyKind, key: string, pointer: string): string[] {
  const { ofStation, what } = LOOKUP_KINDS[kind];
  if (!ofStation) return [key];
  const slash = key.lastIndexOf('/');
  if (slash > 0 && slash < key.length - 1) return [key.slice(0, slash), key.slice(slash + 1)];
  throw new CompoteError('INVALID_REQUEST', {
    fields: [{ pointer, msg: `Give the station and the ${what}: CS-1/77` }],
  });
}

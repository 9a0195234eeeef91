/**
 * What tells that two messages belong to one charging session, as data. Strong keys join at once, and join two sessions
 * that were thought to be different; the weak one (a token at a place) joins within a time only. The rules in words stand
 * in docs/reference/sessions.md.
 */

/** `ocpp` is scoped by the station, because every station (1.6) or CSMS counts transactions for itself. */
export const KEY_KINDS = ['ocpp', 'start', 'remote', 'reservation', 'oicp', 'cpo', 'emp', 'everest'] as const;
export type KeyKind = (typeof KEY_KINDS)[number];

/** Keys that a person may look a session up by, and whether a station's identity stands before them. */
export const LOOKUP_KINDS: Readonly<Record<KeyKind, { readonly ofStation: boolean; readonly what: string }>> = {
  ocpp: { ofStation: true, what: 'OCPP transaction id' },
  start: { ofStation: true, what: 'message id of the StartTransaction' },
  remote: { ofStation: true, what: 'remote start id (OCPP 2.x)' },
  reservation: { ofStation: true, what: 'reservation id' },
  oicp: { ofStation: false, what: 'OICP SessionID' },
  cpo: { ofStation: false, what: 'CPOPartnerSessionID' },
  emp: { ofStation: false, what: 'EMPPartnerSessionID' },
  everest: { ofStation: true, what: 'EVerest session id' },
};

export type SessionKey = string;

/** The parts are packed as JSON: no separator can be forged by an id that holds it. */
export function keyOf(kind: KeyKind, ...parts: readonly (string | number)[]): SessionKey {
  let key = `["${kind}"`;
  for (const part of parts) key += `,${JSON.stringify(String(part))}`;
  return `${key}]`;
}

/** How long a token at a place still means the same attempt: the time between a swipe and the start. */
export const TOKEN_WINDOW_MS = 10 * 60_000;
/** A hub's authorisation belongs to the swipe that asked for it when it comes this soon. */
export const ASK_WINDOW_MS = 60_000;

import type { OcppVersion } from '../protocols/ocpp/versions.ts';

/** What the request path says about the station. */
export interface StationAddress {
  /** The decoded identity, as the station wrote it. Empty when the path has none. */
  readonly identity: string;
  /** What is wrong with the path or the identity, if anything: a sentence, and whether it can still be served. */
  readonly fault?: { readonly rule: 'OCPPJ-HS-004' | 'OCPPJ-HS-005'; readonly text: string };
}

const MAX_IDENTITY_LENGTH = 48;
/** identifierString of 2.x Part 2 §2.1.4 without the colon, which would end the user name of HTTP Basic. */
const IDENTIFIER = /^[A-Za-z0-9*\-_=+|@. ]*$/;

/**
 * The identity is the last segment of the path, percent-decoded exactly once (OCPP-J §3.1.1). One trailing slash and empty
 * segments are tolerated and reported.
 */
export function stationAddress(path: string): StationAddress {
  const trimmed = path.replace(/\/+$/, '');
  const untidy = trimmed !== path || /\/\//.test(trimmed);
  const encoded = trimmed.slice(trimmed.lastIndexOf('/') + 1);
  let identity: string;
  try {
    identity = decodeURIComponent(encoded);
  } catch {
    return { identity: '', fault: { rule: 'OCPPJ-HS-004', text: `The path ${path} has an invalid percent sequence` } };
  }
  if (untidy)
    return {
      identity,
      fault: { rule: 'OCPPJ-HS-004', text: `The path ${path} has an empty segment or a trailing slash` },
    };
  return { identity };
}

/** What is wrong with an identity, or `undefined`. 1.6 does not constrain it, 2.x does (Part 4 §3.1.1). */
export function identityFault(identity: string, version: OcppVersion): string | undefined {
  if (identity === '') return 'The address ends without a station identity';
  if (identity.length > MAX_IDENTITY_LENGTH && version !== '1.6')
    return `The identity has ${identity.length} characters; at most ${MAX_IDENTITY_LENGTH} are allowed`;
  if (identity.includes(':') && version !== '1.6')
    return 'The identity has a colon, which ends the user name of HTTP Basic';
  if (version !== '1.6' && !IDENTIFIER.test(identity)) return 'The identity has a character outside identifierString';
  return undefined;
}

/** The key under which a station is known: 2.x identities are case-insensitive, 1.6 identities are not. */
export function sameIdentity(a: string, b: string, version: OcppVersion): boolean {
  return version === '1.6' ? a === b : a.toLowerCase() === b.toLowerCase();
}

import { canonicalEvcoId, type Identification, mediumOf } from '../../../protocols/oicp/index.ts';
import type { HubState } from './hub-state.ts';
import type { PartnerRecord } from './records.ts';

/** Under which id an identification is stored and looked up: a card is a card, however it was described. */
export function authenticationId(identification: Identification): string {
  const medium = mediumOf(identification);
  if (medium?.uid !== undefined) return `card ${medium.uid.trim().toUpperCase()}`;
  const kind = medium?.kind === 'QRCodeIdentification' ? 'qr' : 'contract';
  return `${kind} ${canonicalEvcoId(medium?.evcoId ?? '')}`;
}

export type OfflineMatch =
  | { readonly kind: 'yes'; readonly provider: PartnerRecord }
  /** The contract is known, the PIN is not its. */
  | { readonly kind: 'wrong-pin' }
  | { readonly kind: 'unknown' };

/** Looks for an identification in what the providers have uploaded. Locked ones are passed over. */
export function matchOffline(
  identification: Identification,
  providers: readonly PartnerRecord[],
  state: HubState,
  pinMatches: (pin: string, hash: string) => boolean,
): OfflineMatch {
  const id = authenticationId(identification);
  for (const provider of providers) {
    if (provider.locked) continue;
    const known = state.authenticationData.get(provider.key, id);
    if (known === undefined) continue;
    const qr = identification.QRCodeIdentification;
    if (qr === undefined) return { kind: 'yes', provider };
    const hash = known.QRCodeIdentification?.HashedPIN?.Value;
    // A hashed PIN in the request would be hashed again: it never matches.
    if (qr.PIN !== undefined && hash !== undefined && pinMatches(qr.PIN, hash)) return { kind: 'yes', provider };
    return { kind: 'wrong-pin' };
  }
  return { kind: 'unknown' };
}

/** What the hub keeps of an uploaded identification: a clear PIN only as its hash. */
export function withHashedPin(identification: Identification, hashPin: (pin: string) => string): Identification {
  const { QRCodeIdentification: qr } = identification;
  if (qr?.PIN === undefined) return identification;
  const HashedPIN = { Value: hashPin(qr.PIN), Function: 'Bcrypt' as const };
  return { QRCodeIdentification: { EvcoID: qr.EvcoID, HashedPIN } };
}

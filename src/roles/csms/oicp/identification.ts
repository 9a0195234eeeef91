import { evcoIdOf, parseEmaid } from '../../../protocols/iso15118/index.ts';
import { type Identification, parseEvcoId, uidOfTokenText } from '../../../protocols/oicp/index.ts';

/** Token types of 2.x that are cards with a UID. 1.6 tags have no type. */
const CARDS: ReadonlySet<string> = new Set(['ISO14443', 'ISO15693']);

/** A token of OCPP as the hub is asked about it; `undefined` when OICP has no words for it. Exactly one member. */
export function identificationOf(idToken: string, type: string | undefined): Identification | undefined {
  if (type === 'eMAID') {
    // Contract certificates often name the account without its check character, which OICP demands.
    const emaid = parseEmaid(idToken);
    const evcoId = emaid === undefined || emaid.checkCharacter !== undefined ? idToken : evcoIdOf(emaid).evcoId;
    const contract = parseEvcoId(evcoId);
    return contract === undefined ? undefined : { PlugAndChargeIdentification: { EvcoID: evcoId } };
  }
  if (type !== undefined && !CARDS.has(type)) return undefined;
  const uid = uidOfTokenText(idToken);
  return uid === undefined ? undefined : { RFIDMifareFamilyIdentification: { UID: uid } };
}

/** The token under which a remotely started session runs at the station: fits the 20 characters of 1.6. */
export function tokenOfContract(evcoId: string): string {
  return evcoId.trim().toUpperCase().slice(0, 20);
}

export function sameToken(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

import { canonicalEvcoId } from '../../../protocols/oicp/index.ts';
import { IDENTIFICATION_KINDS } from '../../../protocols/oicp/schema/identification.ts';
import { textAt } from '../payload-reader.ts';

/** A medium of an Identification in a form that can be compared: its kind and the id that names the driver. */
export interface ComparableMedium {
  readonly kind: string;
  readonly id: string;
}

export function mediumIn(identification: unknown): ComparableMedium | undefined {
  for (const kind of IDENTIFICATION_KINDS) {
    const uid = textAt(identification, kind, 'UID');
    if (uid !== undefined) return { kind: 'RFID', id: uid.toUpperCase() };
    const evco = textAt(identification, kind, 'EvcoID');
    if (evco !== undefined) return { kind, id: canonicalEvcoId(evco) };
  }
  return undefined;
}

/** `undefined` when one of them names nobody. */
export function sameMedium(a: unknown, b: unknown): boolean | undefined {
  const [one, other] = [mediumIn(a), mediumIn(b)];
  if (one === undefined || other === undefined) return undefined;
  return one.kind === other.kind && one.id === other.id;
}

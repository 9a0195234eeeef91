import { checkCharacter } from '../../iso15118/identifiers/check-character.ts';
import { dinCheckDigit } from './din-check-digit.ts';
import type { IdStandard } from './operator-id.ts';

export interface EvcoId {
  readonly standard: IdStandard;
  /** As it was written. Send and store this. */
  readonly raw: string;
  /** Upper case, no separators, always with a check character (computed where the text had none). Compare this. */
  readonly canonical: string;
  readonly country: string;
  readonly provider: string;
  /** ISO: `C` and 8 characters. DIN: 6 characters. */
  readonly instance: string;
  /** As it was written. OICP wants it; a contract certificate may lack it. */
  readonly checkCharacter: string | undefined;
}

const ISO = /^([A-Z]{2})-?([A-Z0-9]{3})-?(C[A-Z0-9]{8})-?([0-9A-Z])?$/;
const DIN = /^([A-Z]{2})[*-]?([A-Z0-9]{3})[*-]?([A-Z0-9]{6})[*-]?([0-9X])$/;

/** Reads a contract id in any case; the ISO form also without its check character. `undefined` when it is none. */
export function parseEvcoId(text: string): EvcoId | undefined {
  const upper = text.trim().toUpperCase();
  const iso = ISO.exec(upper);
  const match = iso ?? DIN.exec(upper);
  if (match === null) return undefined;
  const [, country = '', provider = '', instance = '', check] = match;
  const core = country + provider + instance;
  return {
    standard: iso === null ? 'DIN' : 'ISO',
    raw: text,
    canonical: core + (check ?? checkCharacter(core)),
    country,
    provider,
    instance,
    checkCharacter: check,
  };
}

/** What two writings of one contract id have in common; the trimmed upper-case text when it is no contract id. */
export function canonicalEvcoId(text: string): string {
  return parseEvcoId(text)?.canonical ?? text.trim().toUpperCase();
}

export function sameEvcoId(a: string, b: string): boolean {
  return canonicalEvcoId(a) === canonicalEvcoId(b);
}

/** The check character that belongs to the contract, whatever stands in it. */
export function evcoIdCheckCharacter(id: EvcoId): string {
  const core = id.country + id.provider + id.instance;
  return id.standard === 'ISO' ? checkCharacter(core) : dinCheckDigit(core);
}

/** False only for a check character that is there and wrong. The hub's documents do not demand that it is right. */
export function isEvcoIdConsistent(id: EvcoId): boolean {
  return id.checkCharacter === undefined || id.checkCharacter === evcoIdCheckCharacter(id);
}

/** The canonical id of the provider whose contract it is; `undefined` when the text is no contract id. */
export function providerOfEvcoId(text: string): string | undefined {
  const id = parseEvcoId(text);
  return id === undefined ? undefined : id.country + id.provider;
}

/** Writes an ISO contract id with separators and its check character, as OICP wants it. */
export function isoEvcoIdText(id: EvcoId): string {
  if (id.standard === 'DIN') return isoEvcoIdText(isoOfDin(id));
  return `${id.country}-${id.provider}-${id.instance}-${id.checkCharacter ?? evcoIdCheckCharacter(id)}`;
}

/** The ISO id of a DIN contract (eMI3): `C0`, the instance and the DIN check digit become the instance. */
function isoOfDin(id: EvcoId): EvcoId {
  const instance = `C0${id.instance}${id.checkCharacter ?? evcoIdCheckCharacter(id)}`;
  const core = id.country + id.provider + instance;
  const check = checkCharacter(core);
  return { ...id, standard: 'ISO', instance, checkCharacter: check, canonical: core + check };
}

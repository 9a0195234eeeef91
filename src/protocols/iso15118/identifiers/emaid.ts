import { Iso15118Error } from '../error.ts';
import { checkCharacter } from './check-character.ts';

/** An e-mobility account identifier: country (2 letters), provider (3), instance (9), optional check character. */
export interface Emaid {
  readonly country: string;
  readonly provider: string;
  readonly instance: string;
  readonly checkCharacter: string | undefined;
}

const FORM = /^([A-Z]{2})-?([A-Z0-9]{3})-?([A-Z0-9]{9})-?([A-Z0-9])?$/;

/** Reads an EMAID in any case, with or without hyphens and check character; `undefined` when it is none. */
export function parseEmaid(text: string): Emaid | undefined {
  const match = FORM.exec(text.trim().toUpperCase());
  if (match === null) return undefined;
  const [, country = '', provider = '', instance = '', check] = match;
  return { country, provider, instance, checkCharacter: check };
}

/** Like `parseEmaid`; throws `EMAID_INVALID` naming the form. */
export function requireEmaid(text: string): Emaid {
  const emaid = parseEmaid(text);
  if (emaid !== undefined) return emaid;
  throw new Iso15118Error(
    'EMAID_INVALID',
    `"${text}" is no EMAID: 2 letters country, 3 characters provider, 9 characters instance, optional check character`,
  );
}

/** The 14 characters without check character: what two writings of one EMAID have in common. */
export function emaidCore(emaid: Emaid): string {
  return emaid.country + emaid.provider + emaid.instance;
}

/** Upper case without hyphens, with the check character only if it was there: the form in ISO 15118 and the pools. */
export function compactEmaid(emaid: Emaid): string {
  return emaidCore(emaid) + (emaid.checkCharacter ?? '');
}

/** The check character that belongs to the EMAID, whatever stands in it. */
export function emaidCheckCharacter(emaid: Emaid): string {
  return checkCharacter(emaidCore(emaid));
}

/** False only for a check character that is there and wrong. */
export function isEmaidConsistent(emaid: Emaid): boolean {
  return emaid.checkCharacter === undefined || emaid.checkCharacter === emaidCheckCharacter(emaid);
}

/** The first 5 characters, by which the pools know the owning provider. */
export function emaidOwner(emaid: Emaid): string {
  return emaid.country + emaid.provider;
}

/** Whether two texts name the same account, tolerant to case, hyphens and a missing check character. */
export function sameEmaid(a: string, b: string): boolean {
  const [first, second] = [parseEmaid(a), parseEmaid(b)];
  if (first === undefined || second === undefined) return false;
  if (emaidCore(first) !== emaidCore(second)) return false;
  const { checkCharacter: one } = first;
  const { checkCharacter: other } = second;
  return one === undefined || other === undefined || one === other;
}

/**
 * The form that OICP's `PlugAndChargeIdentification.EvcoID` takes: with check character, and an instance that starts
 * with "C" (`startsWithC` is false where it does not: OICP peers refuse such an id).
 */
export function evcoIdOf(emaid: Emaid): { readonly evcoId: string; readonly startsWithC: boolean } {
  return {
    evcoId: emaidCore(emaid) + (emaid.checkCharacter ?? emaidCheckCharacter(emaid)),
    startsWithC: emaid.instance.startsWith('C'),
  };
}

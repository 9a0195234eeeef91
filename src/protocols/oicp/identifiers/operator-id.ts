/** ISO ids name the country by two letters (`DE*ABC`), DIN ids by its calling code (`+49*536`). */
export type IdStandard = 'ISO' | 'DIN';

export interface OperatorId {
  readonly standard: IdStandard;
  /** As it was written. Send and store this. */
  readonly raw: string;
  /** Equal for all writings of one id: `DEABC`, `+49*536`. Compare this. */
  readonly canonical: string;
  /** `DE` or `49`. */
  readonly country: string;
  readonly operator: string;
}

const ISO = /^([A-Z]{2})\*?([A-Z0-9]{3})$/;
const DIN = /^\+?([0-9]{1,3})\*([0-9]{3})$/;

/** Reads an operator id in any case; `undefined` when it is none. */
export function parseOperatorId(text: string): OperatorId | undefined {
  const upper = text.trim().toUpperCase();
  const iso = ISO.exec(upper);
  if (iso !== null) {
    const [, country = '', operator = ''] = iso;
    return { standard: 'ISO', raw: text, canonical: country + operator, country, operator };
  }
  const din = DIN.exec(upper);
  if (din === null) return undefined;
  const [, country = '', operator = ''] = din;
  return { standard: 'DIN', raw: text, canonical: `+${country}*${operator}`, country, operator };
}

/** What two writings of one operator id have in common; the trimmed upper-case text when it is no operator id. */
export function canonicalOperatorId(text: string): string {
  return parseOperatorId(text)?.canonical ?? text.trim().toUpperCase();
}

export function sameOperatorId(a: string, b: string): boolean {
  return canonicalOperatorId(a) === canonicalOperatorId(b);
}

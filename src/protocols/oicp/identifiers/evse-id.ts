import { type IdStandard, type OperatorId, parseOperatorId } from './operator-id.ts';

export interface EvseId {
  readonly standard: IdStandard;
  /** As it was written. Send and store this. */
  readonly raw: string;
  /**
   * Equal for all writings of one id. Compare this. ISO drops every `*` (they only separate); DIN keeps them, because
   * its numbers vary in length, and always has the `+`.
   */
  readonly canonical: string;
  readonly operator: OperatorId;
  /** What follows the operator: `1*1` of `DE*ABC*E1*1`. */
  readonly outlet: string;
}

const ISO = /^([A-Z]{2}\*?[A-Z0-9]{3})\*?E([A-Z0-9*]{1,30})$/;
const DIN = /^(\+?[0-9]{1,3}\*[0-9]{3})\*([0-9*]{1,32})$/;

/** Reads an EVSE id in any case; `undefined` when it is none. */
export function parseEvseId(text: string): EvseId | undefined {
  const upper = text.trim().toUpperCase();
  const match = ISO.exec(upper) ?? DIN.exec(upper);
  if (match === null) return undefined;
  const [, operatorText = '', outlet = ''] = match;
  const operator = parseOperatorId(operatorText);
  if (operator === undefined) return undefined;
  const { standard } = operator;
  const canonical =
    standard === 'ISO' ? `${operator.canonical}E${outlet.replaceAll('*', '')}` : `${operator.canonical}*${outlet}`;
  return { standard, raw: text, canonical, operator, outlet };
}

/** What two writings of one EVSE id have in common; the trimmed upper-case text when it is no EVSE id. */
export function canonicalEvseId(text: string): string {
  return parseEvseId(text)?.canonical ?? text.trim().toUpperCase();
}

export function sameEvseId(a: string, b: string): boolean {
  return canonicalEvseId(a) === canonicalEvseId(b);
}

/** The canonical id of the operator to whom the EVSE belongs; `undefined` when the text is no EVSE id. */
export function operatorOfEvseId(text: string): string | undefined {
  return parseEvseId(text)?.operator.canonical;
}

/** Writes the id of an outlet with separators: `DE*ABC` and `1*1` give `DE*ABC*E1*1`. */
export function evseIdText(operatorId: string, outlet: string): string {
  const operator = parseOperatorId(operatorId);
  if (operator === undefined) throw new RangeError(`"${operatorId}" is no operator id such as DE*ABC or +49*536`);
  const { standard, country, operator: code } = operator;
  const text = standard === 'ISO' ? `${country}*${code}*E${outlet}` : `+${country}*${code}*${outlet}`;
  if (parseEvseId(text) === undefined) throw new RangeError(`"${outlet}" cannot be the outlet of an EVSE id (${text})`);
  return text;
}

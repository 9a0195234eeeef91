export interface ProviderId {
  /** As it was written. Send and store this. */
  readonly raw: string;
  /** Equal for all writings of one id: `DEDCB`. Compare this. */
  readonly canonical: string;
  readonly country: string;
  readonly provider: string;
}

const FORM = /^([A-Z]{2})[*-]?([A-Z0-9]{3})$/;

/** Reads a provider id in any case, with `-`, `*` or no separator; `undefined` when it is none. */
export function parseProviderId(text: string): ProviderId | undefined {
  const match = FORM.exec(text.trim().toUpperCase());
  if (match === null) return undefined;
  const [, country = '', provider = ''] = match;
  return { raw: text, canonical: country + provider, country, provider };
}

/** What two writings of one provider id have in common; the trimmed upper-case text when it is no provider id. */
export function canonicalProviderId(text: string): string {
  return parseProviderId(text)?.canonical ?? text.trim().toUpperCase();
}

export function sameProviderId(a: string, b: string): boolean {
  return canonicalProviderId(a) === canonicalProviderId(b);
}

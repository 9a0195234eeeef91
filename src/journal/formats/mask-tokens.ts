import { MASK } from '../../core/secrets.ts';

/** Members whose texts say who charges: cards, contracts, app users (OCPP, OICP, Plug & Charge). */
const TOKENS = 'idTag|parentIdTag|idToken|additionalIdToken|EvcoID|eMAID|UID|PrintedNumber';
/** Members that hold certificates and what is signed with them. */
const CERTIFICATES = 'certificate|certificateChain|exiRequest|exiResponse';

/** A member with a text, also where JSON stands inside a text, with its quotes escaped. */
const TOKEN_MEMBER = new RegExp(`"(?:${TOKENS})\\\\*"\\s*:\\s*\\\\*"([^"\\\\]{4,})`, 'gi');
const CERTIFICATE_MEMBER = new RegExp(`("(?:${CERTIFICATES})\\\\*"\\s*:\\s*\\\\*")(?:[^"\\\\]|\\\\+[nr/])+`, 'gi');
/** Country, provider and the letter of the kind tell no driver apart. */
const CONTRACT = /^[A-Z]{2}-?[A-Z0-9]{3}-?[A-Z]?/i;

/** How many are told apart; further ones get the mask itself. */
const LIMIT = 5_000;

/**
 * An export without cards, contracts and certificates. Each token gets another text of the same form, the same everywhere in
 * the export, so that sessions stay together; nothing of it is made from the token.
 */
export async function* withoutTokens(pages: AsyncIterable<string>): AsyncGenerator<string> {
  const others = new Map<string, string>();
  let known: RegExp | undefined;
  for await (const page of pages) {
    const before = others.size;
    for (const [, token] of page.matchAll(TOKEN_MEMBER)) {
      if (token !== undefined && !others.has(token)) others.set(token, otherFor(token, others.size + 1));
    }
    if (others.size > before) known = anyOf([...others.keys()]);
    const masked = page.replace(CERTIFICATE_MEMBER, `$1${MASK}`);
    yield known === undefined ? masked : masked.replace(known, (token) => others.get(token) ?? MASK);
  }
}

function otherFor(token: string, number: number): string {
  if (number > LIMIT) return MASK;
  const kept = CONTRACT.exec(token)?.[0].length ?? 0;
  const isContract = kept > 0 && token.length - kept >= 8;
  const [head, rest] = isContract ? [token.slice(0, kept), token.slice(kept)] : ['', token];
  const digits = String(number).padStart(rest.replaceAll(/[^\dA-Za-z]/g, '').length, '0');
  let at = 0;
  return head + rest.replaceAll(/[\dA-Za-z]/g, () => digits[at++] ?? '0');
}

/** The longest first: one may begin another. */
function anyOf(tokens: readonly string[]): RegExp {
  const texts = tokens.toSorted((one, other) => other.length - one.length);
  return new RegExp(texts.map((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'g');
}

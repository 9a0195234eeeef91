import { isSecretName, isSecretSetting, MASK } from '../core/secrets.ts';

/**
 * Secrets do not leave the journal: what a query, view, feed or export gives has them replaced by `***`, with everything
 * else of the raw text byte for byte as it was. The journal itself keeps the exact text.
 *
 * What is a secret is declared in `core/secrets.ts`; the scanner finds it in text that need not be valid JSON to its end.
 */

/** Values beside the name of a secret setting: ChangeConfiguration, GetConfiguration, SetVariables, NotifyReport. */
const SETTING_VALUES: ReadonlySet<string> = new Set(['value', 'attributevalue']);

/** Only texts in which one of these occurs are looked at closely. */
const SUSPECT =
  /passw|passphrase|authorizationkey|authkey|vpn|secret|pin"|keycode|private_?key|private key-|authorization"|cookie|api-key|access_token|:(?:\\?\/){2}[^\s"/:@]*:[^\s"/@]+@/i;

interface Span {
  readonly from: number;
  readonly to: number;
}

/** The text with its secrets replaced; the very same text when there are none. */
export function maskSecrets(text: string): string {
  if (!SUSPECT.test(text)) return text;
  const spans = new Scanner(text).run();
  if (spans.length === 0) return maskKeys(text);
  let masked = '';
  let at = 0;
  for (const span of spans.sort((a, b) => a.from - b.from)) {
    if (span.from < at) continue;
    masked += `${text.slice(at, span.from)}"${MASK}"`;
    at = span.to;
  }
  return maskKeys(masked + text.slice(at));
}

/** Private keys in PEM that stand outside of JSON texts, and passwords in addresses. */
function maskKeys(text: string): string {
  return maskAddresses(text).replace(
    /-----BEGIN ([A-Z ]*PRIVATE KEY)-----[^-]*(-----END \1-----)?/g,
    `-----BEGIN $1-----${MASK}$2`,
  );
}

/** `ftp://user:password@host`, also as JSON may write it: `ftp:\/\/…`. */
function maskAddresses(text: string): string {
  return text.replace(/(:(?:\\?\/){2}[^\s"/:@]*):[^\s"/@]+@/g, `$1:${MASK}@`);
}

/** One JSON object or array while it is read. */
interface Frame {
  readonly object: boolean;
  /** The member under which this one stands, in lower case. */
  readonly under: string;
  member: string;
  /** The texts directly in it. */
  readonly texts: { readonly member: string; readonly text: string; readonly span: Span }[];
  /** All scalars under `value` or `attributeValue` in it and below it. */
  readonly settings: Span[];
  /** The names of variables directly below it. */
  readonly names: string[];
}

const DEPTH_LIMIT = 200;

class Scanner {
  readonly #text: string;
  readonly #spans: Span[] = [];
  readonly #frames: Frame[] = [frame(false, '')];

  constructor(text: string) {
    this.#text = text;
  }

  run(): Span[] {
    const text = this.#text;
    let at = 0;
    while (at < text.length) {
      const top = this.#frames.at(-1);
      if (top === undefined) break;
      const char = text[at];
      if (char === '"') {
        const to = endOfText(text, at);
        this.#string(top, { from: at, to });
        at = to;
      } else if (char === '{' || char === '[') {
        if (this.#frames.length > DEPTH_LIMIT) {
          // Nothing is nested so deep but on purpose: what stands there is not shown at all.
          this.#spans.push({ from: at, to: text.length });
          break;
        }
        this.#frames.push(frame(char === '{', top.object ? top.member : top.under));
        at++;
      } else if (char === '}' || char === ']') {
        this.#close();
        at++;
      } else if (char === '-' || (char !== undefined && char >= '0' && char <= '9')) {
        let to = at + 1;
        while (to < text.length && /[\d.eE+-]/.test(text[to] ?? '')) to++;
        this.#scalar(top, '', { from: at, to });
        at = to;
      } else at++;
    }
    while (this.#frames.length > 0) this.#close();
    return this.#spans;
  }

  #string(top: Frame, span: Span): void {
    if (top.object && this.#isName(span.to)) {
      top.member = decode(this.#text.slice(span.from, span.to)).toLowerCase();
      return;
    }
    this.#scalar(top, decode(this.#text.slice(span.from, span.to)), span);
  }

  #scalar(top: Frame, text: string, span: Span): void {
    const member = top.object ? top.member : top.under;
    const inVpn = top.under === 'vpn' && (member === 'key' || member === 'password');
    if (isSecretName(member) || inVpn || top.under === 'hashedpin' || isSecretText(text)) this.#spans.push(span);
    if (SETTING_VALUES.has(member)) top.settings.push(span);
    if (top.object) top.texts.push({ member, text, span });
  }

  #close(): void {
    const closed = this.#frames.pop();
    if (closed === undefined) return;
    const above = this.#frames.at(-1);
    if (closed.object) {
      const textOf = (member: string): string => closed.texts.find((entry) => entry.member === member)?.text ?? '';
      const secretSetting = isSecretSetting(textOf('key')) || closed.names.some(isSecretSetting);
      if (secretSetting) this.#spans.push(...closed.settings);
      if (closed.under === 'variable') above?.names.push(textOf('name'));
      if (textOf('type').toLowerCase() === 'keycode') {
        this.#spans.push(...closed.texts.filter((entry) => entry.member === 'idtoken').map((entry) => entry.span));
      }
    }
    above?.settings.push(...closed.settings);
  }

  /** Whether a colon follows: then it is a member's name. */
  #isName(to: number): boolean {
    let at = to;
    while (/\s/.test(this.#text[at] ?? '')) at++;
    return this.#text[at] === ':';
  }
}

function frame(object: boolean, under: string): Frame {
  return { object, under, member: '', texts: [], settings: [], names: [] };
}

/** A text that carries a secret inside: a private key, or JSON in a text (DataTransfer) that names one. */
function isSecretText(text: string): boolean {
  return (
    /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text) ||
    /["'](authorizationkey|basicauthpassword|password|pin|keycode|privatekey)["']\s*[:,]/i.test(text)
  );
}

function endOfText(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return Math.min(at + 1, text.length);
}

function decode(literal: string): string {
  if (!literal.includes('\\')) return literal.slice(1, literal.endsWith('"') && literal.length > 1 ? -1 : undefined);
  try {
    return String(JSON.parse(literal));
  } catch {
    return literal.slice(1);
  }
}

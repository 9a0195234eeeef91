/** Numbers for texts that come back often (actions, codes), so that a column holds four bytes instead of a text. */
export class Dictionary {
  /** 0 is the empty text. */
  static readonly EMPTY = 0;
  /** Stands for every text that came when the dictionary was full: ask the message itself. */
  static readonly OTHER = 1;

  readonly #limit: number;
  readonly #numbers = new Map<string, number>([['', Dictionary.EMPTY]]);
  readonly #texts: string[] = ['', ''];

  /** @param limit peers choose MQTT topics and unknown actions, so it must not grow for ever. */
  constructor(limit = 50_000) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#texts.length;
  }

  numberOf(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    if (this.#texts.length >= this.#limit) return Dictionary.OTHER;
    const number = this.#texts.length;
    this.#texts.push(text);
    this.#numbers.set(text, number);
    return number;
  }

  textOf(number: number): string {
    return this.#texts[number] ?? '';
  }
}

/** FNV-1a of a text without regard to (ASCII) case; never 0, which means "none". */
export function textHash(text: string): number {
  if (text === '') return 0;
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i);
    if (code >= 65 && code <= 90) code += 32;
    hash = Math.imul(hash ^ code, 0x01000193);
  }
  return hash >>> 0 || 1;
}

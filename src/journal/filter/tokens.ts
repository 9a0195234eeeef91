import type { FilterError, Match, Operator, Span } from './expression.ts';

export type Token = Span &
  (
    | { readonly kind: '(' | ')' | 'and' | 'or' | 'not' }
    | { readonly kind: 'text'; readonly match: Match }
    | {
        readonly kind: 'term';
        readonly name: string;
        readonly nameTo: number;
        readonly operator: Operator;
        readonly valueFrom: number;
        readonly match: Match | undefined;
      }
  );

export interface Tokens {
  readonly tokens: readonly Token[];
  readonly errors: readonly FilterError[];
}

/** Longest first: `!=` before `=`. */
const OPERATORS = ['!=', '!~', '>=', '<=', ':', '=', '~', '>', '<'] as const;
const NAME = /^(?:[a-z_][\w-]*|(?:\$|(?:req|res)(?=[.[]))(?:\.{1,2}[^\s.[\]():=~<>!"]+|\[(?:\d+|\*)\])*)$/i;
const SPACE = /\s/;
const PATTERN_LIMIT = 500;

class Lexer {
  readonly #text: string;
  readonly #tokens: Token[] = [];
  readonly #errors: FilterError[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  run(): Tokens {
    while (this.#at < this.#text.length) this.#next();
    return { tokens: this.#tokens, errors: this.#errors };
  }

  #next(): void {
    const text = this.#text;
    const from = this.#at;
    const char = text[from] ?? '';
    if (SPACE.test(char)) {
      this.#at++;
    } else if (char === '(' || char === ')') {
      this.#at++;
      this.#tokens.push({ kind: char, from, to: this.#at });
    } else if (text.startsWith('&&', from) || text.startsWith('||', from)) {
      this.#at += 2;
      this.#tokens.push({ kind: char === '&' ? 'and' : 'or', from, to: this.#at });
    } else if (char === '!' && !/[=~]/.test(text[from + 1] ?? '')) {
      this.#at++;
      this.#tokens.push({ kind: 'not', from, to: this.#at });
    } else if (char === '-' && /[^\s\d.]/.test(text[from + 1] ?? ' ')) {
      // Before a digit a minus is part of a text: `-5`.
      this.#at++;
      this.#tokens.push({ kind: 'not', from, to: this.#at });
    } else if (char === '"' || char === "'") {
      const literal = this.#quoted();
      this.#tokens.push({ kind: 'text', match: { kind: 'literal', text: literal }, from, to: this.#at });
    } else if (char === '/') {
      const regex = this.#slashed();
      this.#tokens.push({ kind: 'text', match: { kind: 'regex', regex }, from, to: this.#at });
    } else {
      this.#word(from);
    }
  }

  #word(from: number): void {
    const nameTo = this.#nameEnd(from);
    const name = this.#text.slice(from, nameTo);
    const found = OPERATORS.find((candidate) => this.#text.startsWith(candidate, nameTo));
    if (found !== undefined && NAME.test(name)) {
      this.#at = nameTo + found.length;
      const operator: Operator = found === '=' ? ':' : found;
      const valueFrom = this.#at;
      const match = this.#value(operator);
      this.#tokens.push({ kind: 'term', name, nameTo, operator, valueFrom, match, from, to: this.#at });
      return;
    }
    let to = from;
    while (to < this.#text.length && !/[\s()]/.test(this.#text[to] ?? '')) to++;
    this.#at = Math.max(to, from + 1);
    const word = this.#text.slice(from, this.#at);
    const lower = word.toLowerCase();
    if (lower === 'and' || lower === 'or' || lower === 'not') this.#tokens.push({ kind: lower, from, to: this.#at });
    else this.#tokens.push({ kind: 'text', match: { kind: 'words', words: [word] }, from, to: this.#at });
  }

  #nameEnd(from: number): number {
    let at = from;
    while (at < this.#text.length) {
      const char = this.#text[at] ?? '';
      if (/[\s()"]/.test(char) || OPERATORS.some((operator) => this.#text.startsWith(operator, at))) break;
      at++;
    }
    return at;
  }

  #value(operator: Operator): Match | undefined {
    const text = this.#text;
    const from = this.#at;
    const char = text[from] ?? '';
    const wantsRegex = operator === '~' || operator === '!~';
    if (char === '"' || char === "'") {
      const literal = this.#quoted();
      if (wantsRegex) return { kind: 'regex', regex: this.#compile(literal, 'i', from, this.#at) };
      return { kind: 'literal', text: literal };
    }
    if (wantsRegex) {
      if (char === '/') return { kind: 'regex', regex: this.#slashed() };
      const to = this.#bareEnd(from, true);
      this.#at = to;
      if (to === from) return undefined;
      return { kind: 'regex', regex: this.#compile(text.slice(from, to), 'i', from, to) };
    }
    if (char === '(') return this.#parenthesised();
    const to = this.#bareEnd(from, false);
    this.#at = to;
    return matchOf(text.slice(from, to));
  }

  /** A value in the open ends at a space or parenthesis; a regular expression may hold balanced parentheses. */
  #bareEnd(from: number, regex: boolean): number {
    let depth = 0;
    let at = from;
    for (; at < this.#text.length; at++) {
      const char = this.#text[at] ?? '';
      if (SPACE.test(char)) break;
      if (regex && char === '\\') at++;
      else if (char === '(') {
        if (!regex) break;
        depth++;
      } else if (char === ')') {
        if (depth === 0) break;
        depth--;
      }
    }
    return Math.min(at, this.#text.length);
  }

  #parenthesised(): Match | undefined {
    const from = this.#at;
    const words: string[] = [];
    let word = '';
    this.#at++;
    while (this.#at < this.#text.length && this.#text[this.#at] !== ')') {
      const char = this.#text[this.#at] ?? '';
      if (char === '"' || char === "'") {
        word += this.#quoted();
        continue;
      }
      if (char === ',') {
        words.push(word.trim());
        word = '';
      } else word += char;
      this.#at++;
    }
    words.push(word.trim());
    if (this.#at >= this.#text.length) this.#error(from, this.#at, 'missing )');
    else this.#at++;
    const filled = words.filter((candidate) => candidate !== '');
    return filled.length === 0 ? undefined : { kind: 'words', words: filled };
  }

  /** Reads a quoted text at the present place; a backslash takes the next character as it is. */
  #quoted(): string {
    const from = this.#at;
    const quote = this.#text[from];
    let content = '';
    let at = from + 1;
    while (at < this.#text.length && this.#text[at] !== quote) {
      if (this.#text[at] === '\\' && at + 1 < this.#text.length) at++;
      content += this.#text[at];
      at++;
    }
    if (at >= this.#text.length) this.#error(from, this.#text.length, 'unclosed quote');
    this.#at = Math.min(at + 1, this.#text.length);
    return content;
  }

  #slashed(): RegExp {
    const from = this.#at;
    let at = from + 1;
    let inClass = false;
    while (at < this.#text.length && (inClass || this.#text[at] !== '/')) {
      const char = this.#text[at];
      if (char === '\\') at++;
      else if (char === '[') inClass = true;
      else if (char === ']') inClass = false;
      at++;
    }
    at = Math.min(at, this.#text.length);
    const pattern = this.#text.slice(from + 1, at);
    if (at >= this.#text.length) this.#error(from, at, 'unclosed /');
    else at++;
    const flagsFrom = at;
    while (/[imsu]/.test(this.#text[at] ?? '')) at++;
    this.#at = at;
    return this.#compile(pattern, at > flagsFrom ? this.#text.slice(flagsFrom, at) : 'i', from, at);
  }

  #compile(pattern: string, flags: string, from: number, to: number): RegExp {
    try {
      if (pattern.length > PATTERN_LIMIT) throw new Error(`a pattern has at most ${PATTERN_LIMIT} characters`);
      return new RegExp(pattern, flags);
    } catch (error) {
      this.#error(from, to, error instanceof Error ? error.message : 'not a regular expression');
      return /$^/;
    }
  }

  #error(from: number, to: number, msg: string): void {
    this.#errors.push({ from, to, msg });
  }
}

/** A value without quotes: `*`, words, or a range when there are two dots in it. */
function matchOf(value: string): Match | undefined {
  if (value === '*') return { kind: 'any' };
  const dots = value.indexOf('..');
  if (dots >= 0 && !value.includes(',')) {
    const low = value.slice(0, dots);
    const high = value.slice(dots + 2);
    if (low === '' && high === '') return undefined;
    return { kind: 'range', ...(low === '' ? {} : { low }), ...(high === '' ? {} : { high }) };
  }
  const words = value.split(',').filter((word) => word !== '');
  return words.length === 0 ? undefined : { kind: 'words', words };
}

export function tokenize(text: string): Tokens {
  return new Lexer(text).run();
}

import { boundOf } from './bound.ts';
import type { Expression, FilterError, Match, Operator, Path, Span, Step } from './expression.ts';
import { FIELD_SETS, type Field, type FieldSet, findField, nearest } from './fields.ts';
import { type Token, tokenize } from './tokens.ts';

export interface ParsedFilter {
  readonly text: string;
  readonly fields: FieldSet;
  readonly expression: Expression;
  /** Empty when the filter can be used. */
  readonly errors: readonly FilterError[];
}

/** Parses a filter. Never throws: what is wrong stands in `errors`, with character positions. */
export function parseFilter(text: string, fields: FieldSet = FIELD_SETS.messages): ParsedFilter {
  return new Parser(text, fields).run();
}

const NESTING_LIMIT = 100;
const ALL: Expression = { op: 'all' };

class Parser {
  readonly #text: string;
  readonly #fields: FieldSet;
  readonly #tokens: readonly Token[];
  readonly #errors: FilterError[];
  #at = 0;
  #depth = 0;

  constructor(text: string, fields: FieldSet) {
    this.#text = text;
    this.#fields = fields;
    const { tokens, errors } = tokenize(text);
    this.#tokens = tokens;
    this.#errors = [...errors];
  }

  run(): ParsedFilter {
    const expression = this.#tokens.length === 0 ? ALL : this.#or();
    const rest = this.#tokens[this.#at];
    if (rest !== undefined) this.#error(rest, `unexpected ${rest.kind}`);
    const errors = this.#errors.sort((a, b) => a.from - b.from);
    return { text: this.#text, fields: this.#fields, expression, errors };
  }

  #or(): Expression {
    const items = [this.#and()];
    while (this.#take('or')) items.push(this.#and());
    return items.length === 1 ? (items[0] ?? ALL) : { op: 'or', items };
  }

  #and(): Expression {
    const items = [this.#unary()];
    for (;;) {
      const next = this.#tokens[this.#at];
      if (next === undefined || next.kind === 'or' || next.kind === ')') break;
      if (next.kind === 'and') this.#at++;
      items.push(this.#unary());
    }
    return items.length === 1 ? (items[0] ?? ALL) : { op: 'and', items };
  }

  #unary(): Expression {
    let negations = 0;
    while (this.#take('not')) negations++;
    const item = this.#primary();
    return negations % 2 === 0 ? item : { op: 'not', item };
  }

  #primary(): Expression {
    const token = this.#tokens[this.#at];
    if (token === undefined || token.kind === ')' || token.kind === 'or' || token.kind === 'and') {
      this.#error(token ?? { from: this.#text.length, to: this.#text.length }, 'something to look for is missing here');
      if (token?.kind === 'and') this.#at++;
      return ALL;
    }
    this.#at++;
    if (token.kind === '(') return this.#group(token);
    if (token.kind === 'term') return this.#term(token);
    if (token.kind === 'text') return { op: 'text', match: token.match, from: token.from, to: token.to };
    return ALL;
  }

  #group(open: Span): Expression {
    if (this.#depth >= NESTING_LIMIT) {
      this.#error(open, `parentheses nest more than ${NESTING_LIMIT} deep`);
      this.#at = this.#tokens.length;
      return ALL;
    }
    this.#depth++;
    const inside = this.#or();
    this.#depth--;
    if (!this.#take(')')) this.#error(open, 'missing )');
    return inside;
  }

  #term(token: Token & { kind: 'term' }): Expression {
    const span = { from: token.from, to: token.to };
    const name = token.name.toLowerCase();
    if (token.match === undefined) {
      this.#error({ from: token.valueFrom, to: Math.max(token.to, token.valueFrom) }, `${token.name} needs a value`);
      return ALL;
    }
    if (name === 'is' || name === 'has') return this.#flags(name, token.match, token);
    const path = pathOf(token.name);
    if (path !== undefined) {
      if (!this.#fields.paths) this.#error(span, `${this.#fields.entity} have no payload to look into`);
      this.#checkMatch(token, undefined, token.match);
      return { op: 'path', path, operator: token.operator, match: token.match, ...span };
    }
    const field = findField(this.#fields, name);
    if (field === undefined) {
      const suggestion = nearest(token.name, [...this.#fields.fields.map((known) => known.name), 'is', 'has']);
      const question = suggestion === undefined ? '' : `; did you mean ${suggestion}?`;
      this.#error({ from: token.from, to: token.nameTo }, `there is no field ${token.name}${question}`);
      return ALL;
    }
    const match = asWritten(field, token.match);
    this.#checkMatch(token, field, match);
    return { op: 'field', field, operator: token.operator, match, ...span };
  }

  #flags(set: 'is' | 'has', match: Match, token: Token & { kind: 'term' }): Expression {
    const valueSpan = { from: token.valueFrom, to: token.to };
    const words = match.kind === 'words' ? match.words : match.kind === 'literal' ? [match.text] : undefined;
    if (words === undefined || token.operator !== ':') {
      this.#error(valueSpan, `${set} takes flags: ${set}:${this.#fields[set][0] ?? ''}`);
      return ALL;
    }
    const flags: string[] = [];
    for (const word of words) {
      const flag = this.#fields[set].find((known) => known.toLowerCase() === word.toLowerCase());
      if (flag !== undefined) flags.push(flag);
      else {
        const suggestion = nearest(word, this.#fields[set]);
        const question = suggestion === undefined ? '' : `; did you mean ${set}:${suggestion}?`;
        this.#error(valueSpan, `there is no ${set}:${word}${question}`);
      }
    }
    return flags.length === 0 ? ALL : { op: 'flag', set, flags, from: token.from, to: token.to };
  }

  #checkMatch(token: Token & { kind: 'term' }, field: Field | undefined, match: Match): void {
    const span = { from: token.valueFrom, to: token.to };
    const compares = isComparison(token.operator);
    if (compares && (match.kind !== 'words' || match.words.length !== 1)) {
      if (match.kind !== 'literal') this.#error(span, `${token.operator} compares with one value`);
    }
    if (field === undefined) {
      const word = match.kind === 'words' ? match.words[0] : match.kind === 'literal' ? match.text : undefined;
      const comparable = word !== undefined && (boundOf(word, 'number', 0) ?? boundOf(word, 'time', 0)) !== undefined;
      if (compares && word !== undefined && !comparable) {
        this.#error(span, `${token.operator} compares with a number or a time`);
      }
      return;
    }
    if (field.type === 'word' || field.type === 'text') {
      if (compares) this.#error(span, `${field.name} is a text: use : or ~`);
      return;
    }
    if (match.kind === 'regex' || match.kind === 'any') return;
    for (const word of boundsOf(match)) {
      if (boundOf(word, field.type, 0) === undefined) this.#error(span, `“${word}” is no ${WANTED[field.type]}`);
    }
  }

  #take(kind: Token['kind']): boolean {
    if (this.#tokens[this.#at]?.kind !== kind) return false;
    this.#at++;
    return true;
  }

  #error(span: Span, msg: string): void {
    this.#errors.push({ from: span.from, to: span.to, msg });
  }
}

const WANTED = {
  number: 'number',
  duration: 'duration (40ms, 2s, 5m, 1h)',
  bytes: 'size (500, 4kB, 1MB)',
  time: 'time (now, -5m, 10:15, 2026-01-31T12:00Z)',
  severity: 'severity (info, warning, error)',
  level: 'level (trace, debug, info, warn, error, fatal)',
} as const;

export function isComparison(operator: Operator): boolean {
  return operator === '>' || operator === '>=' || operator === '<' || operator === '<=';
}

function boundsOf(match: Match): readonly string[] {
  if (match.kind === 'words') return match.words;
  if (match.kind === 'literal') return [match.text];
  if (match.kind === 'range') return [match.low, match.high].filter((bound) => bound !== undefined);
  return [];
}

/** Two dots are a range only where a field has an order; in names they are dots. */
function asWritten(field: Field, match: Match): Match {
  if (match.kind !== 'range' || (field.type !== 'word' && field.type !== 'text')) return match;
  return { kind: 'words', words: [`${match.low ?? ''}..${match.high ?? ''}`] };
}

const STEP = /\.\.([^.[\]]+)|\.([^.[\]]+)|\[(\d+|\*)\]/gy;

/** `$.a.b[0]`, `req..key`, or undefined when it is a field's name. */
export function pathOf(name: string): Path | undefined {
  const root = /^(\$|req(?=[.[])|res(?=[.[]))/i.exec(name)?.[1]?.toLowerCase();
  if (root === undefined) return undefined;
  const steps: Step[] = [];
  for (const [, deep, key, element] of name.slice(root.length).matchAll(STEP)) {
    if (deep !== undefined) steps.push({ kind: 'deep', key: deep });
    else if (key !== undefined) steps.push({ kind: 'key', key });
    else if (element === '*') steps.push({ kind: 'each' });
    else steps.push({ kind: 'index', index: Number(element) });
  }
  return { side: root === '$' ? 'own' : root === 'req' ? 'request' : 'response', steps };
}

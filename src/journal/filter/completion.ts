import type { Span } from './expression.ts';
import { FIELD_SETS, type FieldSet, findField } from './fields.ts';

export interface CompletionOption {
  /** What replaces the span. */
  readonly insert: string;
  readonly help: string;
}

/** What can stand at the cursor: `from` and `to` is what an option replaces. */
export interface Completion extends Span {
  /** `value`: of `field`; `key`: a member's name at the end of the path `field`. */
  readonly expects: 'field' | 'operator' | 'value' | 'flag' | 'key';
  readonly field?: string;
  /** What is typed already. */
  readonly prefix: string;
  /** Options known without data. For values and keys the caller adds what the journal and the schemas hold. */
  readonly options: readonly CompletionOption[];
}

const HELP_OF_OPERATORS: readonly CompletionOption[] = [
  { insert: ':', help: 'is, or is one of: a,b; * is a wildcard' },
  { insert: '!=', help: 'is not' },
  { insert: '~', help: 'matches a regular expression' },
  { insert: '>', help: 'above' },
  { insert: '>=', help: 'at least' },
  { insert: '<', help: 'below' },
  { insert: '<=', help: 'at most' },
];

/** Where the cursor is decides what can be completed: field names, then operators, then values. */
export function completionAt(text: string, cursor: number, fields: FieldSet = FIELD_SETS.messages): Completion {
  const at = Math.max(0, Math.min(cursor, text.length));
  let start = at;
  while (start > 0 && !/[\s()]/.test(text[start - 1] ?? '')) start--;
  while (start < at && /[-!]/.test(text[start] ?? '')) start++;
  const word = text.slice(start, at);
  const operator = /!=|!~|>=|<=|[:=~<>]/.exec(word);
  if (operator === null) return nameAt(word, start, at, fields);
  const name = word.slice(0, operator.index);
  const valueFrom = start + operator.index + operator[0].length;
  const lastComma = text.slice(valueFrom, at).lastIndexOf(',');
  const from = lastComma < 0 ? valueFrom : valueFrom + lastComma + 1;
  const prefix = text.slice(from, at);
  const lower = name.toLowerCase();
  if (lower === 'is' || lower === 'has') {
    return { expects: 'flag', field: lower, from, to: at, prefix, options: starting(prefix, fields[lower]) };
  }
  const field = findField(fields, name);
  return {
    expects: 'value',
    field: field?.name ?? name,
    from,
    to: at,
    prefix,
    options: starting(prefix, field?.values ?? []),
  };
}

function nameAt(word: string, start: number, at: number, fields: FieldSet): Completion {
  if (fields.paths && /^(\$|req[.[]|res[.[])/i.test(word)) {
    const dot = Math.max(word.lastIndexOf('.'), word.lastIndexOf(']'));
    const from = dot < 0 ? at : start + dot + 1;
    return {
      expects: 'key',
      field: word.slice(0, Math.max(0, dot)),
      from,
      to: at,
      prefix: word.slice(dot + 1),
      options: [],
    };
  }
  if (findField(fields, word) !== undefined) {
    return { expects: 'operator', field: word.toLowerCase(), from: at, to: at, prefix: '', options: HELP_OF_OPERATORS };
  }
  const names: CompletionOption[] = [
    ...fields.fields.map((field) => ({ insert: `${field.name}:`, help: field.help })),
    { insert: 'is:', help: `flags: ${fields.is.slice(0, 4).join(', ')} …` },
    { insert: 'has:', help: `parts: ${fields.has.slice(0, 4).join(', ')} …` },
    ...(fields.paths
      ? [
          { insert: '$.', help: 'a member of the payload' },
          { insert: 'req.', help: 'a member of the request' },
          { insert: 'res.', help: 'a member of the answer' },
        ]
      : []),
  ];
  const lower = word.toLowerCase();
  return {
    expects: 'field',
    from: start,
    to: at,
    prefix: word,
    options: names.filter((option) => option.insert.startsWith(lower)),
  };
}

function starting(prefix: string, values: readonly string[]): CompletionOption[] {
  const lower = prefix.toLowerCase();
  return values.filter((value) => value.toLowerCase().startsWith(lower)).map((insert) => ({ insert, help: '' }));
}

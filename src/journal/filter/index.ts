/** The filter language: browser-safe (it imports nothing of Node), used by server, command line and web UI. */
export { type Completion, type CompletionOption, completionAt } from './completion.ts';
export { compileFilter, type FilterRow } from './evaluate.ts';
export type { Expression, FilterError, Match, Operator, Path, Span, Step } from './expression.ts';
export { type Entity, FIELD_SETS, type Field, type FieldSet, type FieldType } from './fields.ts';
export { type ParsedFilter, parseFilter } from './parse.ts';
export { valuesAt } from './path.ts';

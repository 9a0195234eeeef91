/**
 * `ocpp-compote/journal`: recorded messages of a service or of many, to be filtered, listed, drawn and put together to sessions
 * by a program. The filter language is the one of the workbench.
 */

export type { ImportResult } from './exchange-file.ts';
export { compileFilter, FIELD_SETS, type FilterRow, type ParsedFilter, parseFilter } from './filter/index.ts';
export { maskSecrets } from './mask.ts';
export type * from './query.ts';
export { type ReadJournal, readJournal } from './read-journal.ts';
export { mermaidOf, plantUmlOf, type Sequence, type SequenceRow, sequenceOf, textOf } from './sequence/index.ts';

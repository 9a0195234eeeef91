/** Sequence diagrams from rows of the journal, over all parties and protocols. Browser-safe: no imports but types. */
export { type SequenceLayout, sequenceLayout } from './layout.ts';
export {
  labelOf,
  type Sequence,
  type SequenceOptions,
  type SequenceRow,
  type SequenceStep,
  sequenceOf,
} from './model.ts';
export { mermaidOf, plantUmlOf, textOf } from './texts.ts';

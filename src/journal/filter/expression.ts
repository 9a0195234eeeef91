import type { Field } from './fields.ts';

/** Character positions in the filter's text; `to` is the first one behind. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export type Operator = ':' | '!=' | '~' | '!~' | '>' | '>=' | '<' | '<=';

/** One step of a path: a member, a member at any depth, an element, or all elements. */
export type Step =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'deep'; readonly key: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'each' };

export interface Path {
  /** `own` is `$`: the row's own payload; in exchanges that of the request or the answer. */
  readonly side: 'own' | 'request' | 'response';
  readonly steps: readonly Step[];
}

/** What a term compares with. */
export type Match =
  | { readonly kind: 'any' } // `*`: present
  | { readonly kind: 'words'; readonly words: readonly string[] } // any of; `*` inside is a wildcard
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'range'; readonly low?: string; readonly high?: string }
  | { readonly kind: 'regex'; readonly regex: RegExp };

export type Expression =
  | { readonly op: 'all' }
  | { readonly op: 'and' | 'or'; readonly items: readonly Expression[] }
  | { readonly op: 'not'; readonly item: Expression }
  | ({ readonly op: 'flag'; readonly set: 'is' | 'has'; readonly flags: readonly string[] } & Span)
  | ({ readonly op: 'field'; readonly field: Field; readonly operator: Operator; readonly match: Match } & Span)
  | ({ readonly op: 'path'; readonly path: Path; readonly operator: Operator; readonly match: Match } & Span)
  | ({ readonly op: 'text'; readonly match: Match } & Span);

export interface FilterError extends Span {
  readonly msg: string;
}

import type { TSchema } from 'typebox';

/**
 * What a schema of ours says beyond JSON schema. The members are plain data under `x-` names, so that a schema can stand
 * in an OpenAPI document as it is.
 */
export interface Annotations {
  /** Keywords that replace the strict ones when a body is read leniently (the hub's live behaviour, or the errata). */
  readonly 'x-lenient'?: Readonly<Record<string, unknown>>;
  /** Other spellings of a member of this object that some source or some partner uses -> the right one. */
  readonly 'x-aliases'?: Readonly<Record<string, string>>;
  /** Other spellings of a value of this string -> the right one. */
  readonly 'x-value-aliases'?: Readonly<Record<string, string>>;
  /** A list that some source shows as a single value. */
  readonly 'x-wrap'?: true;
  /** Name of the rule that holds what JSON schema cannot say (validation/rules.ts). */
  readonly 'x-rule'?: string;
}

/** The part of a JSON schema that reading a body walks along. */
export interface SchemaNode extends Annotations {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly 'x-discriminator'?: string;
}

/** Our schemas seen as plain JSON schema. TypeBox's own type says nothing of the keywords. */
export function nodeOf(schema: TSchema): SchemaNode {
  return schema as SchemaNode;
}

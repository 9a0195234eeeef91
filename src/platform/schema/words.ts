import Type, { type TLiteral, type TSchemaOptions, type TUnion } from 'typebox';

type Literals<Words extends readonly (string | number)[]> = { -readonly [I in keyof Words]: TLiteral<Words[I]> };

/** One of a closed list of words (or numbers), for query parameters, bodies and configuration keys. */
export function oneOf<const Words extends readonly (string | number)[]>(
  words: Words,
  options: TSchemaOptions & { readonly default?: Words[number] } = {},
): TUnion<Literals<Words>> {
  return Type.Union(
    words.map((word) => Type.Literal(word)),
    options,
  ) as unknown as TUnion<Literals<Words>>;
}

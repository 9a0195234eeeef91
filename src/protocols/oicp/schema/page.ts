import Type, { type Static, type TObject, type TSchema } from 'typebox';
import { StatusCode } from './status-code.ts';

/** Facts of a page beside its content. Pages count from 0. */
export const pageMembers = {
  number: Type.Integer({ minimum: 0 }),
  size: Type.Integer({ minimum: 0 }),
  totalElements: Type.Integer({ minimum: 0 }),
  totalPages: Type.Integer({ minimum: 0 }),
  first: Type.Boolean(),
  last: Type.Boolean(),
  numberOfElements: Type.Integer({ minimum: 0 }),
  // Live answers leave it null, although the tables demand it.
  StatusCode: Type.Optional(StatusCode),
  // Members of the live hub's page library; tolerated, never sent by us.
  empty: Type.Optional(Type.Boolean()),
  pageable: Type.Optional(Type.Unknown()),
};

/** The page envelope around a list of `item`. */
export function pageOf<Item extends TSchema>(
  item: Item,
  title: string,
): TObject<{ content: ReturnType<typeof Type.Array<Item>> } & typeof pageMembers> {
  return Type.Object({ content: Type.Array(item), ...pageMembers }, { title });
}

const pageShape = Type.Object(pageMembers);
export type PageMembers = Static<typeof pageShape>;

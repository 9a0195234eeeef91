import Type, { type TArray, type TObject, type TOptional, type TSchema, type TString } from 'typebox';
import { CompoteError } from '../../core/errors.ts';

/** Query members of every list that pages. */
export const pageQuery = {
  cursor: Type.Optional(Type.String({ description: 'Continue after this point: the `next` of the page before.' })),
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 1_000, default: 100, description: 'How many items at most.' }),
  ),
};

export interface PageRequest {
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Ask for the next page with it; absent on the last one. */
  readonly next?: string;
  /** How many items the whole list has, where that is known. */
  readonly total?: number;
}

export function pageOf<Item extends TSchema>(
  item: Item,
): TObject<{ items: TArray<Item>; next: TOptional<TString>; total: TOptional<ReturnType<typeof Type.Integer>> }> {
  return Type.Object({
    items: Type.Array(item),
    next: Type.Optional(Type.String({ description: 'Cursor of the next page; absent on the last one.' })),
    total: Type.Optional(Type.Integer({ description: 'Length of the whole list.' })),
  });
}

/** The text of a cursor that stands after `key`. Opaque to clients, so that keys may change their meaning. */
export function cursorAfter(key: string | number): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** The key that a cursor stands after. @throws INVALID_REQUEST when it is not one of ours. */
export function keyOfCursor(cursor: string): string | number {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (typeof key === 'string' || typeof key === 'number') return key;
  } catch {
    // Told below: the reason does not matter to the client.
  }
  throw new CompoteError('INVALID_REQUEST', {
    fields: [{ pointer: '/query/cursor', msg: 'is not a cursor of this list; start without one' }],
  });
}

/**
 * One page of a list that is sorted by `keyOf`, ascending by code units. Cursors hold the key, not a place: items that come
 * and go between two pages neither repeat nor hide others.
 */
export function pageByKey<Item>(
  sorted: readonly Item[],
  keyOf: (item: Item) => string | number,
  { cursor, limit = 100 }: PageRequest,
): Page<Item> {
  let from = 0;
  if (cursor !== undefined) {
    const after = keyOfCursor(cursor);
    let to = sorted.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (keyOf(sorted[middle] as Item) <= after) from = middle + 1;
      else to = middle;
    }
  }
  const items = sorted.slice(from, from + limit);
  const last = items.at(-1);
  const more = from + items.length < sorted.length && last !== undefined;
  return { items, ...(more ? { next: cursorAfter(keyOf(last)) } : {}), total: sorted.length };
}

import type { Page } from '../../../storage/collection.ts';

/** How many records one request may look at: a filter that fits nothing must not read a whole disk at once. */
const MAX_LOOKED_AT = 20_000;
const BLOCK = 500;

/**
 * A page of what passes `fits`, from a list that can only filter by its columns. Stops early after many records: the page
 * may then be short and still have a `next`.
 */
export function pageThrough<T>(
  list: (limit: number, after: string | undefined) => Page<T>,
  fits: ((item: T) => boolean) | undefined,
  limit: number,
  cursor: string | undefined,
): Page<T> {
  if (fits === undefined) return list(limit, cursor);
  const items: T[] = [];
  let after = cursor;
  for (let lookedAt = 0; lookedAt < MAX_LOOKED_AT; ) {
    const page = list(BLOCK, after);
    let taken = 0;
    for (const item of page.items) {
      if (items.length === limit) break;
      taken += 1;
      if (fits(item)) items.push(item);
    }
    // The page ends inside the block: the list itself knows the cursor of that place.
    if (taken < page.items.length) return { items, ...nextOf(list(taken, after)) };
    after = page.next;
    lookedAt += page.items.length;
    if (after === undefined || items.length === limit) break;
  }
  return after === undefined ? { items } : { items, next: after };
}

const nextOf = (page: Page<unknown>): { next?: string } => (page.next === undefined ? {} : { next: page.next });

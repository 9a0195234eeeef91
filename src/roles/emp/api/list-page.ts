import type { Page } from '../../../storage/collection.ts';

/** One page of a collection in the shape that every list of REST has. */
export function listPage<T, Shown>(
  { cursor, limit = 100 }: { readonly cursor?: string | undefined; readonly limit?: number | undefined },
  list: (options: { readonly limit: number; readonly after?: string }) => Page<T>,
  shown: (item: T) => Shown,
): { items: Shown[]; next?: string } {
  const { items, next } = list({ limit, ...(cursor === undefined ? {} : { after: cursor }) });
  return { items: items.map(shown), ...(next === undefined ? {} : { next }) };
}

import type { PageMembers } from './schema/page.ts';
import { statusCode } from './status-codes.ts';
import type { Finding } from './validation/findings.ts';
import type { Strength } from './validation/severity.ts';

/** Pages count from 0. `sort` entries are `property,asc` or `property,desc`. */
export interface PageQuery {
  readonly page: number;
  readonly size: number;
  readonly sort?: readonly string[];
}

export const DEFAULT_PAGE_SIZE = 20;
export const MAX_PAGE_SIZE = 2000;

export interface PageReading {
  readonly query: PageQuery;
  /** Pointers are `/query/page` and `/query/size`. */
  readonly findings: readonly Finding[];
}

/**
 * Reads `page` and `size`. A value that is no whole number in range is refused by a strict reader; a lenient one takes the
 * nearest allowed value (a bad text: the default).
 */
export function readPageQuery(query: URLSearchParams, strength: Strength): PageReading {
  const findings: Finding[] = [];
  const number = (name: string, fallback: number, min: number, max: number): number => {
    const text = query.get(name);
    if (text === null || text === '') return fallback;
    const value = /^[0-9]{1,9}$/.test(text) ? Number(text) : undefined;
    if (value !== undefined && value >= min && value <= max) return value;
    findings.push({
      pointer: `/query/${name}`,
      code: 'oicp.page.size',
      text: `${name} is a whole number from ${min} to ${max}`,
      severity: strength === 'strict' ? 'error' : 'warning',
    });
    return value === undefined ? fallback : Math.min(max, Math.max(min, value));
  };
  const page = number('page', 0, 0, 1_000_000);
  const size = number('size', DEFAULT_PAGE_SIZE, 1, MAX_PAGE_SIZE);
  const sort = query.getAll('sort');
  return { query: sort.length === 0 ? { page, size } : { page, size, sort }, findings };
}

/** One page of a list, as the envelope has it. A page past the end is empty and the last. */
export function pageOfList<Item>(items: readonly Item[], { page, size }: PageQuery): PageMembers & { content: Item[] } {
  const content = items.slice(page * size, (page + 1) * size);
  const totalPages = Math.ceil(items.length / size);
  return {
    content,
    number: page,
    size,
    totalElements: items.length,
    totalPages,
    first: page === 0,
    last: page + 1 >= totalPages,
    numberOfElements: content.length,
    StatusCode: statusCode('000'),
  };
}

import type { JournalQuery, ListQuery, Row } from './query.ts';

const PAGE = 1_000;

/** The newest lines that a filter finds, oldest first: so they are read from top to bottom. */
export async function newestRows(
  query: Pick<JournalQuery, 'messages'>,
  { q = '', entity = 'messages' }: Pick<ListQuery, 'q' | 'entity'>,
  limit: number,
): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | undefined;
  do {
    const page = await query.messages({
      q,
      entity,
      limit: Math.min(PAGE, limit - rows.length),
      ...(cursor === undefined ? {} : { cursor }),
    });
    rows.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined && rows.length < limit);
  return rows.reverse();
}

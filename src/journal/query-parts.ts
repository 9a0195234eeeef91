import { CompoteError } from '../core/errors.ts';
import { compileColumns } from './column-filter.ts';
import { compileFilter, FIELD_SETS, type ParsedFilter, parseFilter } from './filter/index.ts';
import { toRow } from './message-shapes.ts';
import type { Observer } from './observer.ts';
import type { Row, ViewEntity } from './query.ts';
import type { MessageTest } from './scan.ts';
import { MessageView } from './stored-message.ts';

/** What all queries have in common: filters, rows, limits. */

const LIMIT = 1_000;

/** A filter for scans, views and subscriptions. Errors: `INVALID_REQUEST`, with positions in `extra.errors`. */
export function testOfText(observer: Observer, q: string | undefined, entity: ViewEntity): MessageTest {
  const parsed = parseFilter(q ?? '', FIELD_SETS[entity]);
  const error = parsed.errors[0];
  if (error !== undefined) {
    throw new CompoteError('INVALID_REQUEST', {
      detail: `The filter does not fit at character ${error.from + 1}: ${error.msg}`,
      fields: [{ pointer: '/query/q', msg: error.msg }],
      extra: { errors: parsed.errors },
    });
  }
  return testOf(observer, parsed, entity);
}

export function testOf(observer: Observer, parsed: ParsedFilter, entity: ViewEntity): MessageTest {
  const now = observer.options.clock.now();
  const whole = compileFilter(parsed.expression, now);
  return {
    columns: compileColumns(parsed.expression, observer.index, entity, now),
    message: (stored) => whole(new MessageView(observer.source, stored, entity === 'exchanges')),
  };
}

/** Lines of a list; what is gone meanwhile is left out. */
export function rowsOf(observer: Observer, seqs: readonly number[], entity: ViewEntity = 'messages'): Row[] {
  return seqs.map((seq) => rowOf(observer, seq, entity)).filter((row) => row !== undefined);
}

export function rowOf(observer: Observer, seq: number, entity: ViewEntity = 'messages'): Row | undefined {
  const view = observer.view(seq, entity === 'exchanges');
  return view === undefined ? undefined : toRow(view);
}

export function limitOf(limit: number | undefined): number {
  if (limit === undefined) return 100;
  return Math.max(1, Math.min(LIMIT, Math.floor(limit)));
}

/** The place where a list goes on. Errors: `INVALID_REQUEST`. */
export function seqOfCursor(cursor: string): number {
  const seq = Number(cursor);
  if (Number.isSafeInteger(seq) && cursor.trim() !== '') return seq;
  throw new CompoteError('INVALID_REQUEST', {
    detail: 'The cursor does not belong to this list',
    fields: [{ pointer: '/query/cursor', msg: 'Give the `next` of the page before, unchanged' }],
  });
}

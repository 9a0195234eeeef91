import type { HopSpan, SpanCause } from '../core/trace-context.ts';
import type { NewEntry } from './entry.ts';

/**
 * A message's trace as the journal keeps it, in one text: trace id (32), span id (16), side (`c` or `s`), cause, the
 * caller's cause. A cause is `p` (part of), `f` (follows) or `r` (none), with the span id after the first two. A tail that
 * says nothing is left out.
 */
export function hopText({ trace, hop }: Pick<NewEntry, 'trace' | 'hop'>): string {
  if (trace === undefined || hop === undefined) return trace ?? '';
  const { id, side, cause, caller } = hop;
  const callers = caller === undefined ? '' : causeText(caller.cause);
  return `${trace}${id}${side === 'client' ? 'c' : 's'}${causeText(cause)}${callers}`;
}

/** The longest that {@link hopText} writes. */
export const HOP_TEXT_LIMIT = 32 + 16 + 1 + 17 + 17;

export function traceIn(text: string): string {
  return text.slice(0, 32);
}

/** `undefined` where the text has a trace only, or comes from a journal that knew no more than an id. */
export function hopIn(text: string): HopSpan | undefined {
  const side = text[48];
  if (side === undefined) return undefined;
  const [cause, end] = causeIn(text, 49);
  const [callers] = causeIn(text, end);
  return {
    id: text.slice(32, 48),
    side: side === 'c' ? 'client' : 'server',
    ...(cause === undefined ? {} : { cause }),
    ...(text.length <= end ? {} : { caller: callers === undefined ? {} : { cause: callers } }),
  };
}

function causeText(cause: SpanCause | undefined): string {
  return cause === undefined ? 'r' : `${cause.follows === true ? 'f' : 'p'}${cause.span}`;
}

function causeIn(text: string, at: number): [cause: SpanCause | undefined, end: number] {
  const how = text[at];
  if (how !== 'p' && how !== 'f') return [undefined, at + 1];
  const span = text.slice(at + 1, at + 17);
  return [{ span, ...(how === 'f' ? { follows: true as const } : {}) }, at + 17];
}

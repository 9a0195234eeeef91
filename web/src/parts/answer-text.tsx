import type { Row } from '../api/shapes.ts';
import { duration } from './format.ts';

/** Status words that mean no, in any of our protocols. */
const REFUSED =
  /^(Rejected|Blocked|Invalid|Expired|NoCredit|Faulted|Failed|Unknown|NotSupported|NotImplemented|UnknownVendorId|Error)/;

/** A peer that has not answered by then does not any more: what OCPP and OICP systems wait at most by default. */
const GIVEN_UP_MS = 30_000;

/** The answer of a request: how it went, in a glyph and the peer's own word. */
export function AnswerText({ row, now }: { readonly row: Row; readonly now: number }) {
  const { x } = row;
  if (x === undefined) return null;
  if (x.k === 'waiting') {
    if (now - row.t > GIVEN_UP_MS) return <span className="bad">✗ no answer ({duration(GIVEN_UP_MS)})</span>;
    return <span className="muted">⋯ waiting {duration(now - row.t)}</span>;
  }
  if (x.k === 'timeout') return <span className="bad">✗ no answer{x.ms > 0 ? ` (${duration(x.ms)})` : ''}</span>;
  const bad = x.k === 'error' || REFUSED.test(x.st);
  return (
    <span className={bad ? 'bad' : undefined}>
      <span className={bad ? 'bad' : 'ok'}>{bad ? '✗' : '✓'}</span> {x.st === '' ? '{}' : x.st}
    </span>
  );
}

export function answerWords(row: Row): string {
  const { x } = row;
  if (x === undefined) return '';
  if (x.k === 'waiting') return 'not answered yet';
  if (x.k === 'timeout') return 'never answered';
  return `answered ${x.st === '' ? '' : `${x.st} `}after ${duration(x.ms)}`;
}

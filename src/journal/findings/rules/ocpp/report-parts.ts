import { MINUTE_MS } from '../../../../core/time.ts';
import type { AskedReport } from '../../model/reports.ts';
import type { Observation } from '../../observation.ts';
import { booleanAt, numberAt, valueAt } from '../../payload-reader.ts';
import type { RuleContext } from '../../rule.ts';

/**
 * Whether a part of a report has the number that is due, comes before the last one, and is followed by the next. Parts of
 * NotifyDisplayMessages have no number.
 */
export function checkPart(c: RuleContext, report: AskedReport): void {
  const { o } = c;
  const { part } = report;
  const id = String(valueAt(o.payload, 'requestId'));
  const seqNo = numberAt(o.payload, 'seqNo');
  // Sent again, because its answer was lost.
  const isRetry = part !== undefined && part.outcome !== 'answered' && numberAt(part.payload, 'seqNo') === seqNo;
  if (!isRetry) {
    if (report.ended)
      return c.report({
        text: `${o.action} of request ${id} comes after the last part (tbc false)`,
        object: `after ${id}`,
        evidence: [{ seq: part?.seq ?? 0, label: 'the last part' }],
      });
    if (seqNo !== undefined && seqNo !== report.nextSeqNo) {
      const since = part?.time ?? report.request.time;
      if (c.station.connections.gaps.some((gap) => gap.to >= since)) c.notEvaluable();
      else
        c.report({
          text: `${o.action} of request ${id} has the seqNo ${seqNo}, and ${report.nextSeqNo} is due`,
          object: `number ${id}`,
          pointer: '/seqNo',
          evidence: [
            { seq: part?.seq ?? report.request.seq, label: part === undefined ? 'the request' : 'the part before' },
          ],
          expected: report.nextSeqNo,
          actual: seqNo,
        });
    }
  }
  expectNext(c, id, (next) => next.action === o.action && String(valueAt(next.payload, 'requestId')) === id);
}

/** A part that says that more follows is followed within a minute. */
export function expectNext(c: RuleContext, id: string, isNext: (next: Observation) => boolean): void {
  const { o } = c;
  if (booleanAt(o.payload, 'tbc') !== true) return;
  c.expect({
    withinMs: MINUTE_MS,
    object: id,
    by: (next) => next.kind === 'request' && isNext(next),
    otherwise: () => ({
      text: `${o.action}${id === '' ? '' : ` of request ${id}`} says that more follows (tbc), and 60 s later nothing came`,
      object: `silent ${id}`,
    }),
  });
}

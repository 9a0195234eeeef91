import { SECOND_MS } from '../../../../core/time.ts';
import { type ExchangeRule, oicpFamily } from '../../exchange/exchange-rule.ts';

/** Callers give up after this at the latest: the common time-out of HTTP clients in e-roaming. */
const GIVES_UP_MS = 30 * SECOND_MS;
/** A log that shows no answer by now will not show one. */
const NEVER_MS = 60 * SECOND_MS;
/** Who asks the same again so soon has not waited for an answer that he could have used. */
const AT_ONCE_MS = 500;

interface Sent {
  readonly seq: number;
  readonly at: number;
  readonly raw: string;
  /** No answer came, or none that could be used: sending again is a retry. */
  readonly failed: boolean;
}

/** How long answers take, and what is asked twice. */
export const waiting: readonly ExchangeRule[] = oicpFamily('timing', [
  {
    id: 'oicp.answer.lost',
    severity: 'warning',
    fault: 'server',
    title: 'A log shows the answer to each request',
    clause: 'OICP 2.3 §2.1; SRV-03',
    causes: ['The server closed the connection without a word', 'The log has holes'],
    next: ['Look at the log of the server at this time'],
    on: ['*.request', '*.answer'],
    check: (c) => {
      const { x } = c;
      // A tap of ours tells by itself when an answer does not come.
      if (!c.judges) return;
      const key = String(x.seq);
      if (x.answer !== null) return c.fulfil(key);
      c.expect({
        key,
        withinMs: NEVER_MS,
        otherwise: () => ({ text: `${x.operation} of ${x.from.id} has no answer`, seq: x.seq }),
      });
    },
  },
  {
    id: 'oicp.answer.timeout',
    severity: 'warning',
    fault: 'server',
    title: 'An answer comes before its caller gives up',
    clause: 'ours; OICP 2.3 processes',
    causes: ['The answer waits for another system that does not answer', 'Load'],
    next: ['Answer first, and do the work afterwards'],
    peer: 'ignores',
    on: ['*.answer'],
    check: ({ x, answer, report }) => {
      const took = answer.time - x.time;
      if (answer.failure !== undefined || took <= GIVES_UP_MS) return;
      report({
        text: `${x.operation} was answered after ${(took / SECOND_MS).toFixed(1)} s: most callers have given up`,
      });
    },
  },
  {
    id: 'oicp.request.twice',
    severity: 'info',
    axis: 'consistency',
    fault: 'caller',
    title: 'The same is not asked twice at once',
    clause: 'ours',
    causes: ['Two workers do the same job', 'A queue delivers twice', 'A button was pressed twice'],
    next: ['Compare both requests: which part of the caller sent them'],
    peer: 'tolerates',
    on: ['*.request', '*.answer'],
    check: (c) => {
      const { x } = c;
      if (x.raw === '') return;
      const key = `${x.from.id} ${x.to.id} ${x.operation}`;
      const before = c.note<Sent>(key);
      if (x.answer !== null) {
        const { failure, status = 200 } = x.answer;
        // A no with a reason is an answer: asking the same again does not change it.
        const busy = status >= 500 || status === 429 || status === 408;
        if (before?.seq === x.seq) c.setNote(key, { ...before, failed: failure !== undefined || busy });
        return;
      }
      c.setNote(key, { seq: x.seq, at: x.time, raw: x.raw, failed: false } satisfies Sent);
      if (before === undefined || before.failed || before.raw !== x.raw || x.time - before.at >= AT_ONCE_MS) return;
      c.report({
        text: `${x.operation} is sent twice within ${Math.round(x.time - before.at)} ms, with the same body`,
        evidence: [{ seq: before.seq, label: 'sent first' }],
      });
    },
  },
]);

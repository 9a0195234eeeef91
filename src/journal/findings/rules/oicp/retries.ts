import { operationRow } from '../../../../protocols/oicp/index.ts';
import { type ExchangeContext, type ExchangeRule, oicpFamily } from '../../exchange/exchange-rule.ts';
import { BEGINS } from '../../exchange/oicp-model.ts';

const MINUTE_MS = 60_000;
/** What a client must wait at least after 429, where the answer does not say: one second doubled is the usual beginning. */
const SHORTEST_BACKOFF_MS = 1_000;

interface Before {
  readonly seq: number;
  readonly at: number;
  readonly raw: string;
  readonly wait: number;
}

/** Rules about what a caller does after a refusal or a failure. */
export const retries: readonly ExchangeRule[] = oicpFamily('timing', [
  {
    id: 'oicp.retry.unauthorised',
    severity: 'warning',
    fault: 'caller',
    title: 'After 017 a caller does not go on asking',
    clause: 'GEN-03',
    causes: ['Every refusal is taken for a failure of the network', 'A certificate has expired'],
    next: ['Register the certificate or the id at the hub; raise an alarm instead of a retry'],
    on: ['*.answer'],
    check: (c) => {
      if (c.answer.statusCode !== '017') return;
      const key = callerKey(c);
      const before = (c.note<readonly number[]>(key) ?? []).filter((at) => c.x.time - at < MINUTE_MS);
      c.setNote(key, [...before, c.x.time].slice(-20));
      if (before.length !== 2) return;
      c.report({ text: `${c.x.operation} was refused as unauthorised three times within a minute`, seq: c.x.seq });
    },
  },
  {
    id: 'oicp.retry.same-body',
    severity: 'warning',
    fault: 'caller',
    title: 'What was refused for its content is not sent again unchanged',
    clause: 'GEN-06, CPO-CD-08, CPO-PD-09',
    causes: ['Every refusal is taken for a failure of the network', 'A queue repeats until something is accepted'],
    next: ['Read the fault of the first answer and correct the body, or set it aside for a person'],
    on: ['*.request', '*.answer'],
    check: (c) => {
      const { x } = c;
      if (x.raw === '') return;
      const key = callerKey(c);
      if (x.answer === null) {
        const before = c.note<Before>(key);
        if (before === undefined || before.raw !== x.raw || x.time - before.at > 10 * MINUTE_MS) return;
        c.report({
          text: `${x.operation} is sent again as it was, although its content was refused`,
          evidence: [{ seq: before.seq, label: 'the refusal' }],
        });
      } else if (refusedForContent(c)) {
        c.setNote(key, { seq: x.answer.seq, at: x.answer.time, raw: x.raw, wait: 0 } satisfies Before);
      }
    },
  },
  {
    id: 'oicp.retry.no-backoff',
    severity: 'error',
    fault: 'caller',
    title: 'After 429 a caller waits',
    clause: 'OICP acceptable use: limits; GEN-07',
    causes: ['Too many requests is taken for another failure', 'Several workers do not know of each other'],
    next: ['Wait as long as Retry-After says, else longer each time, with some chance in it'],
    on: ['*.request', '*.answer'],
    check: (c) => {
      const { x } = c;
      const key = callerKey(c);
      if (x.answer !== null) {
        if (x.answer.status !== 429) return;
        const seconds = Number(x.answer.header('retry-after'));
        const wait = Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : SHORTEST_BACKOFF_MS;
        c.setNote(key, { seq: x.answer.seq, at: x.answer.time, raw: '', wait } satisfies Before);
        return;
      }
      const before = c.note<Before>(key);
      if (before === undefined || x.time - before.at >= before.wait - Math.min(c.toleranceMs, before.wait / 2)) return;
      c.report({
        text: `${x.operation} comes ${Math.round(x.time - before.at)} ms after 429, ${before.wait} ms were to be waited`,
        evidence: [{ seq: before.seq, label: 'too many requests' }],
      });
    },
  },
  {
    id: 'oicp.retry.start',
    axis: 'consistency',
    severity: 'warning',
    fault: 'caller',
    title: 'A start whose answer was lost is not sent again',
    clause: 'GEN-08',
    causes: ['One retry serves all operations'],
    next: ['Retry pushes, pulls and records only: a start may have been taken although its answer was lost'],
    on: [
      'AuthorizeStart.request',
      'AuthorizeStart.answer',
      'AuthorizeRemoteStart.request',
      'AuthorizeRemoteStart.answer',
    ],
    check: (c) => {
      const { x } = c;
      if (!x.toHub || !BEGINS.has(x.operation)) return;
      const key = callerKey(c);
      if (x.answer !== null) {
        const { failure, status = 200 } = x.answer;
        // What never arrived may be sent again.
        const lost =
          (failure !== undefined && failure !== 'unreachable') || (status >= 500 && x.answer.statusCode === undefined);
        if (lost) c.setNote(key, { seq: x.answer.seq, at: x.answer.time, raw: x.raw, wait: 0 } satisfies Before);
        return;
      }
      const before = c.note<Before>(key);
      if (before === undefined || before.raw !== x.raw || x.time - before.at > 10_000) return;
      c.report({
        text: `${x.operation} is sent again ${Math.round((x.time - before.at) / 100) / 10} s after its answer was lost: it may start twice`,
        evidence: [{ seq: before.seq, label: 'what came instead of an answer' }],
      });
    },
  },
  {
    id: 'oicp.rate-limit',
    severity: 'warning',
    fault: 'caller',
    title: 'A partner stays below the published calls per minute',
    clause: 'OICP acceptable use: limits; GEN-14, EMP-PS-01, HUB-42',
    causes: ['A poll runs in every worker', 'Each status change makes a push of its own while many change at once'],
    next: ['Count the calls per minute; pull deltas, and poll the status every one to five minutes'],
    peer: 'rejects',
    on: ['*.request'],
    check: (c) => {
      const { x } = c;
      // A hub of ours counts by itself, with its own limits.
      if (!c.judges || !x.toHub || x.oicp === undefined) return;
      const limit = operationRow(x.oicp).perMinute;
      if (limit === undefined) return;
      const key = callerKey(c);
      const minute = Math.floor(x.time / MINUTE_MS);
      const before = c.note<{ minute: number; count: number }>(key);
      const count = before?.minute === minute ? before.count + 1 : 1;
      c.setNote(key, { minute, count });
      if (count === limit + 1) c.report({ text: `more than ${limit} calls of ${x.operation} a minute` });
    },
  },
]);

function callerKey({ x }: ExchangeContext): string {
  return `${x.from.id} ${x.to.id} ${x.operation}`;
}

function refusedForContent({ answer }: ExchangeContext): boolean {
  return answer.status === 400 || (answer.statusCode === '022' && !answer.granted);
}

import { isoTime, parseTime } from '../../../../core/time.ts';
import { isOffline } from '../../model/transactions-2x.ts';
import { listAt, textAt } from '../../payload-reader.ts';
import { ALL, family, type Rule, WARNING_16 } from '../../rule.ts';
import { eventTimeText, firstTimeFault, TIME_TRIGGERS } from './time-text.ts';

/** Statuses and security events may be told long after they came about; never before. */
const TELLS_THE_PAST = /^(StatusNotification|SecurityEventNotification)$/;
const CLOCK_ERROR_MS = 300_000;

/** Times: how they are written, and whether they can be. */
export const f2Times: readonly Rule[] = family({ versions: ALL, axis: 'conformance' }, [
  {
    id: 'OCPPJ-RPC-029',
    severity: WARNING_16,
    fault: 'sender',
    title: 'A time is written as RFC 3339 with a zone',
    clause: '1.6 §3.15, 2.x Part 2 §3.1',
    causes: ['Local time without a zone', 'An offset without minutes', 'Too many fraction digits'],
    next: ['Write UTC with Z and at most three fraction digits'],
    peer: 'tolerates',
    quirk: 'tsNoZone',
    on: TIME_TRIGGERS,
    check(c) {
      const digits = c.link.version === '1.6' ? 30 : 3;
      const found = firstTimeFault(c.o, digits);
      if (found === undefined) return;
      const { text, pointer, fault } = found;
      const object = `${c.o.action}${pointer.replaceAll(/\d+/g, '#')}`;
      c.report({ text: `${c.o.action} ${pointer} ${JSON.stringify(text)} ${fault}`, pointer, object, actual: text });
    },
  },
  {
    id: 'OCPPJ-RPC-030',
    severity: 'warning',
    fault: 'sender',
    axis: 'timing',
    title: 'A message that is sent at once bears the time of now',
    clause: 'ours',
    causes: ['The clock of the station is wrong', 'Local time is labelled as UTC'],
    next: [
      'Compare the difference with the time zone of the station',
      'Look at whether it sets its clock from currentTime',
    ],
    peer: 'tolerates',
    quirk: 'tsLocalAsZ',
    on: [
      ...(['MeterValues.request', 'StartTransaction.request', 'TransactionEvent.request'] as const),
      ...(['StatusNotification.request', 'SecurityEventNotification.request'] as const),
    ],
    check(c) {
      const { o, link, station } = c;
      if (!c.clocksAgree) return c.notEvaluable();
      const stamp = eventTimeText(o.payload);
      const at = stamp === undefined ? undefined : parseTime(stamp.text);
      if (stamp === undefined || at === undefined) return;
      const ahead = at - o.time;
      if (Math.abs(ahead) <= CLOCK_ERROR_MS || !/(Z|[+-]\d\d:\d\d)$/i.test(stamp.text)) return;
      // What happened before this socket was there, or during a gap, may come late.
      const mayBeLate =
        at < link.openedAt ||
        isOffline(o) ||
        TELLS_THE_PAST.test(o.action) ||
        isClockAligned(o.payload) ||
        (o.action === 'StartTransaction' && station.transactions16.retried(o) !== undefined);
      if ((ahead < 0 && mayBeLate) || c.repeats('clock')) return;
      const minutes = Math.round(Math.abs(ahead) / 60_000);
      c.report({
        text: `${o.action} is dated ${stamp.text}, ${minutes} min ${ahead > 0 ? 'after' : 'before'} it was seen`,
        pointer: stamp.pointer,
        object: 'clock',
        expected: isoTime(o.time),
        actual: stamp.text,
      });
    },
  },
]);

/** Values of a clock-aligned interval bear its begin (1.6 §9.1.5). */
function isClockAligned(payload: unknown): boolean {
  return listAt(payload, 'meterValue').some((each) =>
    listAt(each, 'sampledValue').some((sample) => textAt(sample, 'context') === 'Sample.Clock'),
  );
}

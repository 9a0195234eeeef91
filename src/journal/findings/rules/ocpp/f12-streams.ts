import type { EventStream } from '../../model/event-streams.ts';
import { listAt, numberAt, textAt } from '../../payload-reader.ts';
import { family, type Rule, type RuleContext, V21 } from '../../rule.ts';

const WRONG_STATES: Readonly<Record<Exclude<EventStream['state'], 'open'>, string>> = {
  asked: 'has not been accepted yet',
  rejected: 'was rejected',
  closed: 'is closed',
};

/** Periodic event streams and the SEND messages that carry them (2.1 N11 to N15). */
export const f12Streams: readonly Rule[] = family({ versions: V21, axis: 'conformance' }, [
  {
    id: 'OCPP21-SEND-001',
    severity: 'error',
    fault: 'sender',
    title: 'A SEND is not answered',
    clause: '2.1 Part 4 FR.07, N15.FR.02',
    causes: ['The dispatcher answers whatever has an id'],
    next: ['Answer messages of type 2 only'],
    peer: 'ignores',
    on: ['unexpected'],
    check(c) {
      const { o, station } = c;
      if (o.fromStation || station.streamsIfAny?.isSend(o.messageId) !== true) return;
      c.report({
        text: `The SEND ${o.messageId} was answered with a ${o.kind === 'error' ? 'CALLERROR' : 'CALLRESULT'}`,
      });
    },
  },
  {
    id: 'OCPP21-SEND-003',
    severity: 'error',
    fault: 'station',
    axis: 'consistency',
    title: 'Data comes for open streams only',
    clause: 'N11.FR.07, N13',
    causes: ['The answer to OpenPeriodicEventStream is not looked at', 'What was buffered is sent after the close'],
    next: ['Look for the OpenPeriodicEventStream of this id and its answer'],
    peer: 'ignores',
    needsHistory: true,
    on: ['NotifyPeriodicEventStream.send'],
    check(c) {
      const id = numberAt(c.o.payload, 'id');
      if (id === undefined) return;
      const stream = c.station.streamsIfAny?.get(id);
      if (stream?.state === 'open') return;
      c.report({
        text: `Data came for stream ${id}, which ${stream === undefined ? 'was not opened' : WRONG_STATES[stream.state]}`,
        object: id,
        pointer: '/id',
        ...(stream === undefined ? {} : { evidence: [{ seq: stream.seq, label: 'the stream' }] }),
      });
    },
  },
  {
    id: 'OCPP21-SEND-004',
    severity: 'warning',
    fault: 'station',
    title: 'Times of stream data begin at 0 and do not go back',
    clause: 'N15.FR.09',
    causes: ['basetime is the time of sending, not of the first value', 'Values are buffered without an order'],
    next: ['Compare basetime with the first value'],
    peer: 'tolerates',
    on: ['NotifyPeriodicEventStream.send'],
    check(c) {
      let before = 0;
      for (const [index, value] of listAt(c.o.payload, 'data').entries()) {
        const t = numberAt(value, 't') ?? before;
        const fits = index === 0 ? t === 0 : t >= before;
        if (!fits) {
          const what = index === 0 ? `begins at ${t} s, not at 0` : `goes back from ${before} to ${t} s`;
          return c.report({
            text: `Data of stream ${streamId(c)} ${what}`,
            object: streamId(c),
            pointer: `/data/${index}/t`,
            expected: index === 0 ? 0 : `at least ${before}`,
            actual: t,
          });
        }
        before = t;
      }
    },
  },
  {
    id: 'OCPP21-SEND-005',
    severity: 'error',
    fault: 'station',
    title: 'A message of a stream has no more values than agreed',
    clause: 'N15.FR.07',
    causes: ['The buffer is flushed by time only'],
    next: ['Compare with params.values of the stream'],
    peer: 'tolerates',
    on: ['NotifyPeriodicEventStream.send'],
    check(c) {
      const stream = c.station.streamsIfAny?.get(streamId(c));
      if (stream === undefined) return c.notEvaluable();
      const count = listAt(c.o.payload, 'data').length;
      if (stream.values === undefined || (stream.intervalS ?? 0) <= 0 || count <= stream.values) return;
      c.report({
        text: `A message of stream ${stream.id} has ${count} values, and ${stream.values} are agreed`,
        object: stream.id,
        pointer: '/data',
        evidence: [{ seq: stream.seq, label: 'the stream' }],
        expected: stream.values,
        actual: count,
      });
    },
  },
  {
    id: 'OCPP21-SEND-006',
    severity: 'warning',
    fault: 'station',
    axis: 'consistency',
    title: 'What a stream carries is not told by NotifyEvent too',
    clause: 'N11',
    causes: ['The monitor keeps its old way of reporting'],
    next: ['Look at the stream of this monitor'],
    peer: 'tolerates',
    on: ['NotifyEvent.request'],
    check(c) {
      const { streamsIfAny } = c.station;
      if (streamsIfAny === undefined) return;
      for (const [index, event] of listAt(c.o.payload, 'eventData').entries()) {
        const monitor = numberAt(event, 'variableMonitoringId');
        if (monitor === undefined || textAt(event, 'trigger') !== 'Periodic') continue;
        const stream = streamsIfAny.ofMonitor(monitor);
        if (stream === undefined) continue;
        c.report({
          text: `NotifyEvent tells values of monitor ${monitor}, which has the open stream ${stream.id}`,
          object: monitor,
          pointer: `/eventData/${index}`,
          evidence: [{ seq: stream.seq, label: 'the stream' }],
        });
      }
    },
  },
]);

function streamId(c: RuleContext): number {
  return numberAt(c.o.payload, 'id') ?? -1;
}

import { SECOND_MS } from '../../../../core/time.ts';
import { numberAt } from '../../payload-reader.ts';
import { ALL, family, type Rule } from '../../rule.ts';

/** Pings and pongs, as the link tells of them: every ten minutes at most, and at its end (1.6J §5.3, §7; 2.x Part 2 §3.2). */
export const f1Liveness: readonly Rule[] = family({ versions: ALL, axis: 'timing' }, [
  {
    id: 'OCPPJ-WS-001',
    severity: 'warning',
    fault: 'station',
    title: 'A ping is answered by a pong',
    clause: '1.6J §5.3, RFC 6455 §5.5.3',
    causes: ['The WebSocket library does not answer pings', 'A proxy answers nothing', 'A half-open connection'],
    next: ['Look at who pings, and whether a proxy stands between'],
    peer: 'tolerates',
    on: ['liveness', 'close'],
    check(c) {
      const unansweredS = numberAt(c.o.payload, 'unansweredS');
      if (unansweredS === undefined) return c.notEvaluable();
      if (unansweredS <= 30) return;
      c.report({
        text: `A ping has had no pong for ${Math.round(unansweredS)} s, and the connection is used`,
        object: c.link.number,
        actual: unansweredS,
      });
    },
  },
  {
    id: 'OCPPJ-WS-002',
    severity: 'warning',
    fault: 'station',
    title: 'A station pings in its interval',
    clause: '1.6J §7, 2.x OCPPCommCtrlr.WebSocketPingInterval',
    causes: ['Pings are not implemented', 'A new interval counts only after a reconnect'],
    next: ['Read WebSocketPingInterval'],
    peer: 'tolerates',
    on: ['liveness', 'close'],
    check(c) {
      const { o, station, link } = c;
      const name = link.version === '1.6' ? 'WebSocketPingInterval' : 'OCPPCommCtrlr.WebSocketPingInterval';
      const interval = station.configuration.number(name);
      if (interval === undefined || interval <= 0) return;
      const longestGapS = numberAt(o.payload, 'longestGapS');
      const forS = numberAt(o.payload, 'forS') ?? 0;
      if (longestGapS === undefined) return c.notEvaluable();
      if (longestGapS <= 2 * interval + c.toleranceMs / SECOND_MS) return;
      // The time without pings may lie before the interval was changed.
      const setting = station.configuration.get(name);
      const from = o.time - (longestGapS + forS) * SECOND_MS;
      if (setting?.how === 'set' && setting.at > from) return c.notEvaluable();
      c.report({
        text: `The station sent no ping for ${Math.round(longestGapS)} s; its interval is ${interval} s`,
        expected: interval,
        actual: longestGapS,
      });
    },
  },
]);

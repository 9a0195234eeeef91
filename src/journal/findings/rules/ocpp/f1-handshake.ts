import { SECOND_MS } from '../../../../core/time.ts';
import { Handshake } from '../../model/handshake.ts';
import { numberAt, textAt } from '../../payload-reader.ts';
import { ALL, family, type Report, type Rule, type RuleContext, V2X, V16, WARNING_16 } from '../../rule.ts';

const OPEN_MS = 5 * SECOND_MS;
const TWINS_MS = 10 * SECOND_MS;
const WAIT_MINIMUM = 'OCPPCommCtrlr.RetryBackOffWaitMinimum';
const REPEAT_TIMES = 'OCPPCommCtrlr.RetryBackOffRepeatTimes';

/** The upgrade request and its answer, and how connections of one station follow each other (OCPP-J §3, 2.x Part 4 §3, §5.3). */
export const f1Handshake: readonly Rule[] = family({ versions: ALL, axis: 'conformance' }, [
  {
    id: 'OCPPJ-HS-002',
    severity: 'error',
    fault: 'csms',
    title: 'The answer names one subprotocol, and one that was offered',
    clause: 'RFC 6455 §4.2.2, OCPP-J §3.2',
    causes: ['The server names its own protocol whatever was offered'],
    next: ['Compare Sec-WebSocket-Protocol of request and answer'],
    peer: 'rejects',
    on: ['open'],
    check(c) {
      const { offered, chosen } = new Handshake(c.link);
      if (offered === undefined || chosen === undefined) return c.notEvaluable();
      const strange = chosen.find((name) => !offered.includes(name));
      if (chosen.length <= 1 && strange === undefined) return;
      const text =
        chosen.length > 1
          ? `The answer names ${chosen.length} subprotocols: ${chosen.join(', ')}`
          : `The answer names ${strange}, and ${offered.length === 0 ? 'nothing' : offered.join(', ')} was offered`;
      c.report({ text, expected: offered, actual: chosen });
    },
  },
  {
    id: 'OCPPJ-HS-006',
    severity: 'error',
    fault: 'csms',
    title: 'Without a common subprotocol the connection is opened and closed at once',
    clause: 'OCPP-J §3.2',
    causes: ['The server does not look at the subprotocol'],
    next: ['Compare what is offered with what is served'],
    peer: 'unknown',
    on: ['open', 'refused'],
    check(c) {
      const { offered, chosen, served } = new Handshake(c.link);
      if (c.o.action === 'refused') {
        const status = numberAt(c.o.payload, 'status') ?? 0;
        if (textAt(c.o.payload, 'reason') !== 'no-common-subprotocol' || status < 400) return;
        const text = `No subprotocol is common, and the answer is HTTP ${status} instead of an open connection that closes`;
        return c.report({ text, object: 'refused', severity: 'info', actual: status });
      }
      if (offered === undefined || chosen === undefined) return c.notEvaluable();
      if (chosen.length > 0 || offered.some((name) => served?.includes(name) === true)) return;
      const { link } = c;
      let answered = 0;
      c.expect({
        withinMs: OPEN_MS,
        survivesClose: true,
        by(o) {
          if (o.link !== link) return false;
          if (o.kind === 'event') return o.action === 'closed' && answered === 0;
          if (!o.fromStation) answered++;
          return false;
        },
        otherwise: () => ({
          text:
            answered > 0
              ? `No subprotocol was agreed on, and the CSMS sent ${answered} message${answered === 1 ? '' : 's'}`
              : 'No subprotocol was agreed on, and the connection stayed open for more than 5 s',
        }),
      });
    },
  },
  {
    id: 'OCPPJ-HS-007',
    severity: 'warning',
    fault: 'csms',
    title: 'An identity that is not configured is answered 404',
    clause: 'OCPP-J §3.2',
    causes: ['The server lets everybody in', 'A gateway has an answer of its own'],
    next: ['Look at the list of stations of the CSMS'],
    peer: 'tolerates',
    on: ['open', 'refused'],
    check(c) {
      const { listed } = new Handshake(c.link);
      const unknown = listed === 'no' || textAt(c.o.payload, 'reason') === 'unknown-identity';
      const status = c.o.action === 'refused' ? (numberAt(c.o.payload, 'status') ?? 0) : 101;
      if (!unknown) return listed === undefined && status === 101 ? c.notEvaluable() : undefined;
      if (status === 404 || status === 401 || status === 403) return;
      c.report({
        text: `${c.link.station.id} is not in the list of stations, and the answer is ${status}`,
        expected: 404,
        actual: status,
      });
    },
  },
  {
    id: 'OCPPJ-HS-008',
    severity: 'info',
    fault: 'csms',
    title: 'The first served subprotocol of the station’s list is taken',
    clause: 'OCPP-J §3.1.2',
    causes: ['The server has an order of its own'],
    next: ['Look at the order in which the station offers'],
    peer: 'tolerates',
    on: ['open'],
    check(c) {
      const { offered, served, chosen } = new Handshake(c.link);
      if (offered === undefined || served === undefined || chosen === undefined) return c.notEvaluable();
      const first = offered.find((name) => served.includes(name));
      const [taken] = chosen;
      if (taken === undefined || first === undefined || first === taken || !offered.includes(taken)) return;
      c.report({
        text: `The station prefers ${first}, which is served, and got ${taken}`,
        expected: first,
        actual: taken,
      });
    },
  },
  {
    id: 'OCPPJ-HS-009',
    versions: V2X,
    severity: 'warning',
    fault: 'csms',
    title: 'Compression that a station offers is accepted',
    clause: '2.x Part 4 §3.3, §3.4',
    causes: ['Compression is switched off', 'A proxy strips the header'],
    next: ['Look at the configuration of the server, and at the answer without the proxy'],
    peer: 'tolerates',
    on: ['open'],
    check(c) {
      const { extensions, extensionsOffered } = new Handshake(c.link);
      if (extensions === undefined || extensionsOffered === undefined) return c.notEvaluable();
      if (!extensionsOffered.includes('permessage-deflate') || extensions.includes('permessage-deflate')) return;
      c.report({ text: 'The station offers permessage-deflate, and the server does not accept it' });
    },
  },
  {
    id: 'OCPPJ-HS-011',
    versions: V16,
    severity: 'warning',
    fault: 'station',
    axis: 'security',
    title: 'The password is sent as the bytes that the hexadecimal key stands for',
    clause: '1.6J §6.2.2',
    causes: ['The text of AuthorizationKey is sent as it is'],
    next: ['Decode the key before it goes into the Authorization header'],
    peer: 'tolerates',
    on: ['open', 'refused'],
    check(c) {
      if (new Handshake(c.link).passwordForm !== 'hex') return;
      c.report({ text: 'The password is 32 to 40 hexadecimal digits: the key was not turned into bytes' });
    },
  },
  {
    id: 'OCPPJ-HS-016',
    severity: WARNING_16,
    fault: 'station',
    axis: 'timing',
    title: 'A station waits before it connects again',
    clause: '2.x Part 4 §5.3, 1.6J errata 3.4',
    causes: ['There is no back-off', 'The back-off begins anew with each try'],
    next: ['Read RetryBackOffWaitMinimum and RetryBackOffRepeatTimes'],
    peer: 'tolerates',
    on: ['open', 'refused'],
    check(c) {
      const report = hasteOf(c);
      if (report !== undefined) c.report(report);
    },
  },
  {
    id: 'OCPPJ-HS-017',
    severity: 'warning',
    fault: 'station',
    axis: 'consistency',
    title: 'A station has one connection',
    clause: 'ours',
    causes: ['Two stations have the same identity', 'The CSMS does not notice that the old connection is dead'],
    next: ['Compare the addresses of both connections, and the BootNotifications on them'],
    peer: 'unknown',
    on: ['open'],
    check(c) {
      const { connections } = c.station;
      const { link } = c;
      if (connections.open.size < 2) return;
      c.expect({
        withinMs: TWINS_MS,
        otherwise() {
          const others = [...connections.open].filter((each) => each !== link && each.csms.id === link.csms.id);
          if (others.length === 0) return undefined;
          const used = others.find((each) => each.lastMessageAt > link.openedAt);
          if (used === undefined || link.lastMessageAt === 0) return TWINS_MS;
          return {
            text: `Two connections of ${link.station.id} are open and used: ${used.description.conn} and ${link.description.conn}`,
          };
        },
      });
    },
  },
]);

/** The try that led here came too soon, as the station's own settings say, or three in a row without any wait. */
function hasteOf(c: RuleContext): Report | undefined {
  const { configuration, connections } = c.station;
  const { attempt } = connections;
  if (attempt === undefined) return undefined;
  const waitS = configuration.number(WAIT_MINIMUM);
  const repeats = configuration.number(REPEAT_TIMES);
  const { waitedMs, failures, hasty } = attempt;
  if (c.link.version !== '1.6' && waitS !== undefined && repeats !== undefined) {
    const wantedMs = waitS * 2 ** Math.min(failures, repeats) * SECOND_MS;
    if (waitedMs >= wantedMs - c.toleranceMs) return undefined;
    return {
      text: `The station connects ${inSeconds(waitedMs)} s after ${failures === 0 ? 'it lost its connection' : `try ${failures} failed`}; its back-off is ${wantedMs / SECOND_MS} s at least`,
      expected: wantedMs / SECOND_MS,
      actual: inSeconds(waitedMs),
    };
  }
  if (hasty < 2) return undefined;
  const text = `The station tries to connect for the ${hasty + 1}rd time in a row within a second of the last`;
  return { text: text.replace(/([4-9]|\d\d+)rd/, '$1th') };
}

function inSeconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}

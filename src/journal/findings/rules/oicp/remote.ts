import { canonicalEvseId, operatorOfEvseId } from '../../../../protocols/oicp/index.ts';
import { type ExchangeContext, type ExchangeRule, oicpFamily } from '../../exchange/exchange-rule.ts';
import type { EvseFacts, OperatorData } from '../../exchange/oicp-model.ts';
import { textAt } from '../../payload-reader.ts';

const STATUS_MS = 60_000;
const COMMANDS = [
  'AuthorizeRemoteStart.answer',
  'AuthorizeRemoteStop.answer',
  'AuthorizeRemoteReservationStart.answer',
  'AuthorizeRemoteReservationStop.answer',
] as const;

/** Rules about remote commands and reservations, against what was uploaded about the EVSE. */
export const remote: readonly ExchangeRule[] = oicpFamily('consistency', [
  {
    id: 'oicp.remote.second',
    severity: 'error',
    fault: 'server',
    title: 'An EVSE that charges takes no second session',
    clause: 'OICP 2.3 status code 602; CPO-RS-02, CPO-RS-03',
    causes: ['The CPO acknowledges before it looks at the station', 'The session before was forgotten'],
    next: ['Answer 602 while a session runs'],
    on: ['AuthorizeRemoteStart.answer'],
    check: (c) => {
      const { x, answer } = c;
      const evse = textAt(x.payload, 'EvseID');
      const own = (textAt(x.payload, 'SessionID') ?? textAt(answer.payload, 'SessionID') ?? '').toLowerCase();
      if (evse === undefined || !answer.granted) return;
      for (const other of c.oicp.sessionsAt(x.side, evse)) {
        if (other.id.toLowerCase() === own || other.state !== 'granted' || other.cdr !== undefined) continue;
        // Only what was seen to charge, and not to stop, is known to run.
        if (other.start === undefined || other.end !== undefined || other.stopped !== undefined) continue;
        c.report({
          text: `${evse} takes session ${own}, although session ${other.id} charges there`,
          seq: x.seq,
          fault: x.toHub ? 'server' : 'cpo',
          evidence: [
            { seq: other.start.seq, label: 'energy flows' },
            { seq: answer.seq, label: 'the answer' },
          ],
        });
        return;
      }
    },
  },
  {
    id: 'oicp.remote.evse-unknown',
    severity: 'error',
    fault: 'hub',
    title: 'A hub refuses commands to EVSEs that their operator has not uploaded (603)',
    clause: 'OICP 2.3 processes, check order; HUB-16',
    causes: ['The hub passes everything on', 'The upload was lost'],
    next: ['Compare the EVSE id with the last fullLoad of its operator'],
    peer: 'tolerates',
    on: COMMANDS,
    check: (c) => {
      const { data, key, evse } = evseOf(c);
      if (!c.x.toHub || data?.complete !== true || data.evses.size === 0 || data.evses.has(key) || !c.answer.granted)
        return;
      c.report({
        text: `${evse} is not among the uploaded EVSEs, and the command was taken`,
        evidence: [{ seq: c.x.seq, label: 'the command' }],
      });
    },
  },
  {
    id: 'oicp.remote.not-compatible',
    severity: 'error',
    fault: 'hub',
    title: 'A hub refuses commands to EVSEs that are not compatible (604)',
    clause: 'OICP 2.3 IsHubjectCompatible; HUB-16',
    causes: ['The hub passes everything on'],
    next: ['Look at IsHubjectCompatible in the upload'],
    peer: 'tolerates',
    on: COMMANDS,
    check: (c) => {
      const { facts, evse } = evseOf(c);
      if (!c.x.toHub || facts?.compatible !== false || !c.answer.granted) return;
      c.report({
        text: `${evse} is not compatible by its upload, and the command was taken`,
        evidence: [{ seq: c.x.seq, label: 'the command' }],
      });
    },
  },
  {
    id: 'oicp.remote.out-of-service',
    severity: 'warning',
    fault: 'cpo',
    title: 'An EVSE that is out of service takes no command',
    clause: 'OICP 2.3 status code 700; CPO-RS-02, CPO-PS-01',
    causes: ['The pushed status is old', 'The CPO acknowledges before it looks at the station'],
    next: ['Compare the pushed status with the station’s'],
    peer: 'tolerates',
    on: ['AuthorizeRemoteStart.answer'],
    check: (c) => {
      const { data, key, evse } = evseOf(c);
      const status = data?.statuses.get(key);
      if (status?.status !== 'OutOfService' || !c.answer.granted) return;
      c.report({
        text: `${evse} was pushed as OutOfService and takes a remote start`,
        seq: c.x.seq,
        evidence: [{ seq: status.seq, label: 'the status' }],
      });
    },
  },
  {
    id: 'oicp.reservation.offered',
    severity: 'warning',
    fault: 'caller',
    title: 'Reservations go to EVSEs that offer them',
    clause: 'OICP 2.3 ValueAddedServices; EMP-RR-01',
    causes: ['The EMP does not look at ValueAddedServices'],
    next: ['Offer the button only where Reservation is listed'],
    peer: 'rejects',
    on: ['AuthorizeRemoteReservationStart.answer'],
    check: (c) => {
      const { facts, evse } = evseOf(c);
      if (facts === undefined || facts.services.includes('Reservation') || c.x.ends?.from !== 'EMP') return;
      c.report({ text: `${evse} does not offer reservations by its upload`, pointer: '/EvseID', seq: c.x.seq });
    },
  },
  {
    id: 'oicp.reservation.status',
    axis: 'timing',
    severity: 'warning',
    fault: 'cpo',
    title: 'A reserved EVSE is pushed as Reserved',
    clause: 'OICP 2.3 processes; CPO-RR-01',
    causes: ['The station cannot reserve, and the CPO only notes it'],
    next: ['Push Reserved when the reservation is accepted'],
    peer: 'tolerates',
    on: [
      'AuthorizeRemoteReservationStart.answer',
      'PushEvseStatus.request',
      'AuthorizeRemoteReservationStop.answer',
      'AuthorizeRemoteStart.answer',
    ],
    check: (c) => {
      const { x } = c;
      if (x.operation === 'PushEvseStatus') {
        for (const record of statusRecords(c)) c.fulfil(canonicalEvseId(record));
        return;
      }
      const { data, key, evse } = evseOf(c);
      if (x.operation !== 'AuthorizeRemoteReservationStart') return c.fulfil(key);
      // Without a status before, the operator may push none at all, or elsewhere.
      if (!c.answer.granted || data?.statuses.has(key) !== true || data.statuses.get(key)?.status === 'Reserved')
        return;
      c.expect({
        key,
        withinMs: STATUS_MS,
        otherwise: () => ({ text: `${evse} was reserved, and its status did not change within a minute`, seq: x.seq }),
      });
    },
  },
]);

function evseOf(c: ExchangeContext): {
  readonly evse: string;
  readonly key: string;
  readonly data: OperatorData | undefined;
  readonly facts: EvseFacts | undefined;
} {
  const evse = textAt(c.x.payload, 'EvseID') ?? '';
  const key = canonicalEvseId(evse);
  const data = c.oicp.operator(operatorOfEvseId(evse));
  return { evse, key, data, facts: data?.evses.get(key) };
}

function* statusRecords({ x }: ExchangeContext): Generator<string> {
  const list = x.body['OperatorEvseStatus'];
  const records =
    typeof list === 'object' && list !== null ? (list as { EvseStatusRecord?: unknown }).EvseStatusRecord : undefined;
  if (!Array.isArray(records)) return;
  for (const record of records) {
    const id = textAt(record, 'EvseID');
    if (id !== undefined) yield id;
  }
}

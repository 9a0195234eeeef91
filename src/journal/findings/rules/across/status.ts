import { parseTime } from '../../../../core/time.ts';
import { objectIn, objectsIn, textIn } from '../../../sessions/members.ts';
import { stationOf } from '../../../sessions/session-message.ts';
import type { EvsePlace } from '../../across/across-model.ts';
import { type AcrossContext, type AcrossRule, acrossFamily } from '../../across/across-rule.ts';

const PUSH_WITHIN_MS = 30_000;
const QUIET_MS = 10_000;
const AHEAD_MS = 30_000;

/** What is told about an EVSE and about time, over both protocols. */
export const status: readonly AcrossRule[] = acrossFamily('consistency', [
  {
    id: 'across.status.differs',
    severity: 'warning',
    fault: 'cpo',
    title: 'The status that is pushed is the station’s own',
    clause: 'OICP 2.3 EvseStatus; OCPP StatusNotification, AvailabilityState; CPO-PS-01, CPO-PS-04',
    causes: ['A push was refused or lost', 'Pushes overtake each other', 'A connector’s status is mapped wrongly'],
    next: ['Compare the last StatusNotification of all connectors of the EVSE with the last push'],
    peer: 'tolerates',
    on: ['ocpp.StatusNotification.request', 'ocpp.NotifyEvent.request', 'oicp.PushEvseStatus.request'],
    check: (c) => {
      for (const place of placesOf(c)) {
        const evseId = c.model.evseIdOf(place);
        if (evseId === undefined) continue;
        c.expect({
          key: evseId,
          withinMs: PUSH_WITHIN_MS,
          otherwise: (now) => {
            const own = c.model.statusOf(place);
            const pushed = c.model.pushed(evseId);
            if (own === undefined || pushed === undefined) return 'not evaluable';
            if (own.status === pushed.status) return undefined;
            // Changes that have just come may still be on their way.
            if (now - Math.max(own.at, pushed.at) < QUIET_MS) return PUSH_WITHIN_MS;
            // Who is not heard may be pushed as unknown, or out of service.
            const silent = c.model.heardAt(place.station) < pushed.at;
            if (pushed.status === 'Unknown' || (silent && pushed.status === 'OutOfService')) return 'not evaluable';
            return {
              text: `${evseId} is pushed as ${pushed.status}, ${place.station} says ${own.status}`,
              seq: pushed.seq,
              expected: own.status,
              actual: pushed.status,
              evidence: [{ seq: own.seq, label: 'the station’s status' }],
            };
          },
        });
      }
    },
  },
  {
    id: 'across.evse.place',
    severity: 'warning',
    fault: 'cpo',
    title: 'An EVSE id means one EVSE of one station',
    clause: 'OICP 2.3 EvseIDType; OCPP evse, connectorId; CPO-CD-09',
    causes: [
      'Two stations have the same EVSE id in the CPO backend',
      'Connectors are numbered differently on both sides',
    ],
    next: ['Compare the ids of the two EVSEs in the CPO backend'],
    peer: 'tolerates',
    on: ['oicp.ChargeDetailRecord.request'],
    check: (c) => {
      const { session, message } = c;
      const evseId = textIn(message.payload, 'EvseID');
      if (
        session?.station === undefined ||
        session.evse === undefined ||
        evseId === undefined ||
        message.from.role === 'hub'
      )
        return;
      const known = c.model.placeOf(evseId);
      if (known === undefined || (known.station === session.station && known.evse === session.evse)) return;
      c.report({
        text: `${evseId} was EVSE ${known.evse} of ${known.station} before, and is EVSE ${session.evse} of ${session.station} here`,
        pointer: '/EvseID',
      });
    },
  },
  {
    id: 'across.clock',
    axis: 'timing',
    severity: 'warning',
    fault: 'sender',
    title: 'The clocks of the parties agree',
    clause: 'OCPP currentTime, timestamp; OICP EventOccurred, ChargingEnd; GEN-11, CPO-CD-03',
    causes: ['A clock is not set', 'A time has an offset that does not fit it'],
    next: ['Compare the stated time with the time of the message, in UTC', 'Let all parties follow a time service'],
    peer: 'tolerates',
    on: [
      'ocpp.Heartbeat.answer',
      'ocpp.BootNotification.answer',
      'ocpp.StatusNotification.request',
      'ocpp.StartTransaction.request',
      'ocpp.TransactionEvent.request',
      'oicp.ChargingNotifications.request',
      'oicp.ChargeDetailRecord.request',
    ],
    check: (c) => {
      const { message } = c;
      const [name, text] = statedIn(message.payload);
      const at = parseTime(text);
      if (at === undefined || message.from.role === 'hub') return;
      if (!c.clocksAgree) return c.notEvaluable();
      const ahead = at - message.time;
      const isAnswer = message.kind === 'response';
      // What is stated may be old, for it waited; what is stated cannot be of the future. An answer is of now.
      if (ahead <= AHEAD_MS && !(isAnswer && ahead < -AHEAD_MS)) return;
      const party = message.from.id;
      if (c.note<boolean>(party) === true) return;
      c.setNote(party, true);
      c.report({
        text: `The clock of ${party} is ${Math.round(Math.abs(ahead) / 1_000)} s ${ahead > 0 ? 'ahead' : 'behind'}: it says ${text}`,
        pointer: `/${name}`,
      });
    },
  },
]);

function placesOf({ message, model }: AcrossContext): EvsePlace[] {
  const { payload, protocol } = message;
  if (protocol === 'oicp') {
    return objectsIn(objectIn(payload, 'OperatorEvseStatus'), 'EvseStatusRecord').flatMap((record) => {
      const place = model.placeOf(textIn(record, 'EvseID') ?? '');
      return place === undefined ? [] : [place];
    });
  }
  const station = stationOf(message);
  if (message.action === 'NotifyEvent')
    return objectsIn(payload, 'eventData').flatMap((event) => {
      const id = objectIn(objectIn(event, 'component'), 'evse')['id'];
      return typeof id === 'number' ? [{ station, evse: id }] : [];
    });
  const evse = payload['evseId'] ?? payload['connectorId'];
  return typeof evse === 'number' ? [{ station, evse }] : [];
}

/** What a message says about now, and the member that says it. */
function statedIn(payload: AcrossContext['message']['payload']): readonly [string, string] {
  for (const name of ['currentTime', 'EventOccurred', 'ChargingEnd', 'SessionEnd', 'timestamp', 'ChargingStart']) {
    const text = textIn(payload, name);
    if (text !== undefined) return [name, text];
  }
  return ['', ''];
}

import { canonicalEvseId, instantOf, offsetMinutesOf } from '../../../../protocols/oicp/index.ts';
import { type ExchangeContext, type ExchangeRule, oicpFamily } from '../../exchange/exchange-rule.ts';
import type { OicpSession } from '../../exchange/oicp-model.ts';
import { listAt, numberAt, textAt, valueAt } from '../../payload-reader.ts';

const LATE_MS = 10_000;
const HOUR_MS = 3_600_000;
/** A car may stay plugged long after it is full. */
const MISSING_AFTER_MS = 24 * HOUR_MS;
/** A station is a few percent better than its plate. */
const POWER_MARGIN = 1.1;
const ASKED = ['ChargeDetailRecord.request'] as const;
const SIGNED_ORDER: readonly unknown[] = ['Start', 'Progress', 'End'];

/** Rules about charge detail records that need to know what came before. */
export const chargeDetailRecords: readonly ExchangeRule[] = oicpFamily('consistency', [
  {
    id: 'oicp.cdr.second',
    severity: 'error',
    fault: 'caller',
    title: 'One session has one charge detail record',
    clause: 'OICP 2.3 eRoamingChargeDetailRecord; CPO-CD-01, HUB-22, EMP-CD-02',
    causes: [
      'The record was corrected after it had been sent',
      'Two systems of the operator settle the same session',
      'A reservation and the charging after it share a SessionID',
    ],
    next: ['Compare the two records: the first one counts', 'Look at what ended the session in the CPO backend'],
    peer: 'rejects',
    on: ASKED,
    check: (c) => {
      const session = settled(c);
      if (session?.cdr === undefined || sameText(session.cdr.raw, c.x.raw)) return;
      c.report({
        text: `Session ${session.id} has a charge detail record already, and this one is different`,
        pointer: '/SessionID',
        evidence: [{ seq: session.cdr.seq, label: 'the record that was accepted' }],
      });
    },
  },
  {
    id: 'oicp.cdr.resent',
    severity: 'warning',
    fault: 'caller',
    title: 'A record that was accepted, or known already, is not sent again',
    clause: 'OICP 2.3 sessions; CPO-CD-07, SRV-07',
    causes: ['400 “closed” is taken for a failure', 'The positive answer was lost in the partner’s queue'],
    next: ['Take 400 for a record of one’s own as delivered'],
    peer: 'rejects',
    on: ASKED,
    check: (c) => {
      const session = settled(c);
      if (session?.cdr === undefined || !sameText(session.cdr.raw, c.x.raw)) return;
      // Once may be a lost answer.
      const times = (c.note<number>(session.id) ?? 0) + 1;
      c.setNote(session.id, times);
      if (times < 2) return;
      c.report({
        text: `The record of session ${session.id} was accepted and is sent once more, for the ${times + 1}th time`,
        evidence: [{ seq: session.cdr.seq, label: 'the first time' }],
      });
    },
  },
  {
    id: 'oicp.cdr.changed',
    severity: 'error',
    fault: 'caller',
    title: 'A record that is sent again is the same',
    clause: 'OICP 2.3 eRoamingChargeDetailRecord; CPO-CD-06',
    causes: ['The record is made anew for each try'],
    next: ['Store the record when it is made, and send what was stored'],
    on: ['ChargeDetailRecord.request', 'ChargeDetailRecord.answer'],
    check: (c) => {
      // What was refused for its content is to be corrected; what nobody answered is not.
      if (c.x.answer !== null) return lost(c) ? c.setNote(String(c.x.seq), true) : undefined;
      const before = c.oicp.sessionOf(c.x)?.cdr;
      if (before === undefined || before.accepted || sameText(before.raw, c.x.raw)) return;
      if (c.note<boolean>(String(before.seq)) !== true) return;
      c.report({
        text: 'The record differs from the one whose answer was lost',
        evidence: [{ seq: before.seq, label: 'the record before' }],
      });
    },
  },
  {
    id: 'oicp.cdr.late',
    axis: 'timing',
    severity: 'info',
    fault: 'caller',
    title: 'A record comes within ten seconds of the end of its session',
    clause: 'OICP 2.3 eRoamingChargeDetailRecord; CPO-CD-01',
    causes: [
      'Records are sent by a job at night',
      'The station was offline at the end',
      'The hub was away, and the record waited',
    ],
    next: ['Compare SessionEnd with the time at which the end was known'],
    peer: 'tolerates',
    on: ASKED,
    check: (c) => {
      const { x } = c;
      const end = instantOf(textAt(x.payload, 'SessionEnd') ?? '');
      const session = c.oicp.sessionOf(x);
      // Without the session's beginning in the log it may be an old record.
      if (end === undefined || session === undefined || x.isRetry || !x.toHub) return;
      if (!c.clocksAgree) return c.notEvaluable();
      const late = x.time - end;
      if (late <= LATE_MS + 60_000) return;
      c.report({
        text: `The record comes ${Math.round(late / 1_000)} s after the end of the session`,
        pointer: '/SessionEnd',
      });
    },
  },
  {
    id: 'oicp.cdr.missing',
    axis: 'timing',
    severity: 'warning',
    fault: 'cpo',
    title: 'A session that was stopped gets its record',
    clause: 'OICP 2.3 processes; CPO-CD-01, CPO-RT-01, CPO-RR-02',
    causes: [
      'The stop did not reach the station',
      'The record was refused and put aside',
      'A reservation is not settled',
    ],
    next: ['Look for the session in the CPO backend'],
    on: [
      'AuthorizeStop.answer',
      'AuthorizeRemoteStop.answer',
      'AuthorizeRemoteReservationStop.answer',
      'ChargingNotifications.answer',
      'ChargeDetailRecord.answer',
    ],
    check: (c) => {
      const { x, answer } = c;
      const session = c.oicp.sessionOf(x);
      if (session === undefined || x.side !== 'cpo' || !answer.granted) return;
      if (x.operation === 'ChargeDetailRecord') return c.fulfil(session.id);
      if (session.cdr?.accepted === true) return;
      if (x.operation === 'ChargingNotifications' && textAt(x.payload, 'Type') !== 'End') return;
      const reservation = x.operation === 'AuthorizeRemoteReservationStop';
      c.expect({
        key: session.id,
        withinMs: reservation ? HOUR_MS : MISSING_AFTER_MS,
        otherwise: () => ({
          text: `Session ${session.id} was ended by ${x.operation}, and no charge detail record came`,
          seq: x.seq,
        }),
      });
    },
  },
  {
    id: 'oicp.cdr.before-session',
    severity: 'error',
    fault: 'cpo',
    title: 'A session is not over before it was granted',
    clause: 'OICP 2.3 SessionStart, SessionEnd; CPO-CD-03',
    causes: ['A clock is wrong', 'Local time is sent with the offset of UTC', 'The record is of another session'],
    next: ['Compare the offset of the time with the site’s time zone'],
    on: ASKED,
    check: (c) => {
      const session = c.oicp.sessionOf(c.x);
      const text = textAt(c.x.payload, 'SessionEnd') ?? '';
      const end = instantOf(text);
      if (session?.begun === undefined || end === undefined) return;
      if (!c.clocksAgree) return c.notEvaluable();
      if (end >= session.beganAt - 60_000) return;
      c.report({
        text: `SessionEnd ${text} is ${span(session.beganAt - end)} before the session was begun`,
        pointer: '/SessionEnd',
        evidence: [{ seq: session.beganSeq, label: 'its start' }],
      });
    },
  },
  {
    id: 'oicp.cdr.notifications',
    severity: 'warning',
    fault: 'cpo',
    title: 'A record says what the notifications have said',
    clause: 'OICP 2.3 eRoamingChargingNotifications; CPO-CN-03, CPO-CD-03, CPO-CD-04',
    causes: ['The record is computed from other meter values', 'One of them uses the time of the message'],
    next: ['Compare both with the transaction of the station'],
    peer: 'tolerates',
    on: ASKED,
    check: (c) => {
      const session = c.oicp.sessionOf(c.x);
      if (session === undefined) return;
      // A record moves the times of a station whose clock is ahead.
      if (c.clocksAgree) {
        compareTimes(c, session, 'start', 'ChargingStart');
        compareTimes(c, session, 'end', 'ChargingEnd');
      }
      const said = numberAt(session.end?.body, 'ConsumedEnergy');
      const now = numberAt(c.x.payload, 'ConsumedEnergy');
      if (session.end !== undefined && said !== undefined && now !== undefined && Math.abs(said - now) > 0.001) {
        c.report({
          text: `The record says ${now} kWh, the notification of the end said ${said} kWh`,
          pointer: '/ConsumedEnergy',
          expected: said,
          actual: now,
          evidence: [{ seq: session.end.seq, pointer: '/ConsumedEnergy', label: 'End' }],
        });
      }
    },
  },
  {
    id: 'oicp.cdr.power',
    severity: 'warning',
    fault: 'cpo',
    title: 'No EVSE gives more energy than its power allows in the time',
    clause: 'OICP 2.3 ChargingFacilityType, ConsumedEnergy; CPO-CD-02, CPO-CD-04',
    causes: [
      'Watt-hours are sent',
      'ChargingStart and ChargingEnd are not those of the energy',
      'The uploaded power is too small',
    ],
    next: ['Divide the energy by the time and compare with the uploaded power'],
    peer: 'tolerates',
    on: ASKED,
    check: (c) => {
      const { x } = c;
      const energy = numberAt(x.payload, 'ConsumedEnergy');
      const [start, end] = [
        instantOf(textAt(x.payload, 'ChargingStart') ?? ''),
        instantOf(textAt(x.payload, 'ChargingEnd') ?? ''),
      ];
      const evse = c.oicp.operator(x.pathId)?.evses.get(canonicalEvseId(textAt(x.payload, 'EvseID') ?? ''));
      if (energy === undefined || start === undefined || end === undefined || end <= start || evse?.maxKw === undefined)
        return;
      // Times are whole seconds.
      const hours = (end - start + 2_000) / HOUR_MS;
      const kW = energy / hours;
      if (kW <= evse.maxKw * POWER_MARGIN) return;
      c.report({
        text: `${energy} kWh in ${span(end - start)} are ${kW.toFixed(1)} kW; the EVSE has ${evse.maxKw} kW`,
        pointer: '/ConsumedEnergy',
      });
    },
  },
  {
    id: 'oicp.cdr.signed-order',
    severity: 'warning',
    fault: 'cpo',
    title: 'Signed metering values are those of start and end, in their order',
    clause: 'OICP 2.3 SignedMeteringValuesType; CPO-CD-05',
    causes: ['The station signs the end only', 'Values are sorted by their text'],
    next: ['Send Start, then Progress, then End'],
    peer: 'tolerates',
    on: ASKED,
    check: (c) => {
      const values = listAt(c.x.payload, 'SignedMeteringValues');
      if (values.length === 0) return;
      const order = values.map((value) => SIGNED_ORDER.indexOf(valueAt(value, 'MeteringStatus')));
      const known = order.filter((at) => at >= 0);
      if (known.length < values.length) return;
      const sorted = known.every((at, index) => index === 0 || at >= (known[index - 1] ?? 0));
      if (sorted && known[0] === 0 && known.at(-1) === 2) return;
      c.report({
        text: `The signed values are ${values.map((value) => String(valueAt(value, 'MeteringStatus'))).join(', ')}`,
        pointer: '/SignedMeteringValues',
      });
    },
  },
  {
    id: 'oicp.cdr.offset',
    axis: 'compatibility',
    severity: 'info',
    fault: 'cpo',
    title: 'Times have the offset of the charging site',
    clause: 'OICP 2.3 date/time; GEN-11, CPO-CD-03',
    causes: ['Times are sent in UTC'],
    next: ['Send the local time of the EVSE with its offset: it is printed on the driver’s bill'],
    peer: 'tolerates',
    on: ASKED,
    check: (c) => {
      const { x } = c;
      const text = textAt(x.payload, 'SessionStart') ?? '';
      const zone = c.oicp.operator(x.pathId)?.evses.get(canonicalEvseId(textAt(x.payload, 'EvseID') ?? ''))?.timeZone;
      const minutes = zone === undefined ? undefined : zoneMinutes(zone);
      const offset = offsetMinutesOf(text);
      // In summer the offset is an hour more than the zone's own.
      if (minutes === undefined || offset === undefined || offset === minutes || offset === minutes + 60) return;
      c.report({
        text: `SessionStart ${text} has not the offset of the EVSE’s time zone ${zone ?? ''}`,
        pointer: '/SessionStart',
      });
    },
  },
  {
    id: 'oicp.cdr.unanswered',
    axis: 'timing',
    severity: 'info',
    fault: 'caller',
    title: 'A record whose answer was lost is sent again',
    clause: 'OICP 2.3 eRoamingChargeDetailRecord; CPO-CD-06, GEN-08',
    causes: ['The sender gives up after the first failure'],
    next: ['Repeat until it is acknowledged'],
    peer: 'tolerates',
    on: ['ChargeDetailRecord.answer', 'ChargeDetailRecord.request'],
    check: (c) => {
      const { x } = c;
      const id = textAt(x.payload, 'SessionID');
      if (id === undefined || !x.toHub) return;
      if (x.answer === null) return c.fulfil(id);
      if (!lost(c)) return;
      c.expect({
        key: id,
        withinMs: HOUR_MS,
        otherwise: () => ({
          text: `The record of session ${id} was not answered, and it was not sent again`,
          seq: x.seq,
        }),
      });
    },
  },
]);

function settled(c: ExchangeContext): OicpSession | undefined {
  const session = c.oicp.sessionOf(c.x);
  return session?.cdr?.accepted === true ? session : undefined;
}

function lost({ answer }: ExchangeContext): boolean {
  return answer.failure !== undefined || ((answer.status ?? 200) >= 500 && answer.statusCode === undefined);
}

function compareTimes(c: ExchangeContext, session: OicpSession, which: 'start' | 'end', name: string): void {
  const note = session[which];
  const [said, now] = [textAt(note?.body, name), textAt(c.x.payload, name)];
  const [a, b] = [instantOf(said ?? ''), instantOf(now ?? '')];
  if (note === undefined || a === undefined || b === undefined || Math.abs(a - b) <= c.toleranceMs) return;
  c.report({
    text: `The record says ${name} ${now ?? ''}, the notification said ${said ?? ''}`,
    pointer: `/${name}`,
    expected: said,
    actual: now,
    evidence: [{ seq: note.seq, pointer: `/${name}`, label: which === 'start' ? 'Start' : 'End' }],
  });
}

/** `UTC+01:00` -> 60. */
function zoneMinutes(zone: string): number | undefined {
  const [, sign, hours, minutes] = /^UTC([+-])(\d{2}):(\d{2})$/.exec(zone) ?? [];
  if (sign === undefined) return undefined;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

/** Members in another order, or other white space, are the same record. */
function sameText(a: string, b: string): boolean {
  return a === b || a.replaceAll(/\s/g, '') === b.replaceAll(/\s/g, '');
}

function span(ms: number): string {
  return ms < 120_000 ? `${Math.round(ms / 1_000)} s` : `${Math.round(ms / 60_000)} min`;
}

import { instantOf } from '../../../../protocols/oicp/index.ts';
import { type ExchangeContext, type ExchangeRule, oicpFamily } from '../../exchange/exchange-rule.ts';
import type { OicpSession } from '../../exchange/oicp-model.ts';
import { numberAt, textAt } from '../../payload-reader.ts';

const INTERVAL_MS = 5 * 60_000;
const ASKED = ['ChargingNotifications.request'] as const;

/** Rules about the order of notifications and what they say one after another. */
export const notifications: readonly ExchangeRule[] = oicpFamily('consistency', [
  {
    id: 'oicp.notification.start-twice',
    severity: 'warning',
    fault: 'caller',
    title: 'Energy begins to flow once',
    clause: 'OICP 2.3 eRoamingChargingNotifications Start; CPO-CN-01',
    causes: ['Start is sent again after each pause of the car'],
    next: ['Send Start when energy flows first; pauses are seen from Progress'],
    peer: 'tolerates',
    on: ASKED,
    check: (c) => {
      const session = sessionFor(c, 'Start');
      if (session?.start === undefined || c.x.isRetry) return;
      c.report({
        text: `Session ${session.id} has been notified as started before`,
        pointer: '/Type',
        evidence: [{ seq: session.start.seq, label: 'the first Start' }],
      });
    },
  },
  {
    id: 'oicp.notification.order',
    severity: 'warning',
    fault: 'caller',
    title: 'Notifications follow the session: Start, Progress, End',
    clause: 'OICP 2.3 eRoamingChargingNotifications; CPO-CN-01, CPO-CN-03',
    causes: ['Notifications are sent by several workers', 'A failed one is sent again later'],
    next: ['Send them one after another for each session'],
    peer: 'tolerates',
    on: ASKED,
    check: (c) => {
      const session = c.oicp.sessionOf(c.x);
      const type = textAt(c.x.payload, 'Type');
      if (session === undefined) return;
      const later =
        type === 'Start' ? (session.start === undefined ? (session.progress ?? session.end) : undefined) : session.end;
      if (later === undefined || type === 'Error' || later.seq === c.x.seq) return;
      if (type === 'End' && c.x.isRetry) return;
      c.report({
        text: `${type ?? 'A notification'} of session ${session.id} comes after its ${textAt(later.body, 'Type') ?? 'end'}`,
        pointer: '/Type',
        evidence: [{ seq: later.seq, label: 'the later state' }],
      });
    },
  },
  {
    id: 'oicp.notification.interval',
    axis: 'timing',
    severity: 'error',
    fault: 'caller',
    title: 'Five minutes lie between two Progress notifications',
    clause: 'OICP 2.3 eRoamingChargingNotifications Progress; CPO-CN-02, HUB-35',
    causes: [
      'Each MeterValues of the station becomes a Progress',
      'The timer runs from the answer, not from the notification',
    ],
    next: ['Send at most one in five minutes and session'],
    peer: 'rejects',
    on: ASKED,
    check: (c) => {
      const session = sessionFor(c, 'Progress');
      if (session?.progress === undefined || c.x.isRetry) return;
      const gap = c.x.time - session.progress.at;
      if (gap >= INTERVAL_MS - c.toleranceMs) return;
      c.report({
        text: `Progress of session ${session.id} comes ${Math.round(gap / 1_000)} s after the one before, 300 s must lie between`,
        evidence: [{ seq: session.progress.seq, label: 'the one before' }],
      });
    },
  },
  {
    id: 'oicp.notification.interval-taken',
    axis: 'timing',
    severity: 'warning',
    fault: 'hub',
    title: 'A hub refuses a Progress that comes too early',
    clause: 'OICP 2.3 processes; HUB-35',
    causes: ['The hub passes everything on'],
    next: ['Refuse it with 022: providers are flooded otherwise'],
    peer: 'tolerates',
    on: ['ChargingNotifications.answer'],
    check: (c) => {
      const session = sessionFor(c, 'Progress');
      if (session?.progress === undefined || !c.x.toHub || !c.answer.granted || c.x.isRetry) return;
      if (c.x.time - session.progress.at >= INTERVAL_MS - c.toleranceMs) return;
      c.report({
        text: 'A Progress that came too early was accepted',
        evidence: [{ seq: c.x.seq, label: 'the notification' }],
      });
    },
  },
  {
    id: 'oicp.notification.energy-back',
    severity: 'error',
    fault: 'caller',
    title: 'The energy of a session never becomes less',
    clause: 'OICP 2.3 ConsumedEnergyProgress; CPO-CN-02',
    causes: [
      'The energy since the last notification is sent',
      'Meter values of two connectors are mixed',
      'The unit changed from Wh to kWh',
    ],
    next: ['Send the energy since the start of charging, in kWh'],
    on: ASKED,
    check: (c) => {
      const session = c.oicp.sessionOf(c.x);
      const type = textAt(c.x.payload, 'Type');
      const before = numberAt(session?.progress?.body, 'ConsumedEnergyProgress');
      const name = type === 'End' ? 'ConsumedEnergy' : 'ConsumedEnergyProgress';
      const now = numberAt(c.x.payload, name);
      if (session?.progress === undefined || before === undefined || now === undefined || now >= before) return;
      c.report({
        text: `${now} kWh of session ${session.id} are less than the ${before} kWh of the notification before`,
        pointer: `/${name}`,
        evidence: [{ seq: session.progress.seq, pointer: '/ConsumedEnergyProgress', label: 'the notification before' }],
        expected: before,
        actual: now,
      });
    },
  },
  {
    id: 'oicp.notification.unwanted',
    severity: 'warning',
    fault: 'caller',
    title: 'A provider that takes no notifications gets no more of them',
    clause: 'OICP 2.3 status code 320; CPO-CN-05',
    causes: ['The answer of a notification is not read'],
    next: ['Stop after 320 for this session'],
    peer: 'rejects',
    on: ASKED,
    check: (c) => {
      const session = c.oicp.sessionOf(c.x);
      if (session?.unwanted === undefined) return;
      c.report({
        text: `The provider of session ${session.id} takes no notifications, as the hub has said`,
        evidence: [{ seq: session.unwanted, pointer: '/StatusCode', label: '320' }],
      });
    },
  },
  {
    id: 'oicp.notification.charging-start',
    severity: 'warning',
    fault: 'caller',
    title: 'All notifications of a session name the same ChargingStart',
    clause: 'OICP 2.3 ChargingStart; CPO-CN-02',
    causes: ['The time of the message is sent', 'Pauses move the start'],
    next: ['Keep the time at which energy flowed first'],
    peer: 'tolerates',
    on: ASKED,
    check: (c) => {
      const session = c.oicp.sessionOf(c.x);
      const said = textAt(session?.start?.body, 'ChargingStart');
      const now = textAt(c.x.payload, 'ChargingStart');
      if (session?.start === undefined || said === undefined || now === undefined) return;
      // A record and its End move the times of a station whose clock is ahead.
      if (!c.clocksAgree) return c.notEvaluable();
      const [a, b] = [instantOf(said), instantOf(now)];
      if (a === undefined || b === undefined || Math.abs(a - b) <= c.toleranceMs) return;
      c.report({
        text: `Charging of session ${session.id} started at ${said}, this notification says ${now}`,
        pointer: '/ChargingStart',
        evidence: [{ seq: session.start.seq, pointer: '/ChargingStart', label: 'Start' }],
        expected: said,
        actual: now,
      });
    },
  },
  {
    id: 'oicp.notification.no-start',
    severity: 'warning',
    fault: 'caller',
    title: 'Who notifies of a session notifies of its start',
    clause: 'OICP 2.3 eRoamingChargingNotifications Start; CPO-CN-01',
    causes: [
      'A Start was lost, or given up after an error',
      'Only meter values are passed on, not the begin of charging',
    ],
    next: ['Look for the Start of the session in the log of the CPO; an answer that it failed comes with a reason'],
    peer: 'tolerates',
    on: ASKED,
    check: (c) => {
      const type = textAt(c.x.payload, 'Type');
      const session = c.oicp.sessionOf(c.x);
      // A log that begins in the middle of a session does not show its Start.
      if (session?.begun === undefined || session.cdr !== undefined || type === 'Error') return;
      const seen = c.note<boolean>(keyOf(session));
      c.setNote(keyOf(session), true);
      if (type === 'Start' || seen === true) return;
      // The end of a driver's session in which nothing was charged has no Start.
      if (type === 'End' && (numberAt(c.x.payload, 'ConsumedEnergy') ?? 0) <= 0) return;
      c.report({
        text: `${type ?? 'A notification'} of session ${session.id} comes without a Start`,
        pointer: '/Type',
      });
    },
  },
  {
    id: 'oicp.notification.no-end',
    severity: 'info',
    fault: 'caller',
    title: 'Who notifies of a session notifies of its end, before the record',
    clause: 'OICP 2.3 eRoamingChargingNotifications End; CPO-CN-03',
    causes: ['An End was lost', 'The record overtakes the End'],
    next: ['Send End when energy has stopped, then the record: a provider may keep the driver blocked until then'],
    peer: 'tolerates',
    on: [...ASKED, 'ChargeDetailRecord.request'],
    check: (c) => {
      const session = c.oicp.sessionOf(c.x);
      if (session === undefined) return;
      if (c.x.operation === 'ChargingNotifications') {
        const type = textAt(c.x.payload, 'Type');
        if (type === 'End' || type === 'Error') c.setNote(keyOf(session), true);
        return;
      }
      const first = session.start ?? session.progress;
      if (first === undefined || session.unwanted !== undefined || c.note<boolean>(keyOf(session)) === true) return;
      c.report({
        text: `The record of session ${session.id} comes without an End before it`,
        evidence: [{ seq: first.seq, label: 'what was notified' }],
      });
    },
  },
  {
    id: 'oicp.notification.after-stop',
    severity: 'info',
    fault: 'caller',
    title: 'Charging does not begin or go on after the driver has stopped it',
    clause: 'OICP 2.3 eRoamingAuthorizeStop, sessions; ours',
    causes: ['A queued notification is sent after the stop', 'The station goes on charging'],
    next: ['Compare EventOccurred with the time of the stop'],
    peer: 'tolerates',
    on: ASKED,
    check: (c) => {
      const type = textAt(c.x.payload, 'Type');
      const session = c.oicp.sessionOf(c.x);
      // The answer to a remote stop says that it will be tried; a driver who stops has stopped.
      if (session?.stopped === undefined || !('Identification' in session.stopped.body)) return;
      if (type !== 'Start' && type !== 'Progress') return;
      c.report({
        text: `${type} of session ${session.id} comes after its driver has stopped it`,
        pointer: '/Type',
        evidence: [{ seq: session.stopped.seq, label: 'AuthorizeStop' }],
      });
    },
  },
]);

/** Each side of a hub by itself: it may have its own journal. */
function keyOf({ side, id }: OicpSession): string {
  return `${side} ${id.toLowerCase()}`;
}

function sessionFor(c: ExchangeContext, type: string): OicpSession | undefined {
  return textAt(c.x.payload, 'Type') === type ? c.oicp.sessionOf(c.x) : undefined;
}

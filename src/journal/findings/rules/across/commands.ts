import { objectIn, textIn } from '../../../sessions/members.ts';
import { mediumOf } from '../../../sessions/oicp-facts.ts';
import type { SessionMessage } from '../../../sessions/session-message.ts';
import { tokenName } from '../../../sessions/token-name.ts';
import { type AcrossContext, type AcrossRule, acrossFamily } from '../../across/across-rule.ts';
import { hasStarted } from './records.ts';

const START_WITHIN_MS = 10 * 60_000;
const STOP_WITHIN_MS = 2 * 60_000;
const TRANSACTION_BEGINS = ['ocpp.StartTransaction.request', 'ocpp.TransactionEvent.request'] as const;

/** What was promised over OICP against what the station did. */
export const commands: readonly AcrossRule[] = acrossFamily('consistency', [
  {
    id: 'across.remote.not-started',
    axis: 'timing',
    severity: 'warning',
    fault: 'cpo',
    title: 'A remote start that was acknowledged starts, or its failure is told',
    clause: 'OICP 2.3 eRoamingAuthorizeRemoteStart; OCPP RemoteStartTransaction, RequestStartTransaction; CPO-RS-01',
    causes: [
      'The car was not plugged in',
      'The station did not get the command',
      'The start failed and nobody was told',
    ],
    next: ['Look at the station’s answer to the remote start', 'Send the notification Error when a start fails'],
    on: ['oicp.AuthorizeRemoteStart.answer', 'oicp.ChargingNotifications.request', ...TRANSACTION_BEGINS],
    check: (c) => {
      const { message, session } = c;
      const id = session?.oicp?.toLowerCase();
      if (id === undefined || session === undefined) return;
      if (message.action !== 'AuthorizeRemoteStart') return c.fulfil(id);
      if (!isGranted(message) || hasStarted(session) || message.from.role === 'hub') return;
      c.expect({
        key: id,
        withinMs: START_WITHIN_MS,
        otherwise: () => {
          const now = c.sessionOf(id);
          if (now === undefined || hasStarted(now)) return undefined;
          // The station's side is not in this stream.
          if (now.station === undefined) return 'not evaluable';
          return {
            text: `The remote start of session ${id} was acknowledged, and ${now.station} started nothing within ten minutes${now.problem === undefined ? '' : `: ${now.problem}`}`,
            seq: message.seq,
          };
        },
      });
    },
  },
  {
    id: 'across.remote.refused',
    severity: 'error',
    fault: 'cpo',
    title: 'A remote start is not acknowledged when the station has refused it',
    clause: 'OICP 2.3 eRoamingAcknowledgement; OCPP RemoteStartTransaction; CPO-RS-02',
    causes: ['The station’s answer is not waited for, or not read'],
    next: ['Answer 5xx, 6xx or 700 with the station’s reason'],
    on: [
      'ocpp.RemoteStartTransaction.answer',
      'ocpp.RequestStartTransaction.answer',
      'oicp.AuthorizeRemoteStart.answer',
    ],
    check: (c) => acknowledgedThoughRefused(c, 'The remote start'),
  },
  {
    id: 'across.reservation.refused',
    severity: 'error',
    fault: 'cpo',
    title: 'A reservation is not acknowledged when the station has refused it',
    clause: 'OICP 2.3 eRoamingAuthorizeRemoteReservationStart; OCPP ReserveNow; CPO-RR-01',
    causes: ['The station’s answer is not waited for, or not read'],
    next: ['Answer 601, 602 or 700 with the station’s reason'],
    on: ['ocpp.ReserveNow.answer', 'oicp.AuthorizeRemoteReservationStart.answer'],
    check: (c) => acknowledgedThoughRefused(c, 'The reservation'),
  },
  {
    id: 'across.stop.ignored',
    axis: 'timing',
    severity: 'error',
    fault: 'cpo',
    title: 'A remote stop that was acknowledged ends the transaction',
    clause: 'OICP 2.3 eRoamingAuthorizeRemoteStop; OCPP RemoteStopTransaction; CPO-RT-01',
    causes: ['The stop did not reach the station', 'The station does not stop for other reasons than its own card'],
    next: ['Look at the station’s answer to the remote stop'],
    on: ['oicp.AuthorizeRemoteStop.answer', 'ocpp.StopTransaction.request', 'ocpp.TransactionEvent.request'],
    check: (c) => {
      const { message, session } = c;
      const id = session?.oicp?.toLowerCase();
      if (id === undefined || session === undefined) return;
      if (message.protocol === 'ocpp') {
        if (session.endedAt !== undefined) c.fulfil(id);
        return;
      }
      if (!isGranted(message) || message.from.role === 'hub' || session.endedAt !== undefined) return;
      c.expect({
        key: id,
        withinMs: STOP_WITHIN_MS,
        otherwise: () => {
          const now = c.sessionOf(id);
          if (now === undefined || now.endedAt !== undefined) return undefined;
          if (now.station === undefined || !hasStarted(now)) return 'not evaluable';
          return {
            text: `The remote stop of session ${id} was acknowledged, and transaction ${now.ocppTx ?? ''} of ${now.station} goes on`,
            seq: message.seq,
          };
        },
      });
    },
  },
  {
    id: 'across.notification.no-transaction',
    severity: 'error',
    fault: 'cpo',
    title: 'Notifications tell of a transaction',
    clause: 'OICP 2.3 eRoamingChargingNotifications; OCPP StartTransaction, TransactionEvent; CPO-CN-01',
    causes: [
      'The notification is sent when the driver is authorised, not when energy flows',
      'The transaction belongs to another session',
    ],
    next: ['Look for the station’s transaction at that time'],
    peer: 'tolerates',
    on: ['oicp.ChargingNotifications.request'],
    check: (c) => {
      const { message, session } = c;
      const type = textIn(message.payload, 'Type') ?? '';
      if (session === undefined || type === 'Error' || message.from.role === 'hub' || hasStarted(session)) return;
      if (session.station === undefined && c.model.placeOf(textIn(message.payload, 'EvseID') ?? '') === undefined)
        return c.notEvaluable();
      c.report({
        text: `${type} of session ${session.oicp ?? ''} is notified, and no station told a transaction of it`,
        pointer: '/SessionID',
      });
    },
  },
  {
    id: 'across.authorised.anyway',
    axis: 'security',
    severity: 'error',
    fault: 'cpo',
    title: 'Who the hub has refused does not charge',
    clause: 'OICP 2.3 AuthorizationStatus; OCPP idTagInfo, idTokenInfo; CPO-AS-03',
    causes: ['The refusal is taken for a failure, and a local policy lets the driver in'],
    next: ['Look at the policy for hubs that do not answer: NotAuthorized is an answer'],
    on: [
      'oicp.AuthorizeStart.answer',
      'ocpp.Authorize.answer',
      'ocpp.StartTransaction.answer',
      'ocpp.TransactionEvent.answer',
    ],
    check: (c) => {
      const { message, session } = c;
      if (session === undefined) return;
      if (message.protocol === 'oicp') {
        if (message.to.role === 'hub' || message.from.role === 'emp') return;
        const status = textIn(message.payload, 'AuthorizationStatus');
        // Codes of the hub's own say that nobody was asked.
        const code = textIn(objectIn(message.payload, 'StatusCode'), 'Code') ?? '';
        if (status === 'NotAuthorized' && /^(1\d\d|200)$/.test(code)) c.setNote(session.id, { seq: message.seq, code });
        else if (status === 'Authorized') c.setNote(session.id, undefined);
        return;
      }
      const refusal = c.note<{ readonly seq: number; readonly code: string }>(session.id);
      const info = objectIn(message.payload, 'idTagInfo');
      const status = textIn(info, 'status') ?? textIn(objectIn(message.payload, 'idTokenInfo'), 'status');
      if (refusal === undefined || status !== 'Accepted') return;
      c.report({
        text: `${message.action} is answered Accepted, and the hub had refused the driver with ${refusal.code}`,
        evidence: [{ seq: refusal.seq, label: 'the hub’s refusal' }],
      });
    },
  },
  {
    id: 'across.authorise.token',
    severity: 'error',
    fault: 'cpo',
    title: 'The hub is asked about the card or contract that the station showed',
    clause: 'OICP 2.3 Identification; OCPP idTag, idToken; CPO-AS-01, CPO-AS-06',
    causes: [
      'The UID is reversed or cut',
      'The EvcoID has another check character than the EMAID',
      'A parent card is asked about',
    ],
    next: ['Compare both without separators; the bytes of a UID go from left to right'],
    on: ['oicp.AuthorizeStart.request'],
    check: (c) => {
      const { message } = c;
      if (message.from.role !== 'csms') return;
      const medium = mediumOf(message.payload);
      if (medium === undefined) return;
      const { found, others } = c.model.waitingAsk(
        message.from.id,
        message.time,
        (token) => tokenName(token) === tokenName(medium.value),
      );
      if (found) return;
      const [only] = others;
      // Somebody else's request may be the one that is asked about: only one that stands alone tells.
      if (only === undefined || others.length > 1) return c.notEvaluable();
      const token = tokenOf(only);
      if (token === undefined) return c.notEvaluable();
      c.report({
        text: `The hub is asked about ${medium.value}, the station showed ${token}${reversed(token, medium.value)}`,
        pointer: '/Identification',
        expected: token,
        actual: medium.value,
        evidence: [{ seq: only.seq, label: 'what the station showed' }],
      });
    },
  },
]);

function isGranted({ kind, payload }: AcrossContext['message']): boolean {
  return kind !== 'error' && payload['Result'] === true;
}

function tokenOf({ payload }: SessionMessage): string | undefined {
  return textIn(payload, 'idTag') ?? textIn(objectIn(payload, 'idToken'), 'idToken');
}

function reversed(a: string, b: string): string {
  const bytes = a.toUpperCase().match(/../g)?.reverse().join('');
  return bytes === b.toUpperCase() ? ': its bytes are reversed' : '';
}

/** Notes what the station refused; the acknowledgement of the same session is then wrong. */
function acknowledgedThoughRefused(c: AcrossContext, what: string): void {
  const { message, session } = c;
  if (session === undefined) return;
  if (message.protocol === 'ocpp') {
    if (message.kind === 'error' || textIn(message.payload, 'status') !== 'Accepted')
      c.setNote(session.id, { seq: message.seq, said: textIn(message.payload, 'status') ?? 'with an error' });
    return;
  }
  const refusal = c.note<{ readonly seq: number; readonly said: string }>(session.id);
  if (refusal === undefined || !isGranted(message) || message.from.role === 'hub') return;
  c.report({
    text: `${what} was acknowledged although ${session.station ?? 'the station'} had answered ${refusal.said}`,
    evidence: [{ seq: refusal.seq, label: 'the station’s answer' }],
  });
}

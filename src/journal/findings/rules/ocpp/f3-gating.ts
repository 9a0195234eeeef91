import { SECOND_MS } from '../../../../core/time.ts';
import { ALL, family, type Rule, type RuleContext, WARNING_16 } from '../../rule.ts';
import { seconds } from './time-text.ts';

/** What may be sent before a station is registered (1.6 §4.2; 2.x B01 to B03). */
export const f3Gating: readonly Rule[] = family({ versions: ALL, axis: 'conformance' }, [
  {
    id: 'OCPP-BOOT-001',
    severity: 'error',
    fault: 'station',
    title: 'After a reset the first call is BootNotification',
    clause: '1.6 §4.2, B01.FR.03',
    causes: ['The start after a reset uses the code of a reconnect', 'The station did not reset at all'],
    next: ['Look at whether the station really rebooted'],
    peer: 'tolerates',
    on: ['first'],
    check(c) {
      if (c.o.action === 'BootNotification') return;
      const cause = c.station.boot.causeBefore(c.link.openedAt);
      if (cause === null) return;
      const why = cause.what === 'reset' ? `Reset ${cause.type} was accepted` : `${cause.type} was reported`;
      c.report({
        text: `${why}, and the first call afterwards is ${c.o.action}, not BootNotification`,
        object: cause.seq,
        evidence: [{ seq: cause.seq, label: why }],
        expected: 'BootNotification',
        actual: c.o.action,
      });
    },
  },
  {
    id: 'OCPP-BOOT-002',
    severity: 'error',
    fault: 'station',
    title: 'Nothing is sent while BootNotification waits for its answer',
    clause: '1.6 §4.2, B01.FR.08',
    causes: ['Features send on their own, without asking whether the station is registered'],
    next: ['Put one gate in front of everything that sends'],
    peer: 'tolerates',
    quirk: 'statusBeforeBoot',
    on: ['unregistered'],
    check(c) {
      const { sent } = c.station.boot;
      if (!isCall(c) || !c.o.fromStation || sent === null || sent.link !== c.link || c.o.action === 'BootNotification')
        return;
      if (sent.outcome !== 'open') return;
      tooEarly(c, 'OCPP-BOOT-002');
      c.report({
        text: `${c.o.action} was sent while BootNotification is not answered`,
        object: sent.seq,
        evidence: [{ seq: sent.seq, label: 'the BootNotification' }],
      });
    },
  },
  {
    id: 'OCPP-BOOT-003',
    severity: 'error',
    fault: 'station',
    title: 'A Pending station calls only when it was asked to',
    clause: '1.6 §4.2, B02.FR.02',
    causes: ['The station takes Pending for Accepted'],
    next: ['Look at what the station does with the status in BootNotification.conf'],
    peer: 'tolerates',
    on: ['unregistered'],
    check(c) {
      if (!isRegisteredAs(c, 'Pending') || c.station.triggers.cause(c.o.action, c.o.time) !== undefined) return;
      tooEarly(c, 'OCPP-BOOT-003');
      const { answerSeq } = c.station.boot;
      c.report({
        text: `${c.o.action} was sent while the station is Pending, and nothing asked for it`,
        object: `${answerSeq} ${c.o.action}`,
        evidence: [{ seq: answerSeq, label: 'Pending' }],
      });
    },
  },
  {
    id: 'OCPP-BOOT-004',
    severity: 'error',
    fault: 'station',
    title: 'A Rejected station is silent until the interval is over',
    clause: '1.6 §4.2, B03.FR.02',
    causes: ['The station takes Rejected for Accepted'],
    next: ['Look at what the station does with the status in BootNotification.conf'],
    peer: 'tolerates',
    on: ['unregistered'],
    check(c) {
      if (!isRegisteredAs(c, 'Rejected')) return;
      const { answeredAt, answerSeq, interval } = c.station.boot;
      if (interval > 0 && c.o.time >= answeredAt + interval * SECOND_MS - c.toleranceMs) return;
      tooEarly(c, 'OCPP-BOOT-004');
      c.report({
        text: `${c.o.action} was sent ${seconds(c.o.time - answeredAt)} after the station was Rejected for ${interval} s`,
        object: answerSeq,
        evidence: [{ seq: answerSeq, label: 'Rejected' }],
      });
    },
  },
  {
    id: 'OCPP-BOOT-005',
    severity: WARNING_16,
    fault: 'station',
    title: 'BootNotification is not repeated before the interval is over',
    clause: '1.6 §4.2, B02.FR.04',
    causes: ['The station has an interval of its own'],
    next: ['Compare with interval in BootNotification.conf'],
    peer: 'tolerates',
    quirk: 'repeatBoot10s',
    on: ['BootNotification.request'],
    check(c) {
      const { boot, triggers } = c.station;
      // On another socket the station may have been switched off and on.
      if (boot.registration === 'none' || boot.registration === 'Accepted' || boot.interval <= 0) return;
      if (boot.answeredAt < c.link.openedAt || triggers.cause('BootNotification', c.o.time) !== undefined) return;
      if (c.o.time >= boot.answeredAt + boot.interval * SECOND_MS - c.toleranceMs) return;
      c.report({
        text: `BootNotification came again ${seconds(c.o.time - boot.answeredAt)} after ${boot.registration} with an interval of ${boot.interval} s`,
        object: boot.registration,
        evidence: [{ seq: boot.answerSeq, label: boot.registration }],
        expected: `at least ${boot.interval} s`,
      });
    },
  },
  {
    id: 'OCPP-BOOT-006',
    severity: 'error',
    fault: 'csms',
    title: 'No remote start or stop to a Pending station',
    clause: '1.6 §4.2, B02.FR.05',
    causes: ['The CSMS does not look at the registration before it sends'],
    next: ['Accept the station first'],
    peer: 'rejects',
    on: [
      'RemoteStartTransaction.request',
      'RemoteStopTransaction.request',
      'RequestStartTransaction.request',
      'RequestStopTransaction.request',
    ],
    check(c) {
      if (c.o.fromStation || c.station.boot.registration !== 'Pending') return;
      const { answerSeq } = c.station.boot;
      const text = `${c.o.action} was sent to a station that is Pending`;
      c.report({ text, object: c.o.action, evidence: [{ seq: answerSeq, label: 'Pending' }] });
    },
  },
  {
    id: 'OCPP-BOOT-007',
    severity: WARNING_16,
    fault: 'csms',
    title: 'The CSMS calls no station that it rejected',
    clause: '1.6 §4.2, B03.FR.03',
    causes: ['The CSMS does not look at the registration before it sends'],
    next: ['Use Pending for a station that is to be set up'],
    peer: 'ignores',
    on: ['unregistered'],
    check(c) {
      if (!isCall(c) || c.o.fromStation || c.station.boot.registration !== 'Rejected' || c.station.boot.sent !== null)
        return;
      const { answerSeq } = c.station.boot;
      const text = `${c.o.action} was sent to a station that is Rejected`;
      c.report({ text, object: c.o.action, evidence: [{ seq: answerSeq, label: 'Rejected' }] });
    },
  },
  {
    id: 'OCPP-BOOT-008',
    severity: 'error',
    fault: 'station',
    title: 'A Rejected station does not serve calls',
    clause: '1.6 §4.2, B03.FR.08',
    causes: ['The station takes Rejected for Accepted'],
    next: ['1.6: no answer at all; 2.x: SecurityError'],
    peer: 'tolerates',
    on: ['unregistered'],
    check(c) {
      const { o, station } = c;
      const { boot } = station;
      if (!o.fromStation || boot.registration !== 'Rejected' || o.request === null) return;
      if (
        o.request.time < boot.answeredAt ||
        (o.kind === 'error' && (c.link.version === '1.6' || o.code === 'SecurityError'))
      )
        return;
      const how = o.kind === 'response' ? 'a result' : o.code;
      const text = `${o.action} was answered with ${how} while the station is Rejected`;
      c.report({ text, object: o.action, evidence: [{ seq: boot.answerSeq, label: 'Rejected' }] });
    },
  },
  {
    id: 'OCPP-BOOT-009',
    severity: WARNING_16,
    fault: 'csms',
    title: 'A call that came too early is refused',
    clause: '1.6 errata J 3.10, B02.FR.09',
    causes: ['The CSMS does not look at the registration before it answers'],
    next: ['Answer SecurityError until the station is accepted'],
    peer: 'tolerates',
    on: ['unregistered'],
    check(c) {
      const { request } = c.o;
      if (c.o.kind !== 'response' || c.o.fromStation || request === null || request.premature === '') return;
      const text = `${c.o.action} came before the station was accepted (${request.premature}) and was answered with a result`;
      c.report({ text, object: request.premature, evidence: [{ seq: request.seq, label: 'the call' }] });
    },
  },
  {
    id: 'OCPP-BOOT-018',
    severity: WARNING_16,
    fault: 'station',
    title: 'The connection stays open while the station is Pending',
    clause: '1.6 §4.2, B02.FR.06',
    causes: ['One side takes Pending for a refusal'],
    next: ['Look at which side closed the connection'],
    peer: 'tolerates',
    on: ['close'],
    check(c) {
      // Losses of the network and a server that goes away are nobody's decision about a Pending station.
      if (c.station.boot.registration !== 'Pending' || /^(|1001|1005|1006|1012)$/.test(c.o.code)) return;
      if (c.station.boot.answeredAt < c.link.openedAt) return;
      const { answerSeq } = c.station.boot;
      const text = `The connection was closed (${c.o.code}) while the station is Pending`;
      c.report({ text, evidence: [{ seq: answerSeq, label: 'Pending' }] });
    },
  },
]);

/** A call of a station that holds this registration and is not asking for another right now. */
function isRegisteredAs(c: RuleContext, registration: string): boolean {
  const { boot } = c.station;
  return (
    isCall(c) &&
    c.o.fromStation &&
    boot.registration === registration &&
    boot.sent === null &&
    c.o.action !== 'BootNotification'
  );
}

function isCall(c: RuleContext): boolean {
  return c.o.kind === 'request';
}

/** Its answer is looked at later (OCPP-BOOT-009). */
function tooEarly(c: RuleContext, rule: string): void {
  c.o.premature = rule;
  c.link.hadPremature = true;
}

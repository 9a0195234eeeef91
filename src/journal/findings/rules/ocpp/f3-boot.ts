import { isoTime, parseTime, SECOND_MS } from '../../../../core/time.ts';
import { availabilityStates } from '../../model/connectors.ts';
import { numberAt, textAt } from '../../payload-reader.ts';
import { ALL, family, type Rule, type RuleContext, V2X, V16, WARNING_16 } from '../../rule.ts';

const STATUS_BURST_MS = 60 * SECOND_MS;
const CLOCK_TOLERANCE_MS = 60 * SECOND_MS;
const HEARTBEAT_GRACE_MS = 10 * SECOND_MS;
/** A station that is back so soon has not booted. */
const RECONNECT_MS = 10 * SECOND_MS;

/** Boot, registration and heartbeat (1.6 §4.2, §4.6; 2.x B01 to B04, G02). */
export const f3Boot: readonly Rule[] = family({ versions: ALL, axis: 'conformance' }, [
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
    id: 'OCPP-BOOT-010',
    versions: V16,
    severity: 'error',
    fault: 'station',
    axis: 'timing',
    title: 'After Accepted the status of connector 0 and of every connector is sent',
    clause: '1.6 errata 3.22',
    causes: ['Only connectors whose status changed are reported', 'Only connector 0 is reported'],
    next: ['Trigger StatusNotification and compare'],
    peer: 'tolerates',
    quirk: 'noZeroStatus',
    on: ['BootNotification.response'],
    check(c) {
      if (textAt(c.o.payload, 'status') !== 'Accepted') return;
      const { station } = c;
      const seen = new Set<number>();
      c.expect({
        withinMs: STATUS_BURST_MS,
        // A further boot begins anew.
        unless(o) {
          if (o.action === 'StatusNotification' && o.kind === 'request')
            seen.add(numberAt(o.payload, 'connectorId') ?? -1);
          return o.action === 'BootNotification' && o.kind === 'request';
        },
        otherwise() {
          const wanted = Array.from({ length: Math.max(1, station.connectorCount) + 1 }, (_, connector) => connector);
          const missing = wanted.filter((connector) => !seen.has(connector));
          if (missing.length === 0) return undefined;
          const text = `No StatusNotification for connector ${missing.join(', ')} within 60 s of Accepted`;
          return { text, expected: wanted, actual: [...seen] };
        },
      });
    },
  },
  {
    id: 'OCPP-BOOT-011',
    versions: V2X,
    severity: 'error',
    fault: 'station',
    axis: 'timing',
    title: 'After Accepted the status of every connector is sent',
    clause: 'B01.FR.05',
    causes: ['Only connectors whose status changed are reported'],
    next: ['Ask for AvailabilityState of each connector'],
    peer: 'tolerates',
    on: ['BootNotification.response'],
    check(c) {
      if (textAt(c.o.payload, 'status') !== 'Accepted') return;
      const wanted = c.station.connectors.keys;
      const seen = new Set<string>();
      c.expect({
        withinMs: STATUS_BURST_MS,
        unless(o) {
          if (o.kind === 'request' && o.action === 'StatusNotification')
            seen.add(`${numberAt(o.payload, 'evseId')}/${numberAt(o.payload, 'connectorId')}`);
          if (o.kind === 'request' && o.action === 'NotifyEvent')
            for (const [key] of availabilityStates(o.payload)) seen.add(key);
          return o.action === 'BootNotification' && o.kind === 'request';
        },
        otherwise() {
          const missing = wanted.filter((key) => !seen.has(key));
          if (missing.length === 0 && seen.size > 0) return undefined;
          const which = wanted.length === 0 ? 'of any connector' : `of connector ${missing.join(', ')}`;
          return {
            text: `The status ${which} was not sent within 60 s of Accepted`,
            expected: wanted,
            actual: [...seen],
          };
        },
      });
    },
  },
  {
    id: 'OCPP-BOOT-012',
    severity: 'warning',
    fault: 'station',
    title: 'A mere reconnect needs no BootNotification',
    clause: '1.6J §5.4',
    causes: ['The station sends BootNotification on every connection'],
    next: ['Send it only after a boot, or when one of its fields has changed'],
    peer: 'tolerates',
    quirk: 'bootOnReconnect',
    on: ['BootNotification.request'],
    check(c) {
      const { boot, connections, triggers } = c.station;
      const gap = connections.lastGap;
      if (c.link.stationCalls !== 1 || boot.registration !== 'Accepted' || boot.cause !== null || gap === undefined)
        return;
      if (
        gap.to !== c.link.openedAt ||
        gap.to - gap.from > RECONNECT_MS ||
        !/^(1006|1005)$/.test(connections.closeCode)
      )
        return;
      const reason = textAt(c.o.payload, 'reason');
      if (reason !== undefined && reason !== 'Unknown') return;
      if (
        boot.lastPayload !== JSON.stringify(c.o.payload) ||
        triggers.cause('BootNotification', c.o.time) !== undefined
      )
        return;
      c.report({
        text: `BootNotification with the same content came ${seconds(gap.to - gap.from)} after the connection was lost: a reconnect, not a boot`,
        evidence: [{ seq: boot.lastSeq, label: 'the BootNotification before' }],
      });
    },
  },
  {
    id: 'OCPP-BOOT-013',
    severity: 'warning',
    fault: 'csms',
    title: 'BootNotification is not triggered after Accepted',
    clause: '1.6 errata 3.40',
    causes: ['The CSMS asks for it after each connect to learn about the station'],
    next: ['Keep what the last BootNotification said'],
    peer: 'rejects',
    quirk: 'bootTriggerCsms',
    on: ['TriggerMessage.request', 'ExtendedTriggerMessage.request'],
    check(c) {
      if (!asksForBoot(c.o.payload) || c.station.boot.registration !== 'Accepted') return;
      c.report({ text: 'BootNotification was triggered though the station is Accepted' });
    },
  },
  {
    id: 'OCPP-BOOT-014',
    severity: WARNING_16,
    fault: 'station',
    title: 'A trigger of BootNotification after Accepted is rejected',
    clause: '1.6 errata 3.35, F06.FR.17',
    causes: ['The station sends whatever it is asked for'],
    next: ['Answer Rejected'],
    peer: 'tolerates',
    on: ['TriggerMessage.response', 'ExtendedTriggerMessage.response'],
    check(c) {
      const { o } = c;
      if (!asksForBoot(o.request?.payload) || c.station.boot.registration !== 'Accepted') return;
      if (textAt(o.payload, 'status') !== 'Accepted') return;
      c.report({ text: 'The station accepted to send BootNotification though it is Accepted', actual: 'Accepted' });
    },
  },
  {
    id: 'OCPP-BOOT-015',
    severity: 'warning',
    fault: 'csms',
    title: 'currentTime is the time, interval is a useful number',
    clause: '1.6 §6.4',
    causes: ['The clock of the CSMS is wrong', 'Local time without a zone', 'interval was never configured'],
    next: ['Compare currentTime with a clock that you trust'],
    peer: 'tolerates',
    on: ['BootNotification.response', 'Heartbeat.response'],
    check(c) {
      const { o } = c;
      const text = textAt(o.payload, 'currentTime');
      const at = text === undefined ? undefined : parseTime(text);
      if (text !== undefined && at !== undefined && Math.abs(at - o.time) > CLOCK_TOLERANCE_MS) {
        const off = seconds(Math.abs(at - o.time));
        const expected = isoTime(o.time);
        c.report({
          text: `currentTime ${text} is ${off} off`,
          pointer: '/currentTime',
          object: 'time',
          expected,
          actual: text,
        });
      }
      if (o.action !== 'BootNotification') return;
      const interval = numberAt(o.payload, 'interval');
      const useless = interval === 0 && textAt(o.payload, 'status') === 'Accepted';
      if (interval === undefined || (interval > 0 && !useless) || (interval === 0 && !useless)) return;
      c.report({ text: `interval is ${interval}`, pointer: '/interval', object: 'interval', actual: interval });
    },
  },
  {
    id: 'OCPP-BOOT-016',
    severity: 'warning',
    fault: 'station',
    axis: 'timing',
    title: 'A connected station is heard within the heartbeat interval',
    clause: '1.6 §4.6, G02.FR.02',
    causes: ['The heartbeat timer does not run', 'The connection is half open'],
    next: ['Look at whether pings are still answered'],
    peer: 'tolerates',
    on: ['BootNotification.response', 'open'],
    check(c) {
      const { o, station, link } = c;
      const answered = o.kind === 'response';
      const accepted = answered ? textAt(o.payload, 'status') : station.boot.registration;
      const interval = (answered ? numberAt(o.payload, 'interval') : station.boot.interval) ?? 0;
      if (accepted !== 'Accepted' || interval <= 0) return;
      const limitMs = (): number =>
        (station.configuration.number('HeartbeatInterval') ?? interval) * SECOND_MS + HEARTBEAT_GRACE_MS;
      c.expect({
        withinMs: limitMs(),
        unless: (o) => o.action === 'BootNotification' && o.kind === 'response',
        otherwise(now) {
          const silent = now - station.lastFromStationAt;
          if (link.closed || silent < limitMs()) return Math.max(SECOND_MS, limitMs() - silent);
          const text = `Nothing came from the station for ${seconds(silent)}; the heartbeat interval is ${(limitMs() - HEARTBEAT_GRACE_MS) / SECOND_MS} s`;
          return { text };
        },
      });
    },
  },
  {
    id: 'OCPP-BOOT-017',
    versions: V2X,
    severity: 'warning',
    fault: 'station',
    axis: 'consistency',
    title: 'The boot reason is what happened',
    clause: 'B01.FR.09',
    causes: ['One reason is used for every boot'],
    next: ['Keep the cause over the boot'],
    peer: 'tolerates',
    on: ['BootNotification.request'],
    check(c) {
      const reason = textAt(c.o.payload, 'reason');
      const { boot, triggers } = c.station;
      const trigger = triggers.cause('BootNotification', c.o.time);
      const [wanted, why, seq] =
        boot.cause?.what === 'reset'
          ? [['RemoteReset', 'ScheduledReset'], 'Reset was accepted', boot.cause.seq]
          : boot.installingSeq > 0
            ? [['FirmwareUpdate'], 'firmware was being installed', boot.installingSeq]
            : trigger !== undefined
              ? [['Triggered'], 'it was triggered', trigger.seq]
              : [];
      if (reason === undefined || wanted === undefined || why === undefined || wanted.includes(reason)) return;
      c.report({
        text: `The boot reason is ${reason}, but ${why}`,
        pointer: '/reason',
        object: seq ?? 0,
        evidence: [{ seq: seq ?? 0, label: why }],
        expected: wanted,
        actual: reason,
      });
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
  {
    id: 'OCPP-BOOT-019',
    versions: V2X,
    severity: 'error',
    fault: 'csms',
    axis: 'security',
    title: 'A station whose serial number is not that of its certificate is not served',
    clause: 'B01.FR.12',
    causes: ['The CSMS does not compare certificate and BootNotification'],
    next: ['Compare serialNumber with the common name of the client certificate'],
    peer: 'tolerates',
    on: ['BootNotification.request'],
    check(c) {
      const name = c.link.description.facts?.['clientCn'];
      const serial = textAt(c.o.payload, 'chargingStation', 'serialNumber');
      if (name === undefined) {
        if (c.link.description.facts?.['tls'] !== undefined) c.notEvaluable();
        return;
      }
      if (serial === undefined || serial === name) return;
      const { link } = c;
      c.expect({
        withinMs: 5 * SECOND_MS,
        by: (o) => o.link === link && o.kind === 'event' && o.action === 'closed',
        otherwise: () => ({
          text: `The serial number ${serial} is not the name ${name} of the client certificate, and the connection is still open`,
          pointer: '/chargingStation/serialNumber',
          expected: name,
          actual: serial,
        }),
      });
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

function asksForBoot(payload: unknown): boolean {
  return textAt(payload, 'requestedMessage') === 'BootNotification';
}

export function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}

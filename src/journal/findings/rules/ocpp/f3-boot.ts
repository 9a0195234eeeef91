import { isoTime, parseTime, SECOND_MS } from '../../../../core/time.ts';
import { numberAt, textAt } from '../../payload-reader.ts';
import { ALL, family, type Rule, V2X, WARNING_16 } from '../../rule.ts';
import { seconds } from './time-text.ts';

const CLOCK_TOLERANCE_MS = 60 * SECOND_MS;
/** A station that is back so soon has not booted. */
const RECONNECT_MS = 10 * SECOND_MS;

/** BootNotification: why it is sent, what it says, how it is answered (1.6 §4.2; 2.x B01). */
export const f3Boot: readonly Rule[] = family({ versions: ALL, axis: 'conformance' }, [
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

function asksForBoot(payload: unknown): boolean {
  return textAt(payload, 'requestedMessage') === 'BootNotification';
}

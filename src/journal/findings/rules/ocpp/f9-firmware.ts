import { MINUTE_MS, parseTime, SECOND_MS } from '../../../../core/time.ts';
import { firmwareVersion, isTaken } from '../../model/firmware-updates.ts';
import { textAt } from '../../payload-reader.ts';
import { ALL, family, type Rule, type RuleContext, V16, WARNING_16 } from '../../rule.ts';

/** What follows from a firmware update: that it begins, what is told of it, and what runs afterwards. */
export const f9Firmware: readonly Rule[] = family({ versions: ALL, axis: 'conformance' }, [
  {
    id: 'OCPP-FW-006',
    severity: 'warning',
    fault: 'station',
    axis: 'timing',
    title: 'A firmware update that was accepted begins',
    clause: '1.6 §5.19, L01.FR.01',
    causes: ['The station waits for something that it does not tell', 'Status notifications are not sent'],
    next: ['Trigger FirmwareStatusNotification', 'Look at whether the station can reach the location'],
    peer: 'tolerates',
    on: ['UpdateFirmware.response', 'SignedUpdateFirmware.response'],
    check(c) {
      if (!isTaken(c.o)) return;
      const request = c.o.request?.payload;
      const text = textAt(request, 'retrieveDate') ?? textAt(request, 'firmware', 'retrieveDateTime') ?? '';
      const retrieveAt = parseTime(text);
      if (retrieveAt === undefined || !c.clocksAgree) return c.notEvaluable();
      c.expect({
        withinMs: Math.max(0, retrieveAt - c.o.time) + 300 * SECOND_MS,
        by: (o) =>
          o.kind === 'request' &&
          o.action.endsWith('FirmwareStatusNotification') &&
          textAt(o.payload, 'status') !== 'Idle',
        unless: (o) => o.kind === 'request' && o.action.endsWith('UpdateFirmware'),
        otherwise: () => ({
          text: `A firmware update for ${text} was accepted, and 300 s later the station has not said anything of it`,
          object: c.o.seq,
        }),
      });
    },
  },
  {
    id: 'OCPP-FW-007',
    severity: WARNING_16,
    fault: 'station',
    axis: 'security',
    title: 'Firmware that was installed is told as a security event',
    clause: 'L01.FR.31',
    causes: ['Security events are not implemented for updates'],
    next: ['Look into the security log of the station (GetLog)'],
    peer: 'tolerates',
    on: ['FirmwareStatusNotification.request', 'SignedFirmwareStatusNotification.request'],
    check(c) {
      if (c.link.version === '1.6' && c.o.action === 'FirmwareStatusNotification') return;
      if (textAt(c.o.payload, 'status') !== 'Installed') return;
      // Told again: the event belonged to the first time.
      if (textAt(c.station.management.firmware.status(c.o.action)?.payload, 'status') === 'Installed') return;
      expectEvent(c, 'FirmwareUpdated', 'Firmware was installed');
    },
  },
  {
    id: 'OCPP-FW-008',
    severity: 'error',
    fault: 'station',
    axis: 'security',
    title: 'Firmware with a bad signature or certificate is told as a security event',
    clause: 'L01.FR.02, L01.FR.03',
    causes: ['Security events are not implemented for updates'],
    next: ['Look into the security log of the station (GetLog)'],
    peer: 'tolerates',
    on: [
      ...['FirmwareStatusNotification.request' as const, 'SignedFirmwareStatusNotification.request' as const],
      ...['UpdateFirmware.response' as const, 'SignedUpdateFirmware.response' as const],
    ],
    check(c) {
      const status = textAt(c.o.payload, 'status');
      if (c.o.kind === 'request' && status === 'InvalidSignature')
        expectEvent(c, 'InvalidFirmwareSignature', 'The signature of a firmware was invalid');
      if (c.o.kind === 'response' && status === 'InvalidCertificate')
        expectEvent(c, 'InvalidFirmwareSigningCertificate', 'The signing certificate of a firmware was invalid');
    },
  },
  {
    id: 'OCPP-FW-009',
    severity: 'warning',
    fault: 'station',
    title: 'After an update the station boots with another firmware version',
    clause: 'ours',
    causes: ['The station fell back to the old firmware', 'The same firmware was installed again'],
    next: ['Compare firmwareVersion with the one that was sent'],
    peer: 'tolerates',
    on: ['BootNotification.request'],
    check(c) {
      const { installed } = c.station.management.firmware;
      if (installed === undefined) return;
      const version = firmwareVersion(c.o.payload);
      const { versionBefore } = installed.job;
      if (version === undefined || versionBefore === undefined) return c.notEvaluable();
      if (version !== versionBefore) return;
      c.report({
        text: `A firmware update was Installed, and the station boots with ${version} as before`,
        object: installed.seq,
        evidence: [{ seq: installed.seq, label: 'Installed' }],
        actual: version,
      });
    },
  },
  {
    id: 'OCPP-FW-010',
    versions: V16,
    severity: 'warning',
    fault: 'station',
    axis: 'security',
    title: 'A station with signed firmware updates takes no unsigned ones',
    clause: 'Security whitepaper L01.FR.20',
    causes: ['The old message was left switched on'],
    next: ['Look at whether the firmware can be set to refuse UpdateFirmware'],
    peer: 'tolerates',
    on: ['UpdateFirmware.response'],
    check(c) {
      const { usedSigned } = c.station.management.firmware;
      if (usedSigned === undefined) return;
      c.report({
        text: 'The station has answered SignedUpdateFirmware, and takes an UpdateFirmware without signature too',
        evidence: [{ seq: usedSigned.seq, label: 'SignedUpdateFirmware' }],
        expected: 'CALLERROR NotSupported',
      });
    },
  },
]);

function expectEvent(c: RuleContext, type: string, what: string): void {
  const { security } = c.station.management;
  const sentAt = security.eventAt(type);
  if (sentAt !== undefined && c.o.time - sentAt <= MINUTE_MS) return;
  c.expect({
    withinMs: MINUTE_MS,
    object: type,
    by: (o) => o.action === 'SecurityEventNotification' && o.kind === 'request' && textAt(o.payload, 'type') === type,
    otherwise: () => ({
      text: `${what}, and the security event ${type} did not come within 60 s`,
      object: type,
      expected: type,
    }),
  });
}

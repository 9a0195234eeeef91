import type { FirmwareJob } from '../../model/firmware-updates.ts';
import type { Observation } from '../../observation.ts';
import { numberAt, textAt, valueAt } from '../../payload-reader.ts';
import { ALL, family, type Rule, type RuleContext, V16 } from '../../rule.ts';

/** Which status may follow which (1.6 §7.25). The empty one is the start of an update. */
const CLASSIC: Graph = {
  '': ['Downloading'],
  Downloading: ['Downloaded', 'DownloadFailed'],
  DownloadFailed: ['Downloading'],
  Downloaded: ['Installing'],
  Installing: ['Installed', 'InstallationFailed'],
  InstallationFailed: ['Downloading', 'Installing'],
  Installed: [],
};

const INSTALLS = ['InstallScheduled', 'InstallRebooting', 'Installing', 'Installed'];
const FAILS = ['InstallVerificationFailed', 'InstallationFailed'];

/** The same for firmware with requestId (whitepaper and 2.x L01.FR.01). A simple boot loader may leave out Installing. */
const SIGNED: Graph = {
  '': ['DownloadScheduled', 'Downloading'],
  DownloadScheduled: ['Downloading', 'DownloadFailed'],
  Downloading: ['DownloadPaused', 'Downloaded', 'DownloadFailed'],
  DownloadPaused: ['Downloading', 'DownloadFailed'],
  Downloaded: ['SignatureVerified', 'InvalidSignature'],
  SignatureVerified: [...INSTALLS, ...FAILS],
  InstallScheduled: ['InstallRebooting', 'Installing', 'Installed', ...FAILS],
  InstallRebooting: ['Installing', 'Installed', ...FAILS],
  Installing: ['InstallRebooting', 'Installed', ...FAILS],
  Installed: [],
  DownloadFailed: [],
  InvalidSignature: [],
  InstallVerificationFailed: [],
  InstallationFailed: [],
};
/** Firmware without a signature has none to verify (2.x L02). */
const UNSIGNED: Graph = { ...SIGNED, Downloaded: [...(SIGNED['Downloaded'] ?? []), ...INSTALLS, ...FAILS] };

type Graph = Readonly<Record<string, readonly string[]>>;

const STATUS = ['FirmwareStatusNotification.request', 'SignedFirmwareStatusNotification.request'] as const;

/** What a station tells of a firmware update while it runs (1.6 §5.19, §7.25; whitepaper and 2.x L01, L02). */
export const f9FirmwareStatus: readonly Rule[] = family({ versions: ALL, axis: 'conformance' }, [
  {
    id: 'OCPP-FW-001',
    versions: V16,
    severity: 'error',
    fault: 'station',
    title: 'The status of a firmware update goes from downloading to installed, step by step',
    clause: '1.6 §7.25',
    causes: ['A step of the update is not reported', 'The status of another update is mixed in'],
    next: ['Compare with the notification before'],
    peer: 'tolerates',
    on: ['FirmwareStatusNotification.request'],
    check: (c) => step(c, () => CLASSIC),
  },
  {
    id: 'OCPP-FW-002',
    severity: 'error',
    fault: 'station',
    title: 'The status of a firmware update with requestId follows the steps of L01',
    clause: 'L01.FR.01',
    causes: ['A step of the update is not reported', 'A status is sent after the end of the update'],
    next: ['Compare with the notification before'],
    peer: 'tolerates',
    on: STATUS,
    check(c) {
      if (hasRequestId(c)) step(c, (job) => (job === undefined || job.isSigned ? SIGNED : UNSIGNED));
    },
  },
  {
    id: 'OCPP-FW-003',
    severity: 'error',
    fault: 'station',
    title: 'The firmware status Idle is only told when it was asked for',
    clause: '1.6 §4.5, L01.FR.20',
    causes: ['The station tells its status at each start'],
    next: ['Send Idle only after TriggerMessage'],
    peer: 'tolerates',
    on: STATUS,
    check(c) {
      if (textAt(c.o.payload, 'status') !== 'Idle') return;
      if (c.station.triggers.cause(c.o.action, c.o.time) !== undefined) return;
      if (c.station.truncated) return c.notEvaluable();
      c.report({ text: `The station sent ${c.o.action} with Idle, and nobody had triggered it` });
    },
  },
  {
    id: 'OCPP-FW-004',
    severity: 'error',
    fault: 'station',
    title: 'A firmware status names the update that runs',
    clause: 'L01.FR.10, L01.FR.20, L01.FR.21',
    causes: ['The requestId is not kept over the reboot of the update', 'The requestId of an earlier update is used'],
    next: ['Compare with the requestId of the accepted update'],
    peer: 'tolerates',
    on: STATUS,
    check(c) {
      const { o } = c;
      if (!hasRequestId(c) || textAt(o.payload, 'status') === 'Idle') return;
      const told = valueAt(o.payload, 'requestId');
      if (told === undefined)
        return c.report({ text: `${o.action} ${textAt(o.payload, 'status')} has no requestId`, object: 'none' });
      const { firmware } = c.station.management;
      const job = firmware.job(o);
      if (job?.requestId === told || firmware.formerJob(o)?.requestId === told || isAsked(o, told)) return;
      if (job === undefined) return c.notEvaluable();
      c.report({
        text: `${o.action} names update ${String(told)}, and update ${job.requestId} runs`,
        object: String(told),
        pointer: '/requestId',
        evidence: [{ seq: job.seq, label: 'the accepted update' }],
        expected: job.requestId,
        actual: told,
      });
    },
  },
  {
    id: 'OCPP-FW-005',
    severity: 'error',
    fault: 'station',
    axis: 'timing',
    title: 'Firmware is not retrieved or installed before its time',
    clause: '1.6 §6.55, L01.FR.16',
    causes: ['The dates of the request are not looked at', 'Time zones are mixed up'],
    next: ['Compare with the dates of the request', 'Look at the clock of the station'],
    peer: 'tolerates',
    on: STATUS,
    check(c) {
      const status = textAt(c.o.payload, 'status');
      if (status !== 'Downloading' && status !== 'Installing') return;
      const job = c.station.management.firmware.job(c.o);
      // The station counts on its own clock.
      if (job === undefined || !c.clocksAgree) return c.notEvaluable();
      const dueAt = status === 'Downloading' ? job.retrieveAt : job.installAt;
      if (dueAt === undefined) return status === 'Downloading' ? c.notEvaluable() : undefined;
      const earlyMs = dueAt - c.o.time;
      if (earlyMs <= c.toleranceMs) return;
      c.report({
        text: `The station is ${status} ${Math.round(earlyMs / 1000)} s before the time that the update names`,
        object: `${job.seq} ${status}`,
        evidence: [{ seq: job.seq, label: 'the accepted update' }],
      });
    },
  },
]);

/** True for notifications that name their update: all but the classic one of 1.6. */
function hasRequestId({ o, link }: RuleContext): boolean {
  return link.version !== '1.6' || o.action === 'SignedFirmwareStatusNotification';
}

/** The update is asked for, and not answered yet. */
function isAsked(o: Observation, requestId: unknown): boolean {
  for (const call of o.link.outstanding.values())
    if (call.action.endsWith('UpdateFirmware') && numberAt(call.payload, 'requestId') === requestId) return true;
  return false;
}

function step(c: RuleContext, graphOf: (job: FirmwareJob | undefined) => Graph): void {
  const { o, station } = c;
  const status = textAt(o.payload, 'status') ?? '';
  const { firmware } = station.management;
  const job = firmware.job(o);
  const last = firmware.status(o.action);
  const graph = graphOf(job);
  if (status === 'Idle' || graph[status] === undefined) return;
  // The end of an update that another one has replaced.
  const former = firmware.formerJob(o)?.requestId;
  if (former !== undefined && former !== job?.requestId && numberAt(o.payload, 'requestId') === former) return;
  const isNew = job !== undefined && (last === undefined || last.seq < job.seq);
  if (!isNew && last === undefined) return c.notEvaluable();
  const before = isNew ? '' : (textAt(last?.payload, 'status') ?? '');
  if (graph[before]?.includes(status) !== false) return;
  const isEnd = graph[status].length === 0;
  // The same again is a retry, or the answer to a trigger.
  const isAgain = before === status;
  const isTold = last?.outcome === 'answered' && station.triggers.cause(o.action, o.time) === undefined;
  if (isAgain && !(isEnd && isTold)) return;
  const since = isNew ? job.at : (last?.time ?? 0);
  // Steps may have been lost with the connection.
  if (station.connections.gaps.some((gap) => gap.to >= since)) return c.notEvaluable();
  const from = before === '' ? 'the update was accepted' : `it was ${before}`;
  c.report({
    text: `A firmware update is ${status}, and before ${from}${isAgain ? ', which ends it' : ''}`,
    object: `${before} ${status}`,
    pointer: '/status',
    evidence: [{ seq: isNew ? job.seq : (last?.seq ?? 0), label: before === '' ? 'the accepted update' : before }],
    expected: graph[before]?.join(', ') ?? '',
    actual: status,
  });
}

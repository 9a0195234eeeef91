import { SECOND_MS } from '../../../../core/time.ts';
import type { Observation } from '../../observation.ts';
import { numberAt, textAt, valueAt } from '../../payload-reader.ts';
import { ALL, family, type Rule, type RuleContext, V16 } from '../../rule.ts';

const BEGINS_MS = 300 * SECOND_MS;
const STATUS = ['DiagnosticsStatusNotification.request', 'LogStatusNotification.request'] as const;

/** Uploads of diagnostics (1.6 §5.9) and logs (whitepaper and 2.x N01). */
export const f9Logs: readonly Rule[] = family({ versions: ALL, axis: 'conformance' }, [
  {
    id: 'OCPP-LG-001',
    versions: V16,
    severity: 'error',
    fault: 'station',
    title: 'Diagnostics are uploaded when a file was named, and only then',
    clause: '1.6 §5.9',
    causes: ['The upload does not run', 'fileName is left out although there is a file'],
    next: ['Look at the server of the location'],
    peer: 'tolerates',
    on: ['GetDiagnostics.response', 'DiagnosticsStatusNotification.request'],
    check(c) {
      if (c.o.kind === 'response') return diagnosticsBegin(c);
      const status = textAt(c.o.payload, 'status');
      const { diagnostics } = c.station.management.logs;
      if (status === 'Idle' || (diagnostics !== undefined && diagnostics.fileName !== undefined)) return;
      if (diagnostics !== undefined)
        return c.report({
          text: `The station had no diagnostics to upload (no fileName), and is now ${status}`,
          object: 'nothing',
          evidence: [{ seq: diagnostics.seq, label: 'the answer without fileName' }],
        });
      if (isAsked(c.o, 'GetDiagnostics')) return;
      if (c.station.truncated) return c.notEvaluable();
      c.report({ text: `Nobody has asked for diagnostics, and the station is ${status}`, object: 'unasked' });
    },
  },
  {
    id: 'OCPP-LG-002',
    severity: 'error',
    fault: 'station',
    title: 'The status of a log names the request, and begins when the log was promised',
    clause: 'N01.FR.07, N01.FR.13',
    causes: ['The requestId is not kept', 'The upload does not run'],
    next: ['Compare with the requestId of GetLog', 'Look at the server of remoteLocation'],
    peer: 'tolerates',
    on: ['GetLog.response', 'LogStatusNotification.request'],
    check(c) {
      if (c.o.kind === 'response') return logBegins(c);
      const status = textAt(c.o.payload, 'status');
      const told = valueAt(c.o.payload, 'requestId');
      if (told === undefined) {
        // Idle is what a trigger gets when no upload runs: OCPP-LG-003 asks whether there was one.
        if (status === 'Idle') return;
        return c.report({ text: `LogStatusNotification ${status} has no requestId`, object: 'none' });
      }
      const { logs } = c.station.management;
      if (status === 'Idle' || logs.log(numberAt(c.o.payload, 'requestId')) !== undefined) return;
      if (isAsked(c.o, 'GetLog', told)) return;
      if (c.station.truncated) return c.notEvaluable();
      c.report({
        text: `LogStatusNotification ${status} names request ${String(told)}, and no log was promised under that number`,
        object: String(told),
        pointer: '/requestId',
      });
    },
  },
  {
    id: 'OCPP-LG-003',
    severity: 'error',
    fault: 'station',
    title: 'Idle is only told when it was asked for, and an upload is told before it is done',
    clause: '1.6 §4.4, N01.FR.08',
    causes: ['The station tells its status at each start', 'Uploading is not sent'],
    next: ['Compare with the notification before'],
    peer: 'tolerates',
    on: STATUS,
    check(c) {
      const { o, station } = c;
      const status = textAt(o.payload, 'status');
      if (status === 'Idle') {
        if (station.triggers.cause(o.action, o.time) !== undefined) return;
        if (station.truncated) return c.notEvaluable();
        return c.report({
          text: `The station sent ${o.action} with Idle, and nobody had triggered it`,
          object: 'Idle',
        });
      }
      if (status !== 'Uploaded') return;
      const before = station.management.logs.statusBefore(o);
      const was = textAt(before?.payload, 'status');
      if (was === 'Uploading' || (was === 'Uploaded' && before?.outcome !== 'answered')) return;
      const since = before?.time ?? station.firstSeenAt;
      // Uploading may have been told before this log, or while the connection was lost.
      if ((before === undefined && station.truncated) || station.connections.gaps.some((gap) => gap.to >= since))
        return c.notEvaluable();
      c.report({
        text: `The station has Uploaded, and ${was === undefined ? 'did not say that it was Uploading' : `was ${was} before`}`,
        object: `Uploaded ${String(valueAt(o.payload, 'requestId'))}`,
        ...(before === undefined ? {} : { evidence: [{ seq: before.seq, label: was ?? '' }] }),
      });
    },
  },
]);

function diagnosticsBegin(c: RuleContext): void {
  const fileName = textAt(c.o.payload, 'fileName');
  if (fileName === undefined) return;
  c.expect({
    withinMs: BEGINS_MS,
    by: (o) => isStatus(o, 'DiagnosticsStatusNotification'),
    unless: (o) => o.action === 'GetDiagnostics' && o.kind === 'request',
    otherwise: () => ({
      text: `The station promised the diagnostics ${fileName}, and 300 s later has not said anything of the upload`,
      object: 'silent',
    }),
  });
}

function logBegins(c: RuleContext): void {
  if (!/^Accepted/.test(textAt(c.o.payload, 'status') ?? '')) return;
  const requestId = numberAt(c.o.request?.payload, 'requestId');
  c.expect({
    withinMs: BEGINS_MS,
    object: requestId ?? '',
    by: (o) => isStatus(o, 'LogStatusNotification') && numberAt(o.payload, 'requestId') === requestId,
    // A newer request takes its place (N01.FR.20).
    unless: (o) => o.action === 'GetLog' && o.kind === 'request',
    otherwise: () => ({
      text: `The station promised the log of request ${requestId}, and 300 s later has not said anything of the upload`,
      object: `silent ${requestId}`,
    }),
  });
}

function isStatus(o: Observation, action: string): boolean {
  return o.action === action && o.kind === 'request' && textAt(o.payload, 'status') !== 'Idle';
}

/** The CSMS has asked, and the answer is still to come. */
function isAsked(o: Observation, action: string, requestId?: unknown): boolean {
  for (const call of o.link.outstanding.values())
    if (call.action === action && (requestId === undefined || valueAt(call.payload, 'requestId') === requestId))
      return true;
  return false;
}

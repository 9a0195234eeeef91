import { MINUTE_MS } from '../../../../core/time.ts';
import { RESULT_OF } from '../../model/reports.ts';
import { booleanAt, listAt, numberAt, textAt, valueAt } from '../../payload-reader.ts';
import { family, type Rule, V2X } from '../../rule.ts';
import { checkPart, expectNext } from './report-parts.ts';

/** Which requests a result belongs to (2.x FR.05). */
const ASKED_BY: ReadonlyMap<string, readonly string[]> = new Map([
  ...[...new Set(Object.values(RESULT_OF))].map(
    (result) => [result, Object.keys(RESULT_OF).filter((action) => RESULT_OF[action] === result)] as const,
  ),
  ['ReportChargingProfiles', ['GetChargingProfiles']],
  ['LogStatusNotification', ['GetLog']],
  ['FirmwareStatusNotification', ['UpdateFirmware']],
  ['PublishFirmwareStatusNotification', ['PublishFirmware']],
]);

/** Reports in several parts (2.x B07, B08, N). */
export const f11Reports: readonly Rule[] = family({ versions: V2X, axis: 'conformance' }, [
  {
    id: 'OCPP2-DM-009',
    severity: 'error',
    fault: 'station',
    title: 'A report answers a request, its parts are numbered from 0, and the last one says so',
    clause: 'B07.FR.04, B07.FR.10, B08.FR.14',
    causes: ['The numbers start at 1', 'requestId is not kept', 'The last part is lost'],
    next: ['Compare requestId, seqNo and tbc of the parts'],
    peer: 'tolerates',
    on: ['NotifyReport.request'],
    check(c) {
      const report = c.station.management.reports.of(c.o);
      // OCPP2-DM-010 tells of reports that were refused.
      if (report?.answer === 'refused') return;
      if (report !== undefined) return checkPart(c, report);
      if (c.station.truncated) return c.notEvaluable();
      const id = String(valueAt(c.o.payload, 'requestId'));
      c.report({ text: `Nobody has asked for the report of request ${id}`, object: id, pointer: '/requestId' });
    },
  },
  {
    id: 'OCPP2-DM-010',
    severity: 'error',
    fault: 'station',
    axis: 'timing',
    title: 'A report comes when it was promised, and only then',
    clause: 'B07.FR.03, B07.FR.05',
    causes: ['The report is too long for the memory of the station', 'Its answer and its report do not agree'],
    next: ['Ask for a smaller report (GetReport)'],
    peer: 'tolerates',
    on: ['GetBaseReport.response', 'GetReport.response', 'NotifyReport.request'],
    check(c) {
      const { reports } = c.station.management;
      if (c.o.kind === 'request') {
        const report = reports.of(c.o);
        if (report?.answer !== 'refused') return;
        const id = String(valueAt(c.o.payload, 'requestId'));
        return c.report({
          text: `${report.action} ${id} was answered ${report.status}, and a report comes all the same`,
          object: `refused ${id}`,
          evidence: [{ seq: report.answerSeq, label: report.status }],
        });
      }
      const { request } = c.o;
      if (request === null || textAt(c.o.payload, 'status') !== 'Accepted') return;
      const requestId = numberAt(request.payload, 'requestId');
      if (reports.askedBy(request)?.part !== undefined) return;
      c.expect({
        withinMs: MINUTE_MS,
        object: requestId ?? '',
        by: (o) =>
          o.action === 'NotifyReport' && o.kind === 'request' && numberAt(o.payload, 'requestId') === requestId,
        otherwise: () => ({
          text: `${c.o.action} ${requestId} was accepted, and no report came within 60 s`,
          object: `silent ${requestId}`,
        }),
      });
    },
  },
  {
    id: 'OCPP2-DM-011',
    severity: 'error',
    fault: 'station',
    title: 'ConfigurationInventory and FullInventory are supported',
    clause: 'B07.FR.12',
    causes: ['The firmware has no device model'],
    next: ['Ask for the other of the two'],
    peer: 'tolerates',
    on: ['GetBaseReport.response'],
    check(c) {
      const base = textAt(c.o.request?.payload, 'reportBase') ?? '';
      if (textAt(c.o.payload, 'status') !== 'NotSupported' || base === 'SummaryInventory') return;
      c.report({ text: `A ${base} was answered NotSupported`, object: base, actual: 'NotSupported' });
    },
  },
  {
    id: 'OCPP2-DM-013',
    severity: 'error',
    fault: 'station',
    title: 'A result comes after the answer to its request',
    clause: '2.x FR.05',
    causes: ['The result is sent from within the handler of the request'],
    next: ['Send the answer first'],
    peer: 'tolerates',
    on: [...ASKED_BY.keys()].map((action) => `${action}.request` as const),
    check(c) {
      const requestId = numberAt(c.o.payload, 'requestId');
      const actions = ASKED_BY.get(c.o.action) ?? [];
      if (requestId === undefined) return;
      for (const call of c.link.outstanding.values()) {
        if (!actions.includes(call.action) || numberAt(call.payload, 'requestId') !== requestId) continue;
        return c.report({
          text: `${c.o.action} ${requestId} comes before the answer to ${call.action}`,
          object: call.action,
          evidence: [{ seq: call.seq, label: 'the request' }],
        });
      }
    },
  },
  {
    id: 'OCPP2-DM-014',
    severity: 'warning',
    fault: 'station',
    title: 'A report that was asked for with GetReport tells the characteristics of variables',
    clause: 'B08.FR.12',
    causes: ['Characteristics are only sent in base reports'],
    next: ['Ask for a FullInventory'],
    peer: 'tolerates',
    on: ['NotifyReport.request'],
    check(c) {
      if (c.station.management.reports.of(c.o)?.action !== 'GetReport') return;
      const items = listAt(c.o.payload, 'reportData');
      const index = items.findIndex((item) => valueAt(item, 'variableCharacteristics') === undefined);
      if (index < 0) return;
      const name = `${textAt(items[index], 'component', 'name')}.${textAt(items[index], 'variable', 'name')}`;
      c.report({
        text: `A report does not tell the characteristics of ${name}`,
        pointer: `/reportData/${index}`,
      });
    },
  },
  {
    id: 'OCPP2-MO-006',
    severity: 'error',
    fault: 'station',
    title:
      'Parts of events, monitors, customer data and display messages are numbered from 0, and the last one says so',
    clause: 'N02.FR.09, N07.FR.07, O03.FR.04',
    causes: ['The numbers go on from message to message', 'The last part is lost'],
    next: ['Compare seqNo and tbc of the parts'],
    peer: 'tolerates',
    on: [
      ...['NotifyEvent.request' as const, 'NotifyMonitoringReport.request' as const],
      ...['NotifyCustomerInformation.request' as const, 'NotifyDisplayMessages.request' as const],
    ],
    check(c) {
      const { reports } = c.station.management;
      if (c.o.action !== 'NotifyEvent') {
        const report = reports.of(c.o);
        if (report === undefined) return c.notEvaluable();
        return checkPart(c, report);
      }
      const { event } = reports;
      const seqNo = numberAt(c.o.payload, 'seqNo') ?? 0;
      const before = numberAt(event?.payload, 'seqNo') ?? 0;
      const goesOn = event !== undefined && booleanAt(event.payload, 'tbc') === true;
      const due = goesOn ? before + 1 : 0;
      const isRetry = event !== undefined && event.outcome !== 'answered' && seqNo === before;
      if (seqNo !== due && !isRetry) {
        const hasGap = event !== undefined && c.station.connections.gaps.some((gap) => gap.to >= event.time);
        // The parts before may lie before this log, or on a connection that was lost.
        if (hasGap || (event === undefined && c.station.truncated)) c.notEvaluable();
        else
          c.report({
            text: `NotifyEvent has the seqNo ${seqNo}, and ${due} is due${goesOn ? '' : ': it begins a new series'}`,
            object: goesOn ? 'number' : 'begin',
            pointer: '/seqNo',
            ...(event === undefined ? {} : { evidence: [{ seq: event.seq, label: 'the one before' }] }),
            expected: due,
            actual: seqNo,
          });
      }
      expectNext(c, '', (next) => next.action === 'NotifyEvent');
    },
  },
]);

import type { RequestOf } from '../../../../../protocols/ocpp/messages.ts';
import type { HandlerNotes, InboundContext } from '../../handler.ts';
import { dropUnreported, reportPart } from '../../reports.ts';
import { monitorKnown } from '../monitors.ts';

/** N02. A complete report that was asked for without criteria names all monitors: others are gone. */
export const notifyMonitoringReport = {
  changes: 'variable monitors as reported; how far the report has come',
  shows: '/stations/{id}/monitors; /stations/{id}/reports',
  handle(
    context: InboundContext,
    request: RequestOf<'2.0.1', 'NotifyMonitoringReport'> | RequestOf<'2.1', 'NotifyMonitoringReport'>,
  ) {
    const { requestId, seqNo, tbc, generatedAt, monitor: data = [] } = request;
    for (const { component, variable, variableMonitoring } of data) {
      for (const monitor of variableMonitoring) {
        const { id, type, value, severity, transaction } = monitor;
        monitorKnown(context, {
          id,
          component,
          variable,
          type,
          value,
          severity,
          transaction,
          source: 'reported',
          notificationType: 'eventNotificationType' in monitor ? monitor.eventNotificationType : undefined,
        });
      }
    }
    const complete = reportPart(context, 'monitoring', requestId, { seqNo, tbc, generatedAt, entries: data.length });
    if (
      complete !== undefined &&
      !('monitoringCriteria' in complete.request || 'componentVariable' in complete.request)
    )
      dropUnreported(context, 'monitors', complete.requestedAt);
    return {};
  },
} satisfies HandlerNotes & Record<string, unknown>;

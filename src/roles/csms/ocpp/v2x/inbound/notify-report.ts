import { parseTime } from '../../../../../core/time.ts';
import { inventoryReported } from '../../inventory.ts';
import { reportPart } from '../../reports.ts';
import { variableKnown } from '../../variables.ts';
import { availabilityStateSeen } from '../availability-state.ts';
import type { InboundV2 } from '../handlers.ts';
import { variableName } from '../variable-names.ts';

/** B07, B08: variables of the device model, in parts. */
export const notifyReport: InboundV2<'NotifyReport'> = {
  changes: 'variables with value, mutability, characteristics; how far the report has come; connector status',
  shows: '/stations/{id}/variables; /stations/{id}/reports',
  handle(context, { requestId, seqNo, tbc, generatedAt, reportData = [] }) {
    const { station, now, services } = context;
    for (const { component, variable, variableAttribute, variableCharacteristics } of reportData) {
      const name = variableName(component, variable);
      for (const { type = 'Actual', value, mutability } of variableAttribute) {
        variableKnown(context, {
          ...name,
          attribute: type,
          value,
          mutability,
          source: 'reported',
          afterReboot: false,
          characteristics: variableCharacteristics,
        });
        if (type === 'Actual' && value !== undefined)
          availabilityStateSeen(context, name, value, parseTime(generatedAt) ?? now);
      }
    }
    const complete = reportPart(context, 'inventory', requestId, {
      seqNo,
      tbc,
      generatedAt,
      entries: reportData.length,
    });
    if (complete !== undefined && 'reportBase' in complete.request && complete.request.reportBase === 'FullInventory')
      inventoryReported(context);
    services.inventory.partCame(station, requestId, tbc !== true);
    services.changed({ what: 'item', station, kind: 'variables', id: '' });
    return {};
  },
};

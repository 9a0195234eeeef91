import type { v21 } from '../../../../../protocols/ocpp/messages.ts';
import { variableId } from '../../variables.ts';
import type { OutboundV2 } from '../handlers.ts';
import { monitorGone, monitoringBaseTaken, monitorKnown } from '../monitors.ts';
import { variableName } from '../variable-names.ts';

/** N04: one result per monitor, in any order. The station gives the id (N04.FR.11). */
export const setVariableMonitoring: OutboundV2<'SetVariableMonitoring'> = {
  changes: 'each monitor that was Accepted',
  shows: '/stations/{id}/monitors',
  answered(context, { setMonitoringData }, { setMonitoringResult }) {
    const waiting = [...setMonitoringData];
    for (const result of setMonitoringResult) {
      const index = waiting.findIndex((data) => isSameMonitor(data, result));
      const [data] = index < 0 ? [] : waiting.splice(index, 1);
      const id = result.id ?? data?.id;
      if (result.status !== 'Accepted' || data === undefined || id === undefined) continue;
      const { component, variable, type, value, severity, transaction = false, periodicEventStream } = data;
      monitorKnown(context, {
        id,
        component,
        variable,
        type,
        value,
        severity,
        transaction,
        source: 'set',
        periodicEventStream,
      });
    }
  },
};

type Monitored = Pick<v21.SetMonitoringDataType, 'id' | 'component' | 'variable' | 'type' | 'severity'>;

function isSameMonitor(data: Monitored, result: Monitored): boolean {
  const idOf = ({ component, variable }: Monitored): string =>
    variableId({ ...variableName(component, variable), attribute: 'Actual' });
  return (
    idOf(data) === idOf(result) &&
    data.type === result.type &&
    data.severity === result.severity &&
    (data.id === undefined || result.id === undefined || data.id === result.id)
  );
}

/** N06. NotFound: it is not there either. */
export const clearVariableMonitoring: OutboundV2<'ClearVariableMonitoring'> = {
  changes: 'removes each monitor that was Accepted or NotFound',
  shows: '/stations/{id}/monitors',
  answered(context, _request, { clearMonitoringResult }) {
    for (const { id, status } of clearMonitoringResult) if (status !== 'Rejected') monitorGone(context, id);
  },
};

/** N03. */
export const setMonitoringBase: OutboundV2<'SetMonitoringBase'> = {
  changes: 'monitoring base, once Accepted; monitors that it drops',
  shows: '/stations/{id} monitoringBase; /stations/{id}/monitors',
  answered(context, { monitoringBase }, { status }) {
    if (status === 'Accepted') monitoringBaseTaken(context, monitoringBase);
  },
};

/** N05. */
export const setMonitoringLevel: OutboundV2<'SetMonitoringLevel'> = {
  changes: 'monitoring level, once Accepted',
  shows: '/stations/{id} monitoringLevel',
  answered({ state, station, services }, { severity }, { status }) {
    if (status !== 'Accepted') return;
    state.stations.update(station, { monitoringLevel: severity });
    services.changed({ what: 'station', station });
  },
};

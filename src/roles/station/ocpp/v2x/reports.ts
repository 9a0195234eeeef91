import { RpcRefusal } from '../../../../link/ocpp-link.ts';
import type { v21 } from '../../../../protocols/ocpp/messages.ts';
import { componentOf, type Place, variableOf } from '../../config/device-model-store.ts';
import { armAligned, armSampling } from './metering.ts';
import { networkPriorityFault, passwordChanged } from './network.ts';
import { securityEvent } from './security.ts';
import type { Side2x } from './side.ts';
import type { Answer, Request } from './wire.ts';

/** How many variables one NotifyReport carries. */
const PER_REPORT = 40;

export function setVariables(side: Side2x, { setVariableData }: Request<'SetVariables'>): Answer<'SetVariables'> {
  const max = side.model.int('DeviceDataCtrlr.ItemsPerMessage[SetVariables]');
  if (setVariableData.length > max) throw new RpcRefusal('OccurrenceConstraint', `At most ${max} variables at once`);
  const changed: string[] = [];
  const setVariableResult = setVariableData.map((item): v21.SetVariableResultType => {
    const echo = { component: item.component, variable: item.variable, attributeType: item.attributeType ?? 'Actual' };
    if (item.variable.name.toLowerCase() === 'networkconfigurationpriority') {
      const fault = networkPriorityFault(side, item.attributeValue);
      if (fault !== undefined)
        return { ...echo, attributeStatus: 'Rejected', attributeStatusInfo: { reasonCode: fault } };
    }
    const result = side.model.change(item.component, item.variable, item.attributeValue, item.attributeType);
    if (result.status === 'Accepted' || result.status === 'RebootRequired') {
      side.host.happened('variable', { component: item.component.name, variable: item.variable.name });
      changed.push(`${result.row?.component}.${result.row?.variable}`);
    }
    return {
      ...echo,
      attributeStatus: result.status,
      ...(result.reason === undefined ? {} : { attributeStatusInfo: { reasonCode: result.reason } }),
    };
  });
  if (changed.length > 0) {
    side.host.touched('configuration');
    side.host.afterAnswer(() => {
      for (const name of new Set(changed)) inForce(side, name);
    });
  }
  return { setVariableResult };
}

/** A variable is in force at once: timers that hang on it count anew. */
function inForce(side: Side2x, name: string): void {
  switch (name) {
    case 'OCPPCommCtrlr.HeartbeatInterval':
      return side.armHeartbeat();
    case 'OCPPCommCtrlr.WebSocketPingInterval':
      return side.host.pingChanged();
    case 'SampledDataCtrlr.TxUpdatedInterval':
    case 'SampledDataCtrlr.TxEndedInterval':
      for (const evse of side.core.evses) armSampling(side, evse);
      return;
    case 'AlignedDataCtrlr.Interval':
    case 'AlignedDataCtrlr.Enabled':
      return armAligned(side);
    case 'SecurityCtrlr.BasicAuthPassword':
      // Come back with the new secret (A01.FR.03); the log gets the event, never the password.
      securityEvent(side, 'ReconfigurationOfSecurityParameters');
      passwordChanged(side, side.model.text(name));
      return side.host.reconnect();
    default:
      return undefined;
  }
}

export function getVariables(side: Side2x, { getVariableData }: Request<'GetVariables'>): Answer<'GetVariables'> {
  const max = side.model.int('DeviceDataCtrlr.ItemsPerMessage[GetVariables]');
  if (getVariableData.length > max) throw new RpcRefusal('OccurrenceConstraint', `At most ${max} variables at once`);
  return {
    getVariableResult: getVariableData.map((item): v21.GetVariableResultType => {
      const { status, value } = side.model.get(item.component, item.variable, item.attributeType);
      return {
        component: item.component,
        variable: item.variable,
        attributeType: item.attributeType ?? 'Actual',
        attributeStatus: status,
        ...(value === undefined ? {} : { attributeValue: value }),
      };
    }),
  };
}

/** GetBaseReport (B07): configuration, everything, or a summary of what is not in order. */
export function getBaseReport(
  side: Side2x,
  { requestId, reportBase }: Request<'GetBaseReport'>,
): Answer<'GetBaseReport'> {
  const places = [...side.model.places()].filter((place) => isIn(reportBase, place));
  if (places.length === 0) return { status: 'EmptyResultSet' };
  side.host.afterAnswer(() => report(side, requestId, places));
  return { status: 'Accepted' };
}

function isIn(base: v21.ReportBaseEnumType, place: Place): boolean {
  if (base === 'FullInventory') return true;
  if (base === 'ConfigurationInventory') return place.row.access !== 'ReadOnly';
  return place.row.variable === 'AvailabilityState' || place.row.variable === 'Problem';
}

/** GetReport (B08): criteria are ORed; a named component without variable means all of its variables. */
export function getReport(side: Side2x, request: Request<'GetReport'>): Answer<'GetReport'> {
  const { requestId, componentCriteria, componentVariable } = request;
  const max = side.model.int('DeviceDataCtrlr.ItemsPerMessage[GetReport]');
  if ((componentVariable?.length ?? 0) > max)
    throw new RpcRefusal('OccurrenceConstraint', `At most ${max} items at once`);
  const all = [...side.model.places()];
  const places = all.filter(
    (place) =>
      (componentVariable === undefined || componentVariable.some((wanted) => isWanted(place, wanted))) &&
      (componentCriteria === undefined || componentCriteria.some((criterion) => meets(side, all, place, criterion))),
  );
  if (places.length === 0) return { status: 'EmptyResultSet' };
  side.host.afterAnswer(() => report(side, requestId, places));
  return { status: 'Accepted' };
}

/** Missing variable, instance or EVSE = all of them (B08.FR.20-25). */
export function isWanted(place: Place, wanted: v21.ComponentVariableType): boolean {
  const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
  const { component, variable } = wanted;
  if (!same(place.row.component, component.name)) return false;
  if (component.evse !== undefined && component.evse.id !== place.evseId) return false;
  if (component.evse?.connectorId !== undefined && component.evse.connectorId !== place.connectorId) return false;
  if (variable === undefined) return true;
  if (!same(place.row.variable, variable.name)) return false;
  return variable.instance === undefined || same(place.row.instance ?? '', variable.instance);
}

/** A component that lacks Active, Available or Enabled counts as a match; Problem must be true. */
function meets(side: Side2x, all: readonly Place[], place: Place, criterion: v21.ComponentCriterionEnumType): boolean {
  const holder = all.find(
    (one) =>
      one.row.component === place.row.component &&
      one.evseId === place.evseId &&
      one.connectorId === place.connectorId &&
      one.row.variable === criterion,
  );
  if (holder === undefined) return criterion !== 'Problem';
  return side.model.read(holder).toLowerCase() === 'true';
}

/** Sends the parts, seqNo from 0, `tbc` on all but the last. */
function report(side: Side2x, requestId: number, places: readonly Place[]): void {
  for (let i = 0, seqNo = 0; i < places.length; i += PER_REPORT, seqNo++) {
    const part = places.slice(i, i + PER_REPORT);
    side.send(
      'NotifyReport',
      {
        requestId,
        generatedAt: side.iso(),
        seqNo,
        tbc: i + PER_REPORT < places.length,
        reportData: part.map((place) => reportData(side, place)),
      },
      'triggered',
    );
  }
}

function reportData(side: Side2x, place: Place): v21.ReportDataType {
  const { row } = place;
  const value = row.access === 'WriteOnly' ? undefined : side.model.read(place);
  const values = Array.isArray(row.values)
    ? row.values.join(',')
    : row.values === 'measurands'
      ? side.template.measurands.join(',')
      : undefined;
  return {
    component: componentOf(place),
    variable: variableOf(place),
    variableAttribute: [
      {
        type: 'Actual',
        ...(value === undefined ? {} : { value: value.slice(0, 2500) }),
        mutability: row.access,
        persistent: row.live === undefined,
        constant: row.access === 'ReadOnly' && row.live === undefined,
      },
    ],
    variableCharacteristics: {
      dataType: row.type,
      supportsMonitoring: row.monitorable === true && side.template.features.monitoring,
      ...(row.unit === undefined ? {} : { unit: row.unit }),
      ...(row.min === undefined ? {} : { minLimit: row.min }),
      ...(row.max === undefined ? {} : { maxLimit: row.max }),
      ...(values === undefined ? {} : { valuesList: values.slice(0, 1000) }),
    },
  };
}

import { passwordHash } from '../../../admission.ts';
import { passwordGiven } from '../../../new-password.ts';
import type { OutboundContext } from '../../handler.ts';
import { type VariableFacts, variableId, variableKnown } from '../../variables.ts';
import type { OutboundV2 } from '../handlers.ts';
import { variableName } from '../variable-names.ts';

/**
 * B05: each result stands for itself. An accepted BasicAuthPassword is the station's password from then on (A01.FR.03); of it only the
 * hash is kept.
 */
export const setVariables: OutboundV2<'SetVariables'> = {
  changes: 'each variable that was Accepted or needs a reboot; heartbeat interval; the password',
  shows: '/stations/{id}/variables; /stations/{id} heartbeatIntervalS',
  answered(context, { setVariableData }, { setVariableResult }) {
    const sent = new Map<string, string>();
    for (const { component, variable, attributeType = 'Actual', attributeValue } of setVariableData)
      sent.set(variableId({ ...variableName(component, variable), attribute: attributeType }), attributeValue);
    for (const { component, variable, attributeType = 'Actual', attributeStatus } of setVariableResult) {
      if (attributeStatus !== 'Accepted' && attributeStatus !== 'RebootRequired') continue;
      const name = { ...variableName(component, variable), attribute: attributeType };
      const value = sent.get(variableId(name));
      // A result for what was not asked is the peer's error, which the checks report.
      if (value === undefined) continue;
      variableKnown(context, { ...name, value, source: 'set', afterReboot: attributeStatus === 'RebootRequired' });
      takeEffect(context, name, value, attributeStatus);
      context.services.changed({ what: 'item', station: context.station, kind: 'variables', id: variableId(name) });
    }
  },
};

/** Variables that the CSMS itself goes by. */
function takeEffect(
  { state, station }: OutboundContext,
  { component, variable, attribute }: Pick<VariableFacts, 'component' | 'variable' | 'attribute'>,
  value: string,
  status: 'Accepted' | 'RebootRequired',
): void {
  if (attribute !== 'Actual') return;
  const name = `${component}.${variable}`.toLowerCase();
  if (name === 'securityctrlr.basicauthpassword')
    passwordGiven(state.stations, station, passwordHash(Buffer.from(value, 'utf8')), status);
  else if (name === 'ocppcommctrlr.heartbeatinterval' && /^\d+$/.test(value))
    state.stations.update(station, { heartbeatIntervalS: Number(value) });
}

/** B06. What the station does not know is not there; what it may not read (WriteOnly) stays as it is known. */
export const getVariables: OutboundV2<'GetVariables'> = {
  changes: 'each variable as read; unknown ones removed',
  shows: '/stations/{id}/variables',
  answered(context, _request, { getVariableResult }) {
    const { state, station, services } = context;
    for (const {
      component,
      variable,
      attributeType = 'Actual',
      attributeStatus,
      attributeValue,
    } of getVariableResult) {
      const name = { ...variableName(component, variable), attribute: attributeType };
      if (attributeStatus === 'Accepted')
        variableKnown(context, { ...name, value: attributeValue ?? '', source: 'read', afterReboot: false });
      else if (attributeStatus !== 'Rejected') state.items.delete(station, 'variables', variableId(name));
    }
    services.changed({ what: 'item', station, kind: 'variables', id: '' });
  },
};

import { isSecretSetting, MASK } from '../../../../../core/secrets.ts';
import { parseTime } from '../../../../../core/time.ts';
import { variableKnown } from '../../variables.ts';
import { availabilityStateSeen } from '../availability-state.ts';
import type { InboundV2 } from '../handlers.ts';
import { variableName } from '../variable-names.ts';

/** N07, N08. An AvailabilityState event is the 2.1 way to say what StatusNotification said (G01.FR.03). */
export const notifyEvent: InboundV2<'NotifyEvent'> = {
  changes: 'keeps the events; the variable’s actual value; connector status for AvailabilityState',
  shows: '/stations/{id}/events; /stations/{id}/variables; /stations/{id} evses[].connectors[]',
  handle(context, { seqNo, eventData }) {
    const { state, station, now, services } = context;
    for (const event of eventData) {
      const name = variableName(event.component, event.variable);
      const secret = isSecretSetting(name.variable);
      state.items.append({
        station,
        kind: 'events',
        at: now,
        status: event.cleared === true ? 'Cleared' : event.trigger,
        value: { ...event, seqNo, ...(secret ? { actualValue: MASK } : {}) },
        ...(name.evse === undefined ? {} : { evse: name.evse }),
      });
      variableKnown(context, { ...name, attribute: 'Actual', value: event.actualValue, source: 'reported' });
      availabilityStateSeen(context, name, event.actualValue, parseTime(event.timestamp) ?? now);
      services.changed({ what: 'item', station, kind: 'events', id: String(event.eventId) });
    }
    return {};
  },
};

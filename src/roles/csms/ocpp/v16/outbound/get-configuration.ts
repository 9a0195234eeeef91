import type { Outbound } from '../../handler.ts';
import { variableKnown } from '../../variables.ts';

/** 1.6 §5.8. A key without a value exists and is unset. */
export const getConfiguration: Outbound<'1.6', 'GetConfiguration'> = {
  changes: 'configuration keys as reported, unknown ones removed',
  shows: '/stations/{id}/variables',
  answered(context, _request, { configurationKey, unknownKey }) {
    for (const { key, readonly, value } of configurationKey ?? []) {
      variableKnown(context, {
        component: '',
        variable: key,
        attribute: 'Actual',
        value,
        mutability: readonly ? 'ReadOnly' : 'ReadWrite',
        source: 'read',
        afterReboot: false,
      });
    }
    for (const key of unknownKey ?? []) context.state.items.delete(context.station, 'variables', key.toLowerCase());
    context.services.changed({ what: 'item', station: context.station, kind: 'variables', id: '' });
  },
};

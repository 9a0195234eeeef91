import { hashOfSecret } from '../../../admission.ts';
import { passwordGiven } from '../../../new-password.ts';
import type { Outbound } from '../../handler.ts';
import { variableKnown } from '../../variables.ts';

/** 1.6 §5.3; a new AuthorizationKey is the station's password from its acceptance on (A01.FR.03). */
export const changeConfiguration: Outbound<'1.6', 'ChangeConfiguration'> = {
  changes: 'the key’s value; heartbeat interval; the password',
  shows: '/stations/{id}/variables; /stations/{id} heartbeatIntervalS',
  answered(context, { key, value }, { status }) {
    if (status !== 'Accepted' && status !== 'RebootRequired') return;
    const { state, station, services } = context;
    variableKnown(context, {
      component: '',
      variable: key,
      attribute: 'Actual',
      value,
      source: 'set',
      afterReboot: status === 'RebootRequired',
    });
    if (/^authorizationkey$/i.test(key))
      passwordGiven(state.stations, station, hashOfSecret(value, services.config.security.basicAuthEncoding), status);
    if (/^heartbeatinterval$/i.test(key) && /^\d+$/.test(value))
      state.stations.update(station, { heartbeatIntervalS: Number(value) });
    services.changed({ what: 'item', station, kind: 'variables', id: key.toLowerCase() });
  },
};

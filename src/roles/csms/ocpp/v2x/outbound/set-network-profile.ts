import { MASK } from '../../../../../core/secrets.ts';
import type { v21 } from '../../../../../protocols/ocpp/messages.ts';
import type { OutboundV2 } from '../handlers.ts';

/** B09. Passwords, keys and PINs of the profile are not kept. */
export const setNetworkProfile: OutboundV2<'SetNetworkProfile'> = {
  changes: 'the network profile in that slot, once Accepted',
  shows: '/stations/{id}/network-profiles',
  answered({ state, station, now, services }, { configurationSlot, connectionData }, { status }) {
    if (status !== 'Accepted') return;
    const id = String(configurationSlot);
    const value = { configurationSlot, connectionData: withoutSecrets(connectionData) };
    state.items.put({ station, kind: 'network-profiles', id, at: now, status, value });
    services.changed({ what: 'item', station, kind: 'network-profiles', id });
  },
};

function withoutSecrets({ apn, vpn, basicAuthPassword, ...open }: v21.NetworkConnectionProfileType): object {
  return {
    ...open,
    ...(basicAuthPassword === undefined ? {} : { basicAuthPassword: MASK }),
    ...(apn === undefined
      ? {}
      : {
          apn: {
            ...apn,
            ...(apn.apnPassword === undefined ? {} : { apnPassword: MASK }),
            ...(apn.simPin === undefined ? {} : { simPin: MASK }),
          },
        }),
    ...(vpn === undefined ? {} : { vpn: { ...vpn, password: MASK, key: MASK } }),
  };
}

import type { EvseCommand } from '../../protocols/everest/encode.ts';
import type { EverestStation } from './everest-station.ts';
import { encodedFor } from './station-commands.ts';

/** One example of each operation: how it would be said tells whether it can be. */
const EXAMPLES: Readonly<Record<string, EvseCommand>> = {
  authorize: {
    do: 'authorize',
    idToken: 'X',
    type: 'ISO14443',
    authorizationType: 'RFID',
    prevalidated: false,
  },
  'evse/pause': { do: 'evsePause' },
  'evse/resume': { do: 'evseResume' },
  'evse/stop': { do: 'evseStop', reason: 'Local' },
  'evse/enable': { do: 'evseEnable', priority: 100, source: 'LocalAPI' },
  'evse/disable': { do: 'evseDisable', priority: 100, source: 'LocalAPI' },
  'evse/unlock': { do: 'evseUnlock', connectorId: 1 },
  'evse/limit': { do: 'evseLimit', amps: 16, at: '' },
  // Nobody publishes on the topics of the simulated car: whether it is there cannot be heard.
  'ev/*': { do: 'evModify', list: 'unplug' },
  'errors/*': { do: 'error', type: 'MREC8EmergencyStop', raise: true },
};

/** `supported` by which dialect, `unverified` (it can be said, but not known whether somebody listens), or why not. */
export function capabilitiesOf(station: EverestStation) {
  return {
    dialects: [...station.dialects],
    connectors: station.connectors.map(({ n }) => ({
      n,
      operations: Object.fromEntries(
        Object.entries(EXAMPLES).map(([name, command]) => {
          const encoded = encodedFor(station, command, n);
          if ('unsupported' in encoded) return [name, { is: 'unsupported', why: encoded.unsupported }];
          const unheard =
            name.endsWith('*') || (encoded.dialect !== 'E' && (name === 'authorize' || name === 'evse/limit'));
          return [name, { is: unheard ? 'unverified' : 'supported', dialect: encoded.dialect }];
        }),
      ),
    })),
  };
}

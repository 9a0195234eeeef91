import type { LoadedConfig } from '../../platform/config/load-config.ts';
import type { ServiceName } from '../../platform/service.ts';
import { reachableAt } from '../endpoints.ts';
import { configured } from './switches.ts';

/** One line of the checklist: what to enter into somebody else's system. */
export interface ToEnter {
  readonly label: string;
  readonly value: string;
  readonly note?: string;
}

/** What a system needs to know of this world to stand for a party. */
export function toEnter(
  party: string,
  config: LoadedConfig,
  urlOf: (service: ServiceName) => string | undefined,
): ToEnter[] {
  const { host } = config.shared;
  const at = (service: ServiceName, label: string, path = '', note?: string): ToEnter[] => {
    const address = urlOf(service);
    if (address === undefined) return [];
    return reachableAt(address, host).map(({ url, loopback }) => {
      const words = [loopback ? 'this machine only' : '', note ?? ''].filter(Boolean).join('; ');
      return { label, value: `${url}${path}`, ...(words === '' ? {} : { note: words }) };
    });
  };
  const id = (key: string, label: string): ToEnter[] => {
    const value = configured(config, key);
    return value === undefined ? [] : [{ label, value }];
  };
  switch (party) {
    case 'hub':
      return [
        ...id('csms.oicp.operatorId', 'Operator id of the CPO'),
        ...at('csms', 'Base address of the CPO', '', 'the hub calls /api/oicp/… below it'),
        ...id('emp.providerId', 'Provider id of the EMP'),
        ...at('emp', 'Base address of the EMP', '', 'the hub calls /api/oicp/… below it'),
        { label: 'Protocol', value: 'OICP 2.3' },
      ];
    case 'emp':
      return [
        ...at('hub', 'Base address of the hub', '/oicp', 'your system calls /api/oicp/… below it'),
        ...id('emp.providerId', 'Provider id under which the hub knows it'),
        { label: 'Protocol', value: 'OICP 2.3' },
      ];
    case 'csms':
      return [
        ...at('hub', 'Base address of the hub', '/oicp', 'your system calls /api/oicp/… below it'),
        ...id('csms.oicp.operatorId', 'Operator id under which the hub knows it'),
        ...at('trust', 'Base address of the certificate pools'),
        { label: 'Sub-protocols of our stations', value: 'ocpp1.6, ocpp2.0.1, ocpp2.1' },
      ];
    case 'pnc':
      return [
        ...id('csms.pnc.clientId', 'Client id of the CPO'),
        ...id('emp.pnc.clientId', 'Client id of the MO'),
        ...id('everest.pnc.clientId', 'Client id of the OEM'),
      ];
    default:
      return [];
  }
}

import type { LoadedConfig } from '../../platform/config/load-config.ts';
import { valueAt } from '../../platform/config/schema-walk.ts';
import type { ServiceName } from '../../platform/service.ts';

/** Which of our services take a party from an address, and how each is told. */
export interface Switch {
  readonly service: ServiceName;
  /** The key of the configuration. */
  readonly key: string;
  /** `peer` and `partner` change while the service runs; `restart`: only the configuration says it. */
  readonly how: 'peer' | 'partner' | 'restart';
  /** Which of the two addresses of the party. */
  readonly takes: 'address' | 'oicpAddress';
}

export interface Replaceable {
  readonly id: string;
  readonly name: string;
  /** The service that plays it here. */
  readonly service: ServiceName;
  readonly schemes: readonly string[];
  readonly example: string;
  readonly switches: readonly Switch[];
}

const HTTP = ['http:', 'https:'];
const POOLS = ['csms.pnc.url', 'emp.pnc.url', 'everest.pnc.url', 'station.pnc.url'];

/** The parties that somebody else's system can stand for. Stations need no switch: they connect by themselves. */
export const REPLACEABLE: readonly Replaceable[] = [
  {
    id: 'hub',
    name: 'Hub',
    service: 'hub',
    schemes: HTTP,
    example: 'https://hub.example',
    switches: [
      { service: 'csms', key: 'csms.oicp.hubUrl', how: 'peer', takes: 'address' },
      { service: 'emp', key: 'emp.hub.baseUrl', how: 'peer', takes: 'address' },
    ],
  },
  {
    id: 'emp',
    name: 'EMP',
    service: 'emp',
    schemes: HTTP,
    example: 'https://emp.example',
    switches: [{ service: 'hub', key: 'hub.partners', how: 'partner', takes: 'address' }],
  },
  {
    id: 'csms',
    name: 'CSMS',
    service: 'csms',
    schemes: ['ws:', 'wss:'],
    example: 'wss://csms.example/ocpp',
    switches: [
      { service: 'hub', key: 'hub.partners', how: 'partner', takes: 'oicpAddress' },
      { service: 'station', key: 'station.csms', how: 'restart', takes: 'address' },
      { service: 'everest', key: 'everest.lookAlike.csms', how: 'restart', takes: 'address' },
    ],
  },
  {
    id: 'pnc',
    name: 'Plug & Charge',
    service: 'trust',
    schemes: HTTP,
    example: 'https://pools.example',
    switches: POOLS.map((key) => ({
      service: key.slice(0, key.indexOf('.')) as ServiceName,
      key,
      how: 'restart',
      takes: 'address',
    })),
  },
  {
    id: 'everest',
    name: 'EVerest',
    service: 'everest',
    schemes: ['mqtt:', 'mqtts:', 'ws:', 'wss:'],
    example: 'mqtt://everest.example:1883',
    switches: [{ service: 'everest', key: 'everest.broker.url', how: 'restart', takes: 'address' }],
  },
];

/** The value of a key in the configuration of this process. */
export function configured({ all }: LoadedConfig, key: string): string | undefined {
  const value = valueAt(all, key.split('.'));
  return typeof value === 'string' ? value : undefined;
}

/** The lines of a configuration file that say it for good. */
export function configLines(key: string, value: string): string {
  const whole = key
    .split('.')
    .reverse()
    .reduce<unknown>((inner, part) => ({ [part]: inner }), value);
  return JSON.stringify(whole, null, 2);
}

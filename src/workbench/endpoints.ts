import { networkInterfaces } from 'node:os';
import type { ServiceState } from './services.ts';

export interface Endpoint {
  /** Who connects there, in words: `A charging station`. */
  readonly title: string;
  readonly url: string;
  /** True when only this machine reaches it. */
  readonly loopback: boolean;
  readonly note?: string;
}

/** A service's address as other machines call it: one for each address of this machine, the reachable ones first. */
export function reachableAt(address: string, boundTo: string): { readonly url: string; readonly loopback: boolean }[] {
  return hostsOf(boundTo).map(({ host, loopback }) => {
    const url = new URL(address);
    if (host !== undefined) url.hostname = host.includes(':') ? `[${host}]` : host;
    return { url: url.origin, loopback };
  });
}

function hostsOf(boundTo: string): { readonly host: string | undefined; readonly loopback: boolean }[] {
  const everywhere = boundTo === '0.0.0.0' || boundTo === '::';
  return everywhere ? addressesOfThisMachine() : [{ host: undefined, loopback: true }];
}

/** The addresses to enter into one's own system, one for each address of this machine. */
export function endpointsOf(services: readonly ServiceState[], boundTo: string): Endpoint[] {
  return services.flatMap((service) => {
    const what = DOORS[service.name];
    if (what === undefined || service.url === undefined || service.health === 'off') return [];
    return reachableAt(service.url, boundTo).map(
      ({ url, loopback }): Endpoint => ({ ...what.of(new URL(url)), title: what.title, loopback }),
    );
  });
}

const DOORS: Readonly<Partial<Record<string, { title: string; of(url: URL): { url: string; note?: string } }>>> = {
  csms: {
    title: 'A charging station connects to the CSMS',
    of: (url) => ({
      url: `${url.protocol === 'https:' ? 'wss' : 'ws'}://${url.host}/ocpp/YOUR-STATION-ID`,
      note: 'Subprotocols ocpp1.6, ocpp2.0.1, ocpp2.1. Some stations want the address without their identity.',
    }),
  },
  hub: { title: 'A CPO or EMP backend calls the hub', of: (url) => ({ url: `${url.origin}/oicp`, note: 'OICP 2.3' }) },
};

function addressesOfThisMachine(): { host: string; loopback: boolean }[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter((address) => !address.address.startsWith('fe80'))
    .map((address) => ({ host: address.address, loopback: address.internal }))
    .sort((a, b) => Number(a.loopback) - Number(b.loopback));
}

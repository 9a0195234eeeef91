import type { ServiceName } from '../platform/service.ts';

/** First part of a path below `/api/v1` -> the service that owns what stands there. Everything else is the CSMS's. */
const OWNERS: Readonly<Record<string, ServiceName>> = {
  sim: 'station',
  emp: 'emp',
  hub: 'hub',
  pnc: 'trust',
  everest: 'everest',
};

/** A service addressed by its name: `/services/hub/logs` is `/logs` of the hub. */
const BY_NAME: Readonly<Record<string, ServiceName>> = {
  csms: 'csms',
  station: 'station',
  emp: 'emp',
  hub: 'hub',
  trust: 'trust',
  everest: 'everest',
};

/** Who answers a path, and how the path is called there. */
export function ownerOf(path: string): { readonly service: ServiceName; readonly path: string } {
  const named = /^services\/([a-z]+)\/(.*)$/s.exec(path);
  const service = named === null ? undefined : BY_NAME[named[1] ?? ''];
  if (named !== null && service !== undefined) return { service, path: named[2] ?? '' };
  const first = path.slice(0, /[/?]|$/.exec(path)?.index);
  return { service: OWNERS[first] ?? 'csms', path };
}

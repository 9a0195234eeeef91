import type { LoadedConfig } from '../platform/config/load-config.ts';
import type { ServiceName } from '../platform/service.ts';
import { worldIdOf } from '../platform/world-id.ts';

/**
 * Two worlds on one machine: what answers at a usual port may be the other one's service. At a port that nobody named, only a
 * service that shares our data folder is ours; a port that somebody named is taken at its word.
 *
 * @throws with what to do, when the health is that of another world's service
 */
export function refuseOtherWorld(config: LoadedConfig, service: ServiceName, health: unknown): void {
  if (config.sources.get(`${service}.port`) !== 'default') return;
  const { world } = (health ?? {}) as { readonly world?: unknown };
  // An older service does not say.
  if (typeof world !== 'string' || world === worldIdOf(config.shared.data)) return;
  throw new Error(
    `what answers there belongs to another world, with another data folder: set ${service}.port to tell them apart`,
  );
}

import { isSecretName, MASK, maskSecrets } from '../../core/secrets.ts';
import type { LoadedConfig } from './load-config.ts';
import { valueAt } from './schema-walk.ts';

export interface EffectiveSetting {
  /** `csms.port` */
  readonly key: string;
  readonly value: unknown;
  /** Where the value came from. */
  readonly source: string;
}

/** Every value that is in force, where it came from, secrets masked. */
export function effectiveConfig(config: LoadedConfig, onlySections?: readonly string[]): EffectiveSetting[] {
  const settings: EffectiveSetting[] = [];
  for (const [key, source] of config.sources) {
    const path = key.split('.');
    if (onlySections !== undefined && path.length > 1 && !onlySections.includes(path[0] ?? '')) continue;
    const value = valueAt(config.all, path);
    settings.push({ key, value: isSecretName(path.at(-1) ?? '') ? MASK : maskSecrets(value), source });
  }
  return settings;
}

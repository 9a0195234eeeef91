import { isSecretName, MASK, maskSecrets } from '../../core/secrets.ts';
import { CHANGED_HERE } from './changed-settings.ts';
import type { LoadedConfig } from './load-config.ts';
import { valueAt } from './schema-walk.ts';

export interface EffectiveSetting {
  /** `csms.port` */
  readonly key: string;
  readonly value: unknown;
  /** Where the value came from. */
  readonly source: string;
  /** Whether a change of it holds at once; else from the next start. */
  readonly live: boolean;
  /** What it was changed to while the services run, where that does not hold yet; null: the change was taken back. */
  readonly next?: unknown;
}

/** Every value that is in force, where it came from, secrets masked. */
export function effectiveConfig(config: LoadedConfig, onlySections?: readonly string[]): EffectiveSetting[] {
  const settings: EffectiveSetting[] = [];
  for (const [key, source] of config.sources) {
    const path = key.split('.');
    if (onlySections !== undefined && path.length > 1 && !onlySections.includes(path[0] ?? '')) continue;
    const value = valueAt(config.all, path);
    const { changes } = config;
    const live = changes.isLive(key);
    const shown = (given: unknown): unknown => (isSecretName(path.at(-1) ?? '') ? MASK : maskSecrets(given));
    const changed = changes.changed(key);
    if (changed === undefined) settings.push({ key, value: shown(value), source, live });
    else if (changed.holds) settings.push({ key, value: shown(changed.value), source: CHANGED_HERE, live });
    else settings.push({ key, value: shown(value), source, live, next: shown(changed.value ?? null) });
  }
  return settings;
}

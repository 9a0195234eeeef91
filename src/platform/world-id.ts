import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';

/** Names the world of a data folder: services that share the folder are one world, wherever they listen. */
export function worldIdOf(dataFolder: string): string {
  const path = resolve(dataFolder);
  let real = path;
  try {
    real = realpathSync(path);
  } catch {
    // It is not there yet.
  }
  return createHash('sha256').update(real).digest('hex').slice(0, 12);
}

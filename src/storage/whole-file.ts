import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { systemCodeOf } from '../core/errors.ts';

/**
 * Small files that are written as a whole: settings, choices, keys. Whoever reads one finds the former text or the new one,
 * never a half, also when the machine stops in between.
 */

/** @param mode of the file; only its owner reads it unless said otherwise */
export function writeWhole(path: string, text: string, mode = 0o600): void {
  writeFileSync(`${path}.new`, text, { mode, flush: true });
  renameSync(`${path}.new`, path);
}

/** Its text; undefined where there is no such file. */
export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    // ENOTDIR: not even the folder is one yet.
    if (systemCodeOf(cause) === 'ENOENT' || systemCodeOf(cause) === 'ENOTDIR') return undefined;
    throw cause;
  }
}

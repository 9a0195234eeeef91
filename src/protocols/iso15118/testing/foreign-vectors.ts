import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Vectors of other makers' implementations. They may not be kept in this repository; the environment variable
 * COMPOTE_VECTORS names a folder that holds them under `pnc/`. Without it the tests over them are skipped by name.
 */
export const FOREIGN_VECTORS = process.env['COMPOTE_VECTORS'];

export function foreignBytes(name: string): Uint8Array {
  return new Uint8Array(readFileSync(join(FOREIGN_VECTORS ?? '', 'pnc', name)));
}

export function foreignText(name: string): string {
  return readFileSync(join(FOREIGN_VECTORS ?? '', 'pnc', name), 'utf8');
}

export function foreignJson(name: string): unknown {
  return JSON.parse(foreignText(name));
}

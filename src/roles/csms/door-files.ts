import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DoorPem } from './secure-door.ts';

/** The certificate of the secure door as PEM files, readable by their owner only, so that a restart needs no environment. */
export function doorFiles(folder: string): { load(): DoorPem | undefined; save(pem: DoorPem): void } {
  const path = (name: string): string => join(folder, name);
  return {
    load() {
      if (!existsSync(path('csms.pem'))) return undefined;
      const read = (name: string): string => readFileSync(path(name), 'utf8');
      return { chain: read('csms.pem'), key: read('csms.key.pem'), roots: read('station-roots.pem') };
    },
    save({ chain, key, roots }) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const write = (name: string, text: string): void => writeFileSync(path(name), text, { mode: 0o600, flush: true });
      write('csms.key.pem', key);
      write('station-roots.pem', roots);
      // Last: what is complete has a certificate.
      write('csms.pem', chain);
    },
  };
}

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** PEM files. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

export const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
const folder = mkdtempSync(join(tmpdir(), 'compote-authority-'));

function openssl(...args: string[]): void {
  const { status, stderr } = spawnSync('openssl', args, { encoding: 'utf8', cwd: folder });
  if (status !== 0) throw new Error(stderr);
}

/** An authority of the given name, and what makes identities below it. */
export function authority(name: string): { pem: string; issue(subject: string): Identity } {
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const root = ['-keyout', `${name}.key`, '-out', `${name}.pem`, '-subj', `/CN=${name}`, '-days', '30'];
  openssl('req', '-x509', ...curve, ...root);
  writeFileSync(join(folder, 'names.cnf'), 'subjectAltName=DNS:localhost\n');
  return {
    pem: readFileSync(join(folder, `${name}.pem`), 'utf8'),
    issue: (subject) => {
      const file = `${name}-${subject}`;
      openssl('req', ...curve, '-keyout', `${file}.key`, '-out', `${file}.csr`, '-subj', `/CN=${subject}`);
      const signer = ['-CA', `${name}.pem`, '-CAkey', `${name}.key`, '-CAcreateserial', '-days', '30'];
      openssl('x509', '-req', '-in', `${file}.csr`, '-out', `${file}.pem`, ...signer, '-extfile', 'names.cnf');
      return { cert: join(folder, `${file}.pem`), key: join(folder, `${file}.key`) };
    },
  };
}

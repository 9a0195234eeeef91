import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tlsOptions } from './tls.ts';

describe('TLS settings', () => {
  it('tell a missing file, a file without PEM, a broken certificate and missing client authorities', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'compote-tls-')), 'x.pem');
    expect(() => tlsOptions({ cert: `${file}.missing`, key: file })).toThrow(
      /certificate file .*x\.pem\.missing cannot be read/,
    );
    writeFileSync(file, 'not pem');
    expect(() => tlsOptions({ cert: file, key: file })).toThrow(/x\.pem holds no PEM text/);
    writeFileSync(file, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
    expect(() => tlsOptions({ cert: file, key: file })).toThrow(
      /A certificate or key cannot be used: .*x\.pem with .*x\.pem/,
    );
    expect(() => tlsOptions({ cert: file, key: file, clientCertificate: 'demand' })).toThrow(
      /no client authority is given/,
    );
  });
});

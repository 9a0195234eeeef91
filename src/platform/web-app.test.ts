import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SystemIds } from '../core/ids.ts';
import { SystemClock } from '../core/system-clock.ts';
import { createHttpService, type HttpService } from './http/http-service.ts';
import { SILENT } from './logging/log.ts';
import { mountWebApp } from './web-app.ts';

let folder: string;
let http: HttpService;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'web-app-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><html><head><title>x</title></head></html>');
  writeFileSync(join(folder, 'assets/app-1a2b.js'), 'let a = 1;');
  writeFileSync(join(folder, 'assets/app-1a2b.js.br'), brotliCompressSync('let a = 1;'));
  http = createHttpService({
    name: 'workbench',
    host: '127.0.0.1',
    port: 0,
    version: '1',
    clock: new SystemClock(),
    ids: new SystemIds(),
    log: SILENT,
  });
  mountWebApp(http, { base: '/', scope: 'all', service: 'workbench', version: '1', folder });
  mountWebApp(http, { base: '/ui', scope: 'cpo', service: 'csms', version: '1', folder });
});

afterEach(async () => {
  await http.close();
  rmSync(folder, { recursive: true });
});

describe('the web app', () => {
  it.each([
    ['/', '/', 'all'],
    ['/stations/CP.1', '/', 'all'],
    ['/m/18342?ptr=/a', '/', 'all'],
    ['/ui', '/ui/', 'cpo'],
    ['/ui/traffic', '/ui/', 'cpo'],
  ])('answers the page %s with its base and scope', async (url, base, scope) => {
    const answer = await http.inject({ url });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toContain('text/html');
    expect(answer.body).toContain(`<base href="${base}" />`);
    expect(answer.body).toContain(`&quot;scope&quot;:&quot;${scope}&quot;`);
  });

  it('forbids scripts, styles and connections of other origins', async () => {
    const policy = (await http.inject({ url: '/' })).headers['content-security-policy'];
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
  });

  it('lets browsers keep files with a hash in their name, and sends them packed', async () => {
    const packed = await http.inject({ url: '/ui/assets/app-1a2b.js', headers: { 'accept-encoding': 'gzip, br' } });
    expect(packed.headers).toMatchObject({
      'content-encoding': 'br',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    expect((await http.inject({ url: '/assets/app-1a2b.js' })).body).toBe('let a = 1;');
  });

  it.each(['/assets/app-gone.js', '/api/v1/nothing', '/api'])(
    'answers %s with a problem, not with a page',
    async (url) => {
      const answer = await http.inject({ url });
      expect(answer.statusCode).toBe(404);
      expect(answer.headers['content-type']).toContain('application/problem+json');
    },
  );

  it.each(['/..%2f..%2fetc/passwd.js', '/assets/..%2f..%2fsecret.js', '/assets/%2e%2e/index.html'])(
    'never leaves its folder: %s',
    async (url) => {
      const answer = await http.inject({ url });
      expect(answer.body).not.toContain('root:');
      expect([200, 404]).toContain(answer.statusCode);
    },
  );
});

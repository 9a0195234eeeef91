import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SystemIds } from '../../src/core/ids.ts';
import { Random } from '../../src/core/random.ts';
import { SystemClock } from '../../src/core/system-clock.ts';
import { openMemoryJournal } from '../../src/journal/index.ts';
import { configSchema } from '../../src/platform/config/config-schema.ts';
import { loadConfig } from '../../src/platform/config/load-config.ts';
import { openServiceLog } from '../../src/platform/logging/service-log.ts';
import { httpOptions } from '../../src/platform/prepare-service.ts';
import type { Runtime } from '../../src/platform/service.ts';
import { startTrust } from '../../src/roles/trust/index.ts';
import { type TrustSection, trustSection } from '../../src/roles/trust/section.ts';
import { CommitGroup } from '../../src/storage/commit-group.ts';
import { openDataFolder } from '../../src/storage/data-folder.ts';

export interface HttpAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers member by member
  readonly body: any;
  readonly headers: Headers;
  readonly text: string;
}

/** The trust environment on a free port, in a folder of its own, for tests with real sockets. */
export async function testTrust(config: Partial<TrustSection> = {}, folder = mkdtempSync(join(tmpdir(), 'trust-'))) {
  const clock = new SystemClock();
  const loaded = loadConfig({
    schema: configSchema({ trust: trustSection }),
    flags: [{ path: ['trust', 'port'], text: '0', source: 'test' }],
  });
  const settings = { ...(loaded.all['trust'] as TrustSection), ...config };
  const commitGroup = new CommitGroup(clock, (cause) => {
    throw cause;
  });
  const dataFolder = openDataFolder(folder, 'trust');
  const journal = openMemoryJournal({ clock, group: commitGroup, ids: new SystemIds() });
  const serviceLog = openServiceLog({
    service: 'trust',
    folder,
    level: 'debug',
    maxFileBytes: 1_000_000,
    maxFiles: 1,
    clock,
  });
  const runtime: Runtime = {
    service: 'trust',
    version: '0.0.0-test',
    clock,
    socketClock: clock,
    random: new Random('test'),
    ids: new SystemIds(),
    log: serviceLog.log,
    logs: serviceLog.reader,
    dataFolder,
    commitGroup,
    journal,
    shared: { ...loaded.shared, storage: { sync: 'normal' } },
    config: { ...loaded, all: { ...loaded.all, trust: settings } },
    addressOf: () => undefined,
  };
  const service = await startTrust(runtime, settings, { ...httpOptions(runtime, settings), checkResponses: true });
  const base = service.url ?? '';
  const request = async (method: string, url: string, init: RequestInit = {}): Promise<HttpAnswer> => {
    const response = await fetch(url, { ...init, method });
    const text = await response.text();
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch {
      body = undefined;
    }
    return { status: response.status, body, headers: response.headers, text };
  };
  return {
    ...service,
    base,
    folder,
    journal,
    request: (method: string, path: string, init?: RequestInit) => request(method, `${base}${path}`, init),
    call: (method: string, path: string, body?: unknown) =>
      request(method, `${base}/api/v1${path}`, {
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      }),
    async token(client: string): Promise<string> {
      const { body } = await request('POST', `${base}/oauth/token`, {
        body: JSON.stringify({
          client_id: client,
          client_secret: `${client}-secret`,
          grant_type: 'client_credentials',
        }),
        headers: { 'content-type': 'application/json' },
      });
      return body.access_token;
    },
    /** Stops; the folder stays for a restart unless `remove`. */
    async end(remove = true) {
      await service.stop();
      await journal.close();
      await serviceLog.close();
      dataFolder.close();
      if (remove) rmSync(folder, { recursive: true, force: true });
    },
  };
}

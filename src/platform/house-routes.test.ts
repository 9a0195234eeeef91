import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SystemIds } from '../core/ids.ts';
import { SystemClock } from '../core/system-clock.ts';
import { CommitGroup } from '../storage/commit-group.ts';
import { configSchema } from './config/config-schema.ts';
import { loadConfig } from './config/load-config.ts';
import { houseRoutes } from './house-routes.ts';
import { createHttpService } from './http/http-service.ts';
import { openServiceLog } from './logging/service-log.ts';
import type { Runtime } from './service.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

it('every service tells its health, its log by level and by OCPP message, and its configuration with sources', async () => {
  const clock = new SystemClock();
  const folder = mkdtempSync(join(tmpdir(), 'compote-house-'));
  const limits = { level: 'debug', maxFileBytes: 100_000, maxFiles: 2 } as const;
  const { log, reader, close } = openServiceLog({ service: 'csms', folder, clock, ...limits });
  const flags = [{ path: ['data'], text: folder, source: '--data' }];
  const config = loadConfig({ schema: configSchema({}), flags });
  const commitGroup = new CommitGroup(clock, () => {});
  const about = { service: 'csms', version: '9.9.9' };
  const runtime = { ...about, socketClock: clock, logs: reader, config, commitGroup } as unknown as Runtime;
  const options = { name: 'csms', host: '127.0.0.1', port: 0, version: '9.9.9', clock, ids: new SystemIds(), log };
  const http = createHttpService({ ...options, checkResponses: true });
  http.mountRoutes('/api/v1', houseRoutes(runtime));
  log.info({ messageId: 'm1', traceId: TRACE, station: 'CS-1' }, 'Heartbeat');
  log.error({ password: 'hunter2' }, 'refused');

  const get = async (path: string) => (await http.inject({ url: `/api/v1${path}` })).json();
  expect(await get('/health')).toMatchObject({ service: 'csms', version: '9.9.9', status: 'ok' });
  expect((await get('/logs')).items.map((line: { text: string }) => line.text)).toEqual(['Heartbeat', 'refused']);
  expect((await get('/logs?level=error')).items).toHaveLength(1);
  expect((await get(`/logs?traceId=${TRACE}`)).items).toMatchObject([
    { text: 'Heartbeat', messageId: 'm1', traceId: TRACE },
  ]);
  expect((await get('/logs?traceId=x')).fields[0].pointer).toBe('/query/traceId');
  expect((await get('/logs?text=FUSED')).items).toHaveLength(1);
  expect((await get('/logs?level=fatal')).fields[0].pointer).toBe('/query/level');
  expect((await get('/logs/groups')).items).toMatchObject([{ messageId: 'm1', lines: [{ text: 'Heartbeat' }] }]);
  const whole = await http.inject({ url: '/api/v1/logs/whole' });
  expect(whole.body.trim().split('\n')).toHaveLength(2);
  expect(whole.body).not.toContain('hunter2');
  expect(await get('/settings')).toContainEqual({ key: 'data', value: folder, source: '--data' });
  await http.close();
  close();
  rmSync(folder, { recursive: true, force: true });
});

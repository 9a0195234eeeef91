import { mkdtempSync, rmSync, statSync } from 'node:fs';
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
  const runtime = {
    ...about,
    socketClock: clock,
    logs: reader,
    config,
    shared: config.shared,
    commitGroup,
  } as unknown as Runtime;
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
  expect(await get('/settings')).toContainEqual({ key: 'data', value: folder, source: '--data', live: false });
  await http.close();
  close();
  rmSync(folder, { recursive: true });
});

it('settings are changed while the services run: at once where somebody listens, else from the next start', async () => {
  const clock = new SystemClock();
  const folder = mkdtempSync(join(tmpdir(), 'compote-settings-'));
  const { log, reader, setLevel, close } = openServiceLog({
    service: 'csms',
    folder,
    clock,
    level: 'info',
    maxFileBytes: 100_000,
    maxFiles: 2,
  });
  const flags = [
    { path: ['data'], text: folder, source: '--data' },
    { path: ['seed'], text: 'of the flag', source: '--set' },
  ];
  const load = () => loadConfig({ schema: configSchema({}), flags });
  const config = load();
  config.changes.onChange('log.level', (level) => setLevel(level as 'debug'));
  const runtime = {
    service: 'csms',
    socketClock: clock,
    logs: reader,
    config,
    shared: config.shared,
  } as unknown as Runtime;
  const options = { name: 'csms', host: '127.0.0.1', port: 0, version: '9.9.9', clock, ids: new SystemIds(), log };
  const http = createHttpService({ ...options, checkResponses: true });
  http.mountRoutes('/api/v1', houseRoutes(runtime));
  const patch = async (payload: object) =>
    (await http.inject({ method: 'PATCH', url: '/api/v1/settings', payload })).json();
  const setting = async (key: string) =>
    (await http.inject({ url: '/api/v1/settings' })).json().find((each: { key: string }) => each.key === key);

  // What is wrong is named, all of it, and nothing is kept.
  const refused = await patch({ 'log.levle': 'debug', log: {}, data: '/elsewhere', 'journal.maxEntries': 5_000 });
  expect(refused.fields).toEqual([
    { pointer: '/log.levle', msg: 'there is no such key; did you mean log.level?' },
    { pointer: '/log', msg: 'is a section: name one of its keys' },
    { pointer: '/data', msg: 'says where this change would be kept; give it with --data' },
  ]);
  expect((await patch({ 'journal.maxEntries': 5 })).fields).toMatchObject([{ pointer: '/journal.maxEntries' }]);
  expect(load().sources.get('journal.maxEntries')).toBe('default');

  log.debug({}, 'before');
  expect((await patch({ 'log.level': 'debug', 'journal.maxEntries': 5_000, seed: 'of the page' })).items).toEqual([
    { key: 'log.level', value: 'debug', applied: 'now' },
    { key: 'journal.maxEntries', value: 5_000, applied: 'restart' },
    { key: 'seed', value: 'of the page', applied: 'never' },
  ]);
  log.debug({}, 'after');
  expect((await reader.tail(10, { level: 'debug' })).map(({ text }) => text)).toEqual(['after']);
  expect(await setting('log.level')).toMatchObject({
    value: 'debug',
    source: 'changed here (settings.json)',
    live: true,
  });
  expect(await setting('journal.maxEntries')).toMatchObject({ value: 1_000_000, source: 'default', next: 5_000 });
  expect(statSync(join(folder, 'settings.json')).mode & 0o077).toBe(0);

  // The next start reads it, below what flags say; a change that is taken back is gone.
  const next = load();
  expect([next.shared.journal.maxEntries, next.sources.get('journal.maxEntries'), next.shared.seed]).toEqual([
    5_000,
    'changed here (settings.json)',
    'of the flag',
  ]);
  expect((await patch({ 'journal.maxEntries': null })).items).toEqual([
    { key: 'journal.maxEntries', applied: 'restart' },
  ]);
  expect(load().shared.journal.maxEntries).toBe(1_000_000);
  await http.close();
  close();
  rmSync(folder, { recursive: true });
});

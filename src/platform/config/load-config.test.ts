import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Type from 'typebox';
import { describe, expect, it } from 'vitest';
import { CompoteError } from '../../core/errors.ts';
import { configSchema, publishedSchema } from './config-schema.ts';
import { effectiveConfig } from './effective-config.ts';
import { type ConfigInput, loadConfig } from './load-config.ts';
import { httpKeys, section } from './shared-config.ts';

const schema = configSchema({
  csms: section(
    {
      ...httpKeys(8001),
      heartbeatIntervalS: Type.Integer({ default: 300, minimum: 1, description: 'x' }),
      basicAuthPassword: Type.Optional(Type.String({ description: 'x' })),
      boot: section({ policy: Type.String({ default: 'acceptAll', description: 'x' }) }, 'x'),
    },
    'The CSMS.',
  ),
  hub: section({ ...httpKeys(8002) }, 'The hub.'),
});

function fileOf(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'compote-config-')), 'compote.json');
  writeFileSync(path, text);
  return path;
}
const load = (text: string, more: Partial<ConfigInput> = {}) => loadConfig({ schema, file: fileOf(text), ...more });
function refusal(run: () => unknown): CompoteError {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof CompoteError) return thrown;
    throw thrown;
  }
  throw new Error('Nothing was refused');
}

describe('the configuration', () => {
  it('is complete without a file', () => {
    const { all, shared, sources } = loadConfig({ schema });
    expect(shared).toMatchObject({ host: '127.0.0.1', data: '.compote', storage: { sync: 'full' } });
    expect(all['csms']).toEqual({ port: 8001, heartbeatIntervalS: 300, boot: { policy: 'acceptAll' } });
    expect(sources.get('csms.port')).toBe('default');
  });

  it('takes a file with one section, then the environment, then flags, and knows where each value came from', () => {
    const { all, sources, file } = load('{"csms": {"port": 9001, "heartbeatIntervalS": 60}}', {
      environment: {
        COMPOTE_CSMS__HEARTBEAT_INTERVAL_S: '30',
        COMPOTE_HUB__PORT: '9002',
        PATH: '/bin',
        COMPOTE_TOKEN: 'x',
      },
      flags: [{ path: ['hub', 'port'], text: '9003', source: '--port' }],
    });
    expect(all).toMatchObject({ csms: { port: 9001, heartbeatIntervalS: 30 }, hub: { port: 9003 } });
    expect([sources.get('csms.port'), sources.get('csms.heartbeatIntervalS'), sources.get('hub.port')]).toEqual([
      file,
      'COMPOTE_CSMS__HEARTBEAT_INTERVAL_S',
      '--port',
    ]);
  });

  it('tells a wrong key with its place and the nearest right one', () => {
    const error = refusal(() => load('{\n  "csms": {\n    "prot": 1\n  }\n}'));
    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.detail).toMatch(
      /compote\.json line 3, column 5: there is no key csms\.prot; did you mean csms\.port\?$/,
    );
    expect(refusal(() => load('{"cmss": {}}')).detail).toMatch(/there is no key cmss; did you mean csms\?$/);
    expect(refusal(() => load('{"a\\"b": 1, "csms": {}}')).detail).toMatch(/line 1, column 2: there is no key a"b/);
  });

  it('tells a wrong value with its place, its rule and what stood there', () => {
    expect(refusal(() => load('{"csms": {"port": 70000}}')).detail).toMatch(
      /line 1, column 11: csms\.port must be <= 65535, not 70000$/,
    );
    expect(refusal(() => load('{"storage": {"sync": "never"}}')).detail).toMatch(
      /storage\.sync must be one of "full", "normal", not "never"$/,
    );
    expect(refusal(() => loadConfig({ schema, environment: { COMPOTE_CSMS__PORT: 'x' } })).detail).toBe(
      'COMPOTE_CSMS__PORT: csms.port must be integer, not "x"',
    );
    expect(
      refusal(() => load(`{"access":{"tokens":[{"name":"a","role":"boss","sha256":"${'0'.repeat(64)}"}]}}`)).detail,
    ).toMatch(/access\.tokens\.0\.role must be one of "viewer", "operator", "admin"/);
  });

  it('tells a file that is missing or not JSON, and a variable that sets nothing', () => {
    expect(refusal(() => loadConfig({ schema, file: '/nowhere/compote.json' })).detail).toContain('cannot be read');
    expect(refusal(() => load('{"csms": ')).detail).toContain('is not JSON');
    expect(refusal(() => load('[]')).detail).toContain('must hold a JSON object');
    expect(refusal(() => loadConfig({ schema, environment: { COMPOTE_DTA: 'x' } })).detail).toBe(
      'the environment variable COMPOTE_DTA sets no key; did you mean COMPOTE_DATA?',
    );
  });

  it('refuses deadlines that do not nest', () => {
    expect(refusal(() => load('{"deadlines": {"empMs": 12000}}')).detail).toContain(
      'stationMs (30000) > hubMs (12000) > empMs (12000)',
    );
  });

  it('masks secrets when it is shown', () => {
    const shown = effectiveConfig(load('{"csms": {"basicAuthPassword": "hunter2-hunter2"}}'));
    expect(shown).toContainEqual({
      key: 'csms.basicAuthPassword',
      value: '***',
      source: expect.stringContaining('compote.json'),
      live: false,
    });
    expect(JSON.stringify(shown)).not.toContain('hunter2');
  });

  it('is published as a schema in which nothing with a default is required', () => {
    const published = JSON.stringify(publishedSchema(schema));
    expect(published).not.toContain('"required":["host"');
    expect(publishedSchema(schema)['required']).toBeUndefined();
    expect(published).toContain('"required":["cert","key"]');
  });
});

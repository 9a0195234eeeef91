import { describe, expect, it } from 'vitest';
import { configSchema } from '../platform/config/config-schema.ts';
import { loadConfig } from '../platform/config/load-config.ts';
import { httpKeys, section } from '../platform/config/shared-config.ts';
import { worldIdOf } from '../platform/world-id.ts';
import { refuseOtherWorld } from './own-world.ts';

const SCHEMA = configSchema({ hub: section(httpKeys(8002), 'A service.') });
const named = (path: string, text: string) => ({ path: path.split('.'), text, source: 'test' });
const configOf = (...flags: ReturnType<typeof named>[]) =>
  loadConfig({ schema: SCHEMA, flags: [named('data', '/tmp/world-one'), ...flags] });

describe('a second world on one machine', () => {
  const other = { world: worldIdOf('/tmp/world-two') };

  it('is not followed at a usual port', () => {
    expect(() => refuseOtherWorld(configOf(), 'hub', other)).toThrow(/another world.*set hub\.port/);
  });

  it('is followed at a port that somebody named', () => {
    expect(() => refuseOtherWorld(configOf(named('hub.port', '8002')), 'hub', other)).not.toThrow();
  });

  it('leaves our own services and those that do not say alone', () => {
    expect(() => refuseOtherWorld(configOf(), 'hub', { world: worldIdOf('/tmp/world-one') })).not.toThrow();
    expect(() => refuseOtherWorld(configOf(), 'hub', { service: 'hub' })).not.toThrow();
  });
});

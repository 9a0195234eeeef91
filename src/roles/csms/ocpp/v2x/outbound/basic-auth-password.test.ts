import { expect, it } from 'vitest';
import { loopback } from '../../../../../link/loopback.ts';
import type { UpgradeRequest } from '../../../../../link/upgrade-request.ts';
import { CsmsTestBench } from '../../../test-bench.ts';

const NEW = 'a new password!!';
const request = (password: string): UpgradeRequest => ({
  identity: 'CS1',
  path: '/ocpp/CS1',
  offered: ['ocpp2.0.1'],
  basic: { user: 'CS1', password: Buffer.from(password, 'utf8') },
  unreadableAuthorization: false,
  tls: undefined,
  facts: {},
  remote: 'test',
});

it('a new password holds from the first connection that uses it, and then alone (A01.FR.03)', async () => {
  const bench = new CsmsTestBench();
  await bench.station('CS1', '2.0.1', {
    SetVariables:
      '{"setVariableResult":[{"component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"},"attributeStatus":"Accepted"}]}',
  });
  // printf 'the old password' | sha256sum
  const passwordHash = 'fd4f03392f0588508d2930448a72c532fdb6edf8355ed6bee4034f2d469bea86';
  bench.state.stations.update('CS1', { passwordHash });
  const admits = (password: string): boolean => bench.csms.connections.admit(request(password), '2.0.1') === undefined;
  const connects = (password: string): void => {
    const { server } = loopback({ clock: bench.clock, subprotocol: 'ocpp2.0.1', conn: password });
    bench.csms.connections.connected(server, request(password), '2.0.1', []);
  };
  expect([admits('the old password'), admits(NEW)]).toEqual([true, false]);

  await bench.command('CS1', 'SetVariables', {
    setVariableData: [
      { component: { name: 'SecurityCtrlr' }, variable: { name: 'BasicAuthPassword' }, attributeValue: NEW },
    ],
  });
  expect([admits('the old password'), admits(NEW)]).toEqual([true, true]);
  connects('the old password');
  expect([admits('the old password'), admits(NEW)]).toEqual([true, true]);
  connects(NEW);
  expect([admits('the old password'), admits(NEW)]).toEqual([false, true]);
  expect(bench.snapshot('CS1')).not.toContain(NEW);
});

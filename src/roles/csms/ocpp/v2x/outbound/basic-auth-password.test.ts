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

/** A station that answers the change of its password so, and what the CSMS then lets in. */
async function changed(
  status: 'Accepted' | 'RebootRequired' | 'Rejected',
  before: { readonly securityProfile: 0 | 1; readonly passwordHash?: string },
) {
  const bench = new CsmsTestBench();
  await bench.station('CS1', '2.0.1', {
    SetVariables: `{"setVariableResult":[{"component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"},"attributeStatus":"${status}"}]}`,
  });
  bench.state.stations.update('CS1', before);
  const admits = (password: string): boolean => bench.csms.connections.admit(request(password), '2.0.1') === undefined;
  const connects = (password: string): void => {
    const { server } = loopback({ clock: bench.clock, subprotocol: 'ocpp2.0.1', conn: password });
    bench.csms.connections.connected(server, request(password), '2.0.1', []);
  };
  await bench.command('CS1', 'SetVariables', {
    setVariableData: [
      { component: { name: 'SecurityCtrlr' }, variable: { name: 'BasicAuthPassword' }, attributeValue: NEW },
    ],
  });
  return { bench, connects, admitted: () => [admits('the old password'), admits(NEW)] };
}

// printf 'the old password' | sha256sum
const OLD_HASH = 'fd4f03392f0588508d2930448a72c532fdb6edf8355ed6bee4034f2d469bea86';

it('an accepted password is the only one from then on (A01.FR.03)', async () => {
  const { bench, admitted } = await changed('Accepted', { securityProfile: 1, passwordHash: OLD_HASH });
  expect(admitted()).toEqual([false, true]);
  expect(bench.snapshot('CS1')).not.toContain(NEW);
});

it('a refused password changes nothing (A01.FR.04)', async () => {
  const { admitted } = await changed('Rejected', { securityProfile: 1, passwordHash: OLD_HASH });
  expect(admitted()).toEqual([true, false]);
});

it('a password that needs a reboot counts beside the old one until its first use, and then alone', async () => {
  const { admitted, connects } = await changed('RebootRequired', { securityProfile: 1, passwordHash: OLD_HASH });
  expect(admitted()).toEqual([true, true]);
  connects('the old password');
  expect(admitted()).toEqual([true, true]);
  connects(NEW);
  expect(admitted()).toEqual([false, true]);
});

it('a station without a password is not locked out by its first one', async () => {
  const { bench, admitted, connects } = await changed('Accepted', { securityProfile: 0 });
  expect(bench.csms.connections.admit({ ...request(''), basic: undefined }, '2.0.1')).toBeUndefined();
  connects(NEW);
  expect(admitted()).toEqual([false, true]);
});

import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CsmsTestBench } from '../src/roles/csms/test-bench.ts';
import type { Command } from '../src/roles/station/commands.ts';
import { createStation } from '../src/roles/station/create-station.ts';
import { loopbackDialer } from '../src/roles/station/dialer.ts';
import { quirks } from '../src/roles/station/quirks.ts';
import { quirksPage } from '../src/roles/station/quirks-page.ts';

/** Each quirk is played by its name against a lenient CSMS, which goes on. */

type Version = '1.6' | '2.0.1';
const COMMANDS_16: readonly (readonly [string, object])[] = [
  ['GetConfiguration', { key: ['AuthorizeRemoteTxRequests'] }],
  ['ChangeConfiguration', { key: 'MeterValuesSampledData', value: 'Energy.Active.Import.Register' }],
  [
    'SetChargingProfile',
    {
      connectorId: 0,
      csChargingProfiles: {
        chargingProfileId: 1,
        stackLevel: 1,
        chargingProfilePurpose: 'ChargePointMaxProfile',
        chargingProfileKind: 'Absolute',
        chargingSchedule: {
          startSchedule: '2020-01-01T00:00:00Z',
          chargingRateUnit: 'A',
          chargingSchedulePeriod: [{ startPeriod: 0, limit: 16 }],
        },
      },
    },
  ],
];

/** A session with commands of the CSMS; what the station says from the moment on when it has the quirk. */
async function played(version: Version, actions: readonly Command[], shows: readonly Command[]) {
  const bench = new CsmsTestBench({ validation: 'lenient' });
  bench.state.tokens.put({ idToken: 'APP', type: 'ISO14443', status: 'Accepted', concurrent: true });
  const station = createStation({
    identity: 'CS1',
    version,
    endpoint: 'ws://csms/ocpp',
    clock: bench.clock,
    seed: 'quirks',
    dialer: loopbackDialer(
      bench.clock,
      (server, identity) => bench.csms.connections.connectInProcess(server, identity, version)?.text,
    ),
    files: { run: async () => ({ ok: false, bytes: 0, error: 'failed' }) },
  });
  station.start();
  await bench.clock.runFor(10_000);
  const before = bench.entries.length;
  for (const action of actions) station.do(action);
  station.plug({ evseId: 1 });
  station.swipe('APP', { evseId: 1 });
  await bench.clock.runFor(180_000);
  for (const action of shows) station.do(action);
  await bench.clock.runFor(60_000);
  for (const [name, payload] of version === '1.6' ? COMMANDS_16 : []) {
    const answer = bench.command('CS1', name, payload);
    await bench.clock.runFor(40_000);
    await answer;
  }
  station.swipe('APP', { evseId: 1 });
  await bench.clock.runFor(30_000);
  station.unplug({ evseId: 1 });
  await bench.clock.runFor(400_000);
  const said = bench.entries.slice(before).map(({ raw }) => String(raw));
  return { bench, count: (text: string): number => said.filter((raw) => raw.includes(text)).length };
}

describe('quirks by name', () => {
  it('stand in docs/reference/quirks.md (npm run docs:reference writes it)', () => {
    expect(readFileSync(new URL('../docs/reference/quirks.md', import.meta.url), 'utf8')).toBe(quirksPage());
  });

  it('without a sign of their own are held by the test that they name', () => {
    for (const [name, { sign, heldBy, actions }] of quirks().filter(([, quirk]) => quirk.sign === undefined)) {
      expect([name, sign, existsSync(heldBy ?? '')]).toEqual([name, undefined, true]);
      const test = readFileSync(heldBy ?? '', 'utf8');
      for (const { type, ...params } of actions) {
        expect(test).toContain(`type: '${type}'`);
        for (const word of Object.keys(params).filter((key) => key !== 'times')) expect(test).toContain(`${word}:`);
      }
    }
  });

  it.each(quirks().filter(([, { sign }]) => sign !== undefined))('%s', async (name, quirk) => {
    const { sign, shows = [], version = '1.6' } = quirk;
    const [word, text] = Object.entries(sign ?? {})[0] as [string, string];
    const without = await played(version, [], shows);
    const { bench, count } = await played(version, [{ type: 'quirk', name }], shows);
    // A station that behaves does not show it.
    const counts = [without.count(text), count(text)];
    if (word === 'lacks') expect(counts).toEqual([expect.not.toBeOneOf([0]), 0]);
    else if (word === 'twice') expect(counts[1]).toBe((counts[0] ?? 0) === 0 ? 2 : 2 * (counts[0] ?? 0));
    else expect(counts[1]).toBeGreaterThan(counts[0] ?? 0);
    expect(bench.defects).toEqual([]);
    // The link went on: the CSMS still has its answer.
    const beat = await Promise.race([
      bench.command('CS1', 'ClearCache', {}),
      bench.clock.runFor(60_000).then(() => undefined),
    ]);
    expect(beat?.kind).toBe('result');
  });

  it('ends with clear-faults', async () => {
    const { count } = await played('1.6', [{ type: 'quirk', name: 'resIdZero' }, { type: 'clear-faults' }], []);
    expect(count('"reservationId":0')).toBe(0);
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CsmsTestBench } from '../src/roles/csms/test-bench.ts';
import type { Command } from '../src/roles/station/commands.ts';
import { createStation } from '../src/roles/station/create-station.ts';
import { loopbackDialer } from '../src/roles/station/dialer.ts';

/** The table of quirks: each line is played against a lenient CSMS, which goes on. */

const page = readFileSync(new URL('../docs/reference/quirks.md', import.meta.url), 'utf8');
const rows = [...page.matchAll(/^\| (.+?) \| `(\{.+\})` \| `(.+)` \|$/gm)].map(
  ([, quirk = '', action = '', wire = '']) => ({ quirk, action, wire }),
);

async function played(action: string | undefined) {
  const bench = new CsmsTestBench({ validation: 'lenient' });
  bench.state.tokens.put({ idToken: 'APP', type: 'ISO14443', status: 'Accepted', concurrent: true });
  const station = createStation({
    identity: 'CS1',
    version: '1.6',
    endpoint: 'ws://csms/ocpp',
    clock: bench.clock,
    seed: 'quirks',
    dialer: loopbackDialer(
      bench.clock,
      (server, identity) => bench.csms.connections.connectInProcess(server, identity, '1.6')?.text,
    ),
    files: { run: async () => ({ ok: false, bytes: 0, error: 'failed' }) },
  });
  station.start();
  await bench.clock.runFor(10_000);
  if (action !== undefined) station.do(JSON.parse(action) as Command);
  station.plug({ evseId: 1 });
  station.swipe('APP', { evseId: 1 });
  await bench.clock.runFor(180_000);
  const commands: readonly (readonly [string, object])[] = [
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
          chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 16 }] },
        },
      },
    ],
  ];
  for (const [name, payload] of commands) {
    const answer = bench.command('CS1', name, payload);
    await bench.clock.runFor(40_000);
    await answer;
  }
  station.swipe('APP', { evseId: 1 });
  await bench.clock.runFor(30_000);
  station.unplug({ evseId: 1 });
  await bench.clock.runFor(400_000);
  return bench;
}

const says = ({ entries }: CsmsTestBench, wire: string): boolean =>
  entries.some(({ raw }) => String(raw).includes(wire));

describe('the table of quirks', () => {
  it('has lines', () => expect(rows.length).toBeGreaterThan(20));

  it.each(rows)('$quirk', async ({ action, wire }) => {
    const bench = await played(action);
    // A station that behaves does not say it.
    expect([says(await played(undefined), wire), says(bench, wire)]).toEqual([false, true]);
    expect(bench.defects).toEqual([]);
    // The link went on: the CSMS still has its answer.
    const beat = await Promise.race([
      bench.command('CS1', 'ClearCache', {}),
      bench.clock.runFor(60_000).then(() => undefined),
    ]);
    expect(beat?.kind).toBe('result');
  });
});

import { describe, expect, it } from 'vitest';
import { CsmsTestBench } from '../src/roles/csms/test-bench.ts';
import { createStation } from '../src/roles/station/create-station.ts';
import { loopbackDialer } from '../src/roles/station/dialer.ts';
import {
  COMMANDS_16,
  COMMANDS_21_ONLY,
  COMMANDS_201,
  type CsmsCommand,
} from '../src/roles/station/testing/csms-commands.ts';

const ID = 'SIM-ALL';
const TABLES = { '1.6': COMMANDS_16, '2.0.1': COMMANDS_201, '2.1': [...COMMANDS_21_ONLY, ...COMMANDS_201] } as const;

describe.each(['1.6', '2.0.1', '2.1'] as const)(
  'every action of OCPP %s, from the real CSMS to a real station',
  (version) => {
    it('is sent, answered with real effect, and nobody finds anything wrong', async () => {
      const bench = new CsmsTestBench({ authorization: { unknownTokens: 'accept' } });
      const { clock, csms } = bench;
      const defects: unknown[] = [];
      const station = createStation({
        identity: ID,
        version,
        endpoint: 'ws://csms/ocpp',
        clock,
        seed: 'all',
        dialer: loopbackDialer(clock, (server, identity) => csms.connectInProcess(server, identity, version)?.reason),
        onEvent: (event) => event.what === 'defect' && defects.push(event),
      });
      station.start();
      await clock.runFor(60_000);
      station.plug({ evseId: 1, soCPercent: 20 });
      station.swipe('CARD', { evseId: 1 });
      await clock.runFor(20_000);
      const outcomes: string[] = [];
      for (const [action, payload, error] of TABLES[version] as readonly CsmsCommand[]) {
        const running = station.view().evses[0]?.transaction;
        const text = payload
          .replaceAll('"TX"', `"${running?.id ?? 'none'}"`)
          .replaceAll(':TX', `:${running?.number ?? 0}`);
        const outcome = await bench.command(ID, action, JSON.parse(text));
        const expected = error === undefined ? 'result' : 'error';
        if (outcome.kind !== expected) outcomes.push(`${action}: ${outcome.kind}`);
        await clock.runFor(5_000);
      }
      await clock.runFor(120_000);
      expect(outcomes).toEqual([]);
      expect(defects).toEqual([]);
      expect(bench.defects).toEqual([]);
      expect(bench.findings.filter((one) => one.severity === 'error').map((one) => `${one.rule} ${one.text}`)).toEqual(
        [],
      );
      expect(station.view()).toMatchObject({
        connected: true,
        registration: 'Accepted',
        queued: 0,
        localListVersion: 1,
      });
      station.stop();
    });
  },
);

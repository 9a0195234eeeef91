import { describe, expect, it } from 'vitest';
import { SeededIds } from '../src/core/ids.ts';
import { Random } from '../src/core/random.ts';
import { MINUTE_MS } from '../src/core/time.ts';
import { OcppSchemaSet } from '../src/protocols/ocpp/schemas.ts';
import type { OcppVersion } from '../src/protocols/ocpp/versions.ts';
import { CsmsTestBench } from '../src/roles/csms/test-bench.ts';
import { plainLinkWorld } from '../src/roles/station/create-station.ts';
import { loopbackDialer } from '../src/roles/station/dialer.ts';
import { Fleet } from '../src/roles/station/fleet.ts';
import { simulatedFiles } from '../src/roles/station/simulated-files.ts';
import { BUILT_IN } from '../src/roles/station/templates.ts';
import { FleetTimers } from '../src/roles/station/timers.ts';

const STATIONS = 30;
const UPDATE: Readonly<Record<OcppVersion, object>> = {
  '1.6': { location: 'http://files.example/fw-2.0.0.bin', retrieveDate: '2020-01-01T00:00:00Z' },
  '2.0.1': {
    requestId: 7,
    firmware: { location: 'http://files.example/fw-2.0.0.bin', retrieveDateTime: '2020-01-01T00:00:00Z' },
  },
  '2.1': {
    requestId: 7,
    firmware: { location: 'http://files.example/fw-2.0.0.bin', retrieveDateTime: '2020-01-01T00:00:00Z' },
  },
};

describe('a firmware roll-out that the CSMS orders', () => {
  it('is obeyed by every station of a fleet, each in its own time, without a finding', async () => {
    const bench = new CsmsTestBench({ authorization: { unknownTokens: 'accept' } });
    const { clock, csms } = bench;
    const ids = new SeededIds(new Random('rollout'));
    const versions: Map<string, OcppVersion> = new Map();
    const template = BUILT_IN['ac-22-duo'];
    const fleet = new Fleet({
      world: {
        clock,
        ids,
        timers: new FleetTimers(clock),
        link: plainLinkWorld(clock, ids),
        schemas: new OcppSchemaSet(),
        dialer: loopbackDialer(clock, (server, identity, subprotocol) => {
          const version = subprotocol.replace('ocpp', '') as OcppVersion;
          versions.set(identity, version);
          return csms.connections.connectInProcess(server, identity, version)?.reason;
        }),
        files: simulatedFiles(clock, new Random('files'), template.timing.downloadMs),
        csms: { id: 'csms', role: 'csms' },
        validation: 'strict',
      },
      count: STATIONS,
      versions: ['1.6', '2.0.1', '2.1'],
      template,
      prefix: 'SIM-',
      endpoint: 'ws://csms/ocpp',
      behaviour: 'idle',
      rampPerSecond: 0,
      seed: 'rollout',
    });
    fleet.start();
    await clock.runFor(2 * MINUTE_MS);
    expect(fleet.summary()).toMatchObject({ accepted: STATIONS, firmwareInstalled: 0 });
    for (const [identity, version] of versions) {
      const answer = await bench.command(identity, 'UpdateFirmware', UPDATE[version]);
      expect(answer.kind).toBe('result');
    }
    const installed: number[] = [];
    for (let second = 0; second < 120; second += 2) {
      await clock.runFor(2_000);
      installed.push(fleet.summary().firmwareInstalled);
    }
    expect(installed.at(-1)).toBe(STATIONS);
    // They are not ready in the same moment: at least five steps lie between the first and the last.
    expect(new Set(installed).size).toBeGreaterThan(5);
    expect(fleet.summary()).toMatchObject({ accepted: STATIONS, firmwareFailed: 0, failedCalls: {} });
    for (const station of fleet.stations) expect(station.machine.firmwareVersion).toBe('2.0.0');
    fleet.stop();
    await clock.settle();
    expect(bench.defects).toEqual([]);
    expect(bench.findings.map((one) => `${one.rule} ${one.text}`)).toEqual([]);
  });
});

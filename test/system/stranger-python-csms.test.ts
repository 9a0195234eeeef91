import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { OCPP_VERSIONS } from '../../src/protocols/ocpp/versions.ts';
import { createStation } from '../../src/roles/station/create-station.ts';
import { until } from './service-process.ts';

/** The other role: a CSMS by the Python package `ocpp` judges every message of a simulated station by its own schemas. */

const PYTHON = process.env['STRANGER_PYTHON'] ?? 'python3';
const SCRIPT = fileURLToPath(new URL('stranger_csms.py', import.meta.url));
const hasPackage = spawnSync(PYTHON, ['-c', 'import ocpp, websockets']).status === 0;

interface Told {
  readonly port?: number;
  readonly heard?: string;
  readonly event?: string;
  readonly answer?: string;
  readonly status?: string;
}

describe.skipIf(!hasPackage)('a CSMS by the Python package `ocpp` (needs Python with `ocpp` and `websockets`)', () => {
  it.each(OCPP_VERSIONS)('is satisfied with a session in %s, and with answers to commands', async (version) => {
    const csms = spawn(PYTHON, [SCRIPT, version]);
    const told: Told[] = [];
    let complaints = '';
    createInterface(csms.stdout).on('line', (line) => told.push(JSON.parse(line) as Told));
    csms.stderr.on('data', (chunk) => {
      complaints += chunk;
    });
    const saw = (holds: (one: Told) => boolean): Promise<unknown> =>
      until(
        () => ({ told, complaints }),
        ({ told: all, complaints: wrong }) => wrong !== '' || all.some(holds),
        30_000,
      );
    await saw(({ port }) => port !== undefined);
    const station = createStation({
      identity: 'SIM-1',
      version,
      endpoint: `ws://127.0.0.1:${told[0]?.port}/ocpp`,
    });
    const heard = (action: string, event?: string) =>
      saw((one) => one.heard === action && (event === undefined || one.event === event));
    try {
      station.start();
      // 2.1 tells states by NotifyEvent.
      await heard(version === '2.1' ? 'NotifyEvent' : 'StatusNotification');
      station.plug({ evseId: 1 });
      station.swipe('04A1B2C3D4E5F6', { evseId: 1 });
      await (version === '1.6' ? heard('StartTransaction') : heard('TransactionEvent', 'Started'));
      const order = async (action: string, payload: object): Promise<string | undefined> => {
        csms.stdin.write(`${action} ${JSON.stringify(payload)}\n`);
        await saw(({ answer }) => answer === action);
        return told.find(({ answer }) => answer === action)?.status;
      };
      const isOld = version === '1.6';
      expect(await order('TriggerMessage', { requested_message: 'Heartbeat' }), complaints).toBe('Accepted');
      await heard('Heartbeat');
      expect(await order('ClearCache', {})).toBe('Accepted');
      expect(
        await (isOld
          ? order('ChangeAvailability', { connector_id: 1, type: 'Inoperative' })
          : order('ChangeAvailability', { operational_status: 'Inoperative', evse: { id: 1 } })),
      ).toBe('Scheduled');
      station.swipe('04A1B2C3D4E5F6', { evseId: 1 });
      station.unplug({ evseId: 1 });
      await (isOld ? heard('StopTransaction') : heard('TransactionEvent', 'Ended'));
      expect(complaints).toBe('');
    } finally {
      station.stop();
      csms.kill();
    }
  });
});

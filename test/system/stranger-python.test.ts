import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OCPP_VERSIONS } from '../../src/protocols/ocpp/versions.ts';
import { ServiceProcess, until } from './service-process.ts';

/**
 * Stations in another language: the Python package `ocpp` judges every message of ours by its own schemas. `.ci/run` installs
 * it where Python and its package index are at hand, and names its interpreter in `STRANGER_PYTHON`.
 */

const PYTHON = process.env['STRANGER_PYTHON'] ?? 'python3';
const SCRIPT = fileURLToPath(new URL('stranger_station.py', import.meta.url));
const hasPackage = spawnSync(PYTHON, ['-c', 'import ocpp, websockets']).status === 0;

describe.skipIf(!hasPackage)(
  'a station by the Python package `ocpp` (needs Python with `ocpp` and `websockets`)',
  () => {
    let csms: ServiceProcess;
    beforeAll(async () => {
      csms = await ServiceProcess.start('csms', ['--set', 'csms.validation=strict']);
      const token = { idToken: '04A1B2C3D4E5F6', type: 'ISO14443', status: 'Accepted' };
      expect((await csms.call('POST', '/tokens', token)).status).toBe(201);
    });
    afterAll(() => csms.remove());

    it.each(OCPP_VERSIONS)('runs a session in %s and obeys commands', async (version) => {
      const identity = `PY-${version}`;
      const station = spawn(PYTHON, [SCRIPT, `ws://127.0.0.1:${csms.port}/ocpp/${identity}`, version]);
      let told = '';
      let complaints = '';
      station.stdout.on('data', (chunk) => {
        told += chunk;
      });
      station.stderr.on('data', (chunk) => {
        complaints += chunk;
      });
      const ended = new Promise((resolve) => station.once('exit', resolve));
      await until(
        () => told + complaints,
        (text) => text.includes('\n'),
      );
      expect(complaints).toBe('');
      const { tx, ...session } = JSON.parse(told) as { tx: string | number };
      expect(session).toMatchObject({ boot: 'Accepted', card: 'Accepted' });

      const command = (action: string, payload: object) =>
        csms.call('POST', `/stations/${identity}/ocpp/${action}`, payload);
      const idToken = { idToken: '04A1B2C3D4E5F6', type: 'ISO14443' };
      expect((await command('GetLocalListVersion', {})).body).toEqual(
        version === '1.6' ? { listVersion: 3 } : { versionNumber: 3 },
      );
      const answers =
        version === '1.6'
          ? [
              await command('ChangeAvailability', { connectorId: 1, type: 'Inoperative' }),
              await command('RemoteStartTransaction', { idTag: '04A1B2C3D4E5F6', connectorId: 1 }),
            ]
          : [
              await command('ChangeAvailability', { operationalStatus: 'Inoperative', evse: { id: 1 } }),
              await command('RequestStartTransaction', { idToken, remoteStartId: 5, evseId: 1 }),
            ];
      expect(answers.map(({ status, body }) => [status, body.status])).toEqual([
        [200, 'Accepted'],
        [200, 'Accepted'],
      ]);
      const transaction = (await csms.call('GET', `/stations/${identity}/transactions/${tx}`)).body;
      expect(transaction).toMatchObject({ state: 'ended', energyWh: 1000 });
      station.stdin.write('\n');
      await ended;
      expect(complaints).toBe('');
    });
  },
);

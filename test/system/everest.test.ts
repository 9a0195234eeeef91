import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import mqtt from 'mqtt';
import { afterEach, describe, expect, it } from 'vitest';
import { authority, hasOpenssl } from '../support/authority.ts';
import { testEverest, testLookAlike, until } from '../support/everest.ts';
import { CLI, freePort } from './service-process.ts';

const run = promisify(execFile);
const MOSQUITTO = [
  '/usr/sbin/mosquitto',
  '/usr/bin/mosquitto',
  '/usr/local/sbin/mosquitto',
  '/opt/homebrew/sbin/mosquitto',
].find(existsSync);

const toEnd: (() => unknown)[] = [];
afterEach(async () => {
  for (let end = toEnd.pop(); end !== undefined; end = toEnd.pop()) await end();
});

/** A Mosquitto of its own; resolves once it listens. `lines`: of its configuration, instead of letting everybody in. */
async function mosquitto(
  port: number,
  lines = 'allow_anonymous true',
  client: mqtt.IClientOptions = {},
): Promise<ChildProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'mosquitto-'));
  const config = join(folder, 'mosquitto.conf');
  writeFileSync(config, `listener ${port} 127.0.0.1\n${lines}\npersistence false\n`);
  const child = spawn(MOSQUITTO ?? '', ['-c', config], { stdio: 'ignore' });
  toEnd.push(() => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  await until(async () => {
    const scheme = client.ca === undefined ? 'mqtt' : 'mqtts';
    const probe = mqtt.connect(`${scheme}://localhost:${port}`, { reconnectPeriod: 0, ...client });
    const open = await new Promise<boolean>((resolve) => {
      probe.once('connect', () => resolve(true));
      probe.once('error', () => resolve(false));
      probe.once('close', () => resolve(false));
    });
    await probe.endAsync(true);
    return open;
  });
  return child;
}

describe.skipIf(MOSQUITTO === undefined)('over Mosquitto', () => {
  it.each(['3.1.1', '5'] as const)(
    'checks 34 and 6: a session with MQTT %s, and the broker killed in the middle of it',
    async (mqttVersion) => {
      const port = await freePort();
      const url = `mqtt://127.0.0.1:${port}`;
      const first = await mosquitto(port);
      const everest = await testEverest({ broker: { url, mqttVersion }, stations: [{ release: '2025.10' }] });
      toEnd.push(() => everest.end());
      const look = testLookAlike(url);
      toEnd.push(() => look.stop());
      await until(async () => (await everest.connector()).state === 'idle');
      await everest.op('ev/start', {}, '?wait=waitAuth');
      expect(await everest.op('authorize', {}, '?wait=charging')).toMatchObject({ status: 200 });
      expect(await everest.op('evse/pause', {}, '?via=E&wait=pausedEvse')).toMatchObject({
        status: 200,
        body: { reply: true },
      });
      expect(await everest.op('evse/resume', {}, '?via=E&wait=charging')).toMatchObject({ status: 200 });
      first.kill('SIGKILL');
      await until(async () => (await everest.connector()).state === 'unknown');
      await mosquitto(port);
      await until(async () => (await everest.connector()).state === 'charging');
      expect(await everest.op('ev/unplug', {}, '?wait=idle')).toMatchObject({ status: 200 });
      // Every command was recorded once, though MQTT 3.1.1 brokers send our own messages back.
      const q = encodeURIComponent('topic:*modify_charging_session');
      expect((await everest.call('GET', `/api/v1/messages?q=${q}`)).body.items).toHaveLength(1);
    },
  );

  it.skipIf(!hasOpenssl)(
    'TLS and a user: who has the authority and the password gets in, and is told why not',
    async () => {
      const ca = authority('Broker');
      const { cert, key } = ca.issue('localhost');
      const port = await freePort();
      const folder = dirname(cert);
      const caFile = join(folder, 'authority.pem');
      const passwords = join(folder, 'passwords');
      writeFileSync(caFile, ca.pem);
      await run('mosquitto_passwd', ['-b', '-c', passwords, 'compote', 'not-for-logs']);
      // Mosquitto gives up its rights as root, and could not read what only root may.
      const user = process.getuid?.() === 0 ? '\nuser root' : '';
      const lines = `certfile ${cert}\nkeyfile ${key}\nallow_anonymous false\npassword_file ${passwords}${user}`;
      const login = { username: 'compote', password: 'not-for-logs' };
      await mosquitto(port, lines, { ca: ca.pem, ...login });
      const url = `mqtts://localhost:${port}`;
      const adapter = async (broker: Record<string, unknown>) => {
        const everest = await testEverest({ broker: { url, ...broker } });
        toEnd.push(() => everest.end());
        return everest;
      };
      const everest = await adapter({ ca: [caFile], ...login });
      await until(async () => (await everest.station()).broker.connected);
      // A station as it would speak there.
      const station = await mqtt.connectAsync(url, { ca: ca.pem, ...login });
      await station.publishAsync('everest_external/nodered/1/state/state_string', 'Charging');
      await until(async () => (await everest.connector()).state === 'charging');
      await station.endAsync();
      expect(JSON.stringify((await everest.call('GET', '/api/v1/everest')).body)).not.toContain('not-for-logs');

      const stranger = await adapter({ ca: [caFile], username: 'compote', password: 'wrong' });
      await until(async () => (await stranger.station()).broker.reason === 'the broker does not let us in');
      const unsure = await adapter({ ca: [], ...login });
      await until(async () => /certificate/i.test((await unsure.station()).broker.reason));
      expect((await unsure.station()).broker.connected).toBe(false);
    },
  );

  it('check 34: a client with MQTT v5, refused by the embedded broker, is served here', async () => {
    const port = await freePort();
    await mosquitto(port);
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { protocolVersion: 5, reconnectPeriod: 0 });
    expect(client.connected).toBe(true);
    await client.endAsync();
  });
});

it('`compote demo everest` ends well, with MQTT and OCPP in its journals', async () => {
  const { stdout } = await run(process.execPath, [CLI, 'demo', 'everest'], { maxBuffer: 20_000_000 });
  expect(stdout).toContain('2 sessions');
  expect(stdout).toMatch(/OCPP 2\.0\.1 +cp001 → csms +TransactionEvent/);
  expect(stdout).toMatch(
    /MQTT 3\.1\.1 +everest → cp001 +everest_external\/nodered\/1\/carsim\/cmd\/execute_charging_session/,
  );
  expect(stdout).toMatch(/DEHUBC0001 \(PlugAndCharge\); its OCPP transaction is [0-9a-f-]{36}/);
  expect(stdout).toContain('0 findings');
});

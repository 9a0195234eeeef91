import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { sha256Hex } from '../../src/platform/http/access-tokens.ts';
import { OcppPeer } from '../fuzz/ocpp-peer.ts';
import { CLI, ServiceProcess, until } from './service-process.ts';

/**
 * Secrets are put wherever secrets go: configuration, requests, OCPP messages, refused and broken ones. Then everything that
 * the service shows is read, and none of them may be in it.
 */

/** Each its own word, so that a leak tells where it began. */
const SECRET = {
  accessToken: 'sekrit01-access-token-0123456789abcdef',
  stationPassword: 'sekrit02-station-password',
  wrongPassword: 'sekrit03-wrong-password',
  sharedPassword: 'sekrit04-shared-password',
  inboundKey: 'sekrit05-inbound-key',
  wrongInboundKey: 'sekrit06-wrong-inbound-key',
  clientSecret: 'sekrit07-client-secret',
  authorizationKey: 'sekrit08-authorization',
  reportedKey: 'sekrit09-reported-key',
  basicAuthPassword: 'sekrit10-basic-auth',
  apnPassword: 'sekrit11-apn',
  vpnPassword: 'sekrit12-vpn',
  vpnKey: 'sekrit13-vpn-key',
  keyCode: 'sekrit14-keycode',
  pin: 'sekrit15',
  urlPassword: 'sekrit16-url',
  privateKey: 'sekrit17PrivateKey',
  inText: 'sekrit18-in-a-text',
  inBrokenFrame: 'sekrit19-broken-frame',
  inBrokenBody: 'sekrit20-broken-body',
  registeredPassword: 'sekrit21-registered',
  wrongToken: 'sekrit22-wrong-token',
} as const;
const LIMIT_MS = 15_000;

let csms: ServiceProcess;
let config: string;

beforeAll(async () => {
  config = join(mkdtempSync(join(tmpdir(), 'secrets-')), 'compote.json');
  writeFileSync(
    config,
    JSON.stringify({
      access: { tokens: [{ name: 'ann', role: 'admin', sha256: sha256Hex(SECRET.accessToken) }] },
      security: { password: SECRET.sharedPassword },
      log: { level: 'debug' },
      csms: {
        stations: [{ id: 'S-16', password: SECRET.stationPassword }],
        oicp: { inboundKey: SECRET.inboundKey },
        pnc: { clientSecret: SECRET.clientSecret },
        validation: 'strict',
      },
    }),
  );
  csms = await ServiceProcess.start('csms', ['--config', config]);
});
afterAll(() => csms.remove());

const base = (): string => `http://127.0.0.1:${csms.port}`;

async function call(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<string> {
  const response = await fetch(base() + path, {
    method,
    headers: {
      authorization: `Bearer ${SECRET.accessToken}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return `${response.status} ${await response.text()}`;
}

async function station(
  identity: string,
  version: string,
  password: string,
  boot: object,
  answers: Record<string, object>,
) {
  const authorization = `Basic ${Buffer.from(`${identity}:${password}`).toString('base64')}`;
  const socket = new WebSocket(`ws://127.0.0.1:${csms.port}/ocpp/${identity}`, version, { headers: { authorization } });
  const peer = new OcppPeer(socket, ([, id, action]) =>
    JSON.stringify([3, id, answers[String(action)] ?? { status: 'Accepted' }]),
  );
  await new Promise((resolve) => socket.once('open', resolve).once('error', resolve));
  if (!peer.open) return undefined;
  await peer.ask('boot', JSON.stringify([2, 'boot', 'BootNotification', boot]), LIMIT_MS);
  return peer;
}

/** All that anybody can read, as one text each. */
const shown = new Map<string, string>();

describe('secrets', () => {
  it('go in by every door', async () => {
    const answers: string[] = [];
    const told = async (text: Promise<string>): Promise<void> => void answers.push(await text);
    // Requests that are refused, broken or wrong.
    await told(call('POST', '/api/v1/auth/login', { token: SECRET.wrongToken }));
    await told(call('GET', '/api/v1/stations', undefined, { authorization: `Bearer ${SECRET.wrongToken}` }));
    await told(call('GET', `/api/v1/stations?access_token=${SECRET.wrongToken}`));
    await told(call('POST', '/api/v1/tokens', `{"password":"${SECRET.inBrokenBody}"`));
    await told(call('PUT', '/api/v1/stations/S-NEW', { password: SECRET.registeredPassword }));
    await told(call('PUT', '/api/v1/stations/S-NEW', { password: SECRET.registeredPassword, version: 'none' }));
    const remote = '/api/oicp/charging/v21/providers/DE-DCB/authorize-remote/start';
    const identification = { QRCodeIdentification: { EvcoID: 'DE-DCB-C12345678-X', PIN: SECRET.pin } };
    const start = { ProviderID: 'DE-DCB', EvseID: 'DE*ABC*E1*1', Identification: identification };
    await told(call('POST', remote, start, { 'x-api-key': SECRET.wrongInboundKey }));
    await told(call('POST', remote, start, { 'x-api-key': SECRET.inboundKey }));
    // Stations: let in, refused, and what passes between them and the CSMS.
    expect(await station('S-16', 'ocpp1.6', SECRET.wrongPassword, {}, {})).toBeUndefined();
    const boot16 = { chargePointVendor: 'V', chargePointModel: 'M' };
    const configurationKey = [{ key: 'AuthorizationKey', readonly: false, value: SECRET.reportedKey }];
    const old = await station('S-16', 'ocpp1.6', SECRET.stationPassword, boot16, {
      GetConfiguration: { configurationKey },
    });
    expect(old).toBeDefined();
    const ocpp = (identity: string, action: string, payload: object) =>
      told(call('POST', `/api/v1/stations/${identity}/ocpp/${action}`, payload));
    await ocpp('S-16', 'GetConfiguration', {});
    await ocpp('S-16', 'ChangeConfiguration', { key: 'AuthorizationKey', value: SECRET.authorizationKey });
    await ocpp('S-16', 'ChangeConfiguration', { key: 'AuthorizationKey', value: SECRET.authorizationKey, extra: 1 });
    await ocpp('S-16', 'GetDiagnostics', { location: `ftp://user:${SECRET.urlPassword}@host.example/logs` });
    await ocpp('S-16', 'DataTransfer', { vendorId: 'v', data: JSON.stringify({ password: SECRET.inText }) });
    const pem = `-----BEGIN PRIVATE KEY-----\n${SECRET.privateKey}\n-----END PRIVATE KEY-----`;
    await old?.ask('d1', JSON.stringify([2, 'd1', 'DataTransfer', { vendorId: 'v', data: pem }]), LIMIT_MS);
    old?.say(`[2,"b1","DataTransfer",{"vendorId":"v","password":"${SECRET.inBrokenFrame}"`);
    await old?.ask('d2', JSON.stringify([2, 'd2', 'Heartbeat', { password: SECRET.inBrokenFrame }]), LIMIT_MS);

    const boot2 = { reason: 'PowerUp', chargingStation: { vendorName: 'V', model: 'M' } };
    const young = await station('S-21', 'ocpp2.1', SECRET.sharedPassword, boot2, {
      SetVariables: {
        setVariableResult: [
          {
            attributeStatus: 'Accepted',
            component: { name: 'SecurityCtrlr' },
            variable: { name: 'BasicAuthPassword' },
          },
        ],
      },
    });
    const code = { idToken: { idToken: SECRET.keyCode, type: 'KeyCode' } };
    await young?.ask('a1', JSON.stringify([2, 'a1', 'Authorize', code]), LIMIT_MS);
    await ocpp('S-21', 'SetVariables', {
      setVariableData: [
        {
          component: { name: 'SecurityCtrlr' },
          variable: { name: 'BasicAuthPassword' },
          attributeValue: SECRET.basicAuthPassword,
        },
      ],
    });
    await ocpp('S-21', 'SetNetworkProfile', {
      configurationSlot: 1,
      connectionData: {
        ocppInterface: 'Wireless0',
        ocppTransport: 'JSON',
        messageTimeout: 30,
        securityProfile: 1,
        ocppCsmsUrl: 'ws://host.example/ocpp',
        basicAuthPassword: SECRET.basicAuthPassword,
        apn: { apn: 'a', apnUserName: 'u', apnPassword: SECRET.apnPassword, apnAuthentication: 'PAP', simPin: 1234 },
        vpn: { server: 's', user: 'u', password: SECRET.vpnPassword, key: SECRET.vpnKey, type: 'IPSec' },
      },
    });
    old?.close();
    young?.close();
    // A station's answer goes to the one who asked for it, as it is.
    shown.set('answers', answers.filter((text) => !text.includes('configurationKey')).join('\n'));
    await until(
      () => call('GET', '/api/v1/messages?limit=1000'),
      (text) => text.includes('SetNetworkProfile'),
    );
  });

  it('are read by every operation that shows something', async () => {
    const paths: string[] = [];
    for (const document of ['/api/openapi.json', '/oicp_api/openapi.json', '/pnc_api/openapi.json']) {
      const { paths: declared } = JSON.parse((await call('GET', document)).slice(4)) as {
        paths: Record<string, object>;
      };
      paths.push(...Object.keys(declared).filter((path) => 'get' in (declared[path] ?? {})));
    }
    const streams = /\/(events|live)$/;
    for (const path of paths) {
      if (streams.test(path)) continue;
      if (!path.includes('{')) shown.set(path, await call('GET', path));
      for (const id of ['S-16', 'S-21', 'S-NEW']) {
        const one = path.replace('/stations/{id}', `/stations/${id}`);
        if (one !== path && !one.includes('{')) shown.set(one, await call('GET', one));
      }
    }
    const { items } = JSON.parse((await call('GET', '/api/v1/messages?limit=1000')).slice(4)) as {
      items: { seq: number }[];
    };
    expect(items.length).toBeGreaterThan(15);
    for (const { seq } of items)
      for (const rest of ['', '/raw', '/related'])
        shown.set(`${seq}${rest}`, await call('GET', `/api/v1/messages/${seq}${rest}`));
    for (const format of ['jsonl', 'har', 'oot'])
      shown.set(format, await call('GET', `/api/v1/journal/export?format=${format}`));
    shown.set('search', await call('GET', `/api/v1/messages?q=${encodeURIComponent('text:sekrit')}`));
    shown.set('feed', await call('GET', '/api/v1/journal/feed'));
    for (const place of ['feed', 'jsonl', 'oot']) expect(shown.get(place)).toContain('SetNetworkProfile');
    expect(shown.get('har')).toContain('authorize-remote');
  });

  it('stand in none of it, nor in logs, output and the command line', async () => {
    shown.set('output', csms.output);
    for (const file of readdirSync(csms.data, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.log/.test(name),
    ))
      shown.set(file, readFileSync(join(csms.data, file), 'utf8'));
    const cli = (...args: string[]): string => {
      const { stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
        encoding: 'utf8',
        env: { ...process.env, COMPOTE_TOKEN: SECRET.accessToken },
      });
      return stdout + stderr;
    };
    shown.set('config show', cli('config', 'show', '--config', config));
    shown.set('journal', cli('journal', '--url', base(), 'list'));
    const leaks: string[] = [];
    for (const [place, text] of shown)
      for (const [name, secret] of Object.entries(SECRET)) {
        const at = text.indexOf(secret);
        if (at >= 0) leaks.push(`${name} in ${place}: ${text.slice(Math.max(0, at - 120), at + 60)}`);
      }
    expect(leaks).toEqual([]);
  });

  it('of access are nowhere in the data folder: only their hash is kept', async () => {
    await csms.end();
    const files = readdirSync(csms.data, { recursive: true, encoding: 'utf8' }).map((name) => join(csms.data, name));
    const holding = (secret: string): string[] =>
      files.filter((file) => statSync(file).isFile() && readFileSync(file).includes(secret));
    expect(holding(SECRET.accessToken)).toEqual([]);
    expect(holding(SECRET.wrongToken)).toEqual([]);
    expect(holding(SECRET.wrongPassword)).toEqual([]);
    // What crossed the wire is kept as it was; the folder is its owner's.
    expect(holding(SECRET.vpnKey)).not.toEqual([]);
    for (const file of files.filter((name) => /journal|\.log|csms\.db$/.test(name)))
      expect([file, statSync(file).isFile() && (statSync(join(csms.data, 'csms')).mode & 0o077) !== 0]).toEqual([
        file,
        false,
      ]);
  });
});

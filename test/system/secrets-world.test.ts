import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Aedes } from 'aedes';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256Hex } from '../../src/platform/http/access-tokens.ts';
import { CLI, freePort, until } from './service-process.ts';
import { WorldProcess } from './world-process.ts';

/**
 * The same as `secrets.test.ts` for the other services: secrets go in by every door of hub, EMP, trust environment, EVerest
 * adapter and workbench, and are in nothing that these show, nor in the merged journal.
 */

/** Each its own word, so that a leak tells where it began. PINs are short: 20 characters at most. */
const SECRET = {
  accessToken: 'sekrit30-access-token-0123456789abcdef',
  hubApiKey: 'sekrit31-csms-sends-hub',
  csmsInboundKey: 'sekrit32-csms-inbound',
  empApiKey: 'sekrit33-emp-sends-hub',
  empInboundKey: 'sekrit34-emp-inbound',
  wrongApiKey: 'sekrit35-wrong-api-key',
  partnerApiKey: 'sekrit36-partner-key',
  partnerUrl: 'sekrit37-partner-url',
  csmsClientSecret: 'sekrit38-csms-client',
  empClientSecret: 'sekrit39-emp-client',
  oemClientSecret: 'sekrit40-oem-client',
  wrongClientSecret: 'sekrit41-wrong-client',
  basicClientSecret: 'sekrit42-basic-client',
  pin: 'sekrit43-pin',
  wrongPin: 'sekrit44-wrong-pin',
  pushedPin: 'sekrit45-pushed-pin',
  refusedPin: 'sekrit46-refused-pin',
  loginPin: 'sekrit47-login-pin',
  brokerPassword: 'sekrit48-broker',
  mqttPassword: 'sekrit49-in-mqtt',
  mqttKey: 'sekrit50MqttKey',
  csrKey: 'sekrit51CsrKey',
  webhookUrl: 'sekrit52-webhook-url',
  brokenBody: 'sekrit53-broken-body',
  sentPassword: 'sekrit54-sent-by-hand',
  endpointPassword: 'sekrit55-endpoint-url',
  wrongToken: 'sekrit56-wrong-token',
  oicpKey: 'sekrit57-key-of-a-call',
} as const;

const SERVICES = ['trust', 'hub', 'emp', 'csms', 'everest', 'workbench'] as const;
type Service = (typeof SERVICES)[number];
const pemOf = (key: string): string => `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----`;

let folder: string;
let config: string;
let world: WorldProcess;
let broker: Awaited<ReturnType<typeof startBroker>>;
const ports = new Map<Service, number>();

/** A broker that lets in whoever knows the password. */
async function startBroker() {
  const aedes = await Aedes.createBroker({
    authenticate: (_client, _user, password, done) => done(null, String(password) === SECRET.brokerPassword),
  });
  const server = createServer(aedes.handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const close = () => new Promise<void>((resolve) => aedes.close(() => server.close(() => resolve())));
  return { url: `mqtt://127.0.0.1:${port}`, close };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'secrets-world-'));
  config = join(folder, 'compote.json');
  broker = await startBroker();
  for (const service of SERVICES) ports.set(service, await freePort());
  const portOf = (service: Service) => ({ port: ports.get(service) });
  const client = (id: string, secret: string, callers: string[]) => ({ id, secret, callers });
  writeFileSync(
    config,
    JSON.stringify({
      data: join(folder, 'data'),
      telemetry: 'off',
      log: { level: 'debug' },
      access: { tokens: [{ name: 'ann', role: 'admin', sha256: sha256Hex(SECRET.accessToken) }] },
      trust: {
        ...portOf('trust'),
        clients: [
          client('csms-client', SECRET.csmsClientSecret, ['CPO']),
          client('emp-client', SECRET.empClientSecret, ['MO_OWN_PKI']),
          client('oem-client', SECRET.oemClientSecret, ['OEM']),
        ],
      },
      hub: { ...portOf('hub'), callers: ['header', 'path'] },
      emp: {
        ...portOf('emp'),
        hub: { apiKey: SECRET.empApiKey, inboundKey: SECRET.empInboundKey },
        pnc: { clientId: 'emp-client', clientSecret: SECRET.empClientSecret },
      },
      csms: {
        ...portOf('csms'),
        oicp: { apiKey: SECRET.hubApiKey, inboundKey: SECRET.csmsInboundKey },
        pnc: { clientId: 'csms-client', clientSecret: SECRET.csmsClientSecret },
      },
      everest: {
        ...portOf('everest'),
        broker: { url: broker.url, username: 'everest', password: SECRET.brokerPassword },
        pnc: { clientId: 'oem-client', clientSecret: SECRET.oemClientSecret },
      },
      workbench: { ...portOf('workbench'), token: SECRET.accessToken },
      station: { port: await freePort(), stations: [] },
    }),
  );
  world = await WorldProcess.start(config);
}, 120_000);

afterAll(async () => {
  await world.end();
  await broker.close();
  rmSync(folder, { recursive: true, force: true });
});

const base = (service: Service): string => `http://127.0.0.1:${ports.get(service)}`;

async function call(
  service: Service,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<string> {
  const response = await fetch(base(service) + path, {
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

/** All that anybody can read, as one text each. */
const shown = new Map<string, string>();
const qr = (PIN: string) => ({ QRCodeIdentification: { EvcoID: 'DE-DCB-C12345678-X', PIN } });
const OPERATOR = '/api/oicp/charging/v21/operators/DE*ABC/authorize/start';
const asked = (PIN: string) => ({ OperatorID: 'DE*ABC', EvseID: 'DE*ABC*E1*1', Identification: qr(PIN) });

describe('secrets of the other services', () => {
  it('go in by every door', async () => {
    const answers: string[] = [];
    const told = async (expected: RegExp, text: Promise<string>): Promise<void> => {
      const answer = await text;
      expect(answer.slice(0, 1_000)).toMatch(expected);
      answers.push(answer);
    };
    // Requests that are refused, broken or wrong, at each service.
    for (const service of SERVICES) {
      await told(/^401/, call(service, 'POST', '/api/v1/auth/login', { token: SECRET.wrongToken }));
      await told(
        /^401/,
        call(service, 'GET', '/api/v1/messages', undefined, { authorization: `Bearer ${SECRET.wrongToken}` }),
      );
      await told(
        /^4/,
        call(service, 'POST', '/api/v1/findings/mutes', `{"rule":"x","password":"${SECRET.brokenBody}"`),
      );
      await told(/^4/, call(service, 'POST', '/api/v1/findings/mutes', { password: SECRET.brokenBody }));
    }
    // The hub: keys of partners, their addresses, PINs.
    await told(
      /^20/,
      call('hub', 'PUT', '/api/v1/hub/partners/p1?contracts=all', {
        providerIds: ['DE-P1X'],
        apiKey: SECRET.partnerApiKey,
        baseUrl: 'http://127.0.0.1:9',
      }),
    );
    await told(
      /^4/,
      call('hub', 'PUT', '/api/v1/hub/partners/p2', {
        apiKey: SECRET.partnerApiKey,
        baseUrl: `http://user:${SECRET.partnerUrl}@127.0.0.1:9`,
      }),
    );
    await told(/^/, call('hub', 'POST', '/api/v1/hub/partners/p1/test', {}));
    await told(/^/, call('hub', 'POST', OPERATOR, asked(SECRET.wrongPin), { 'x-api-key': SECRET.wrongApiKey }));
    await told(
      /^200/,
      call(
        'hub',
        'POST',
        '/api/oicp/authdata/v21/providers/DE-P1X/push-request',
        {
          ActionType: 'fullLoad',
          ProviderAuthenticationData: {
            ProviderID: 'DE-P1X',
            AuthenticationDataRecord: [{ Identification: qr(SECRET.pushedPin) }],
          },
        },
        { 'x-api-key': SECRET.partnerApiKey },
      ),
    );
    await told(/^/, call('hub', 'POST', OPERATOR, asked(SECRET.pushedPin)));
    await told(/^/, call('hub', 'POST', OPERATOR, { ...asked(SECRET.wrongPin), EvseID: 7 }));
    // The EMP: PINs of contracts, right and wrong, by the hub's key and by a wrong one.
    const medium = { kind: 'QRCodeIdentification', contract: 'DE-DCB-C12345678-X' };
    await told(/^20/, call('emp', 'POST', '/api/v1/emp/media', { ...medium, pin: SECRET.pin }));
    await told(/^4/, call('emp', 'POST', '/api/v1/emp/media', { ...medium, pin: SECRET.refusedPin, nothing: true }));
    await told(/^4/, call('emp', 'POST', '/api/v1/emp/media', { ...medium, contract: 'XX', pin: SECRET.refusedPin }));
    for (const key of [SECRET.empInboundKey, SECRET.wrongApiKey])
      for (const pin of [SECRET.pin, SECRET.wrongPin])
        await told(/^200/, call('emp', 'POST', OPERATOR, asked(pin), { 'x-api-key': key }));
    await told(/^/, call('emp', 'POST', '/api/v1/emp/actions', { action: 'push-auth-data', push: 'fullLoad' }));
    await told(
      /^/,
      call('emp', 'POST', '/oicp_api/AuthorizeRemoteStart', {
        ProviderID: 'DE-DCB',
        EvseID: 'DE*ABC*E1*1',
        Identification: qr(SECRET.pin),
      }),
    );
    // The CSMS: a driver with contract and PIN.
    const login = { station: 'CS-1', evcoId: 'DE-DCB-C12345678-X', pin: SECRET.loginPin };
    await told(/^/, call('csms', 'POST', '/api/v1/roaming/logins', login));
    await told(/^4/, call('csms', 'POST', '/api/v1/roaming/logins', { ...login, nothing: 1 }));
    await told(/^/, call('csms', 'POST', '/oicp_api/AuthorizeStart', asked(SECRET.pin)));
    // The trust environment: clients, keys where they do not belong, addresses.
    const token = (client_id: string, client_secret: string) =>
      call('trust', 'POST', '/oauth/token', { client_id, client_secret, grant_type: 'client_credentials' });
    const granted = await token('oem-client', SECRET.oemClientSecret);
    expect(granted).toMatch(/^200/);
    const bearer = {
      authorization: `Bearer ${(JSON.parse(granted.slice(4)) as { access_token: string }).access_token}`,
    };
    await told(/^401/, token('oem-client', SECRET.wrongClientSecret));
    await told(
      /^4/,
      call('trust', 'POST', '/oauth/token', { client_id: 'x', client_secret: SECRET.wrongClientSecret }),
    );
    const basic = `Basic ${Buffer.from(`oem-client:${SECRET.basicClientSecret}`).toString('base64')}`;
    await told(
      /^4/,
      call('trust', 'PUT', '/v1/oem/provCerts', { vehicleCertificate: 'MIIB' }, { authorization: basic }),
    );
    const keys = { vehicleCertificate: pemOf(SECRET.csrKey), subCA1Certificate: 'MIIB', subCA2Certificate: 'MIIB' };
    await told(/^4/, call('trust', 'PUT', '/v1/oem/provCerts', keys, bearer));
    const enrol = { ...bearer, 'content-type': 'application/pkcs10' };
    await told(/^4/, call('trust', 'POST', '/.well-known/cpo/simpleenroll', pemOf(SECRET.csrKey), enrol));
    await told(
      /^/,
      call(
        'trust',
        'POST',
        '/v1/webhook/endpoints',
        {
          url: `http://user:${SECRET.webhookUrl}@127.0.0.1:9/events`,
          enabledEvents: ['oem.contract.created'],
          status: 'enabled',
        },
        bearer,
      ),
    );
    // Keys that the environment makes: only whoever asked for them gets them.
    const pcid = 'WMIV1234567890ABCD';
    expect(await call('trust', 'POST', '/api/v1/pnc/vehicles', { pcid })).toMatch(/^20/);
    expect(await call('trust', 'POST', '/api/v1/pnc/contracts', { pcid, emaid: 'DE-DCB-C12345678-X' })).toMatch(/^20/);
    await told(/^4/, call('trust', 'POST', '/api/v1/pnc/vehicles', { pcid: 'x', csr: pemOf(SECRET.csrKey) }));
    await told(/^/, call('trust', 'POST', '/api/v1/pnc/verify', { certificates: [pemOf(SECRET.csrKey)] }));
    // What goes over the broker, from the adapter and from EVerest.
    const payload = JSON.stringify({ password: SECRET.mqttPassword, key: pemOf(SECRET.mqttKey) });
    const topic = 'everest_external/nodered/1/cmd/set_max_current';
    await told(/^/, call('everest', 'POST', '/api/v1/everest/publish', { topic, payload }));
    const client = await connectAsync(broker.url, { username: 'everest', password: SECRET.brokerPassword });
    await client.publishAsync('everest_api/cp001/var/secrets', payload, { qos: 1 });
    await client.publishAsync('everest_api/evse_manager_1/var/session_info', payload, { qos: 1 });
    await client.endAsync();
    // By hand, at the workbench, as somebody else.
    await told(
      /^/,
      call('workbench', 'POST', '/api/v1/send', {
        as: 'csms',
        to: 'CS-1',
        action: 'ChangeConfiguration',
        payload: { key: 'AuthorizationKey', value: SECRET.sentPassword },
      }),
    );
    await told(
      /^/,
      call('workbench', 'POST', '/api/v1/endpoints', {
        id: 'mine',
        address: `http://user:${SECRET.endpointPassword}@127.0.0.1:9`,
      }),
    );
    await told(
      /^/,
      call('workbench', 'POST', '/api/v1/validate', {
        protocol: 'oicp',
        action: 'AuthorizeStart',
        payload: asked(SECRET.wrongPin),
      }),
    );
    shown.set('answers', answers.join('\n'));
    await until(
      () => call('workbench', 'GET', '/api/v1/messages?limit=1000'),
      (text) => text.includes('AuthorizeStart') && text.includes('everest_api/cp001/var/secrets'),
    );
  }, 120_000);

  it('are read by every operation that shows something', async () => {
    for (const service of SERVICES) {
      const paths = new Set<string>();
      for (const place of [
        '/openapi.json',
        '/api/openapi.json',
        '/oicp/openapi.json',
        '/oicp_api/openapi.json',
        '/pnc_api/openapi.json',
      ]) {
        const document = await call(service, 'GET', place);
        if (!document.startsWith('200 {')) continue;
        const { paths: declared } = JSON.parse(document.slice(4)) as { paths: Record<string, object> };
        for (const path of Object.keys(declared)) if ('get' in (declared[path] ?? {})) paths.add(path);
      }
      expect([service, paths.size > 10]).toEqual([service, true]);
      for (const path of paths) {
        if (/\/(events|live)$/.test(path)) continue;
        if (!path.includes('{')) shown.set(`${service} ${path}`, await call(service, 'GET', path));
      }
      // Whatever a list holds, one by one, with all that stands below it.
      for (const path of paths) {
        const [list = '', rest] = path.split(/\/\{\w+\}/);
        if (!path.includes('{') || path.split('{').length > 2) continue;
        for (const id of idsIn(shown.get(`${service} ${list}`) ?? '')) {
          const one = `${list}/${encodeURIComponent(id)}${rest}`;
          shown.set(`${service} ${one}`, await call(service, 'GET', one));
        }
      }
      for (const format of ['jsonl', 'har', 'oot'])
        shown.set(`${service} ${format}`, await call(service, 'GET', `/api/v1/journal/export?format=${format}`));
      shown.set(
        `${service} search`,
        await call(service, 'GET', `/api/v1/messages?q=${encodeURIComponent('text:sekrit')}`),
      );
      shown.set(`${service} feed`, await call(service, 'GET', '/api/v1/journal/feed'));
    }
    // They were recorded, where they crossed.
    const recorded = (place: string, word: string) =>
      expect([place, shown.get(place)?.includes(word)]).toEqual([place, true]);
    recorded('workbench jsonl', 'QRCodeIdentification');
    recorded('hub har', 'authorize');
    recorded('everest jsonl', 'var/secrets');
    recorded('trust jsonl', 'provCerts');
  }, 300_000);

  it('stand in none of it, nor in logs, output and the command line', () => {
    shown.set('output', world.output);
    const data = join(folder, 'data');
    for (const file of readdirSync(data, { recursive: true, encoding: 'utf8' }).filter((name) => /\.log/.test(name)))
      shown.set(file, readFileSync(join(data, file), 'utf8'));
    const cli = (...args: string[]): string => {
      const { stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
        encoding: 'utf8',
        env: { ...process.env, COMPOTE_TOKEN: SECRET.accessToken },
      });
      return stdout + stderr;
    };
    shown.set('config show', cli('config', 'show', '--config', config));
    shown.set('journal', cli('journal', '--url', base('workbench'), 'list'));
    const leaks: string[] = [];
    for (const [place, text] of shown) {
      for (const [name, secret] of Object.entries(SECRET)) {
        const at = text.indexOf(secret);
        if (at >= 0) leaks.push(`${name} in ${place}: ${text.slice(Math.max(0, at - 160), at + 60)}`);
      }
      // A key of ours, whoever asks for it.
      if (/BEGIN [A-Z ]*PRIVATE KEY-----\\?n?[A-Za-z0-9+/]{20}/.test(text)) leaks.push(`a private key in ${place}`);
    }
    expect(leaks).toEqual([]);
    expect(shown.size).toBeGreaterThan(300);
  }, 60_000);
});

/** The ids of the items of a list, under whatever name. */
function idsIn(answer: string): string[] {
  let value: unknown;
  try {
    value = JSON.parse(answer.slice(4));
  } catch {
    return [];
  }
  const lists = Array.isArray(value) ? [value] : Object.values(value ?? {}).filter(Array.isArray);
  return lists.flatMap((list: unknown[]) =>
    list.slice(0, 200).flatMap((item) => {
      const { id, seq, s, emaid, evseId, name } = (item ?? {}) as Record<string, unknown>;
      const found = id ?? seq ?? s ?? emaid ?? evseId ?? name;
      return typeof found === 'string' || typeof found === 'number' ? [String(found)] : [];
    }),
  );
}

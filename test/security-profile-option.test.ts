import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { loadService, wholeSchema } from '../src/cli/services.ts';
import { loadConfig } from '../src/platform/config/load-config.ts';
import { startWorld } from '../src/platform/process/world.ts';
import type { ServiceName } from '../src/platform/service.ts';
import { nameText, nameValue, parseCertificateChainPem, readSigningRequest } from '../src/protocols/iso15118/index.ts';
import { until } from './support/everest.ts';
import { freePort } from './system/service-process.ts';

/** `compote up --security-profile N`: CSMS, stations and the environment that gives both their certificates. */

const ending: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

const STATIONS = JSON.stringify([
  { id: 'CS-OLD', version: '1.6', template: 'ac-22-duo', free: false },
  { id: 'CS-NEW', version: '2.0.1', template: 'ac-22-duo', free: false },
]);

async function up(
  profile: 1 | 2 | 3,
  data = mkdtempSync(join(tmpdir(), 'profile-')),
  services: readonly ServiceName[] = ['trust', 'csms', 'station'],
  trustPort = 0,
) {
  const securePort = await freePort();
  const set = (path: string, text: string) => ({ path: path.split('.'), text, source: 'test' });
  const config = loadConfig({
    schema: wholeSchema(),
    flags: [
      set('data', data),
      set('security.profile', String(profile)),
      set('security.port', String(securePort)),
      set('storage.sync', 'normal'),
      set('log.level', 'error'),
      set('csms.oicp.enabled', 'false'),
      set('station.stations', STATIONS),
      set('trust.port', String(trustPort)),
      set('csms.port', '0'),
      set('station.port', '0'),
    ],
  });
  const definitions = await Promise.all(services.map(loadService));
  const world = await startWorld({ version: '0', config, definitions, problem: () => {} });
  ending.push(async () => {
    await world.stop();
    rmSync(data, { recursive: true, force: true });
  });
  const urlOf = (service: ServiceName, door: string): string =>
    world.doors.find((each) => each.service === service)?.doors.find(({ name }) => name === door)?.url ?? '';
  const csmsUrl = urlOf('csms', 'API');
  const call = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${csmsUrl}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    // biome-ignore lint/suspicious/noExplicitAny: tests look into answers member by member
    return (await response.json()) as any;
  };
  const boot = (id: string) =>
    until(async () => {
      const { boot: status, link } = await call('GET', `/stations/${id}`);
      return status === 'Accepted' && link === 'connected';
    });
  return { world, call, boot, securePort, ocpp: urlOf('csms', 'OCPP').replace('/{identity}', '') };
}

/** How a stranger's attempt ends: `open` or the HTTP status. */
function dial(url: string, headers: Record<string, string> = {}): Promise<string> {
  // The point is who is let in; the certificate of the server is looked at elsewhere.
  const socket = new WebSocket(url, ['ocpp2.0.1'], { headers, rejectUnauthorized: false });
  return new Promise((resolve) => {
    socket.on('open', () => {
      socket.terminate();
      resolve('open');
    });
    socket.on('unexpected-response', (_, response) => resolve(String(response.statusCode)));
    socket.on('error', (error) => resolve(error.message));
  });
}

describe('one option for the security profiles', () => {
  it('profile 1: demo stations come with the password; nobody comes without', async () => {
    const { boot, call, ocpp } = await up(1);
    for (const id of ['CS-OLD', 'CS-NEW']) {
      await boot(id);
      expect((await call('GET', `/stations/${id}`)).security).toBe(1);
    }
    expect(await dial(`${ocpp}/STRANGER`)).toBe('401');
    const wrong = Buffer.from('STRANGER:wrong-wrong-wrong-w').toString('base64');
    expect(await dial(`${ocpp}/STRANGER`, { authorization: `Basic ${wrong}` })).toBe('401');
  });

  it('profile 2: TLS with the certificate of the environment, and the password', async () => {
    const { boot, call, securePort, ocpp } = await up(2);
    for (const id of ['CS-OLD', 'CS-NEW']) {
      await boot(id);
      expect((await call('GET', `/stations/${id}`)).security).toBe(2);
    }
    expect(await dial(`wss://localhost:${securePort}/ocpp/STRANGER`)).toBe('401');
    // The plain door is not a way around.
    const right = Buffer.from('STRANGER:636f6d706f74652d64656d6f2d6b6579').toString('base64');
    expect(await dial(`${ocpp}/STRANGER`, { authorization: `Basic ${right}` })).toBe('403');
  });

  it('profile 3: mutual TLS, and renewal by SignCertificate and CertificateSigned over it (A02)', async () => {
    const { boot, call, securePort } = await up(3);
    const subject = await serverSubject(securePort);
    expect(subject).toEqual({ CN: 'localhost', issuer: 'CPO Sub2', altNames: 'DNS:localhost' });
    expect(await dial(`wss://localhost:${securePort}/ocpp/STRANGER`)).toBe('401');
    const transcripts: string[] = [];
    for (const [id, action, body] of [
      ['CS-OLD', 'ExtendedTriggerMessage', { requestedMessage: 'SignChargePointCertificate' }],
      ['CS-NEW', 'TriggerMessage', { requestedMessage: 'SignChargingStationCertificate' }],
    ] as const) {
      await boot(id);
      const first = await call('GET', `/stations/${id}`);
      expect(first.security).toBe(3);
      expect((await call('POST', `/stations/${id}/ocpp/${action}`, body)).status).toBe('Accepted');
      await until(async () =>
        (await call('GET', `/stations/${id}/certificates`)).items.some(
          ({ status }: { status: string }) => status === 'Signed',
        ),
      );
      // The new certificate is used at once: a second connection.
      await until(async () => {
        const { connectedAt, link } = await call('GET', `/stations/${id}`);
        return link !== 'disconnected' && connectedAt !== first.connectedAt;
      });
      transcripts.push(await transcript(call, id, first, await call('GET', `/stations/${id}`)));
    }
    await expect(`${INTRODUCTION}\n${transcripts.join('\n')}`).toMatchFileSnapshot('../docs/reference/mutual-tls.md');
  });

  it('whoever starts before the environment waits for it: the door opens when it comes', async () => {
    const data = mkdtempSync(join(tmpdir(), 'profile-'));
    const trustPort = await freePort();
    const early = await up(3, data, ['csms', 'station'], trustPort);
    await expect(serverSubject(early.securePort)).rejects.toThrow();
    await up(3, data, ['trust'], trustPort);
    await early.boot('CS-OLD');
    await early.boot('CS-NEW');
    expect((await early.call('GET', '/stations/CS-NEW')).security).toBe(3);
  });

  it('a restart needs no new certificate: the door keeps its own', async () => {
    const data = mkdtempSync(join(tmpdir(), 'profile-'));
    const first = await up(3, data);
    await first.boot('CS-NEW');
    const fingerprint = (await serverSubject(first.securePort, true))['fingerprint'];
    await first.world.stop();
    ending.length = 0;
    const second = await up(3, data);
    await second.boot('CS-NEW');
    expect((await serverSubject(second.securePort, true))['fingerprint']).toBe(fingerprint);
  });
});

const INTRODUCTION = `# A station over mutual TLS

What \`compote up --security-profile 3\` shows of an OCPP 1.6 and a 2.0.1 station: the connection with a certificate
on both sides, a renewal of the station's certificate by OCPP, and the next connection with the new one. Written and
compared by \`test/security-profile-option.test.ts\`; what differs from run to run is left out.
`;

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers member by member
type Call = (method: string, path: string) => Promise<any>;

const TOLD = /^(BootNotification|SignCertificate|CertificateSigned|(Extended)?TriggerMessage)$/;
const WIDTH = 140;

/** The messages that the renewal is made of, as the journal has them, between the two connections. */
async function transcript(call: Call, id: string, before: StationFacts, after: StationFacts): Promise<string> {
  const q = encodeURIComponent(`station:${id} proto:ocpp`);
  const rows = (await call('GET', `/messages?q=${q}&limit=500&order=oldest`)).items as {
    readonly s: number;
    readonly a: string;
    readonly x?: { readonly st: string };
  }[];
  const lines = [connectionLine(before)];
  for (const { s, a, x } of rows) {
    if (!TOLD.test(a)) continue;
    const { raw, from } = await call('GET', `/messages/${s}`);
    const text = `${from.id === id ? '->' : '<-'} ${a} ${JSON.stringify(told(JSON.parse(raw)[3]))}`;
    lines.push(text.length > WIDTH ? `${text.slice(0, WIDTH)}…` : text, `   answered ${x?.st ?? 'not yet'}`);
    if (a === 'CertificateSigned') lines.push(connectionLine(after));
  }
  return `## ${id}, OCPP ${before.version}\n\n\`\`\`\n${lines.join('\n')}\n\`\`\`\n`;
}

interface StationFacts {
  readonly version: string;
  readonly security: number;
  readonly connection: { readonly facts: Readonly<Record<string, string>>; readonly subprotocol: string };
}

function connectionLine({ connection, security }: StationFacts): string {
  const { tls, clientCn } = connection.facts;
  return `== ${connection.subprotocol} over ${String(tls).split(' ')[0]}, the station shows CN=${clientCn}: security profile ${security}`;
}

/** Certificates by their names, requests without their octets, no times. */
function told(payload: unknown): unknown {
  if (typeof payload !== 'object' || payload === null) return payload;
  return Object.fromEntries(
    Object.entries(payload).flatMap(([name, value]): [string, unknown][] => {
      if (name === 'currentTime' || name === 'interval') return [];
      if (name === 'csr') return [[name, `PEM, ${nameText(readSigningRequest(String(value)).subject)}`]];
      if (name !== 'certificateChain') return [[name, value]];
      const names = parseCertificateChainPem(String(value)).map(({ subject }) => nameValue(subject, 'CN'));
      return [[name, `PEM, ${names.join(' < ')}`]];
    }),
  );
}

function serverSubject(port: number, whole = false): Promise<Record<string, string | undefined>> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: 'localhost', servername: 'localhost', rejectUnauthorized: false }, () => {
      const { subject, issuer, subjectaltname, fingerprint256 } = socket.getPeerCertificate();
      socket.end();
      resolve({
        CN: String(subject.CN),
        issuer: String(issuer.CN),
        altNames: subjectaltname,
        ...(whole ? { fingerprint: fingerprint256 } : {}),
      });
    });
    socket.on('error', reject);
  });
}

import { createSign } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { seededEntropy } from '../../core/entropy.ts';
import { Random } from '../../core/random.ts';
import { toPem } from '../../protocols/iso15118/pki/pem.ts';
import { samplePki } from '../../protocols/iso15118/testing/sample-pki.ts';
import { httpFiles } from './http-files.ts';
import { pkiCrypto } from './security/pki-crypto.ts';
import type { StationStore } from './station-world.ts';
import { HandCsms } from './testing/hand-csms.ts';

/** A station whose file transfers go to a real HTTP server; only its waiting is virtual. */

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

const servers: Server[] = [];
afterEach(async () => {
  for (const one of servers.splice(0)) {
    one.closeAllConnections();
    await new Promise((resolve) => one.close(resolve));
  }
});

/** A plain HTTP server; `answer` gives status and body by the number of the request. */
async function fileServer(answer: (asked: Asked, turn: number) => readonly [number, (string | Buffer)?]) {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const one = {
        method: request.method ?? '',
        path: request.url ?? '',
        authorization: request.headers.authorization,
        body: Buffer.concat(parts).toString('utf8'),
      };
      asked.push(one);
      const [status, body = ''] = answer(one, asked.length);
      response.writeHead(status).end(body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  return { asked, host: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const files = httpFiles({ hosts: ['127.0.0.1'], maxBytes: 1_000_000 });
const FIRMWARE = Buffer.from('firmware '.repeat(1_000));

const pki = samplePki();
const signer = pki['oem-provisioning'];
const signerPem = toPem('CERTIFICATE', signer.certificate.der);
const signerChain = [signer, pki['oem-sub-ca-2'], pki['oem-sub-ca-1']]
  .map((one) => toPem('CERTIFICATE', one.certificate.der))
  .join('');
const signature = createSign('sha256').update(FIRMWARE).sign(signer.key.exportPem(), 'base64');

const WORDS = {
  '1.6': { action: 'SignedUpdateFirmware', told: 'SignedFirmwareStatusNotification' },
  '2.0.1': { action: 'UpdateFirmware', told: 'FirmwareStatusNotification' },
  '2.1': { action: 'UpdateFirmware', told: 'FirmwareStatusNotification' },
} as const;
const LOG = {
  '1.6': 'LogStatusNotification',
  '2.0.1': 'LogStatusNotification',
  '2.1': 'LogStatusNotification',
} as const;

describe.each(['1.6', '2.0.1', '2.1'] as const)('%s station: files over real HTTP', (version) => {
  const { action, told } = WORDS[version];

  async function booted(): Promise<HandCsms> {
    const csms = new HandCsms({ version, files, crypto: pkiCrypto(seededEntropy(new Random('keys'))) });
    await csms.boot();
    return csms;
  }
  const getLog = (url: string, more = ''): string =>
    `{"logType":"DiagnosticsLog","requestId":7${more},"log":{"remoteLocation":"${url}"}}`;
  const update = (url: string, certificate: string, signed: string, more = ''): string => {
    const firmware = `"location":"${url}","retrieveDateTime":"2020-01-01T00:00:00Z","signingCertificate":${JSON.stringify(certificate)},"signature":"${signed}"`;
    return `{"requestId":9${more},"firmware":{${firmware}}}`;
  };
  const statuses = (csms: HandCsms, of: string): unknown[] => csms.of(of).map((one) => one['status']);
  const securityEvents = (csms: HandCsms): unknown[] => csms.of('SecurityEventNotification').map((one) => one['type']);

  it('puts its log into the directory that the address names, with the credentials in it', async () => {
    const { asked, host } = await fileServer(() => [201]);
    const csms = await booted();
    const answer = await csms.result('GetLog', getLog(`http://user:secret@${host}/logs/`));
    await csms.run(1_000);
    expect(asked).toMatchObject([
      {
        method: 'PUT',
        path: `/logs/${String(answer['filename'])}`,
        authorization: `Basic ${Buffer.from('user:secret').toString('base64')}`,
      },
    ]);
    expect(asked[0]?.body).toContain('SIM-0001');
    expect(statuses(csms, LOG[version])).toEqual(['Uploading', 'Uploaded']);
  });

  it('takes POST where PUT is not known', async () => {
    const { asked, host } = await fileServer((one) => [one.method === 'PUT' ? 405 : 200]);
    const csms = await booted();
    await csms.result('GetLog', getLog(`http://${host}/upload`));
    await csms.run(1_000);
    expect(asked.map((one) => `${one.method} ${one.path}`)).toEqual(['PUT /upload', 'POST /upload']);
    expect(asked[1]?.body).toContain('SIM-0001');
    expect(statuses(csms, LOG[version])).toEqual(['Uploading', 'Uploaded']);
  });

  it('tries a failed upload again after the interval, and says so only when all tries are spent', async () => {
    const { asked, host } = await fileServer((_one, turn) => [turn < 3 ? 503 : 200]);
    const csms = await booted();
    await csms.result('GetLog', getLog(`http://${host}/upload`, ',"retries":2,"retryInterval":30'));
    await csms.run(29_000);
    expect(asked).toHaveLength(1);
    await csms.run(40_000);
    expect(asked).toHaveLength(3);
    expect(statuses(csms, LOG[version])).toEqual(['Uploading', 'Uploaded']);
    csms.take();
    const refusing = await fileServer(() => [403]);
    await csms.result('GetLog', getLog(`http://${refusing.host}/upload`));
    await csms.run(1_000);
    expect(statuses(csms, LOG[version])).toEqual(['Uploading', 'PermissionDenied']);
  });

  it('does not reach out to a host that the configuration does not name', async () => {
    const csms = await booted();
    await csms.result('GetLog', getLog('http://localhost:1/upload'));
    await csms.run(1_000);
    expect(statuses(csms, LOG[version])).toEqual(['Uploading', 'PermissionDenied']);
  });

  it('downloads signed firmware, checks it, installs it, and boots with it', async () => {
    const { asked, host } = await fileServer((_one, turn) => (turn === 1 ? [500] : [200, FIRMWARE]));
    const csms = await booted();
    const more = ',"retries":1,"retryInterval":20';
    expect(await csms.result(action, update(`http://${host}/fw-3.1.0.bin`, signerPem, signature, more))).toEqual({
      status: 'Accepted',
    });
    await csms.run(120_000);
    expect(asked.map((one) => one.method)).toEqual(['GET', 'GET']);
    expect(statuses(csms, told).filter((one, i, all) => one !== all[i - 1])).toEqual([
      'Downloading',
      'Downloaded',
      'SignatureVerified',
      'Installing',
      'InstallRebooting',
      'Installed',
    ]);
    expect(csms.of('BootNotification')).toHaveLength(2);
    expect(JSON.stringify(csms.of('BootNotification')[1])).toContain('3.1.0');
    expect(securityEvents(csms)).toContain('FirmwareUpdated');
  });

  // From 2.0.1 on there is one message for both.
  if (version === '1.6') {
    it('refuses the classic procedure once it took signed firmware (whitepaper L01.FR.20)', async () => {
      const { host } = await fileServer(() => [200, FIRMWARE]);
      const saved: Partial<Record<string, unknown>> = {};
      const store: StationStore = {
        load: () => saved,
        save(_identity, part, value) {
          saved[part] = value;
        },
      };
      const booting = async (): Promise<HandCsms> => {
        const csms = new HandCsms({ version, files, store, crypto: pkiCrypto(seededEntropy(new Random('keys'))) });
        await csms.boot();
        return csms;
      };
      const classic = `{"location":"http://${host}/fw.bin","retrieveDate":"2020-01-01T00:00:00Z"}`;
      const csms = await booting();
      expect(await csms.result('UpdateFirmware', classic)).toEqual({});
      await csms.run(60_000);
      expect(statuses(csms, 'FirmwareStatusNotification').at(-1)).toBe('Installed');
      await csms.result(action, update(`http://${host}/fw.bin`, signerPem, signature));
      await csms.run(60_000);
      csms.take();
      expect((await csms.call('UpdateFirmware', classic)).slice(0, 3)).toEqual([4, expect.any(String), 'NotSupported']);
      const restarted = await booting();
      expect((await restarted.call('UpdateFirmware', classic))[2]).toBe('NotSupported');
      await csms.run(60_000);
      expect([...csms.of('FirmwareStatusNotification'), ...restarted.of('FirmwareStatusNotification')]).toEqual([]);
    });
  }

  it('installs nothing whose signature does not fit: InvalidSignature and a security event', async () => {
    const { host } = await fileServer(() => [200, Buffer.concat([FIRMWARE, Buffer.from('!')])]);
    const csms = await booted();
    await csms.result(action, update(`http://${host}/fw-3.1.0.bin`, signerPem, signature));
    await csms.run(120_000);
    expect(statuses(csms, told)).toEqual(['Downloading', 'Downloaded', 'InvalidSignature']);
    expect(securityEvents(csms)).toContain('InvalidFirmwareSignature');
    expect(csms.of('BootNotification')).toHaveLength(1);
  });

  it('checks the signing certificate before it answers: unreadable, run out, or under another root', async () => {
    const csms = await booted();
    const url = 'http://127.0.0.1:1/fw.bin';
    const unreadable = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    expect(await csms.result(action, update(url, unreadable, signature))).toMatchObject({
      status: 'InvalidCertificate',
    });
    const root = (role: 'oem-root' | 'mo-root'): string =>
      JSON.stringify(toPem('CERTIFICATE', pki[role].certificate.der));
    const install = (role: 'oem-root' | 'mo-root') =>
      csms.result(
        'InstallCertificate',
        `{"certificateType":"ManufacturerRootCertificate","certificate":${root(role)}}`,
      );
    await install('mo-root');
    expect(await csms.result(action, update(url, signerChain, signature))).toMatchObject({
      status: 'InvalidCertificate',
    });
    await install('oem-root');
    expect(await csms.result(action, update(url, signerChain, signature))).toMatchObject({ status: 'Accepted' });
    await csms.run(1_000);
    expect(securityEvents(csms).filter((one) => one === 'InvalidFirmwareSigningCertificate')).toHaveLength(2);
    const far = new HandCsms({ version, files, crypto: pkiCrypto(seededEntropy(new Random('keys'))) });
    await far.clock.runFor(40 * 365 * 86_400_000);
    await far.boot();
    expect(await far.result(action, update(url, signerPem, signature))).toMatchObject({ status: 'InvalidCertificate' });
  });
});

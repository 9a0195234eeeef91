import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { authority, hasOpenssl, type Identity } from './support/authority.ts';
import { testCsms } from './support/csms.ts';

/** Security profiles 0 to 3 (A00) of the CSMS as a service, with real sockets, passwords and certificates. */

type TestCsms = Awaited<ReturnType<typeof testCsms>>;
let csms: TestCsms;
let ca: ReturnType<typeof authority>;
let server: Identity;
let station: Identity;
let stranger: Identity;

const basic = (user: string, password: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});

beforeAll(() => {
  if (!hasOpenssl && process.env['CI'] === 'true') throw new Error('openssl is missing');
  if (!hasOpenssl) return;
  ca = authority('Profiles');
  server = ca.issue('localhost');
  station = ca.issue('SN-1');
  stranger = authority('Elsewhere').issue('SN-1');
});
afterEach(() => csms.end());

interface Attempt {
  readonly how: string;
  readonly socket: WebSocket;
}

/** Dials and tells how it ended: `open`, `http 401`, or the TLS error. */
function dial(
  path: string,
  options: { headers?: Record<string, string>; identity?: Identity; subprotocol?: string } = {},
): Promise<Attempt> {
  const { headers = {}, identity, subprotocol = 'ocpp2.0.1' } = options;
  const url = `${csms.base.replace(/^http/, 'ws').replace('127.0.0.1', 'localhost')}/ocpp/${path}`;
  const files = identity === undefined ? {} : { cert: readFileSync(identity.cert), key: readFileSync(identity.key) };
  const tls = url.startsWith('wss:') ? { ca: ca.pem, ...files } : {};
  const socket = new WebSocket(url, [subprotocol], { headers, ...tls });
  return new Promise((resolve) => {
    socket.on('open', () => resolve({ how: 'open', socket }));
    socket.on('unexpected-response', (_request, response) => {
      response.resume();
      resolve({ how: `http ${response.statusCode}`, socket });
    });
    socket.on('error', (error) => resolve({ how: `error ${error.message}`, socket }));
  });
}

const securityOf = (id: string): number | undefined => csms.csms.state.stations.get(id)?.securityProfile;

describe('profile 1: HTTP Basic', () => {
  it('a station with a password gets in with it only, under its own name', async () => {
    csms = await testCsms({ stations: [{ id: 'CS1', password: 'correct-horse-battery' }] });
    expect((await dial('CS1')).how).toBe('http 401');
    expect((await dial('CS1', { headers: basic('CS1', 'wrong-wrong-wrong-w') })).how).toBe('http 401');
    expect((await dial('CS1', { headers: basic('CS2', 'correct-horse-battery') })).how).toBe('http 401');
    expect((await dial('CS1', { headers: { authorization: 'Bearer x' } })).how).toBe('http 401');
    expect((await dial('CS1', { headers: basic('CS1', 'correct-horse-battery') })).how).toBe('open');
    expect(securityOf('CS1')).toBe(1);
    expect((await csms.call('GET', '/refused')).body.items.map((one: { reason: string }) => one.reason)).toEqual([
      'bad-authorization',
      'user-is-not-identity',
      'bad-credentials',
      'no-credentials',
    ]);
  });

  it('a 1.6 key in hexadecimal is compared as bytes, also bytes that are no text (1.6J §6.2.2)', async () => {
    const key = '00ff10203040506070809fafbfcfdfef';
    csms = await testCsms({ stations: [{ id: 'CS1', password: key }] });
    const bytes = Buffer.concat([Buffer.from('CS1:'), Buffer.from(key, 'hex')]);
    const headers = { authorization: `Basic ${bytes.toString('base64')}` };
    expect((await dial('CS1', { headers, subprotocol: 'ocpp1.6' })).how).toBe('open');
  });

  it('a minimum profile refuses what is below it', async () => {
    csms = await testCsms({ security: { minimumProfile: 1 } });
    expect((await dial('CS1')).how).toBe('http 401');
  });
});

describe.skipIf(!hasOpenssl)('profiles 2 and 3: TLS', () => {
  const tls = (clientCertificate: 'no' | 'ask' | 'demand') => ({
    cert: server.cert,
    key: server.key,
    clientCa: [ca.pem],
    clientCertificate,
  });

  it('profile 2: TLS with HTTP Basic; going back to plain credentials is refused later', async () => {
    csms = await testCsms({ tls: tls('no'), stations: [{ id: 'CS1', password: 'correct-horse-battery' }] });
    expect((await dial('CS1')).how).toBe('http 401');
    expect((await dial('CS1', { headers: basic('CS1', 'correct-horse-battery') })).how).toBe('open');
    expect(securityOf('CS1')).toBe(2);
  });

  it('profile 3: a certificate of ours is enough; afterwards a lower profile is refused (A05.FR.07)', async () => {
    csms = await testCsms({ tls: tls('ask'), stations: [{ id: 'CS1', password: 'correct-horse-battery' }] });
    expect((await dial('CS1', { identity: stranger })).how).toBe('http 401');
    expect((await dial('CS1', { identity: station })).how).toBe('open');
    expect(securityOf('CS1')).toBe(3);
    expect((await dial('CS1', { headers: basic('CS1', 'correct-horse-battery') })).how).toBe('http 403');
  });

  it('profile 3 demanded: without a certificate of ours the handshake itself fails', async () => {
    csms = await testCsms({ tls: tls('demand') });
    expect((await dial('CS1')).how).toMatch(/^error /);
    expect((await dial('CS1', { identity: stranger })).how).toMatch(/^error /);
    expect((await dial('CS1', { identity: station })).how).toBe('open');
  });

  it.each([
    ['SN-1', 'stays connected'],
    ['SN-2', 'is closed with 1008'],
  ])('a serial number %s at boot, with a certificate for SN-1, %s (B01.FR.12)', async (serialNumber, what) => {
    csms = await testCsms({ tls: tls('demand') });
    const { socket } = await dial('CS1', { identity: station });
    const answered = new Promise<string>((resolve) => socket.once('message', (data) => resolve(String(data))));
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    socket.send(
      `[2,"b","BootNotification",{"reason":"PowerUp","chargingStation":{"vendorName":"V","model":"M","serialNumber":"${serialNumber}"}}]`,
    );
    expect(await answered).toMatch(/^\[3,"b",/);
    if (what === 'stays connected') {
      const beat = new Promise<string>((resolve) =>
        socket.on('message', (data) => String(data).startsWith('[3,"h"') && resolve('beats')),
      );
      socket.send('[2,"h","Heartbeat",{}]');
      expect(await Promise.race([closed, beat])).toBe('beats');
    } else expect(await closed).toBe(1008);
  });
});

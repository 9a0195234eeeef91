import { createServer, request as httpRequest, type Server } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { SystemClock } from '../core/system-clock.ts';
import { connectOcpp } from './ocpp-client.ts';
import { OcppServer, type OcppServerRole, type UpgradeFault, type UpgradeRefusal } from './ocpp-server.ts';
import type { Transport } from './transport.ts';
import type { UpgradeRequest } from './upgrade-request.ts';

interface Connected {
  readonly transport: Transport;
  readonly request: UpgradeRequest;
  readonly version: string;
  readonly faults: readonly UpgradeFault[];
}

let http: Server;
let server: OcppServer;
let port: number;
let connected: Connected[];
let refused: string[];
let admit: OcppServerRole['admit'];
let acceptOcpp20: boolean;
let waiting: ((connected: Connected) => void)[];

beforeEach(async () => {
  connected = [];
  refused = [];
  waiting = [];
  admit = () => undefined;
  acceptOcpp20 = false;
  server = new OcppServer({
    clock: new SystemClock(),
    entropy: (length) => new Uint8Array(length).fill(7),
    maxFrameBytes: 1_000,
    pingIntervalMs: 0,
    compression: '2.x',
    maxConnections: 3,
    role: {
      versions: ['1.6', '2.0.1', '2.1'],
      get acceptOcpp20() {
        return acceptOcpp20;
      },
      admit: (request, version) => admit(request, version),
      connected(transport, request, version, faults) {
        const one = { transport, request, version, faults };
        connected.push(one);
        waiting.shift()?.(one);
      },
      refused: (_request, refusal, faults) =>
        void refused.push([refusal.reason, ...faults.map((fault) => fault.rule)].join(' ')),
    },
  });
  http = createServer();
  http.on('upgrade', (request, socket, head) => server.handleUpgrade(request, socket, head));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const address = http.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});

afterEach(async () => {
  server.stop();
  server.terminateAll();
  http.closeAllConnections();
  await new Promise((resolve) => http.close(resolve));
});

const nextConnection = (): Promise<Connected> => new Promise((resolve) => waiting.push(resolve));

/** Opens a WebSocket and resolves when it is open, closed or refused. */
function dial(
  path: string,
  protocols: string[],
  headers: Record<string, string> = {},
): Promise<{ socket: WebSocket; how: string }> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols, { headers });
    socket.on('open', () => resolve({ socket, how: `open ${socket.protocol}` }));
    socket.on('unexpected-response', (_request, response) => {
      response.resume();
      resolve({ socket, how: `http ${response.statusCode}` });
    });
    socket.on('error', (error) => resolve({ socket, how: `error ${error.message}` }));
  });
}

describe('subprotocol', () => {
  it.each([
    [['ocpp1.6'], 'open ocpp1.6'],
    [['ocpp2.1', 'ocpp2.0.1', 'ocpp1.6'], 'open ocpp2.1'],
    [['ocpp1.6', 'ocpp2.1'], 'open ocpp1.6'],
    [['ocpp9', 'ocpp2.0.1'], 'open ocpp2.0.1'],
  ])('of %j the first that is served is taken: %s', async (offered, how) => {
    expect((await dial('/ocpp/CS1', offered)).how).toBe(how);
  });

  it('none served: the handshake is completed without the header, then closed with 1002', async () => {
    // Node’s client refuses such a handshake by itself, so the bytes are written by hand.
    const text = await new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.write(
          `GET /ocpp/CS1 HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: ocpp2.0\r\n\r\n`,
        );
      });
      const chunks: Buffer[] = [];
      socket.on('data', (chunk) => {
        chunks.push(chunk);
        const all = Buffer.concat(chunks);
        const end = all.indexOf('\r\n\r\n');
        const frame = end < 0 ? Buffer.alloc(0) : all.subarray(end + 4);
        if (frame.length >= 4) {
          resolve(
            `${all.subarray(0, end).toString()}|${frame[0]?.toString(16)}|${frame.readUInt16BE(2)}|${frame.subarray(4).toString()}`,
          );
          socket.destroy();
        }
      });
    });
    expect(text).toMatch(/^HTTP\/1\.1 101 /);
    expect(text).not.toMatch(/sec-websocket-protocol/i);
    expect(text).toMatch(/\|88\|1002\|ocpp2\.0 is withdrawn/);
    expect(refused).toEqual(['no-common-subprotocol']);
  });

  it('a switch serves the withdrawn ocpp2.0 as 2.0.1', async () => {
    acceptOcpp20 = true;
    expect((await dial('/ocpp/CS1', ['ocpp2.0'])).how).toBe('open ocpp2.0');
    expect(connected.map(({ version }) => version)).toEqual(['2.0.1']);
  });

  it('an unknown name and a missing header are findings', async () => {
    await dial('/ocpp/CS1', ['ocpp1.6j', 'ocpp1.6']);
    expect(connected[0]?.faults.map((fault) => fault.rule)).toEqual(['OCPPJ-HS-003']);
    await dial('/ocpp/CS1', []);
    expect(refused).toEqual(['no-common-subprotocol OCPPJ-HS-001']);
  });

  it('compression is negotiated on 2.x and not on 1.6', async () => {
    const [v21, v16] = [await dial('/ocpp/CS1', ['ocpp2.1']), await dial('/ocpp/CS1', ['ocpp1.6'])];
    expect(v21.socket.extensions).toMatch(/permessage-deflate/);
    expect(v16.socket.extensions).toBe('');
  });
});

describe('identity and admission', () => {
  it('the identity is decoded once from the last segment', async () => {
    await dial('/ocpp/RDAM%20123', ['ocpp1.6']);
    await dial('/ocpp/a/b%2520', ['ocpp1.6']);
    expect(connected.map(({ request }) => request.identity)).toEqual(['RDAM 123', 'b%20']);
  });

  it('a trailing slash is tolerated and reported', async () => {
    await dial('/ocpp/CS1/', ['ocpp1.6']);
    expect(connected[0]?.request.identity).toBe('CS1');
    expect(connected[0]?.faults.map((fault) => fault.rule)).toEqual(['OCPPJ-HS-004']);
  });

  it('a refusal answers with its status and a problem document', async () => {
    const refusal: UpgradeRefusal = { status: 401, reason: 'bad-credentials', text: 'The password is wrong' };
    admit = () => refusal;
    const answer = await new Promise<string>((resolve) => {
      const sent = httpRequest({
        port,
        path: '/ocpp/CS1',
        headers: {
          connection: 'Upgrade',
          upgrade: 'websocket',
          'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
          'sec-websocket-version': '13',
          'sec-websocket-protocol': 'ocpp1.6',
        },
      });
      sent.on('response', (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => {
          body += chunk.toString();
        });
        response.on('end', () => resolve(`${response.statusCode} ${response.headers['www-authenticate']} ${body}`));
      });
      sent.end();
    });
    expect(answer).toMatch(/^401 Basic realm="OCPP"/);
    expect(answer).toMatch(/"code":"bad-credentials","station":"CS1"/);
  });

  it('Basic credentials are read as bytes after the first colon', async () => {
    await dial('/ocpp/CS1', ['ocpp1.6'], {
      authorization: `Basic ${Buffer.from([0x43, 0x3a, 0xff, 0x3a, 0x01]).toString('base64')}`,
    });
    expect(connected[0]?.request.basic?.user).toBe('C');
    expect([...(connected[0]?.request.basic?.password ?? [])]).toEqual([0xff, 0x3a, 0x01]);
  });

  it('more connections than allowed are answered 503', async () => {
    for (let i = 0; i < 3; i++) await dial(`/ocpp/CS${i}`, ['ocpp1.6']);
    expect((await dial('/ocpp/CS9', ['ocpp1.6'])).how).toBe('http 503');
  });
});

describe('frames', () => {
  function listenTo({ transport }: Connected): string[] {
    const heard: string[] = [];
    transport.listen({
      text: (text) => void heard.push(`text ${text}`),
      unreadable: (bytes, why) => void heard.push(`${why} ${bytes.length}`),
      alive() {},
      pinged() {},
      disconnected: (code) => void heard.push(`closed ${code}`),
    });
    return heard;
  }

  it('text, binary, invalid UTF-8 and oversize frames are told apart', async () => {
    const next = nextConnection();
    const { socket } = await dial('/ocpp/CS1', ['ocpp1.6']);
    const heard = listenTo(await next);
    socket.send('[2,"a","Heartbeat",{}]');
    socket.send(Buffer.from([1, 2, 3]));
    socket.send(Buffer.from([0xff, 0xfe]), { binary: false });
    socket.send('x'.repeat(2_000));
    await new Promise((resolve) => socket.on('close', resolve));
    await expect
      .poll(() => heard)
      .toEqual(['text [2,"a","Heartbeat",{}]', 'binary 3', 'utf8 2', 'too-big 0', 'closed 1006']);
  });

  it('our client and our server talk, and a frame that comes with the handshake is not lost', async () => {
    const next = nextConnection();
    const opened = new Promise<Transport>((resolve, reject) => {
      connectOcpp(
        {
          endpoint: `ws://127.0.0.1:${port}/ocpp`,
          identity: 'CS 1',
          subprotocols: ['ocpp2.0.1'],
          handshakeTimeoutMs: 5_000,
          maxFrameBytes: 65_000,
        },
        { open: resolve, failed: (reason) => reject(new Error(reason)) },
      );
    });
    const one = await next;
    one.transport.send('early');
    const client = await opened;
    const heard: string[] = [];
    client.listen({
      text: (text) => void heard.push(text),
      unreadable() {},
      alive() {},
      pinged() {},
      disconnected: (code) => void heard.push(String(code)),
    });
    expect(one.request.identity).toBe('CS 1');
    expect(client.description.subprotocol).toBe('ocpp2.0.1');
    const atServer = listenTo(one);
    client.send('hello');
    await expect.poll(() => [heard, atServer]).toEqual([['early'], ['text hello']]);
    one.transport.close(1001, 'bye');
    await expect.poll(() => heard).toEqual(['early', '1001']);
  });

  it('a failed handshake is told with the HTTP status', async () => {
    admit = () => ({ status: 404, reason: 'unknown-identity', text: 'no' });
    const failure = await new Promise((resolve) => {
      connectOcpp(
        {
          endpoint: `ws://127.0.0.1:${port}/ocpp`,
          identity: 'X',
          subprotocols: ['ocpp1.6'],
          handshakeTimeoutMs: 5_000,
          maxFrameBytes: 65_000,
        },
        { open: () => resolve('open'), failed: (reason, status) => resolve(`${status} ${reason}`) },
      );
    });
    expect(failure).toBe('404 The server answered 404 Not Found');
  });
});

describe('facts of the handshake, for the journal', () => {
  const basic = (password: string): Record<string, string> => ({
    authorization: `Basic ${Buffer.from(`CS1:${password}`).toString('base64')}`,
  });

  it('say what was offered, served and chosen, and of a password only its form and a print', async () => {
    await dial('/ocpp/CS1', ['ocpp9', 'ocpp2.0.1'], basic('000102030405060708090a0b0c0d0e0f'));
    await dial('/ocpp/CS1', ['ocpp1.6'], basic('000102030405060708090a0b0c0d0e0f'));
    await dial('/ocpp/CS2', ['ocpp1.6'], basic('correct horse battery'));
    const [first, second, third] = connected.map(({ transport }) => transport.description.facts);
    expect(first).toMatchObject({
      path: '/ocpp/CS1',
      offered: 'ocpp9,ocpp2.0.1',
      served: 'ocpp1.6,ocpp2.0.1,ocpp2.1',
      subprotocol: 'ocpp2.0.1',
      authorization: 'basic',
      basicUser: 'identity',
      passwordForm: 'hex',
      extensionsOffered: 'permessage-deflate',
    });
    expect(first?.['extensions']).toMatch(/^permessage-deflate/);
    expect(second?.['extensions']).toBe('');
    expect(third?.['passwordForm']).toBe('text');
    expect(third?.['basicUser']).toBe('other');
    expect(first?.['passwordPrint']).toMatch(/^[0-9a-f]{8}\.[0-9a-f]{8}$/);
    expect(second?.['passwordPrint']).toBe(first?.['passwordPrint']);
    expect(third?.['passwordPrint']).not.toBe(first?.['passwordPrint']);
    expect(JSON.stringify([first, second, third])).not.toMatch(/0001020304|horse/);
  });

  it('an identity that 2.x does not allow is reported, and none is refused (OCPPJ-HS-005)', async () => {
    await dial('/ocpp/A%3AB', ['ocpp2.0.1']);
    await dial('/ocpp/A%3AB', ['ocpp1.6']);
    await dial(`/ocpp/${'L'.repeat(49)}`, ['ocpp2.1']);
    await dial('/ocpp/', ['ocpp2.1']);
    expect(connected.map(({ faults }) => faults.map((fault) => fault.rule))).toEqual([
      ['OCPPJ-HS-005'],
      [],
      ['OCPPJ-HS-005'],
    ]);
    expect(connected[0]?.faults[0]?.text).toMatch(/colon/);
    expect(connected[2]?.faults[0]?.text).toMatch(/49 characters/);
  });
});

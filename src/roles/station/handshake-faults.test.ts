import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { createStation, type StationHandle } from './create-station.ts';

interface Opened {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
}

/** A server of plain `ws` that shows what came in the handshake, and answers BootNotification by hand. */
class PlainServer {
  readonly #server = new WebSocketServer({
    port: 0,
    host: '127.0.0.1',
    handleProtocols: (offered) => [...offered][0] ?? false,
  });
  readonly opened: Opened[] = [];
  readonly frames: { readonly text: string; readonly isBinary: boolean }[] = [];
  #waiting: (() => void)[] = [];

  constructor() {
    this.#server.on('connection', (socket, request) => {
      this.opened.push({ socket, request });
      socket.on('message', (data, isBinary) => {
        const text = String(data);
        this.frames.push({ text, isBinary });
        const boot = /^\[2,"([^"]+)","BootNotification"/.exec(text);
        const id = boot?.[1] ?? /^\[2,"([^"]+)"/.exec(text)?.[1];
        const answer =
          boot === null ? '{}' : '{"status":"Accepted","currentTime":"2026-03-02T08:00:00Z","interval":300}';
        if (id !== undefined) socket.send(`[3,"${id}",${answer}]`);
        this.wake();
      });
      socket.on('pong', () => this.wake());
      socket.on('close', () => this.wake());
      socket.on('ping', () => this.wake());
      this.wake();
    });
  }

  async endpoint(): Promise<string> {
    if (this.#server.address() === null) await once(this.#server, 'listening');
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/ocpp`;
  }

  wake(): void {
    for (const one of this.#waiting.splice(0)) one();
  }

  async until(done: () => boolean): Promise<void> {
    while (!done()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  async connection(index: number): Promise<Opened> {
    await this.until(() => this.opened.length > index);
    const found = this.opened[index];
    if (found === undefined) throw new Error('unreachable');
    return found;
  }

  stop(): void {
    for (const client of this.#server.clients) client.terminate();
    this.#server.close();
  }
}

describe('a station that connects or speaks wrongly, on a real socket', () => {
  const open: { stop(): void }[] = [];
  afterEach(() => {
    for (const one of open.splice(0)) one.stop();
  });

  async function pair(): Promise<{ server: PlainServer; station: StationHandle; happened: string[] }> {
    const server = new PlainServer();
    const happened: string[] = [];
    const station = createStation({
      identity: 'SIM-1',
      version: '2.0.1',
      endpoint: await server.endpoint(),
      password: 'correct horse',
      followCsmsClock: false,
      onEvent: ({ what }) => {
        happened.push(what);
        server.wake();
      },
    });
    open.push(station, server);
    station.start();
    await server.until(() => server.frames.some(({ text }) => text.includes('BootNotification')));
    return { server, station, happened };
  }

  it('uses the wrong subprotocol, path, credentials and headers once, then the right ones again', async () => {
    const { server, station, happened } = await pair();
    expect((await server.connection(0)).request.url).toBe('/ocpp/SIM-1');
    station.do({
      type: 'handshake',
      subprotocols: ['OCPP2.0.1', 'ocpp1.5'],
      path: '/ocpp//SIM-1',
      authorization: 'Basic bm9ib2R5OnBhc3M=',
      headers: { host: 'elsewhere.example', 'x-firmware': '1' },
    });
    const { request } = await server.connection(1);
    expect(request.url).toBe('/ocpp//SIM-1');
    expect(request.headers).toMatchObject({
      'sec-websocket-protocol': 'OCPP2.0.1,ocpp1.5',
      authorization: 'Basic bm9ib2R5OnBhc3M=',
      host: 'elsewhere.example',
      'x-firmware': '1',
    });
    // The server took a protocol that is not the station's: it hangs up, waits, and connects as it should.
    await server.until(() => happened.includes('connect-failed'));
    station.do({ type: 'handshake', subprotocols: [], authorization: null });
    const bare = (await server.connection(2)).request.headers;
    expect([bare['sec-websocket-protocol'], bare.authorization]).toEqual([undefined, undefined]);
    expect(happened.filter((what) => what === 'fault-injected')).toHaveLength(2);
    // Stopped and started it boots as it should.
    station.stop();
    station.start();
    const right = (await server.connection(3)).request.headers;
    expect(right['sec-websocket-protocol']).toBe('ocpp2.0.1');
    expect(right.authorization).toMatch(/^Basic /);
    const boots = (): number => server.frames.filter(({ text }) => text.includes('BootNotification')).length;
    await server.until(() => boots() === 2);
  });

  it('goes half-open: answers no ping, and its socket stays open', async () => {
    const { server, station } = await pair();
    const { socket } = await server.connection(0);
    let pongs = 0;
    socket.on('pong', () => {
      pongs++;
    });
    socket.ping();
    await server.until(() => pongs === 1);
    station.do({ type: 'half-open' });
    socket.ping();
    socket.send('[2,"x","ClearCache",{}]');
    // Another connection of the same identity opens while the dead one is still there.
    station.do({ type: 'network-loss', silent: true });
    station.do({ type: 'network-back' });
    await server.connection(1);
    expect([pongs, socket.readyState]).toEqual([1, socket.OPEN]);
    expect(server.frames.filter(({ text }) => text.includes('"x"'))).toEqual([]);
  });

  it('answers no pings when told so, closes with any code, floods with pings', async () => {
    const { server, station } = await pair();
    station.do({ type: 'handshake', noPong: true });
    const { socket } = await server.connection(1);
    let pongs = 0;
    let pings = 0;
    let code = 0;
    socket.on('pong', () => {
      pongs++;
    });
    socket.on('ping', () => {
      pings++;
    });
    socket.on('close', (closing) => {
      code = closing;
    });
    socket.ping();
    await server.until(() => station.view().connected);
    station.do({ type: 'ping-flood', count: 25 });
    await server.until(() => pings === 25);
    station.do({ type: 'close-socket', code: 4001, reason: 'had enough' });
    await server.until(() => code !== 0);
    expect([pongs, code]).toEqual([0, 4001]);
  });

  it('sends binary frames, fragments and garbage', async () => {
    const { server, station } = await pair();
    const call = '[2,"odd","Heartbeat",{}]';
    station.do({ type: 'send-text', text: call, form: 'binary' });
    station.do({ type: 'send-text', text: call, form: 'fragments' });
    station.do({ type: 'send-text', text: '{', times: 2 });
    await server.until(() => server.frames.filter(({ text }) => text === '{').length === 2);
    expect(server.frames.filter(({ text }) => text === call).map((one) => one.isBinary)).toEqual([true, false]);
  });

  it('leaves out the name of the server in TLS', async () => {
    const hellos: Buffer[] = [];
    let heard = (): void => {};
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', (bytes) => {
        hellos.push(bytes);
        socket.destroy();
        heard();
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const station = createStation({
      identity: 'SIM-1',
      version: '2.0.1',
      endpoint: `wss://localhost:${(server.address() as AddressInfo).port}/ocpp`,
      followCsmsClock: false,
    });
    open.push(station, { stop: () => void server.close() });
    const next = (): Promise<void> =>
      new Promise((resolve) => {
        heard = resolve;
      });
    const first = next();
    station.start();
    await first;
    const second = next();
    station.do({ type: 'handshake', noServerName: true });
    await second;
    // The name stands in the ClientHello as it is (RFC 6066 §3).
    expect(hellos.map((bytes) => bytes.includes('localhost'))).toEqual([true, false]);
  });
});

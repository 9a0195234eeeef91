import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { SystemClock } from '../../core/system-clock.ts';
import { createStation, type StationHandle } from './create-station.ts';

/** A server of plain `ws`, with no code of ours: it answers by hand. */
class PlainCsms {
  readonly server = new WebSocketServer({
    port: 0,
    host: '127.0.0.1',
    handleProtocols: (offered) => [...offered][0] ?? false,
  });
  readonly seen: { action: string; payload: Record<string, unknown> }[] = [];
  readonly results: unknown[][] = [];
  socket: WebSocket | undefined;
  path = '';
  authorization = '';
  #waiting: (() => void)[] = [];

  constructor() {
    this.server.on('connection', (socket, request) => {
      this.socket = socket;
      this.path = request.url ?? '';
      this.authorization = request.headers.authorization ?? '';
      socket.on('message', (data) => {
        const frame = JSON.parse(String(data)) as [number, string, string, Record<string, unknown>];
        if (frame[0] === 2) {
          this.seen.push({ action: frame[2], payload: frame[3] });
          socket.send(`[3,"${frame[1]}",${answerTo(frame[2], frame[3])}]`);
        } else this.results.push(frame);
        for (const wake of this.#waiting.splice(0)) wake();
      });
    });
  }

  async endpoint(): Promise<string> {
    if (this.server.address() === null) await once(this.server, 'listening');
    return `ws://127.0.0.1:${(this.server.address() as AddressInfo).port}/ocpp`;
  }

  async until(done: () => boolean): Promise<void> {
    while (!done()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  async call(id: string, action: string, payload: string): Promise<unknown> {
    this.socket?.send(`[2,"${id}","${action}",${payload}]`);
    await this.until(() => this.results.some((frame) => frame[1] === id));
    return this.results.find((frame) => frame[1] === id)?.[2];
  }

  has(action: string): boolean {
    return this.seen.some((one) => one.action === action);
  }
}

function answerTo(action: string, payload: Record<string, unknown>): string {
  switch (action) {
    case 'BootNotification':
      return `{"status":"Accepted","currentTime":"2999-01-01T00:00:00Z","interval":300}`;
    case 'StartTransaction':
      return '{"transactionId":5,"idTagInfo":{"status":"Accepted"}}';
    case 'Authorize':
      return '{"idTagInfo":{"status":"Accepted"}}';
    case 'TransactionEvent':
      return payload['idToken'] === undefined ? '{}' : '{"idTokenInfo":{"status":"Accepted"}}';
    default:
      return '{}';
  }
}

const FAST = { reactionMs: 50 };

describe('a station on a real socket', () => {
  const open: { stop(): Promise<void> | void }[] = [];
  afterEach(async () => {
    for (const one of open.splice(0)) await one.stop();
  });

  async function pair(
    version: '1.6' | '2.0.1' | '2.1',
    password?: string,
  ): Promise<{ csms: PlainCsms; station: StationHandle }> {
    const csms = new PlainCsms();
    const station = createStation({
      identity: 'SIM 1',
      version,
      endpoint: await csms.endpoint(),
      clock: new SystemClock(),
      ...(password === undefined ? {} : { password }),
      followCsmsClock: false,
    });
    open.push(station, { stop: () => new Promise<void>((resolve) => csms.server.close(() => resolve())) });
    station.start();
    return { csms, station };
  }

  it('1.6: boots with identity and credentials, charges on a remote start, stops on a remote stop', async () => {
    const { csms, station } = await pair('1.6', '0102ff');
    await csms.until(() => csms.seen.filter((one) => one.action === 'StatusNotification').length === 3);
    expect(csms.path).toBe('/ocpp/SIM%201');
    expect(csms.authorization).toBe(
      `Basic ${Buffer.concat([Buffer.from('SIM 1:'), Buffer.from([1, 2, 255])]).toString('base64')}`,
    );
    station.plug({ car: FAST });
    expect(await csms.call('a', 'RemoteStartTransaction', '{"idTag":"TAG","connectorId":1}')).toEqual({
      status: 'Accepted',
    });
    await csms.until(() => csms.has('StartTransaction') && csms.seen.at(-1)?.payload['status'] === 'Charging');
    expect(await csms.call('b', 'RemoteStopTransaction', '{"transactionId":5}')).toEqual({ status: 'Accepted' });
    await csms.until(() => csms.has('StopTransaction'));
    expect(csms.seen.find((one) => one.action === 'StopTransaction')?.payload).toMatchObject({
      transactionId: 5,
      reason: 'Remote',
    });
  });

  it.each(['2.0.1', '2.1'] as const)('%s: boots, charges by card, stops by card', async (version) => {
    const { csms, station } = await pair(version);
    await csms.until(() => csms.has('SecurityEventNotification'));
    station.plug({ car: FAST });
    await csms.call('a', 'RequestStartTransaction', '{"idToken":{"idToken":"APP","type":"Central"},"remoteStartId":1}');
    await csms.until(() =>
      csms.seen.some(
        (one) =>
          one.action === 'TransactionEvent' &&
          (one.payload['transactionInfo'] as { chargingState?: string }).chargingState === 'Charging',
      ),
    );
    station.swipe('APP', { tokenType: 'Central' });
    await csms.until(() => csms.seen.some((one) => one.payload['eventType'] === 'Ended'));
    expect(csms.seen.findLast((one) => one.action === 'TransactionEvent')?.payload).toMatchObject({
      triggerReason: 'StopAuthorized',
      transactionInfo: { stoppedReason: 'Local' },
    });
  });
});

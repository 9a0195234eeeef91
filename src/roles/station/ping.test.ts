import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { SystemClock } from '../../core/system-clock.ts';
import { createStation } from './create-station.ts';
import { BUILT_IN } from './templates.ts';
import { HandCsms } from './testing/hand-csms.ts';

const MINUTE_MS = 60_000;
const SETTING: Readonly<Record<'1.6' | '2.0.1' | '2.1', readonly [string, string]>> = {
  '1.6': ['ChangeConfiguration', '{"key":"WebSocketPingInterval","value":"10"}'],
  '2.0.1': setVariable('10'),
  '2.1': setVariable('10'),
};

function setVariable(value: string): readonly [string, string] {
  return [
    'SetVariables',
    `{"setVariableData":[{"component":{"name":"OCPPCommCtrlr"},"variable":{"name":"WebSocketPingInterval"},"attributeValue":"${value}"}]}`,
  ];
}

describe.each(['1.6', '2.0.1', '2.1'] as const)('%s station: pings', (version) => {
  it('stays connected for hours while its pings are answered', async () => {
    const csms = new HandCsms({ version });
    await csms.boot();
    await csms.run(180 * MINUTE_MS);
    expect(csms.connections).toBe(1);
  });

  it('drops a line whose end stopped reading, and connects again without a boot', async () => {
    const csms = new HandCsms({ version });
    await csms.boot();
    await csms.result(...SETTING[version]);
    await csms.run(1_000);
    csms.socket?.pause();
    await csms.run(15_000);
    expect(csms.connections).toBe(1);
    await csms.run(20_000);
    expect(csms.happened.map((one) => one.what)).toContain('ping-unanswered');
    expect(csms.connections).toBe(2);
    expect(csms.of('BootNotification')).toHaveLength(1);
  });

  it('sends no pings with an interval of 0', async () => {
    const csms = new HandCsms({ version });
    await csms.boot();
    const [action, payload] = SETTING[version];
    await csms.result(action, payload.replace('"10"', '"0"'));
    csms.socket?.pause();
    // Heartbeats go unanswered, but nothing says that the line is dead.
    await csms.run(10 * MINUTE_MS);
    expect(csms.connections).toBe(1);
  });
});

describe('a station on a real socket', () => {
  it('sends real pings', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'ocpp2.0.1' });
    await once(server, 'listening');
    const pinged = new Promise<void>((resolve) => {
      server.on('connection', (socket) => socket.on('ping', () => resolve()));
    });
    const template = BUILT_IN['ac-22-duo'];
    const station = createStation({
      identity: 'PING',
      version: '2.0.1',
      template: { ...template, variables: { ...template.variables, 'OCPPCommCtrlr.WebSocketPingInterval': '1' } },
      endpoint: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
      clock: new SystemClock(),
    });
    station.start();
    await pinged;
    station.stop();
    await new Promise((resolve) => server.close(resolve));
  });
});

import { createServer } from 'node:net';
import mqtt from 'mqtt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SystemClock } from '../core/system-clock.ts';
import type { LinkDescription, NewEntry, Recorder } from '../journal/entry.ts';
import { type MqttBroker, startMqttBroker } from './mqtt-broker.ts';
import { MqttLink, type MqttMessage } from './mqtt-link.ts';

const clock = new SystemClock();
let broker: MqttBroker;
let refused: string[];
let entries: NewEntry[];
let links: LinkDescription[];
let messages: MqttMessage[];
let changes: string[];
let link: MqttLink;

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise<void>((resolve) => clock.soon(resolve));
};

function makeLink(url: string, version: '3.1.1' | '5' = '3.1.1'): MqttLink {
  const recorder: Recorder = {
    openLink: (description) => links.push(description),
    closeLink: () => {},
    record: (entry) => entries.push(entry),
    finding: () => {},
    full: false,
    onceDrained: (resume) => resume(),
  };
  return new MqttLink({
    endpoint: { url, version },
    clock,
    recorder,
    peer: { id: 'cp001', role: 'cs' },
    self: { id: 'everest', role: 'everest' },
    tap: 'everest',
    clientId: 'test',
    subscriptions: ['a/#'],
    requestOf: (topic) => /^a\/reply\/(.+)$/.exec(topic)?.[1],
    events: {
      connected: () => void changes.push('connected'),
      disconnected: (reason) => void changes.push(reason),
      message: (message) => void messages.push(message),
    },
    defect: (where, thrown) => {
      throw new Error(where, { cause: thrown });
    },
  });
}

beforeEach(async () => {
  refused = [];
  entries = [];
  links = [];
  messages = [];
  changes = [];
  broker = await startMqttBroker({ host: '127.0.0.1', port: 0, refused: (text) => void refused.push(text) });
  link = makeLink(broker.url);
});

afterEach(async () => {
  await link.close();
  await broker.close();
});

describe('a client behind the seam', () => {
  it('records what it sends once, though the broker sends it back, and what others send', async () => {
    link.start();
    await until(() => link.connected);
    await link.publish('a/b', 'mine', { origin: 'user' });
    const other = await mqtt.connectAsync(broker.url);
    await other.publishAsync('a/c', 'theirs');
    await other.publishAsync('a/b', 'mine');
    await until(() => messages.length === 3);
    await other.endAsync();
    const crossed = entries.filter((entry) => entry.kind !== 'event');
    expect(crossed.map(({ action, raw, toClient, kind, origin }) => ({ action, raw, toClient, kind, origin }))).toEqual(
      [
        { action: 'a/b', raw: 'mine', toClient: true, kind: 'send', origin: 'user' },
        { action: 'a/c', raw: 'theirs', toClient: false, kind: 'send', origin: 'peer' },
        { action: 'a/b', raw: 'mine', toClient: false, kind: 'send', origin: 'peer' },
      ],
    );
    expect(messages.map((message) => message.echo)).toEqual([true, false, false]);
    expect(links).toMatchObject([{ protocol: 'mqtt', version: '3.1.1', a: { id: 'cp001' }, tap: 'everest' }]);
  });

  it('joins an answer to its request, and marks one that nobody waited for', async () => {
    link.start();
    await until(() => link.connected);
    await link.publish('a/ask', '{}', { request: 'r1' });
    const other = await mqtt.connectAsync(broker.url);
    await other.publishAsync('a/reply/r1', 'true');
    await other.publishAsync('a/reply/r1', 'true');
    await until(() => messages.length === 3);
    await other.endAsync();
    const [, asked, answered, again] = entries;
    expect(asked).toMatchObject({ kind: 'request', messageId: 'r1' });
    expect(answered).toMatchObject({ kind: 'response', messageId: 'r1', partner: 2, action: 'a/ask' });
    expect(again).toMatchObject({ kind: 'send', flags: ['unexpected'] });
  });

  it('refuses to publish without a broker, says why, and connects when one comes', async () => {
    const port = broker.port;
    await broker.close();
    link.start();
    await until(() => changes.length === 1);
    expect(changes[0]).toContain('connection refused');
    await expect(link.publish('a/b', 'x')).rejects.toMatchObject({ code: 'NOT_AVAILABLE' });
    broker = await startMqttBroker({ host: '127.0.0.1', port, refused: () => {} });
    await until(() => link.connected);
    expect(entries.some((entry) => entry.kind === 'send')).toBe(false);
  });

  it('comes back after the broker was killed, subscribes anew and sends nothing twice', async () => {
    link.start();
    await until(() => link.connected);
    const port = broker.port;
    await link.publish('a/b', 'before');
    await until(() => messages.length === 1);
    await broker.close();
    await until(() => !link.connected);
    broker = await startMqttBroker({ host: '127.0.0.1', port, refused: () => {} });
    await until(() => link.connected);
    const other = await mqtt.connectAsync(broker.url);
    await other.publishAsync('a/x', 'after');
    await until(() => messages.length === 2);
    await other.endAsync();
    expect(messages.map((message) => Buffer.from(message.payload).toString())).toEqual(['before', 'after']);
  });
});

describe('the embedded broker', () => {
  it('check 34: tells that MQTT v5 needs another broker', async () => {
    await link.close();
    link = makeLink(broker.url, '5');
    link.start();
    await until(() => refused.length > 0 && changes.length > 0);
    expect(refused[0]).toBe(
      'a client with MQTT v5 tried to connect; use Mosquitto for this EVerest version (the embedded broker speaks MQTT 3.1.1)',
    );
  });

  it('names the port that is taken', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
    const address = blocker.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await expect(startMqttBroker({ host: '127.0.0.1', port, refused: () => {} })).rejects.toMatchObject({
      code: 'PORT_IN_USE',
    });
    await new Promise((resolve) => blocker.close(resolve));
  });
});

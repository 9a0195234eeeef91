import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { Clock } from '../../core/clock.ts';
import { CompoteError, messageOf } from '../../core/errors.ts';
import { type MqttBroker, startMqttBroker } from '../../link/mqtt-broker.ts';
import { type MqttEndpoint, plainUrl } from '../../link/mqtt-link.ts';
import type { Log } from '../../platform/logging/log.ts';
import type { EverestSection } from './section.ts';

export interface ChosenBroker {
  readonly endpoint: MqttEndpoint;
  /** How it came to this broker, for a person. */
  readonly how: 'configured' | 'found on localhost:1883' | 'embedded';
  readonly embedded: MqttBroker | undefined;
}

const USUAL_PORT = 1883;
const LOOK_MS = 500;

/** The configured broker, else what answers on localhost:1883, else an embedded one; a taken port stops nothing. */
export async function chooseBroker(
  settings: EverestSection['broker'],
  clock: Clock,
  log: Log,
  usualPort = USUAL_PORT,
): Promise<ChosenBroker> {
  const { url, mqttVersion, username, password } = settings;
  const rest = { version: mqttVersion, username, password, ca: settings.ca.map(pemFile) };
  if (url !== undefined) return { endpoint: { url, ...rest }, how: 'configured', embedded: undefined };
  if (settings.look && (await answers(usualPort, clock))) {
    return {
      endpoint: { url: `mqtt://localhost:${usualPort}`, ...rest },
      how: 'found on localhost:1883',
      embedded: undefined,
    };
  }
  const embedded = await embeddedBroker(settings.embeddedPort, log);
  log.info({ url: embedded.url }, 'no broker is configured and none answers on localhost:1883: the embedded one runs');
  // The embedded broker speaks 3.1.1 only.
  return { endpoint: { url: embedded.url, version: '3.1.1' }, how: 'embedded', embedded };
}

async function embeddedBroker(port: number, log: Log): Promise<MqttBroker> {
  const refused = (text: string): void => log.warn(`broker: ${text}`);
  try {
    return await startMqttBroker({ host: '127.0.0.1', port, refused });
  } catch (cause) {
    if (!(cause instanceof CompoteError) || cause.code !== 'PORT_IN_USE') throw cause;
    const other = await startMqttBroker({ host: '127.0.0.1', port: 0, refused });
    log.warn({ url: other.url }, `port ${port} is in use: the embedded broker took ${other.port}`);
    return other;
  }
}

function pemFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new CompoteError('CERTIFICATE_UNREADABLE', {
      detail: `everest.broker.ca: ${path}: ${messageOf(cause)}`,
      cause,
    });
  }
}

function answers(port: number, clock: Clock): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: 'localhost' });
    const done = (found: boolean): void => {
      timer.cancel();
      socket.destroy();
      resolve(found);
    };
    const timer = clock.after(LOOK_MS, () => done(false));
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
  });
}

/** The address as people may see it. */
export function brokerText({ endpoint, how }: ChosenBroker): string {
  return `${plainUrl(endpoint.url)} (${how}, MQTT ${endpoint.version})`;
}

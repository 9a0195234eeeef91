import { lookup } from 'node:dns/promises';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { Clock } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';

/** One step on the way to somebody else's system; a failed one is the last. */
export interface ReachStep {
  readonly step: 'name' | 'connection' | 'tls' | 'answer';
  readonly ok: boolean;
  /** What happened, in words. */
  readonly text: string;
  readonly hint?: string;
  readonly ms: number;
}

const PATIENCE_MS = 5_000;
const PORTS: Readonly<Record<string, number>> = {
  'http:': 80,
  'ws:': 80,
  'https:': 443,
  'wss:': 443,
  'mqtt:': 1883,
  'mqtts:': 8883,
};
const SECURE: ReadonlySet<string> = new Set(['https:', 'wss:', 'mqtts:']);

/**
 * Goes the way to an address step by step: name, connection, TLS, an answer in HTTP (MQTT says nothing unasked: there the
 * connection is the end). Nothing is sent but a GET; a certificate that is not trusted is told and does not stop the way.
 */
export async function reach(address: string, clock: Clock): Promise<ReachStep[]> {
  const url = new URL(address);
  const port = url.port === '' ? (PORTS[url.protocol] ?? 80) : Number(url.port);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const steps: ReachStep[] = [];
  const go = async <T>(step: ReachStep['step'], walk: () => Promise<T>, says: (got: T) => string, hint: string) => {
    const beganMs = clock.monotonic();
    const ms = (): number => Math.round(clock.monotonic() - beganMs);
    try {
      const got = await walk();
      steps.push({ step, ok: true, text: says(got), ms: ms() });
      return got;
    } catch (cause) {
      steps.push({ step, ok: false, text: messageOf(cause), hint, ms: ms() });
      return undefined;
    }
  };
  if (isIP(host) === 0) {
    const found = await go(
      'name',
      () => lookup(host),
      (got) => `${host} is ${got.address}`,
      'There is no machine of this name: correct the host, or the name service.',
    );
    if (found === undefined) return steps;
  }
  const tcp = await go(
    'connection',
    () => opened(connectTcp({ host, port }), 'connect'),
    () => `Somebody listens at port ${port}`,
    'Start the system there, correct the port, or look at the firewall between the two.',
  );
  if (tcp === undefined) return steps;
  let socket: Socket = tcp;
  try {
    if (SECURE.has(url.protocol)) {
      const servername = isIP(host) === 0 ? { servername: host } : {};
      const tls = await go(
        'tls',
        () =>
          opened(
            connectTls({ socket: tcp, rejectUnauthorized: false, ...servername }),
            'secureConnect',
          ) as Promise<TLSSocket>,
        (got) =>
          `${got.getProtocol() ?? 'TLS'}; ${got.authorized ? 'the certificate is trusted' : `the certificate is not trusted here (${got.authorizationError?.message ?? 'unknown authority'})`}`,
        'The server may speak without TLS there: use http:// or ws://. Or it demands a client certificate.',
      );
      if (tls === undefined) return steps;
      socket = tls;
    }
    if (url.protocol.startsWith('mqtt')) return steps;
    const path = `${url.pathname}${url.search}`;
    const upgrade = url.protocol.startsWith('ws')
      ? 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: ocpp1.6, ocpp2.0.1, ocpp2.1\r\n'
      : 'Connection: close\r\n';
    await go(
      'answer',
      () => firstLine(socket, `GET ${path} HTTP/1.1\r\nHost: ${url.host}\r\n${upgrade}\r\n`),
      (line) => `It answers: ${line}`,
      'Something listens, but does not answer in HTTP.',
    );
    return steps;
  } finally {
    socket.destroy();
  }
}

function opened<S extends Socket>(socket: S, event: string): Promise<S> {
  return new Promise((resolve, reject) => {
    socket.setTimeout(PATIENCE_MS, () => {
      socket.destroy();
      reject(new Error(`no answer within ${PATIENCE_MS / 1_000} s`));
    });
    socket.once(event, () => resolve(socket));
    socket.once('error', reject);
  });
}

/** Status line of the answer; any status is an answer. */
function firstLine(socket: Socket, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      const line = /^(HTTP\/1\.[01] \d{3}[^\r\n]{0,100})\r?\n/.exec(text)?.[1];
      if (line !== undefined) resolve(line);
      else if (text.length > 1_000) reject(new Error(`it answers with ${JSON.stringify(text.slice(0, 30))}`));
    });
    socket.once('timeout', () => reject(new Error(`no answer within ${PATIENCE_MS / 1_000} s`)));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('it closed the connection without an answer')));
    socket.write(request);
  });
}

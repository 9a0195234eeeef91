import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Clock, Timer } from '../core/clock.ts';
import type { Entropy } from '../core/entropy.ts';
import { type OcppVersion, SUBPROTOCOLS, versionOfSubprotocol } from '../protocols/ocpp/versions.ts';
import { identityFault, stationAddress } from './station-address.ts';
import type { Transport, TransportDescription } from './transport.ts';
import { readUpgrade, type UpgradeRequest } from './upgrade-request.ts';
import { WebSocketTransport } from './web-socket-transport.ts';

/** A refusal before the upgrade: an HTTP answer with a problem document. */
export interface UpgradeRefusal {
  readonly status: 400 | 401 | 403 | 404 | 503;
  /** Stable word for the journal and the answer, for example `unknown-identity`. */
  readonly reason: string;
  readonly text: string;
}

export interface UpgradeFault {
  readonly rule: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly text: string;
  readonly clause: string;
}

/** Who decides about stations and receives their connections. */
export interface OcppServerRole {
  /** Versions that are served. */
  readonly versions: readonly OcppVersion[];
  /** Serves the withdrawn `ocpp2.0` as 2.0.1. */
  readonly acceptOcpp20: boolean;
  /** Judges a request whose subprotocol fits: identity, credentials, certificate. `undefined` lets it in. */
  admit(request: UpgradeRequest, version: OcppVersion): UpgradeRefusal | undefined;
  connected(transport: Transport, request: UpgradeRequest, version: OcppVersion, faults: readonly UpgradeFault[]): void;
  /** A station was turned away. */
  refused(
    request: UpgradeRequest,
    refusal: { readonly status: number; readonly reason: string; readonly text: string },
    faults: readonly UpgradeFault[],
  ): void;
}

export interface OcppServerOptions {
  readonly clock: Clock;
  readonly role: OcppServerRole;
  readonly entropy: Entropy;
  /** Frames above this are refused with close code 1009. */
  readonly maxFrameBytes: number;
  /** How often the server pings; a socket that has answered none of two pings is dropped. 0: never. */
  readonly pingIntervalMs: number;
  /** permessage-deflate (RFC 7692): required of a 2.x CSMS; on 1.6 only when asked for. */
  readonly compression: 'off' | '2.x' | 'all';
  /** Sockets over all stations; more are answered 503. */
  readonly maxConnections: number;
}

const COMPRESSION = {
  // No context takeover: a deflate window for each of thousands of sockets would cost more memory than it saves traffic.
  serverNoContextTakeover: true,
  clientNoContextTakeover: true,
  threshold: 1024,
};
const HEALTHY_PONGS = 2;

/** What the server's pings have told about a socket. */
interface Health {
  readonly transport: WebSocketTransport;
  missedPongs: number;
  /** Its signs of life at the last ping. */
  signs: number;
}

/** The CSMS side of OCPP-J: subprotocol negotiation, refusals, pings. It decides nothing about stations: the role does. */
export class OcppServer {
  readonly #options: OcppServerOptions;
  readonly #plain: WebSocketServer;
  readonly #compressed: WebSocketServer;
  readonly #sockets = new Map<WebSocket, Health>();
  readonly #printKey: Uint8Array;
  readonly #pinger: Timer | undefined;
  #accepted = 0;

  constructor(options: OcppServerOptions) {
    this.#options = options;
    this.#printKey = options.entropy(32);
    const common = {
      noServer: true,
      clientTracking: false,
      maxPayload: options.maxFrameBytes,
      // Checked by the transport, which hands the bytes to the journal before the socket is closed.
      skipUTF8Validation: true,
      handleProtocols: (offered: Set<string>) => this.#choose([...offered]) ?? false,
    };
    this.#plain = new WebSocketServer({ ...common, perMessageDeflate: false });
    this.#compressed = new WebSocketServer({ ...common, perMessageDeflate: COMPRESSION });
    if (options.pingIntervalMs > 0) this.#pinger = options.clock.every(options.pingIntervalMs, () => this.#pingAll());
  }

  get connections(): number {
    return this.#sockets.size;
  }

  /** Takes over an HTTP upgrade request. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const upgrade = readUpgrade(request, this.#printKey);
    const faults: UpgradeFault[] = [];
    const address = stationAddress(upgrade.path);
    if (address.fault !== undefined) faults.push({ ...address.fault, severity: 'warning', clause: 'OCPP-J §3.1.1' });
    for (const offered of upgrade.offered) {
      if (!KNOWN_SUBPROTOCOLS.has(offered)) {
        faults.push({
          rule: 'OCPPJ-HS-003',
          severity: 'warning',
          text: `${JSON.stringify(offered)} is not an OCPP subprotocol`,
          clause: 'OCPP-J §3.1.2',
        });
      }
    }
    const refuse = (refusal: UpgradeRefusal): void => {
      this.#options.role.refused(upgrade, refusal, faults);
      refuseUpgrade(socket, refusal, upgrade.identity);
    };
    if (this.#sockets.size >= this.#options.maxConnections) {
      return refuse({
        status: 503,
        reason: 'too-many-connections',
        text: `This server takes at most ${this.#options.maxConnections} connections`,
      });
    }
    const subprotocol = this.#choose(upgrade.offered);
    if (subprotocol === undefined) return this.#completeThenClose(request, socket, head, upgrade, faults);
    const version = versionOfSubprotocol(subprotocol) ?? '2.0.1';
    const fault = identityFault(upgrade.identity, version);
    if (fault !== undefined) {
      faults.push({ rule: 'OCPPJ-HS-005', severity: 'error', text: fault, clause: 'OCPP 2.x Part 4 §3.1.1' });
      if (upgrade.identity === '') return refuse({ status: 404, reason: 'no-identity', text: fault });
    }
    const refusal = this.#options.role.admit(upgrade, version);
    if (refusal !== undefined) return refuse(refusal);

    const { compression } = this.#options;
    const compress = compression === 'all' || (compression === '2.x' && version !== '1.6');
    const server = compress ? this.#compressed : this.#plain;
    server.handleUpgrade(request, socket, head, (webSocket) => {
      const { extensions } = webSocket;
      const description: TransportDescription = {
        type: 'ws',
        conn: `ws-${++this.#accepted} ${upgrade.remote}`,
        subprotocol,
        facts: { ...upgrade.facts, served: this.#served().join(','), subprotocol, extensions },
      };
      const transport = new WebSocketTransport(webSocket, description, extensions === '' ? socket : undefined);
      this.#sockets.set(webSocket, { transport, missedPongs: 0, signs: 0 });
      webSocket.on('close', () => this.#sockets.delete(webSocket));
      this.#options.role.connected(transport, upgrade, version, faults);
    });
  }

  /** Closes all sockets with 1001 (going away) and stops pinging. */
  stop(): void {
    this.#pinger?.cancel();
    for (const socket of this.#sockets.keys()) socket.close(1001, 'The CSMS stops');
    this.#plain.close();
    this.#compressed.close();
  }

  /** Drops what is still open after `stop`: peers that do not complete the closing handshake. */
  terminateAll(): void {
    for (const socket of this.#sockets.keys()) socket.terminate();
  }

  /** The first name of the station's list that is served (OCPP-J §3.1.2: the list is in order of preference). */
  #choose(offered: readonly string[]): string | undefined {
    const served = this.#served();
    return offered.find((name) => served.includes(name));
  }

  #served(): readonly string[] {
    const { versions, acceptOcpp20 } = this.#options.role;
    return [...versions.map((version) => SUBPROTOCOLS[version]), ...(acceptOcpp20 ? ['ocpp2.0'] : [])];
  }

  /** No common subprotocol: the handshake is completed without the header and the socket closed at once (OCPP-J §3.2). */
  #completeThenClose(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    upgrade: UpgradeRequest,
    faults: UpgradeFault[],
  ): void {
    const none = upgrade.offered.length === 0;
    if (none) {
      faults.push({
        rule: 'OCPPJ-HS-001',
        severity: 'error',
        text: 'The request has no Sec-WebSocket-Protocol header',
        clause: 'OCPP-J §3.1.2',
      });
    }
    const served = this.#served().join(', ');
    const text = none
      ? `No subprotocol offered; served: ${served}`
      : upgrade.offered.includes('ocpp2.0')
        ? `ocpp2.0 is withdrawn, use ocpp2.0.1; served: ${served}`
        : `None of ${upgrade.offered.join(', ')} is served; served: ${served}`;
    this.#options.role.refused(upgrade, { status: 101, reason: 'no-common-subprotocol', text }, faults);
    this.#plain.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('error', () => webSocket.terminate());
      webSocket.close(1002, text.slice(0, 120));
      const impatience = this.#options.clock.after(5_000, () => webSocket.terminate());
      webSocket.on('close', () => impatience.cancel());
    });
  }

  #pingAll(): void {
    for (const [socket, health] of this.#sockets) {
      const { signsOfLife } = health.transport;
      if (signsOfLife !== health.signs) health.missedPongs = 0;
      health.signs = signsOfLife;
      if (health.missedPongs >= HEALTHY_PONGS) socket.terminate();
      else {
        health.missedPongs++;
        health.transport.ping();
      }
    }
  }
}

const KNOWN_SUBPROTOCOLS = new Set(['ocpp1.2', 'ocpp1.5', 'ocpp1.6', 'ocpp2.0', 'ocpp2.0.1', 'ocpp2.1']);

const STATUS_TEXT = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  503: 'Service Unavailable',
} as const;

function refuseUpgrade(socket: Duplex, refusal: UpgradeRefusal, identity: string): void {
  const body = JSON.stringify({
    type: 'about:blank',
    title: STATUS_TEXT[refusal.status],
    status: refusal.status,
    detail: refusal.text,
    code: refusal.reason,
    station: identity,
  });
  const headers = [
    `HTTP/1.1 ${refusal.status} ${STATUS_TEXT[refusal.status]}`,
    'Connection: close',
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(refusal.status === 401 ? ['WWW-Authenticate: Basic realm="OCPP", charset="UTF-8"'] : []),
    ...(refusal.status === 503 ? ['Retry-After: 30'] : []),
  ];
  socket.on('error', () => socket.destroy());
  socket.end(`${headers.join('\r\n')}\r\n\r\n${body}`);
}

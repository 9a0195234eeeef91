import type { Party } from '../../journal/entry.ts';
import type { Interceptor, Verdict } from '../../link/interception.ts';
import { OcppLink } from '../../link/ocpp-link.ts';
import type { Transport } from '../../link/transport.ts';
import { SUBPROTOCOLS } from '../../protocols/ocpp/versions.ts';
import type { HandshakeFault } from './dialer.ts';
import type { Effect } from './machine-ports.ts';
import type { Station } from './station.ts';
import type { StationOptions, StationWorld } from './station-world.ts';

/** CALLs of ours never queue in the link: the station's own outbox lets one out at a time. */
const LINK_QUEUE = 4;
const MAX_BUFFERED_BYTES = 4 << 20;
/** How long a socket that was left behind stays open and silent. */
const LINGER_MS = 300_000;

const DROP = (): Verdict => 'drop';

/** The line of one station: dials, holds the link, and does to both what faults want. */
export class StationConnection {
  readonly #world: StationWorld;
  readonly #station: Station;
  readonly #party: Party;
  readonly #initial: { readonly endpoint: string; readonly password: string | undefined };
  link: OcppLink | undefined;
  #dialing: { abort(): void } | undefined;
  #interceptor: Interceptor | undefined;
  /** What the next attempts do wrong, and how many of them. */
  #handshake: { readonly fault: HandshakeFault; left: number } | undefined;
  /** The line is dead, and the station has not noticed. */
  #halfOpen = false;
  /** Sockets that the station has left without a word: the peer believes in them. */
  #left: Set<Transport> | undefined;
  #stopped = false;

  constructor(world: StationWorld, station: Station, { endpoint, password }: StationOptions) {
    this.#world = world;
    this.#station = station;
    this.#party = { id: station.identity, role: 'cs' };
    this.#initial = { endpoint, password };
  }

  get endpoint(): string {
    const { url, securityProfile } = this.#station.machine.side.connection;
    const wanted = url ?? this.#initial.endpoint;
    return securityProfile >= 2 ? wanted.replace(/^ws:/i, 'wss:') : wanted;
  }

  connect(): void {
    if (this.link !== undefined || this.#dialing !== undefined) return;
    this.#stopped = false;
    let settled = false;
    const { identity, version, machine } = this.#station;
    const fault = this.#takeFault();
    const dialing = this.#world.dialer.dial(
      {
        identity,
        subprotocol: SUBPROTOCOLS[version],
        endpoint: this.endpoint,
        password: this.#passwordBytes(),
        tls: machine.side.connection.tls,
        fault,
      },
      {
        open: (transport) => {
          settled = true;
          this.#dialing = undefined;
          this.#opened(transport);
        },
        failed: (why) => {
          settled = true;
          this.#dialing = undefined;
          if (!this.#stopped) this.#station.input({ kind: 'connect-failed', why });
        },
      },
    );
    if (!settled) this.#dialing = dialing;
  }

  disconnect(effect: Extract<Effect, { do: 'disconnect' }>): void {
    this.#dialing?.abort();
    this.#dialing = undefined;
    const { link } = this;
    if (link === undefined) return;
    if (effect.cut !== true) link.close(effect.code, effect.reason);
    else if (effect.silent === true || this.#halfOpen) this.#leave(link);
    else link.transport.terminate();
  }

  /** Closes everything in good order. */
  stop(): void {
    this.#stopped = true;
    this.#dialing?.abort();
    this.#dialing = undefined;
    this.link?.close(1001, 'The simulator stops');
    for (const transport of this.#left ?? []) transport.terminate();
    this.#left = undefined;
  }

  /** The link has ended; false when it is not the present one. */
  closed(link: OcppLink): boolean {
    if (link !== this.link) return false;
    this.link = undefined;
    this.#halfOpen = false;
    return true;
  }

  intercept(interceptor: Interceptor | undefined): void {
    this.#interceptor = interceptor;
    if (this.link !== undefined && !this.#halfOpen) this.link.interceptor = interceptor;
  }

  /** The next `times` connection attempts go wrong in this way. Undefined: none any more. */
  failHandshakes(fault: HandshakeFault | undefined, times: number): void {
    this.#handshake = fault === undefined ? undefined : { fault, left: times };
  }

  /** The line is dead in both directions and nobody is told: no FIN, no close frame. Pings of either side show it. */
  goHalfOpen(): void {
    if (this.link === undefined) return;
    this.#halfOpen = true;
    this.link.interceptor = DROP;
    this.link.transport.pause();
  }

  ping(): void {
    if (!this.#halfOpen) this.link?.transport.ping();
  }

  /** The socket stays open and silent, while the station believes that it is gone. */
  #leave(link: OcppLink): void {
    const { transport } = link;
    link.interceptor = DROP;
    transport.pause();
    this.#left ??= new Set();
    this.#left.add(transport);
    this.#world.clock.after(LINGER_MS, () => {
      if (this.#left?.delete(transport) === true) transport.terminate();
    });
    this.closed(link);
    this.#station.input({ kind: 'closed', code: 1006 });
  }

  #takeFault(): HandshakeFault | undefined {
    const handshake = this.#handshake;
    if (handshake === undefined) return undefined;
    handshake.left--;
    if (handshake.left <= 0) this.#handshake = undefined;
    this.#world.observe?.(this.#station, 'fault-injected', { on: 'handshake', fault: handshake.fault });
    return handshake.fault;
  }

  /** 1.6 stores the key as hexadecimal text and sends its bytes; 2.x sends the text itself. */
  #passwordBytes(): Uint8Array | undefined {
    const { version, machine } = this.#station;
    const { password = this.#initial.password, securityProfile } = machine.side.connection;
    // Profile 3 has no Basic credentials (A00.FR.404).
    if (password === undefined || password === '' || securityProfile === 3) return undefined;
    return Buffer.from(password, version === '1.6' ? 'hex' : 'utf8');
  }

  #opened(transport: Transport): void {
    const station = this.#station;
    if (this.#stopped || !station.machine.powered || station.machine.line.networkDown) return transport.terminate();
    if (transport.description.subprotocol !== SUBPROTOCOLS[station.version]) {
      transport.close(1002, 'The server chose no subprotocol that was offered');
      return station.input({ kind: 'connect-failed', why: 'No common subprotocol' });
    }
    const { link, schemas, csms, validation } = this.#world;
    this.link = new OcppLink({
      world: link,
      transport,
      side: 'station',
      station: this.#party,
      csms,
      schemas: schemas.of(station.version),
      role: station,
      validation,
      timeoutMs: 30_000,
      maxQueuedCalls: LINK_QUEUE,
      maxBufferedBytes: MAX_BUFFERED_BYTES,
      tap: 'station',
      ...(this.#interceptor === undefined ? {} : { interceptor: this.#interceptor }),
    });
    station.input({ kind: 'open' });
  }
}

import mqtt, { type IClientOptions, type IPublishPacket, type MqttClient } from 'mqtt';
import type { Clock, Timer } from '../core/clock.ts';
import { CompoteError } from '../core/errors.ts';
import type { EntryFlag, LinkNumber, Origin, Party, Recorder } from '../journal/entry.ts';

/** A broker, and how to speak to it. */
export interface MqttEndpoint {
  /** `mqtt://`, `mqtts://`, `ws://` or `wss://` with host and port. */
  readonly url: string;
  readonly version: '3.1.1' | '5';
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** PEM texts of the authorities that vouch for the broker. */
  readonly ca?: readonly string[] | undefined;
}

/** A message as it came, with its number in the journal. */
export interface MqttMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly retained: boolean;
  /** True when we published it ourselves and the broker sent it back. */
  readonly echo: boolean;
  readonly atMs: number;
}

export interface MqttLinkEvents {
  connected(): void;
  /** The connection is gone, or could not be made; the next attempt comes by itself. */
  disconnected(reason: string): void;
  message(message: MqttMessage): void;
}

export interface MqttLinkOptions {
  readonly endpoint: MqttEndpoint;
  readonly clock: Clock;
  readonly recorder: Recorder | null;
  /** Who is at the other end of the broker, and who we are. */
  readonly peer: Party;
  readonly self: Party;
  readonly tap: string;
  /** Begins the client id; the rest makes it unique. */
  readonly clientId: string;
  /** Topic filters, subscribed anew on each connection. */
  readonly subscriptions: readonly string[];
  readonly events: MqttLinkEvents;
  /** The id of the request that a topic answers, for topics that do. */
  readonly requestOf?: (topic: string) => string | undefined;
  readonly defect: (where: string, thrown: unknown) => void;
}

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;
const CONNECT_TIMEOUT_MS = 10_000;
const KEEPALIVE_S = 15;
const GOODBYE_MS = 500;
/** Messages that the broker has not taken yet. More are refused: a command that comes late is worse than an error. */
const MAX_UNACKNOWLEDGED = 100;
/** Own messages whose echo may still come. */
const MAX_ECHOES = 500;
const ECHO_MS = 10_000;

export interface PublishOptions {
  readonly origin?: Origin;
  /** The message is a request: its answer will come on a topic for which `requestOf` gives this id. */
  readonly request?: string;
}

/**
 * One MQTT client behind the seam: every message that it sends or receives is one entry of the journal. It connects again by
 * itself (1 s to 30 s), subscribes anew, keeps nothing for later: what cannot be sent now is an error now.
 */
export class MqttLink {
  readonly #options: MqttLinkOptions;
  #client: MqttClient | undefined;
  #connected = false;
  #ended = false;
  #retry: Timer | undefined;
  #retryMs = FIRST_RETRY_MS;
  #attempts = 0;
  #unacknowledged = 0;
  #link: LinkNumber | undefined;
  /** Ends the waiting of publishes when the connection is gone. */
  readonly #cuts = new Set<() => void>();
  readonly #echoes = new Map<string, { count: number; atMs: number }>();
  readonly #requests = new Map<string, { seq: number; atMs: number; action: string }>();
  #lastReason = '';

  constructor(options: MqttLinkOptions) {
    this.#options = options;
  }

  get connected(): boolean {
    return this.#connected;
  }

  /** Why there is no connection; empty while there is one. */
  get reason(): string {
    return this.#connected ? '' : this.#lastReason || 'not connected yet';
  }

  start(): void {
    if (this.#client === undefined && !this.#ended) this.#connect();
  }

  /**
   * Publishes at QoS 1, never retained (a retained command would run again at each start of EVerest).
   * Resolves when the broker has taken it.
   * @throws PEER_UNREACHABLE when the broker is not connected, QUEUE_FULL when it takes nothing any more
   */
  async publish(topic: string, payload: string, options: PublishOptions = {}): Promise<number> {
    const client = this.#client;
    const { endpoint } = this.#options;
    if (client === undefined || !this.#connected) throw this.noBroker();
    if (this.#unacknowledged >= MAX_UNACKNOWLEDGED) {
      throw new CompoteError('QUEUE_FULL', {
        detail: `the broker has not taken the last ${MAX_UNACKNOWLEDGED} messages`,
        hint: 'Look whether the broker still answers.',
      });
    }
    if (endpoint.version === '3.1.1') this.#expectEcho(topic, payload);
    const seq = this.#record({
      toPeer: true,
      topic,
      payload: Buffer.from(payload),
      kind: options.request === undefined ? 'send' : 'request',
      origin: options.origin ?? 'system',
      id: options.request ?? '',
    });
    if (options.request !== undefined) this.#rememberRequest(options.request, seq, topic);
    this.#unacknowledged++;
    let cut = (): void => {};
    try {
      await new Promise<void>((resolve, reject) => {
        client.publish(topic, payload, { qos: 1, retain: false }, (error) => {
          if (error) reject(error);
          else resolve();
        });
        // A connection that ends never acknowledges.
        cut = () => reject(new Error('the connection closed before the broker took it'));
        this.#cuts.add(cut);
      });
    } catch (cause) {
      throw new CompoteError('LINK_CLOSED', {
        detail: `${topic}: ${reasonOf(cause)}`,
        hint: 'It is not known whether the station got it: look at its state before you send it again.',
        cause,
      });
    } finally {
      this.#unacknowledged--;
      this.#cuts.delete(cut);
    }
    return seq;
  }

  /** Why nothing can be sent now. */
  noBroker(): CompoteError {
    return new CompoteError('NOT_AVAILABLE', {
      detail: `The broker ${plainUrl(this.#options.endpoint.url)} is not connected: ${this.reason}. Nothing was sent, nothing is kept for later`,
      hint: 'Start the broker or correct its address; the adapter connects by itself.',
    });
  }

  async close(): Promise<void> {
    this.#ended = true;
    this.#retry?.cancel();
    const client = this.#client;
    this.#client = undefined;
    const wasConnected = this.#connected;
    this.#connected = false;
    for (const cut of this.#cuts) cut();
    if (client !== undefined) await this.#endClient(client, wasConnected);
    this.#closeLink();
  }

  /** With a goodbye, if the broker takes it soon. */
  async #endClient(client: MqttClient, wasConnected: boolean): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = this.#options.clock.after(GOODBYE_MS, () => {
        client.end(true);
        resolve();
      });
      client.end(!wasConnected, () => {
        timer.cancel();
        resolve();
      });
    });
  }

  #connect(): void {
    const { endpoint, clientId, events, defect } = this.#options;
    this.#attempts++;
    const options: IClientOptions = {
      protocolVersion: endpoint.version === '5' ? 5 : 4,
      clientId: `${clientId}-${this.#attempts}`,
      clean: true,
      keepalive: KEEPALIVE_S,
      connectTimeout: CONNECT_TIMEOUT_MS,
      // Our own reconnection: the library's would send again what was meant for a past state.
      reconnectPeriod: 0,
      resubscribe: false,
      queueQoSZero: false,
      ...(endpoint.username === undefined ? {} : { username: endpoint.username }),
      ...(endpoint.password === undefined ? {} : { password: endpoint.password }),
      ...(endpoint.ca === undefined ? {} : { ca: [...endpoint.ca] }),
    };
    let client: MqttClient;
    try {
      client = mqtt.connect(endpoint.url, options);
    } catch (thrown) {
      // An address that the library does not understand will not become better.
      return this.#lost(undefined, reasonOf(thrown));
    }
    this.#client = client;
    let problem = '';
    client.on('error', (error) => {
      problem = reasonOf(error);
    });
    client.on('connect', () => {
      client.subscribe(
        Object.fromEntries(
          this.#options.subscriptions.map((topic) => [
            topic,
            { qos: 1, ...(endpoint.version === '5' ? { nl: true } : {}) },
          ]),
        ),
        (error) => {
          if (client !== this.#client) return;
          if (error) {
            problem = `the broker refused the subscription: ${reasonOf(error)}`;
            client.end(true);
            return;
          }
          this.#connected = true;
          this.#retryMs = FIRST_RETRY_MS;
          this.#lastReason = '';
          this.#openLink();
          this.#event('opened', {});
          events.connected();
        },
      );
    });
    client.handleMessage = (packet, done) => {
      try {
        this.#received(packet);
      } catch (thrown) {
        defect('MQTT message', thrown);
      }
      const { recorder } = this.#options;
      // While the journal is behind, the socket is not read.
      if (recorder?.full === true) recorder.onceDrained(() => done());
      else done();
    };
    client.on('close', () => {
      if (client === this.#client) this.#lost(client, problem || 'the connection closed');
    });
  }

  #lost(client: MqttClient | undefined, reason: string): void {
    const wasConnected = this.#connected;
    this.#connected = false;
    this.#client = undefined;
    client?.removeAllListeners('connect');
    client?.end(true);
    if (wasConnected) this.#event('closed', { reason });
    this.#closeLink();
    this.#requests.clear();
    this.#echoes.clear();
    for (const cut of this.#cuts) cut();
    const repeated = !wasConnected && reason === this.#lastReason;
    this.#lastReason = reason;
    if (this.#ended) return;
    // The same reason again is no news.
    if (!repeated) this.#options.events.disconnected(reason);
    this.#retry = this.#options.clock.after(this.#retryMs, () => this.#connect());
    this.#retryMs = Math.min(LAST_RETRY_MS, this.#retryMs * 2);
  }

  #received(packet: IPublishPacket): void {
    const { events, clock, requestOf } = this.#options;
    const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
    const { topic } = packet;
    const echo = this.#isEcho(topic, payload);
    const atMs = clock.now();
    if (!echo) {
      const id = requestOf?.(topic) ?? '';
      const asked = id === '' ? undefined : this.#requests.get(id);
      if (asked !== undefined) this.#requests.delete(id);
      const flags: EntryFlag[] = [];
      if (id !== '' && asked === undefined) flags.push('unexpected');
      this.#record({
        toPeer: false,
        topic,
        payload,
        kind: asked === undefined ? 'send' : 'response',
        origin: 'peer',
        id,
        flags,
        ...(asked === undefined ? {} : { partner: asked.seq, latencyMs: atMs - asked.atMs, action: asked.action }),
        retained: packet.retain,
      });
    }
    events.message({ topic, payload, retained: packet.retain, echo, atMs });
  }

  #record(entry: {
    readonly toPeer: boolean;
    readonly topic: string;
    readonly payload: Uint8Array;
    readonly kind: 'send' | 'request' | 'response';
    readonly origin: Origin;
    readonly id: string;
    readonly flags?: readonly EntryFlag[];
    readonly partner?: number;
    readonly latencyMs?: number;
    readonly action?: string;
    readonly retained?: boolean;
  }): number {
    const { recorder, clock } = this.#options;
    if (recorder === null || this.#link === undefined) return 0;
    const { topic, payload, retained } = entry;
    return recorder.record({
      link: this.#link,
      toClient: entry.toPeer,
      time: clock.now(),
      kind: entry.kind,
      // An answer carries the action of its request.
      action: entry.action ?? topic,
      messageId: entry.id,
      raw: textOrBytes(payload),
      origin: entry.origin,
      flags: entry.flags,
      partner: entry.partner,
      latencyMs: entry.latencyMs,
      ...(retained === true || entry.action !== undefined
        ? { detail: JSON.stringify({ topic, ...(retained === true ? { retained } : {}) }) }
        : {}),
    });
  }

  #event(action: string, facts: Readonly<Record<string, unknown>>): void {
    const { recorder, clock } = this.#options;
    if (recorder === null || this.#link === undefined) return;
    recorder.record({
      link: this.#link,
      toClient: true,
      time: clock.now(),
      kind: 'event',
      action,
      messageId: '',
      raw: JSON.stringify(facts),
      origin: 'system',
    });
  }

  #openLink(): void {
    const { recorder, peer, self, tap, endpoint } = this.#options;
    this.#link = recorder?.openLink({
      a: peer,
      b: self,
      protocol: 'mqtt',
      version: endpoint.version,
      transport: 'mqtt',
      conn: `mqtt-${this.#attempts} ${plainUrl(endpoint.url)}`,
      tap,
    });
  }

  #closeLink(): void {
    if (this.#link !== undefined) this.#options.recorder?.closeLink(this.#link);
    this.#link = undefined;
  }

  #rememberRequest(id: string, seq: number, action: string): void {
    if (this.#requests.size >= MAX_UNACKNOWLEDGED) {
      const [oldest] = this.#requests.keys();
      if (oldest !== undefined) this.#requests.delete(oldest);
    }
    this.#requests.set(id, { seq, atMs: this.#options.clock.now(), action });
  }

  /** MQTT 3.1.1 brokers send our own messages back on our subscriptions (MQTT 5 knows `no local`). */
  #expectEcho(topic: string, payload: string): void {
    const key = echoKey(topic, Buffer.from(payload));
    const known = this.#echoes.get(key);
    this.#echoes.delete(key);
    this.#echoes.set(key, { count: (known?.count ?? 0) + 1, atMs: this.#options.clock.monotonic() });
    if (this.#echoes.size > MAX_ECHOES) {
      const [oldest] = this.#echoes.keys();
      if (oldest !== undefined) this.#echoes.delete(oldest);
    }
  }

  #isEcho(topic: string, payload: Uint8Array): boolean {
    if (this.#echoes.size === 0) return false;
    const key = echoKey(topic, payload);
    const expected = this.#echoes.get(key);
    if (expected === undefined) return false;
    if (this.#options.clock.monotonic() - expected.atMs > ECHO_MS) {
      this.#echoes.delete(key);
      return false;
    }
    if (--expected.count === 0) this.#echoes.delete(key);
    return true;
  }
}

function echoKey(topic: string, payload: Uint8Array): string {
  return `${topic}\n${Buffer.from(payload).toString('latin1')}`;
}

function textOrBytes(payload: Uint8Array): string | Uint8Array {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(payload);
  } catch {
    return payload;
  }
}

/** The address without user and password. */
export function plainUrl(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//');
}

function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const code = 'code' in thrown ? thrown.code : undefined;
  if (code === 'ECONNREFUSED') return 'nothing listens there (connection refused)';
  if (code === 'ENOTFOUND') return 'the host name is not known';
  if (code === 4 || code === 134) return 'the broker refused user and password';
  if (code === 5 || code === 135) return 'the broker does not let us in';
  if (code === 1 || code === 132) {
    return 'the broker does not speak this version of MQTT: choose `mqttVersion: 3.1.1`, or another broker';
  }
  // An AggregateError (IPv6 and IPv4 tried) has no words of its own.
  return thrown.message || (typeof code === 'string' ? code : thrown.name);
}

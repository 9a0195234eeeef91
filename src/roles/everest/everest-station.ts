import type { Clock, Timer } from '../../core/clock.ts';
import { CompoteError } from '../../core/errors.ts';
import { isoTime } from '../../core/time.ts';
import type { Origin, Recorder } from '../../journal/entry.ts';
import { type MqttEndpoint, MqttLink, type MqttMessage } from '../../link/mqtt-link.ts';
import type { Log } from '../../platform/logging/log.ts';
import { decode, errorsOfReply, evseNumberOfReply, type Observation } from '../../protocols/everest/decode.ts';
import { type Encoded, type EvseCommand, encode, type Publish, withReplyTo } from '../../protocols/everest/encode.ts';
import { isObject } from '../../protocols/everest/payloads.ts';
import { type CarGrammar, type Dialect, grammarOf } from '../../protocols/everest/releases.ts';
import { rowOfTopic, SUBSCRIPTIONS, topicOf } from '../../protocols/everest/topics.ts';
import { Connector } from './connector.ts';
import { ActiveErrors } from './model/active-errors.ts';
import { HeardModules } from './model/heard-modules.ts';
import type { Step } from './model/session-log.ts';
import { TopicLog } from './model/topic-log.ts';
import type { EverestStationSection } from './section.ts';

export interface EverestWorld {
  /** Sockets and deadlines: real time. */
  readonly clock: Clock;
  readonly endpoint: MqttEndpoint;
  readonly recorder: Recorder | null;
  readonly newId: () => string;
  readonly log: Log;
  /** Something changed that watchers want to know. */
  readonly changed: (station: EverestStation, n: number | undefined) => void;
}

/** Silence after this time means that the station is gone: meters and variables come at least each second. */
const SILENT_MS = 5_000;
const TICK_MS = 250;
const REPLY_MS = 2_000;
const CHECK_MS = 2_000;
const MAX_STEPS = 500;

interface Pending {
  resolve(value: unknown): void;
  reject(cause: unknown): void;
  readonly timer: Timer;
}

export interface Sent {
  readonly published: readonly Publish[];
  readonly dialect: Dialect;
  readonly warnings: readonly string[];
  /** What dialect E answered. */
  readonly reply?: unknown;
}

/**
 * One EVerest station: one MQTT client, what is known of the station, and commands to it. It knows only what the station
 * says; what it sent is remembered as what somebody asked for, never as what is.
 */
export class EverestStation {
  readonly settings: EverestStationSection;
  readonly clock: Clock;
  readonly modules = new HeardModules();
  readonly errors = new ActiveErrors();
  readonly topics = new TopicLog();
  /** What was commanded and what changed, oldest first; bounded. */
  readonly steps: (Step & { readonly by: 'adapter' | 'everest'; readonly n?: number })[] = [];
  readonly #world: EverestWorld;
  readonly #link: MqttLink;
  readonly #connectors = new Map<number, Connector>();
  readonly #pending = new Map<string, Pending>();
  readonly #waiting = new Set<() => void>();
  readonly #timers: Timer[] = [];
  readonly #asked = new Set<string>();
  #lastHeardMs: number | undefined;
  #periodic = false;
  #silent = false;
  #ocppConnected: boolean | undefined;
  #brokerReason: string | undefined;

  constructor(settings: EverestStationSection, world: EverestWorld) {
    this.settings = settings;
    this.#world = world;
    this.clock = world.clock;
    for (const { n } of settings.connectors) this.#connector(n);
    this.#link = new MqttLink({
      endpoint: world.endpoint,
      clock: world.clock,
      recorder: world.recorder,
      // The station of the OCPP session, so that both protocols show as one story.
      peer: { id: settings.id, role: 'cs' },
      self: { id: 'everest', role: 'everest' },
      tap: 'everest',
      clientId: `compote-${world.newId().slice(0, 8)}`,
      subscriptions: SUBSCRIPTIONS.map((topic) => `${settings.externalPrefix}${topic}`),
      requestOf: (topic) => rowOfTopic(this.#plain(topic) ?? '')?.parts['request'],
      events: {
        connected: () => this.#brokerUp(),
        disconnected: (reason) => this.#brokerDown(reason),
        message: (message) => this.#message(message),
      },
      defect: (where, thrown) => world.log.error({ err: thrown, station: settings.id }, where),
    });
  }

  start(): void {
    this.#link.start();
    this.#timers.push(this.clock.every(TICK_MS, () => this.#tick()));
    this.#timers.push(this.clock.every(CHECK_MS, () => this.#communicationCheck(true)));
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) timer.cancel();
    if (this.#link.connected) await this.#communicationCheck(false);
    for (const pending of this.#pending.values()) {
      pending.timer.cancel();
      pending.reject(new CompoteError('LINK_CLOSED', { detail: 'the adapter stops' }));
    }
    this.#pending.clear();
    await this.#link.close();
    this.#wake();
  }

  get id(): string {
    return this.settings.id;
  }
  get brokerConnected(): boolean {
    return this.#link.connected;
  }
  get brokerReason(): string {
    return this.#link.reason;
  }
  get lastHeardMs(): number | undefined {
    return this.#lastHeardMs;
  }
  /** Heard before, and silent now. */
  get silent(): boolean {
    return this.#silent;
  }
  get ocppConnected(): boolean | undefined {
    return this.#ocppConnected;
  }
  get dialects(): readonly Dialect[] {
    return this.settings.dialects.length > 0 ? this.settings.dialects : this.modules.dialects;
  }
  get grammar(): CarGrammar | undefined {
    return this.settings.carGrammar ?? grammarOf(this.settings.release);
  }
  get connectors(): readonly Connector[] {
    return [...this.#connectors.values()].sort((a, b) => a.n - b.n);
  }

  /** @throws NOT_FOUND */
  connector(n: number): Connector {
    const found = this.#connectors.get(n);
    if (found !== undefined) return found;
    throw new CompoteError('NOT_FOUND', {
      detail: `${this.id} has no connector ${n}`,
      hint: `It has ${this.connectors.map((one) => one.n).join(', ') || 'none yet'}.`,
    });
  }

  /** Says a command in the station's dialect. @throws FORBIDDEN, NOT_AVAILABLE, NOT_SUPPORTED, PEER_TIMEOUT */
  async send(command: EvseCommand, n: number, via?: Dialect): Promise<Sent> {
    this.mayCommand();
    const encoded = this.encoded(command, n, via);
    if ('unsupported' in encoded) throw this.#notSupported(encoded.unsupported);
    const { dialect, publish, asks, warning } = encoded;
    const warnings = warning === undefined ? [] : [warning];
    if (asks !== true) {
      await this.publish(publish.topic, publish.payload, 'user');
      return { published: [publish], dialect, warnings };
    }
    const { reply, sent } = await this.ask(publish.topic, publish.payload, 'user');
    return { published: [sent], dialect, warnings, reply };
  }

  /** How a command would be said, without saying it. */
  encoded(command: EvseCommand, n: number, via?: Dialect): Encoded {
    const configured = this.settings.connectors.find((one) => one.n === n);
    return encode(
      command,
      {
        dialects: this.dialects,
        release: this.settings.release,
        n,
        evse: configured?.evseModule ?? this.modules.evseModuleOf(n),
        api: {
          evse: configured?.apiModule ?? this.modules.apiModuleOf(n),
          token: this.modules.first('auth_token_provider'),
          limits: this.modules.first('external_energy_limits_consumer'),
        },
        tokenTopic: this.settings.tokenTopic,
      },
      via,
    );
  }

  /** @throws FORBIDDEN when the station is only watched, NOT_AVAILABLE when nobody would hear it */
  mayCommand(): void {
    if (!this.settings.control) {
      throw new CompoteError('FORBIDDEN', {
        detail: `${this.id} is only watched (\`control: false\`)`,
        hint: 'Set `control: true` of this station, if its commands may move contactors.',
      });
    }
    if (!this.#link.connected) throw this.#link.noBroker();
    if (this.#lastHeardMs === undefined && this.settings.dialects.length === 0) {
      throw new CompoteError('NOT_AVAILABLE', {
        detail: `The broker is connected, but nothing has been heard from EVerest (prefix "${this.settings.externalPrefix}")`,
        hint: 'Start EVerest (it takes up to a minute), check that it uses this broker, and its `mqtt_external_prefix`.',
      });
    }
    if (this.#silent) {
      throw new CompoteError('NOT_AVAILABLE', {
        detail: `EVerest is silent since ${isoTime(this.#lastHeardMs ?? 0)}: it has stopped, or lost its broker`,
        hint: 'Look whether its manager still runs; a wrong car command can end it.',
      });
    }
  }

  #notSupported(why: string): CompoteError {
    return new CompoteError('NOT_SUPPORTED', { detail: `${this.id}: ${why}` });
  }

  /** Publishes a topic (without the external prefix) as it is. */
  async publish(topic: string, payload: string, origin: Origin = 'system', request?: string): Promise<void> {
    await this.#link.publish(`${this.settings.externalPrefix}${topic}`, payload, {
      origin,
      ...(request === undefined ? {} : { request }),
    });
    this.topics.add(topic, payload, 'adapter', this.clock.now());
  }

  /** Asks a module of dialect E. @throws PEER_TIMEOUT after 2 s */
  async ask(topic: string, payload: string, origin: Origin = 'system'): Promise<{ reply: unknown; sent: Publish }> {
    const request = this.#world.newId();
    // The answer comes on prefix + replyTo; `replyTo` itself is written without the prefix.
    const sent = { topic, payload: withReplyTo(payload, `${topic.replace('/m2e/', '/e2m/')}/${request}`) };
    const answer = new Promise<unknown>((resolve, reject) => {
      const timer = this.clock.after(REPLY_MS, () => {
        this.#pending.delete(request);
        reject(
          new CompoteError('PEER_TIMEOUT', {
            detail: `EVerest did not answer ${topic} within ${REPLY_MS / 1000} s`,
            hint: 'A malformed request gets no answer: look into the log of EVerest.',
          }),
        );
      });
      this.#pending.set(request, { resolve, reject, timer });
    });
    // Until it is awaited, a refusal must not count as unhandled.
    answer.catch(() => {});
    try {
      await this.publish(topic, sent.payload, origin, request);
    } catch (cause) {
      this.#pending.get(request)?.timer.cancel();
      this.#pending.delete(request);
      throw cause;
    }
    return { reply: await answer, sent };
  }

  /** Looks again for what speaks there. */
  async discover(): Promise<void> {
    this.#asked.clear();
    await this.#askWhoIsThere();
    for (const module of this.modules.of('evse_manager_consumer')) this.#askNumber(module);
  }

  /** Resolves true once it holds, false after the time. Looks at each change. */
  async until(holds: () => boolean, timeoutMs: number): Promise<boolean> {
    if (holds()) return true;
    return new Promise((resolve) => {
      const done = (result: boolean): void => {
        timer.cancel();
        this.#waiting.delete(look);
        resolve(result);
      };
      const look = (): void => {
        if (holds()) done(true);
      };
      const timer = this.clock.after(timeoutMs, () => done(holds()));
      this.#waiting.add(look);
    });
  }

  note(by: 'adapter' | 'everest', what: string, n?: number): void {
    this.steps.push({ at: isoTime(this.clock.now()), by, what, ...(n === undefined ? {} : { n }) });
    if (this.steps.length > MAX_STEPS) this.steps.shift();
  }

  #connector(n: number): Connector {
    const known = this.#connectors.get(n);
    if (known !== undefined) return known;
    const configured = this.settings.connectors.find((one) => one.n === n);
    const connector = new Connector(n, configured?.hlc ?? true, configured?.ocpp ?? n, this.#world.newId);
    this.#connectors.set(n, connector);
    return connector;
  }

  #plain(topic: string): string | undefined {
    const { externalPrefix } = this.settings;
    return topic.startsWith(externalPrefix) ? topic.slice(externalPrefix.length) : undefined;
  }

  #brokerUp(): void {
    this.#world.log.info({ station: this.id }, 'broker connected');
    this.#brokerReason = undefined;
    this.note('adapter', 'broker connected');
    this.#asked.clear();
    this.#askWhoIsThere().catch((cause: unknown) => this.#world.log.debug({ err: cause }, 'discovery'));
    this.#changed(undefined);
  }

  #brokerDown(reason: string): void {
    if (reason !== this.#brokerReason) this.#world.log.warn({ station: this.id }, `no broker: ${reason}; trying again`);
    this.#brokerReason = reason;
    this.note('adapter', `broker lost: ${reason}`);
    this.#forget();
    this.#lastHeardMs = undefined;
    this.#periodic = false;
    this.#silent = false;
    this.#changed(undefined);
  }

  #forget(): void {
    for (const connector of this.#connectors.values()) connector.forget();
    this.errors.clear();
    this.#ocppConnected = undefined;
  }

  #message({ topic: full, payload, retained, echo, atMs }: MqttMessage): void {
    const topic = this.#plain(full);
    if (topic === undefined || echo) return;
    const observation = decode(topic, payload);
    this.topics.add(topic, payload, observation?.said.kind === 'command' ? 'other' : 'everest', atMs);
    if (observation === undefined) return;
    // Nothing of EVerest is retained: a retained message is what somebody left there.
    if (retained) {
      this.note('everest', `retained message on ${topic}: not looked at`);
      return;
    }
    if (observation.said.kind === 'command') {
      this.note('everest', `somebody else published ${topic}`, observation.at.n);
      return;
    }
    this.#heard(atMs);
    this.#observe(observation, atMs);
  }

  #heard(atMs: number): void {
    if (this.#silent) {
      this.#silent = false;
      this.note('everest', 'heard again');
      this.#forget();
    }
    this.#lastHeardMs = atMs;
  }

  #observe(observation: Observation, atMs: number): void {
    const { said, at, family } = observation;
    if (this.modules.heard(observation) === 'restarted') {
      this.note('everest', 'restarted (its heartbeat began anew)');
      this.#forget();
    }
    if (family === 'E' && at.type !== undefined && at.module !== undefined) this.#newModule(at.type, at.module);
    switch (said.kind) {
      case 'heartbeat':
      case 'connectors':
      case 'meter':
      case 'alive':
        this.#periodic = true;
        break;
      case 'reply':
        return this.#answered(said.request, said.value, atMs);
      case 'errors':
        this.errors.replace(said.errors);
        return this.#changed(undefined);
      case 'errorRaised':
        this.errors.raise(said.error);
        this.note('everest', `error ${said.error.type}`);
        return this.#changed(undefined);
      case 'errorCleared':
        this.errors.clearOne(said.error);
        this.note('everest', `error ${said.error.type} cleared`);
        return this.#changed(undefined);
      case 'ocppLink':
        this.#ocppConnected = said.connected;
        return;
      case 'ocppTransaction':
        for (const connector of this.#connectors.values())
          connector.ocppTransaction(said.sessionId, said.transactionId);
        return this.#changed(undefined);
      case 'tokenStatus':
        this.note('everest', `token ${said.token?.value ?? ''}: ${said.status}`);
        for (const connector of this.#connectors.values()) connector.tokenStatus(said.status, said.token, atMs);
        return this.#changed(undefined);
      case 'invalid':
        // Once each time that it changes, so that a stream of rubbish does not flood the log.
        if (this.topics.isNewProblem(observation.topic, said.reason)) {
          this.#world.log.warn({ station: this.id, topic: observation.topic }, `cannot read: ${said.reason}`);
        }
        break;
      default:
    }
    const n = at.n ?? (at.evse === undefined ? undefined : this.#numberOfEvse(at.evse)) ?? this.#numberOfApi(at.module);
    if (n === undefined) return;
    const connector = this.#connector(n);
    const before = connector.model.state;
    if (connector.observe(observation, atMs)) {
      if (connector.model.state !== before) this.note('everest', `state ${connector.model.state}`, n);
      this.#changed(n);
    } else if (said.kind === 'sessionEvent' || said.kind === 'limit' || said.kind === 'hlcFailed') {
      this.#changed(n);
    }
  }

  #numberOfEvse(module: string): number | undefined {
    return this.settings.connectors.find((one) => one.evseModule === module)?.n ?? this.modules.numberOfEvse(module);
  }

  #numberOfApi(module: string | undefined): number | undefined {
    if (module === undefined) return undefined;
    return this.settings.connectors.find((one) => one.apiModule === module)?.n ?? this.modules.numberOfApi(module);
  }

  #newModule(type: string, module: string): void {
    if (type === 'evse_manager_consumer' && this.#numberOfApi(module) === undefined) this.#askNumber(module);
    if (type === 'error_history_consumer' && !this.#asked.has(module)) {
      this.#asked.add(module);
      this.ask(topicOf('eActiveErrors', { module }), 'null')
        .then(({ reply }) => {
          this.errors.replace(errorsOfReply(reply));
          this.#changed(undefined);
        })
        .catch((cause: unknown) => this.#world.log.debug({ err: cause }, 'active errors'));
    }
  }

  /** Which EVSE stands behind an API module: its name does not tell. */
  #askNumber(module: string): void {
    if (this.#asked.has(module)) return;
    this.#asked.add(module);
    this.ask(topicOf('eGetEvse', { api: module }), 'null')
      .then(({ reply }) => {
        const n = evseNumberOfReply(reply);
        if (n !== undefined) this.modules.setNumber(module, n);
        this.#changed(n);
      })
      .catch((cause: unknown) => {
        // It will be asked again with its next message.
        this.#asked.delete(module);
        this.#world.log.debug({ err: cause }, 'get_evse');
      });
  }

  async #askWhoIsThere(): Promise<void> {
    const replyTo = `everest_api/1/toolkit/discovery/e2m/discover/${this.#world.newId()}`;
    await this.publish(topicOf('eDiscover'), withReplyTo('null', replyTo));
  }

  #answered(request: string, value: unknown, atMs: number): void {
    const pending = this.#pending.get(request);
    if (pending !== undefined) {
      this.#pending.delete(request);
      pending.timer.cancel();
      return pending.resolve(value);
    }
    // Discovery has several answers.
    if (isObject(value) && Array.isArray(value['apis'])) {
      for (const api of value['apis']) {
        if (!isObject(api)) continue;
        const { type, module_id: module } = api;
        if (typeof type === 'string' && typeof module === 'string') {
          this.modules.add(type.replace(/_API$/, ''), module);
          this.#newModule(type.replace(/_API$/, ''), module);
        }
      }
      return;
    }
    this.note('everest', `an answer that nobody waits for (${request}) at ${isoTime(atMs)}`);
  }

  #tick(): void {
    const now = this.clock.now();
    for (const connector of this.#connectors.values()) if (connector.tick(now)) this.#changed(connector.n);
    if (!this.#silent && this.#periodic && now - (this.#lastHeardMs ?? now) >= SILENT_MS) {
      this.#silent = true;
      this.note('everest', 'silent');
      this.#world.log.warn({ station: this.id }, 'EVerest is silent: it has stopped, or lost its broker');
      for (const connector of this.#connectors.values()) connector.model.offline = true;
      this.#changed(undefined);
    }
  }

  /** A module that misses us raises `CommunicationFault`: only then it is told that we are there (`false` ends the watching). */
  async #communicationCheck(on: boolean): Promise<void> {
    if (!this.settings.control || !this.#link.connected) return;
    for (const error of this.errors.all) {
      if (error.type.endsWith('CommunicationFault') && error.module !== undefined)
        this.modules.watchesUs.add(error.module);
    }
    for (const module of this.modules.watchesUs) {
      const type = this.modules.typeOf(module);
      if (type === undefined) continue;
      await this.publish(topicOf('eCommunicationCheck', { type, module }), String(on)).catch((cause: unknown) =>
        this.#world.log.debug({ err: cause }, 'communication check'),
      );
    }
  }

  #changed(n: number | undefined): void {
    this.#world.changed(this, n);
    this.#wake();
  }

  #wake(): void {
    for (const look of [...this.#waiting]) look();
  }
}

import type { Clock, Timer } from '../../core/clock.ts';
import { CompoteError } from '../../core/errors.ts';
import { isoTime } from '../../core/time.ts';
import type { Origin, Recorder } from '../../journal/entry.ts';
import { type MqttEndpoint, MqttLink, type MqttMessage } from '../../link/mqtt-link.ts';
import type { Log } from '../../platform/logging/log.ts';
import type { Observation } from '../../protocols/everest/decode.ts';
import { type CarGrammar, type Dialect, grammarOf } from '../../protocols/everest/releases.ts';
import { rowOfTopic, SUBSCRIPTIONS, topicOf } from '../../protocols/everest/topics.ts';
import { Changes } from './changes.ts';
import { Connector } from './connector.ts';
import { Discovery } from './discovery.ts';
import { ActiveErrors } from './model/active-errors.ts';
import { HeardModules } from './model/heard-modules.ts';
import { observed } from './model/observed.ts';
import type { Step } from './model/session-log.ts';
import { TopicLog } from './model/topic-log.ts';
import type { EverestStationSection } from './section.ts';
import { StationRequests } from './station-requests.ts';

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
const CHECK_MS = 2_000;
const MAX_STEPS = 500;

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
  readonly #requests: StationRequests;
  readonly #changes: Changes;
  readonly #discovery: Discovery;
  readonly #timers: Timer[] = [];
  #lastHeardMs: number | undefined;
  #periodic = false;
  #silent = false;
  #ocppConnected: boolean | undefined;
  #brokerReason: string | undefined;

  constructor(settings: EverestStationSection, world: EverestWorld) {
    this.settings = settings;
    this.#world = world;
    this.clock = world.clock;
    const { clock, newId, log } = world;
    this.#changes = new Changes(clock);
    this.#requests = new StationRequests({
      clock,
      newId,
      publish: (topic, payload, origin, request) => this.publish(topic, payload, origin, request),
    });
    this.#discovery = new Discovery({
      clock,
      log,
      newId,
      modules: this.modules,
      errors: this.errors,
      requests: this.#requests,
      publish: (topic, payload) => this.publish(topic, payload),
      numberOfApi: (module) => this.#numberOfApi(module),
      changed: (n) => this.#changed(n),
    });
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
    this.#requests.rejectAll();
    await this.#link.close();
    this.#changes.wake();
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

  /** Asks a module of dialect E. @throws PEER_TIMEOUT after 2 s */
  ask(topic: string, payload: string, origin: Origin = 'system'): ReturnType<StationRequests['ask']> {
    return this.#requests.ask(topic, payload, origin);
  }

  /** The problem of a command that nobody hears. */
  noBroker(): CompoteError {
    return this.#link.noBroker();
  }

  /** Publishes a topic (without the external prefix) as it is. */
  async publish(topic: string, payload: string, origin: Origin = 'system', request?: string): Promise<void> {
    await this.#link.publish(`${this.settings.externalPrefix}${topic}`, payload, {
      origin,
      ...(request === undefined ? {} : { request }),
    });
    this.topics.add(topic, payload, 'adapter', this.clock.now());
  }

  /** Looks again for what speaks there. */
  discover(): Promise<void> {
    return this.#discovery.again();
  }

  /** Resolves true once it holds, false after the time. Looks at each change. */
  until(holds: () => boolean, timeoutMs: number): Promise<boolean> {
    return this.#changes.until(holds, timeoutMs);
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
    this.#discovery.begin();
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
    const observation = observed(topic, payload);
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
    if (family === 'E' && at.type !== undefined && at.module !== undefined) this.#discovery.heard(at.type, at.module);
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

  #answered(request: string, value: unknown, atMs: number): void {
    if (this.#requests.answered(request, value) || this.#discovery.answered(value)) return;
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
    this.#changes.wake();
  }
}

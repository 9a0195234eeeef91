import type { Clock, Timer } from '../../core/clock.ts';
import { SystemIds } from '../../core/ids.ts';
import { isoTime } from '../../core/time.ts';
import { MqttLink } from '../../link/mqtt-link.ts';
import { grammarOf, hasFeature } from '../../protocols/everest/releases.ts';
import type { LookAlikeOptions } from '../../roles/everest/look-alike-port.ts';
import { CAR_TICK_MS, VirtualCar } from './car.ts';
import { type EvseTelling, idTag, type Token, VirtualEvse } from './evse.ts';
import { OcppSide, type Reading } from './ocpp-side.ts';

/** What a look-alike can be told beyond the options of a service; tests use them. */
export interface LookAlikeTraits {
  readonly dialects?: readonly ('N' | 'L' | 'E')[];
  /** Connectors without ISO 15118. */
  readonly withoutHlc?: readonly number[];
  /** False: the limit commands of dialect L are not wired, as in most simulator configurations. */
  readonly energySink?: boolean;
  /** Tokens that its own validator refuses, where no OCPP decides. */
  readonly refused?: readonly string[];
  /** The contract of its car. */
  readonly emaid?: string;
  /** The time by which meters and variables are told; the machine's when absent, also when the car's seconds are shorter. */
  readonly periods?: Clock;
}

interface Place {
  readonly evse: VirtualEvse;
  readonly car: VirtualCar;
  maxA: number;
  ownWh: number;
  lastMeterMs: number;
  startWh: number;
}

const EVSE_LOOP_MS = 100;
const METER_MS = 500;
const SECOND_MS = 1_000;
const VALIDATOR_MS = 250;
const VOLTS = 230;
const HARDWARE_A = 32;

/**
 * A station that speaks MQTT as EVerest does, and OCPP through our station engine. Topics and words stand here as EVerest
 * writes them, not taken from the adapter's tables: what both sides got wrong alike would otherwise never show.
 */
export class LookAlike {
  readonly #options: LookAlikeOptions;
  readonly #traits: LookAlikeTraits;
  readonly #link: MqttLink;
  readonly #places = new Map<number, Place>();
  readonly #timers: Timer[] = [];
  readonly #ocpp: OcppSide | undefined;
  readonly #ids = new SystemIds();
  readonly #dialects: readonly ('N' | 'L' | 'E')[];
  readonly log: string[] = [];
  #beats = 0;
  #ocppConnected = false;
  #protocol = 'Unknown';

  constructor(options: LookAlikeOptions, traits: LookAlikeTraits = {}) {
    this.#options = options;
    this.#traits = traits;
    const withE = hasFeature(options.release, 'E') === true;
    this.#dialects = traits.dialects ?? (withE ? ['N', 'L', 'E'] : ['N', 'L']);
    const grammar = grammarOf(options.release) ?? 'A2';
    for (let n = 1; n <= options.connectors; n++) {
      const hlc = traits.withoutHlc?.includes(n) !== true;
      const evse = new VirtualEvse(
        n,
        hlc,
        traits.emaid !== undefined,
        () => options.clock.now(),
        () => this.#ids.uuid(),
        this.#telling(n),
      );
      const car = new VirtualCar(evse, grammar, hlc, (text) => this.#say(`car ${n}: ${text}`));
      this.#places.set(n, { evse, car, maxA: HARDWARE_A, ownWh: 0, lastMeterMs: options.clock.now(), startWh: 0 });
    }
    const prefix = options.externalPrefix;
    this.#link = new MqttLink({
      endpoint: { url: options.brokerUrl, version: '3.1.1' },
      clock: options.socketClock,
      // The adapter's side is the tap of this hop.
      recorder: null,
      peer: { id: 'everest', role: 'everest' },
      self: { id: 'look-alike', role: 'cs' },
      tap: 'look-alike',
      clientId: `look-alike-${this.#ids.uuid().slice(0, 8)}`,
      subscriptions: [
        `${prefix}everest_external/nodered/+/carsim/#`,
        `${prefix}everest_external/nodered/+/cmd/#`,
        `${prefix}everest_api/dummy_token_provider/cmd/provide`,
        `${prefix}everest_api/+/cmd/#`,
        `${prefix}everest_api/1/+/+/m2e/#`,
      ],
      events: {
        connected: () => this.#say('broker connected'),
        disconnected: (reason) => this.#say(`no broker: ${reason}`),
        message: ({ topic, payload }) =>
          this.#received(topic.slice(prefix.length), Buffer.from(payload).toString('utf8')),
      },
      defect: (where, thrown) => options.log.error({ err: thrown }, where),
    });
    this.#ocpp = options.ocpp === undefined ? undefined : new OcppSide(options, this.#ocppTelling());
  }

  /** What stands at a connector, for tests. */
  at(n: number): { readonly evse: VirtualEvse; readonly car: VirtualCar } {
    const place = this.#places.get(n);
    if (place === undefined) throw new RangeError(`No connector ${n}`);
    return place;
  }

  get connected(): boolean {
    return this.#link.connected;
  }

  start(): void {
    const { clock, socketClock } = this.#options;
    const { periods = socketClock } = this.#traits;
    this.#link.start();
    this.#ocpp?.start();
    this.#timers.push(
      clock.every(CAR_TICK_MS, () => this.#each(({ car }) => car.tick())),
      clock.every(EVSE_LOOP_MS, () =>
        this.#each(({ evse, car }) => {
          evse.draws(evse.plugged && car.drawing);
          evse.loop();
        }),
      ),
      periods.every(METER_MS, () => this.#each((place) => this.#meter(place))),
      periods.every(SECOND_MS, () => this.#eachSecond()),
    );
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers.splice(0)) timer.cancel();
    this.#ocpp?.stop();
    await this.#link.close();
  }

  /** The station restarts: heartbeats begin anew, everything is idle. */
  restart(): void {
    this.#beats = 0;
    this.#each(({ evse, car }) => {
      evse.unplug();
      car.enable(false);
      car.enable(true);
    });
  }

  /** Anything at all, for tests of what the adapter must survive. */
  publish(topic: string, payload: string): void {
    if (!this.#link.connected) return;
    this.#link
      .publish(`${this.#options.externalPrefix}${topic}`, payload)
      .catch((cause: unknown) => this.#options.log.debug({ err: cause }, 'look-alike publish'));
  }

  #say(text: string): void {
    this.log.push(text);
    if (this.log.length > 500) this.log.shift();
    this.#options.log.debug(`look-alike: ${text}`);
  }

  #each(task: (place: Place) => void): void {
    for (const place of this.#places.values()) task(place);
  }

  #n(n: number, suffix: string, payload: string): void {
    if (this.#dialects.includes('N')) this.publish(`everest_external/nodered/${n}/${suffix}`, payload);
  }
  #l(topic: string, payload: string): void {
    if (this.#dialects.includes('L')) this.publish(topic, payload);
  }
  #e(type: string, module: string, name: string, value: unknown): void {
    if (this.#dialects.includes('E'))
      this.publish(`everest_api/1/${type}/${module}/e2m/${name}`, JSON.stringify(value));
  }
  #eEvse(n: number, name: string, value: unknown): void {
    // The name does not tell the number, as in real configurations.
    this.#e('evse_manager_consumer', moduleOf(n), name, value);
  }

  #telling(n: number): EvseTelling {
    const place = (): Place => this.at(n) as Place;
    return {
      state: (word) => {
        this.#n(n, 'state/state_string', word);
        this.#n(n, 'state/state', String(numberOf(word, this.#options.release)));
      },
      event: (event, extra) => {
        const { evse } = place();
        if (event === 'TransactionStarted') place().startWh = this.#energy(n);
        this.#eEvse(n, 'session_event', {
          uuid: evse.session?.id ?? '',
          timestamp: isoTime(this.#options.clock.now()),
          connector_id: 1,
          event,
          ...withMeter(extra, this.#energy(n), isoTime(this.#options.clock.now())),
        });
      },
      info: () => this.#sessionInfo(n),
      error: (type, raised) => {
        this.#e(
          'error_history_consumer',
          'history_api',
          raised ? 'error_raised' : 'error_cleared',
          errorObject(type, n),
        );
        if (type === 'evse_manager/Inoperative') {
          this.#ocpp?.fault(n, raised);
          this.#sessionInfo(n);
        }
      },
      hlcFailed: (reason) => this.#eEvse(n, 'hlc_session_failed', { uuid: place().evse.session?.id ?? '', reason }),
      protocol: (name) => {
        this.#protocol = name;
        this.#eEvse(n, 'selected_protocol', name);
      },
      plugged: () => this.#ocpp?.plug(n, place().car.amps, place().car.phases),
      unplugged: () => this.#ocpp?.unplug(n),
      drawing: (on) => this.#ocpp?.drawing(n, on),
      contract: () =>
        this.#token(
          n,
          { value: this.#traits.emaid ?? 'DEHUBC0001', type: 'eMAID', authorizationType: 'PlugAndCharge' },
          false,
        ),
      stopped: (reason) => {
        if (reason !== 'EVDisconnected') this.#ocpp?.stopTransaction(n);
      },
    };
  }

  #ocppTelling() {
    return {
      authorized: (n: number, token: Token) => {
        this.#tokenStatus(token, 'Accepted');
        this.#places.get(n)?.evse.authorize(token);
      },
      refused: (n: number) => {
        this.#tokenStatus(this.#lastToken, 'Rejected');
        this.#places.get(n)?.evse.refuse();
      },
      lapsed: (n: number) => this.#places.get(n)?.evse.lapse(),
      ended: (n: number, reason: string) => void this.#places.get(n)?.evse.stop(reason),
      transaction: (n: number, what: string, transactionId: string | undefined) => {
        this.#e('ocpp_consumer', 'ocpp_api', 'ocpp_transaction_event', {
          transaction_event: what,
          evse: { id: n, connector_id: 1 },
          session_id: this.#places.get(n)?.evse.session?.id ?? '',
          ...(transactionId === undefined ? {} : { transaction_id: transactionId }),
        });
      },
      connected: (on: boolean) => {
        this.#ocppConnected = on;
      },
      sessionWithoutTransaction: () => {
        const waiting = [...this.#places.values()].map(({ evse }) => evse.session).filter((one) => one !== undefined);
        // Only where it is surely this one.
        return waiting.length === 1 ? waiting[0]?.id : undefined;
      },
    };
  }

  #lastToken: Token | undefined;

  #token(n: number, token: Token, prevalidated: boolean): void {
    const place = this.#places.get(n);
    if (place === undefined) return;
    const { evse } = place;
    if (evse.waitsForContract && token.authorizationType === 'RFID')
      return this.#say(`token ${token.value} ignored: Plug & Charge`);
    this.#lastToken = token;
    this.#tokenStatus(token, 'Processing');
    const running = evse.session?.authorized;
    if (running?.value === token.value && token.authorizationType === 'RFID' && evse.stop('Local')) {
      return this.#tokenStatus(token, 'UsedToStop');
    }
    if (this.#ocpp !== undefined && !prevalidated) return this.#ocpp.present(n, token);
    this.#options.clock.after(VALIDATOR_MS, () => {
      const refused = this.#traits.refused?.includes(token.value) === true;
      this.#tokenStatus(token, refused ? 'Rejected' : 'Accepted');
      if (refused) evse.refuse();
      else evse.authorize(token);
    });
  }

  #tokenStatus(token: Token | undefined, status: string): void {
    if (token === undefined) return;
    this.#e('auth_consumer', 'auth_api', 'token_validation_status', { token: { ...idTag(token) }, status });
  }

  #received(topic: string, payload: string): void {
    const car = /^everest_external\/nodered\/(\d+)\/carsim\/(?:cmd\/)?(\w+)$/.exec(topic);
    if (car !== null) return this.#carCommand(Number(car[1]), car[2] ?? '', payload);
    const n = /^everest_external\/nodered\/(\d+)\/cmd\/(\w+)$/.exec(topic);
    if (n !== null && this.#dialects.includes('N')) return this.#nCommand(Number(n[1]), n[2] ?? '', payload);
    if (topic === 'everest_api/dummy_token_provider/cmd/provide') return this.#provided(payload);
    const l = /^everest_api\/evse_manager_(\d+)\/cmd\/(\w+)$/.exec(topic);
    if (l !== null && this.#dialects.includes('L')) return this.#lCommand(Number(l[1]), l[2] ?? '', payload);
    const e = /^everest_api\/1\/(\w+)\/(\w+)\/m2e\/(\w+)$/.exec(topic);
    if (e !== null && this.#dialects.includes('E')) return this.#eCommand(e[1] ?? '', e[2] ?? '', e[3] ?? '', payload);
  }

  #carCommand(n: number, what: string, payload: string): void {
    const place = this.#places.get(n);
    if (place === undefined) return;
    const { car, evse } = place;
    if (what === 'enable') {
      car.enable(payload === 'true');
      if (payload === 'true') evse.healLatched();
    } else if (what === 'execute_charging_session') car.execute(payload);
    else if (what === 'modify_charging_session') car.modify(payload);
    else if (what === 'error') {
      const { error_type: type, raise } = parsed(payload);
      // A boolean ends a real station.
      if (typeof type === 'string' && typeof raise === 'string') evse.boardError(type, raise === 'true');
      else car.terminated++;
    }
  }

  #nCommand(n: number, what: string, payload: string): void {
    const place = this.#places.get(n);
    if (place === undefined) return;
    if (what === 'enable' || what === 'disable') place.evse.enable(what === 'enable');
    else if (what === 'pause_charging' || what === 'resume_charging') this.#pause(place, what === 'pause_charging');
    else if (what === 'set_max_current' && hasFeature(this.#options.release, 'N limit in A') === true) {
      this.#limit(place, Number(payload));
    } else if (what === 'stop_transaction' && hasFeature(this.#options.release, 'N stop') === true)
      place.evse.stop('Local');
  }

  #lCommand(n: number, what: string, payload: string): void {
    const place = this.#places.get(n);
    if (place === undefined) return;
    if (what === 'enable_disable') {
      const { state } = parsed(payload);
      if (state === 'Enable' || state === 'Disable') place.evse.enable(state === 'Enable');
    } else if (what === 'pause_charging' || what === 'resume_charging') this.#pause(place, what === 'pause_charging');
    else if (what === 'stop_charging' && hasFeature(this.#options.release, 'L stop') === true) place.evse.stop('Local');
    else if (what === 'force_unlock') place.evse.stop('UnlockCommand');
    else if (what === 'set_limit_amps' && this.#traits.energySink !== false) this.#limit(place, Number(payload));
    else if (what === 'set_limit_amps_phases' && this.#traits.energySink !== false) {
      this.#limit(place, Number(parsed(payload)['amps']));
    }
  }

  #eCommand(type: string, module: string, what: string, payload: string): void {
    if (type === 'auth_token_provider') return this.#provided(payload);
    const message = parsed(payload);
    if (type === 'external_energy_limits_consumer') {
      const amps = /"ac_max_current_A":\{"value":(-?[\d.]+)/.exec(payload)?.[1];
      if (amps !== undefined) this.#each((place) => this.#limit(place, Number(amps)));
      return;
    }
    const headers = message['headers'] as { replyTo?: string } | undefined;
    const body = message['payload'] as Record<string, unknown> | undefined;
    const reply = (value: unknown): void => {
      if (headers?.replyTo !== undefined) this.publish(headers.replyTo, JSON.stringify(value));
    };
    if (type === 'error_history_consumer') return reply({ errors: this.#errors() });
    const place = [...this.#places.values()].find(({ evse }) => moduleOf(evse.n) === module);
    if (place === undefined) return;
    const { evse } = place;
    if (what === 'get_evse') return reply({ id: evse.n, connectors: [{ id: 1 }] });
    if (what === 'pause_charging' || what === 'resume_charging')
      return reply(this.#pause(place, what === 'pause_charging'));
    if (what === 'stop_transaction')
      return reply(evse.stop(typeof body?.['reason'] === 'string' ? body['reason'] : 'Local'));
    if (what === 'force_unlock') return reply(evse.stop('UnlockCommand'));
    if (what === 'enable_disable') {
      const source = body?.['source'] as { enable_state?: string } | undefined;
      if (source?.enable_state !== 'Enable' && source?.enable_state !== 'Disable') return;
      evse.enable(source.enable_state === 'Enable');
      return reply(true);
    }
  }

  #pause(place: Place, on: boolean): boolean {
    const done = place.evse.pause(on);
    if (done) this.#ocpp?.limit(on ? 0 : undefined);
    return done;
  }

  #limit(place: Place, amps: number): void {
    if (!Number.isFinite(amps)) return;
    place.maxA = Math.min(HARDWARE_A, Math.max(0, amps));
    place.evse.limitA = place.maxA;
    this.#ocpp?.limit(amps >= HARDWARE_A ? undefined : place.maxA);
    this.#limits(place);
  }

  #provided(payload: string): void {
    const provided = parsed(payload);
    const token = provided['id_token'] as { value?: string; type?: string } | undefined;
    const authorizationType = provided['authorization_type'];
    if (token?.value === undefined || token.type === undefined || typeof authorizationType !== 'string') {
      return this.#say(`token that a real station would not understand: ${payload}`);
    }
    const connectors = provided['connectors'] as number[] | undefined;
    // Without connectors: the one where a car waits, else the first.
    const waiting = [...this.#places.keys()].find((n) => this.at(n).evse.word === 'Wait for Auth') ?? 1;
    for (const n of connectors ?? [waiting]) {
      this.#token(n, { value: token.value, type: token.type, authorizationType }, provided['prevalidated'] === true);
    }
  }

  #reading(place: Place): Reading {
    const { evse, car } = place;
    const told = this.#ocpp?.reading(evse.n);
    if (told !== undefined) return told;
    const amps = evse.charging ? Math.min(car.amps, place.maxA) : 0;
    const currentA = [amps, car.phases === 3 ? amps : 0, car.phases === 3 ? amps : 0];
    const powerW = amps * VOLTS * car.phases;
    const now = this.#options.clock.now();
    place.ownWh += (powerW * (now - place.lastMeterMs)) / 3_600_000;
    place.lastMeterMs = now;
    return {
      energyWh: Math.round(place.ownWh),
      powerW,
      currentA,
      voltageV: [VOLTS, VOLTS, VOLTS],
      offeredA: place.maxA,
    };
  }

  #energy(n: number): number {
    const place = this.#places.get(n);
    return place === undefined ? 0 : this.#reading(place).energyWh;
  }

  #meter(place: Place): void {
    const { evse } = place;
    const { n } = evse;
    const { energyWh, powerW, currentA, voltageV } = this.#reading(place);
    const phases = (values: readonly number[]) => ({ L1: values[0] ?? 0, L2: values[1] ?? 0, L3: values[2] ?? 0 });
    const meter = {
      timestamp: isoTime(this.#options.clock.now()),
      meter_id: 'YETI_POWERMETER',
      energy_Wh_import: { total: energyWh },
      power_W: { total: powerW },
      voltage_V: phases(voltageV),
      current_A: { ...phases(currentA), N: 0.2 },
    };
    const text = JSON.stringify(meter);
    this.#n(n, 'powermeter/totalKw', (powerW / 1000).toFixed(1));
    this.#n(n, 'powermeter/totalKWattHr', (energyWh / 1000).toFixed(5));
    this.#n(n, 'powermeter_json', text);
    this.#n(n, 'state/temperature', (25 + 0.003 * powerW).toFixed(5));
    this.#l(`everest_api/evse_manager_${n}/var/powermeter`, text);
    this.#eEvse(n, 'powermeter', meter);
    const board = { phase_seq_error: evse.charging, temperature: 25 + 0.003 * powerW, fan_rpm: 1500 };
    this.#l(
      `everest_api/evse_manager_${n}/var/telemetry`,
      JSON.stringify({ ...board, supply_voltage_12V: 12.01, supply_voltage_minus_12V: -11.8 }),
    );
  }

  #limits(place: Place): void {
    const { n } = place.evse;
    this.#n(n, 'state/max_current', place.maxA.toFixed(5));
    this.#l(
      `everest_api/evse_manager_${n}/var/limits`,
      JSON.stringify({ uuid: `evse_manager_${n}`, nr_of_phases_available: 3, max_current: place.maxA }),
    );
    this.#eEvse(n, 'enforced_limits', {
      uuid: `evse_manager_${n}`,
      valid_for: 10,
      limits_root_side: { ac_max_current_A: { value: place.maxA, source: 'grid' } },
      schedule: [],
    });
  }

  #sessionInfo(n: number): void {
    const { evse } = this.at(n);
    const charged = Math.max(0, this.#energy(n) - (this.#places.get(n)?.startWh ?? 0));
    const common = {
      state: evse.infoState,
      charged_energy_wh: evse.session === undefined ? 0 : charged,
      discharged_energy_wh: 0,
      latest_total_w: Math.round(this.#reading(this.at(n) as Place).powerW),
    };
    const now = isoTime(this.#options.clock.now());
    this.#l(
      `everest_api/evse_manager_${n}/var/session_info`,
      JSON.stringify({
        ...common,
        permanent_fault: evse.faulty,
        charging_duration_s: 0,
        datetime: now,
        active_enable_disable_source: { source: 'Unspecified', state: 'Enabled', priority: 0 },
      }),
    );
    if (hasFeature(this.#options.release, 'E session info') === true) {
      this.#eEvse(n, 'session_info', {
        ...common,
        session_duration_s: 0,
        timestamp: now,
        selected_protocol: this.#protocol,
      });
    }
  }

  #errors(): object[] {
    return [...this.#places.values()].flatMap(({ evse }) => [
      ...[...evse.errors].map((type) => errorObject(type, evse.n)),
      ...(evse.faulty ? [errorObject('evse_manager/Inoperative', evse.n)] : []),
    ]);
  }

  #eachSecond(): void {
    const numbers = [...this.#places.keys()];
    this.#l('everest_api/connectors', JSON.stringify(numbers.map((n) => `evse_manager_${n}`)));
    this.#l('everest_api/errors/var/active_errors', JSON.stringify(this.#errors()));
    const status = this.#ocpp === undefined ? 'unknown' : this.#ocppConnected ? 'connected' : 'disconnected';
    this.#l('everest_api/ocpp/var/connection_status', status);
    this.#each((place) => {
      const { n } = place.evse;
      this.#l(`everest_api/evse_manager_${n}/var/datetime`, isoTime(this.#options.clock.now()));
      // One variable for all EVSEs, as in EVerest.
      this.#l(`everest_api/evse_manager_${n}/var/selected_protocol`, this.#protocol);
      if (this.#dialects.includes('L')) this.#sessionInfo(n);
      this.#limits(place);
      this.#eEvse(n, 'heartbeat', this.#beats);
    });
    for (const [type, module] of [
      ['auth_token_provider', 'token_api'],
      ['auth_consumer', 'auth_api'],
      ['external_energy_limits_consumer', 'external_energy_limits_consumer_api'],
      ['error_history_consumer', 'history_api'],
      ['ocpp_consumer', 'ocpp_api'],
    ] as const) {
      this.#e(type, module, 'heartbeat', this.#beats);
    }
    this.#e('ocpp_consumer', 'ocpp_api', 'is_connected', this.#ocppConnected);
    this.#beats++;
  }
}

/** The API module of an EVSE: letters, so that nobody can read the number from the name. */
function moduleOf(n: number): string {
  return `evse_api_${String.fromCharCode(96 + n)}`;
}

/** The number beside the word, by release (2023.12 to 2025.12, and 2026.02 and newer). */
function numberOf(word: string, release: string): number {
  const old = [
    'Disabled',
    'Idle',
    'Wait for Auth',
    'PrepareCharging',
    'Wait for energy',
    'Charging',
    'Car Paused',
    'EVSE Paused',
    'StoppingCharging',
    'Finished',
  ];
  const index = old.indexOf(word);
  const isNew = release.startsWith('2026');
  return isNew && index > 4 ? index - 1 : index;
}

function withMeter(extra: Readonly<Record<string, unknown>>, energyWh: number, timestamp: string): object {
  const meter_value = { timestamp, energy_Wh_import: { total: energyWh } };
  return Object.fromEntries(
    Object.entries(extra).map(([name, value]) => [
      name,
      /^(session|transaction|charging_state|authorization)/.test(name) ? { ...(value as object), meter_value } : value,
    ]),
  );
}

function errorObject(type: string, n: number): object {
  return {
    type,
    description: '',
    message: 'simulated',
    severity: 'High',
    origin: {
      module_id: type.startsWith('evse_board') ? `yeti_driver_${n}` : `evse_manager_${n}`,
      implementation_id: 'evse',
    },
    timestamp: '2026-01-01T00:00:00.000Z',
    uuid: `${n}-${type}`,
    state: 'Active',
  };
}

function parsed(payload: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(payload);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

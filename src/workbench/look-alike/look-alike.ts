import type { Timer } from '../../core/clock.ts';
import { SystemIds } from '../../core/ids.ts';
import { isoTime } from '../../core/time.ts';
import { MqttLink } from '../../link/mqtt-link.ts';
import { grammarOf, hasFeature } from '../../protocols/everest/releases.ts';
import type { LookAlikeOptions } from '../../roles/everest/look-alike-port.ts';
import { CAR_TICK_MS, VirtualCar } from './car.ts';
import { type EvseTelling, idTag, type Token, VirtualEvse } from './evse.ts';
import { Inbox } from './inbox.ts';
import { OcppSide } from './ocpp-side.ts';
import { HARDWARE_A, type LookAlikeTraits, type LookAlikeWorld, type Place } from './place.ts';
import { Voice } from './voice.ts';
import { errorObject, numberOf, withMeter } from './words.ts';

const EVSE_LOOP_MS = 100;
const METER_MS = 500;
const SECOND_MS = 1_000;
const VALIDATOR_MS = 250;

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
  readonly #voice: Voice;
  readonly #inbox: Inbox;
  readonly log: string[] = [];

  constructor(options: LookAlikeOptions, traits: LookAlikeTraits = {}) {
    this.#options = options;
    this.#traits = traits;
    const withE = hasFeature(options.release, 'E') === true;
    const world: LookAlikeWorld = {
      options,
      traits,
      dialects: traits.dialects ?? (withE ? ['N', 'L', 'E'] : ['N', 'L']),
      places: this.#places,
      ocpp: () => this.#ocpp,
      publish: (topic, payload) => this.publish(topic, payload),
      say: (text) => this.#say(text),
    };
    this.#voice = new Voice(world);
    this.#inbox = new Inbox(world, this.#voice, (n, token, prevalidated) => this.#token(n, token, prevalidated));
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
          this.#inbox.received(topic.slice(prefix.length), Buffer.from(payload).toString('utf8')),
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
      periods.every(METER_MS, () => this.#each((place) => this.#voice.meter(place))),
      periods.every(SECOND_MS, () => this.#voice.eachSecond()),
    );
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers.splice(0)) timer.cancel();
    this.#ocpp?.stop();
    await this.#link.close();
  }

  /** The station restarts: heartbeats begin anew, everything is idle. */
  restart(): void {
    this.#voice.beats = 0;
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

  #telling(n: number): EvseTelling {
    const place = (): Place => this.at(n) as Place;
    return {
      state: (word) => {
        this.#voice.n(n, 'state/state_string', word);
        this.#voice.n(n, 'state/state', String(numberOf(word, this.#options.release)));
      },
      event: (event, extra) => {
        const { evse } = place();
        if (event === 'TransactionStarted') place().startWh = this.#voice.energy(n);
        this.#voice.eEvse(n, 'session_event', {
          uuid: evse.session?.id ?? '',
          timestamp: isoTime(this.#options.clock.now()),
          connector_id: 1,
          event,
          ...withMeter(extra, this.#voice.energy(n), isoTime(this.#options.clock.now())),
        });
      },
      info: () => this.#voice.sessionInfo(n),
      error: (type, raised) => {
        this.#voice.e(
          'error_history_consumer',
          'history_api',
          raised ? 'error_raised' : 'error_cleared',
          errorObject(type, n),
        );
        if (type === 'evse_manager/Inoperative') {
          this.#ocpp?.fault(n, raised);
          this.#voice.sessionInfo(n);
        }
      },
      hlcFailed: (reason) =>
        this.#voice.eEvse(n, 'hlc_session_failed', { uuid: place().evse.session?.id ?? '', reason }),
      protocol: (name) => {
        this.#voice.protocol = name;
        this.#voice.eEvse(n, 'selected_protocol', name);
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
        this.#voice.e('ocpp_consumer', 'ocpp_api', 'ocpp_transaction_event', {
          transaction_event: what,
          evse: { id: n, connector_id: 1 },
          session_id: this.#places.get(n)?.evse.session?.id ?? '',
          ...(transactionId === undefined ? {} : { transaction_id: transactionId }),
        });
      },
      connected: (on: boolean) => {
        this.#voice.ocppConnected = on;
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
    this.#voice.e('auth_consumer', 'auth_api', 'token_validation_status', { token: { ...idTag(token) }, status });
  }
}

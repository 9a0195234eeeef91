import { hasFeature } from '../../protocols/everest/releases.ts';
import type { Token } from './evse.ts';
import { HARDWARE_A, type LookAlikeWorld, type Place } from './place.ts';
import type { Voice } from './voice.ts';
import { moduleOf, parsed } from './words.ts';

/** What the station is told over MQTT, in each dialect; what a real one would not understand it does not either. */
export class Inbox {
  readonly #world: LookAlikeWorld;
  readonly #voice: Voice;
  readonly #token: (n: number, token: Token, prevalidated: boolean) => void;

  constructor(world: LookAlikeWorld, voice: Voice, token: (n: number, token: Token, prevalidated: boolean) => void) {
    this.#world = world;
    this.#voice = voice;
    this.#token = token;
  }

  received(topic: string, payload: string): void {
    const car = /^everest_external\/nodered\/(\d+)\/carsim\/(?:cmd\/)?(\w+)$/.exec(topic);
    if (car !== null) return this.#carCommand(Number(car[1]), car[2] ?? '', payload);
    const n = /^everest_external\/nodered\/(\d+)\/cmd\/(\w+)$/.exec(topic);
    if (n !== null && this.#world.dialects.includes('N')) return this.#nCommand(Number(n[1]), n[2] ?? '', payload);
    if (topic === 'everest_api/dummy_token_provider/cmd/provide') return this.#provided(payload);
    const l = /^everest_api\/evse_manager_(\d+)\/cmd\/(\w+)$/.exec(topic);
    if (l !== null && this.#world.dialects.includes('L')) return this.#lCommand(Number(l[1]), l[2] ?? '', payload);
    const e = /^everest_api\/1\/(\w+)\/(\w+)\/m2e\/(\w+)$/.exec(topic);
    if (e !== null && this.#world.dialects.includes('E'))
      return this.#eCommand(e[1] ?? '', e[2] ?? '', e[3] ?? '', payload);
  }

  #carCommand(n: number, what: string, payload: string): void {
    const place = this.#world.places.get(n);
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
    const place = this.#world.places.get(n);
    if (place === undefined) return;
    if (what === 'enable' || what === 'disable') place.evse.enable(what === 'enable');
    else if (what === 'pause_charging' || what === 'resume_charging') this.#pause(place, what === 'pause_charging');
    else if (what === 'set_max_current' && hasFeature(this.#world.options.release, 'N limit in A') === true) {
      this.#limit(place, Number(payload));
    } else if (what === 'stop_transaction' && hasFeature(this.#world.options.release, 'N stop') === true)
      place.evse.stop('Local');
  }

  #lCommand(n: number, what: string, payload: string): void {
    const place = this.#world.places.get(n);
    if (place === undefined) return;
    if (what === 'enable_disable') {
      const { state } = parsed(payload);
      if (state === 'Enable' || state === 'Disable') place.evse.enable(state === 'Enable');
    } else if (what === 'pause_charging' || what === 'resume_charging') this.#pause(place, what === 'pause_charging');
    else if (what === 'stop_charging' && hasFeature(this.#world.options.release, 'L stop') === true)
      place.evse.stop('Local');
    else if (what === 'force_unlock') place.evse.stop('UnlockCommand');
    else if (what === 'set_limit_amps' && this.#world.traits.energySink !== false) this.#limit(place, Number(payload));
    else if (what === 'set_limit_amps_phases' && this.#world.traits.energySink !== false) {
      this.#limit(place, Number(parsed(payload)['amps']));
    }
  }

  #eCommand(type: string, module: string, what: string, payload: string): void {
    if (type === 'auth_token_provider') return this.#provided(payload);
    const message = parsed(payload);
    if (type === 'external_energy_limits_consumer') {
      const amps = /"ac_max_current_A":\{"value":(-?[\d.]+)/.exec(payload)?.[1];
      if (amps !== undefined) for (const place of this.#world.places.values()) this.#limit(place, Number(amps));
      return;
    }
    const headers = message['headers'] as { replyTo?: string } | undefined;
    const body = message['payload'] as Record<string, unknown> | undefined;
    const reply = (value: unknown): void => {
      if (headers?.replyTo !== undefined) this.#world.publish(headers.replyTo, JSON.stringify(value));
    };
    if (type === 'error_history_consumer') return reply({ errors: this.#voice.errors() });
    const place = [...this.#world.places.values()].find(({ evse }) => moduleOf(evse.n) === module);
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
    if (done) this.#world.ocpp()?.limit(on ? 0 : undefined);
    return done;
  }

  #limit(place: Place, amps: number): void {
    if (!Number.isFinite(amps)) return;
    place.maxA = Math.min(HARDWARE_A, Math.max(0, amps));
    place.evse.limitA = place.maxA;
    this.#world.ocpp()?.limit(amps >= HARDWARE_A ? undefined : place.maxA);
    this.#voice.limits(place);
  }

  #provided(payload: string): void {
    const provided = parsed(payload);
    const token = provided['id_token'] as { value?: string; type?: string } | undefined;
    const authorizationType = provided['authorization_type'];
    if (token?.value === undefined || token.type === undefined || typeof authorizationType !== 'string') {
      return this.#world.say(`token that a real station would not understand: ${payload}`);
    }
    const connectors = provided['connectors'] as number[] | undefined;
    // Without connectors: the one where a car waits, else the first.
    const waiting =
      [...this.#world.places.keys()].find((n) => this.#world.places.get(n)?.evse.word === 'Wait for Auth') ?? 1;
    for (const n of connectors ?? [waiting]) {
      this.#token(n, { value: token.value, type: token.type, authorizationType }, provided['prevalidated'] === true);
    }
  }
}

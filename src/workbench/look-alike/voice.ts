import { isoTime } from '../../core/time.ts';
import { hasFeature } from '../../protocols/everest/releases.ts';
import type { Reading } from './ocpp-side.ts';
import type { LookAlikeWorld, Place } from './place.ts';
import { errorObject, moduleOf } from './words.ts';

const VOLTS = 230;

/** What the station says, in the dialects that it speaks; topics and words as EVerest writes them. */
export class Voice {
  protocol = 'Unknown';
  ocppConnected = false;
  /** Heartbeats since the start. */
  beats = 0;
  readonly #world: LookAlikeWorld;

  constructor(world: LookAlikeWorld) {
    this.#world = world;
  }

  n(n: number, suffix: string, payload: string): void {
    if (this.#world.dialects.includes('N')) this.#world.publish(`everest_external/nodered/${n}/${suffix}`, payload);
  }
  l(topic: string, payload: string): void {
    if (this.#world.dialects.includes('L')) this.#world.publish(topic, payload);
  }
  e(type: string, module: string, name: string, value: unknown): void {
    if (this.#world.dialects.includes('E'))
      this.#world.publish(`everest_api/1/${type}/${module}/e2m/${name}`, JSON.stringify(value));
  }
  eEvse(n: number, name: string, value: unknown): void {
    // The name does not tell the number, as in real configurations.
    this.e('evse_manager_consumer', moduleOf(n), name, value);
  }

  reading(place: Place): Reading {
    const { evse, car } = place;
    const told = this.#world.ocpp()?.reading(evse.n);
    if (told !== undefined) return told;
    const amps = evse.charging ? Math.min(car.amps, place.maxA) : 0;
    const currentA = [amps, car.phases === 3 ? amps : 0, car.phases === 3 ? amps : 0];
    const powerW = amps * VOLTS * car.phases;
    const now = this.#world.options.clock.now();
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

  energy(n: number): number {
    const place = this.#world.places.get(n);
    return place === undefined ? 0 : this.reading(place).energyWh;
  }

  meter(place: Place): void {
    const { evse } = place;
    const { n } = evse;
    const { energyWh, powerW, currentA, voltageV } = this.reading(place);
    const phases = (values: readonly number[]) => ({ L1: values[0] ?? 0, L2: values[1] ?? 0, L3: values[2] ?? 0 });
    const meter = {
      timestamp: isoTime(this.#world.options.clock.now()),
      meter_id: 'YETI_POWERMETER',
      energy_Wh_import: { total: energyWh },
      power_W: { total: powerW },
      voltage_V: phases(voltageV),
      current_A: { ...phases(currentA), N: 0.2 },
    };
    const text = JSON.stringify(meter);
    this.n(n, 'powermeter/totalKw', (powerW / 1000).toFixed(1));
    this.n(n, 'powermeter/totalKWattHr', (energyWh / 1000).toFixed(5));
    this.n(n, 'powermeter_json', text);
    this.n(n, 'state/temperature', (25 + 0.003 * powerW).toFixed(5));
    this.l(`everest_api/evse_manager_${n}/var/powermeter`, text);
    this.eEvse(n, 'powermeter', meter);
    const board = { phase_seq_error: evse.charging, temperature: 25 + 0.003 * powerW, fan_rpm: 1500 };
    this.l(
      `everest_api/evse_manager_${n}/var/telemetry`,
      JSON.stringify({ ...board, supply_voltage_12V: 12.01, supply_voltage_minus_12V: -11.8 }),
    );
  }

  limits(place: Place): void {
    const { n } = place.evse;
    this.n(n, 'state/max_current', place.maxA.toFixed(5));
    this.l(
      `everest_api/evse_manager_${n}/var/limits`,
      JSON.stringify({ uuid: `evse_manager_${n}`, nr_of_phases_available: 3, max_current: place.maxA }),
    );
    this.eEvse(n, 'enforced_limits', {
      uuid: `evse_manager_${n}`,
      valid_for: 10,
      limits_root_side: { ac_max_current_A: { value: place.maxA, source: 'grid' } },
      schedule: [],
    });
  }

  sessionInfo(n: number): void {
    const { evse } = this.#at(n);
    const charged = Math.max(0, this.energy(n) - (this.#world.places.get(n)?.startWh ?? 0));
    const common = {
      state: evse.infoState,
      charged_energy_wh: evse.session === undefined ? 0 : charged,
      discharged_energy_wh: 0,
      latest_total_w: Math.round(this.reading(this.#at(n)).powerW),
    };
    const now = isoTime(this.#world.options.clock.now());
    this.l(
      `everest_api/evse_manager_${n}/var/session_info`,
      JSON.stringify({
        ...common,
        permanent_fault: evse.faulty,
        charging_duration_s: 0,
        datetime: now,
        active_enable_disable_source: { source: 'Unspecified', state: 'Enabled', priority: 0 },
      }),
    );
    if (hasFeature(this.#world.options.release, 'E session info') === true) {
      this.eEvse(n, 'session_info', {
        ...common,
        session_duration_s: 0,
        timestamp: now,
        selected_protocol: this.protocol,
      });
    }
  }

  errors(): object[] {
    return [...this.#world.places.values()].flatMap(({ evse }) => [
      ...[...evse.errors].map((type) => errorObject(type, evse.n)),
      ...(evse.faulty ? [errorObject('evse_manager/Inoperative', evse.n)] : []),
    ]);
  }

  eachSecond(): void {
    const numbers = [...this.#world.places.keys()];
    this.l('everest_api/connectors', JSON.stringify(numbers.map((n) => `evse_manager_${n}`)));
    this.l('everest_api/errors/var/active_errors', JSON.stringify(this.errors()));
    const status = this.#world.ocpp() === undefined ? 'unknown' : this.ocppConnected ? 'connected' : 'disconnected';
    this.l('everest_api/ocpp/var/connection_status', status);
    this.#each((place) => {
      const { n } = place.evse;
      this.l(`everest_api/evse_manager_${n}/var/datetime`, isoTime(this.#world.options.clock.now()));
      // One variable for all EVSEs, as in EVerest.
      this.l(`everest_api/evse_manager_${n}/var/selected_protocol`, this.protocol);
      if (this.#world.dialects.includes('L')) this.sessionInfo(n);
      this.limits(place);
      this.eEvse(n, 'heartbeat', this.beats);
    });
    for (const [type, module] of [
      ['auth_token_provider', 'token_api'],
      ['auth_consumer', 'auth_api'],
      ['external_energy_limits_consumer', 'external_energy_limits_consumer_api'],
      ['error_history_consumer', 'history_api'],
      ['ocpp_consumer', 'ocpp_api'],
    ] as const) {
      this.e(type, module, 'heartbeat', this.beats);
    }
    this.e('ocpp_consumer', 'ocpp_api', 'is_connected', this.ocppConnected);
    this.beats++;
  }

  #each(task: (place: Place) => void): void {
    for (const place of this.#world.places.values()) task(place);
  }

  #at(n: number): Place {
    const place = this.#world.places.get(n);
    if (place === undefined) throw new RangeError(`No connector ${n}`);
    return place;
  }
}

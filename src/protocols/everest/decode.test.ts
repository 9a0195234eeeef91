import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode } from './decode.ts';
import { releaseHint } from './states.ts';
import { topicOf } from './topics.ts';

const said = (topic: string, payload: string | Uint8Array) => decode(topic, payload)?.said;

describe('check 24: states of dialect N are read from their words', () => {
  it.each([
    ['Idle', 'idle'],
    ['Wait for Auth', 'waitAuth'],
    ['WaitAuth', 'waitAuth'],
    ['PrepareCharging', 'preparing'],
    ['Wait for energy', 'preparing'],
    ['Charging', 'charging'],
    ['Car Paused', 'pausedEv'],
    ['EVSE Paused', 'pausedEvse'],
    ['StoppingCharging', 'stopping'],
    ['Finished', 'finished'],
    ['Foo', 'unknown'],
    ['constructor', 'unknown'],
  ])('%s is %s', (word, state) => {
    expect(said('everest_external/nodered/2/state/state_string', word)).toEqual({ kind: 'state', state, word });
  });

  it('the number beside Charging is a hint at the release and nothing else', () => {
    expect(said('everest_external/nodered/1/state/state', '5')).toEqual({ kind: 'stateNumber', number: 5 });
    expect(releaseHint('Charging', 5)).toBe('2023.3 to 2025.12');
    expect(releaseHint('Charging', 4)).toContain('2026.02');
    expect(releaseHint('Idle', 1)).toBeUndefined();
  });
});

describe('what EVerest says', () => {
  it('powermeter of N, L and E', () => {
    const meter =
      '{"timestamp":"2026-08-21T10:00:00.250Z","meter_id":"YETI_POWERMETER","energy_Wh_import":{"total":124.0,"L1":41},"power_W":{"total":10680.5},"current_A":{"L1":16,"N":0.2}}';
    for (const topic of [
      'everest_external/nodered/1/powermeter_json',
      'everest_api/evse_manager_1/var/powermeter',
      'everest_api/1/evse_manager_consumer/evse_manager_api/e2m/powermeter',
    ]) {
      expect(said(topic, meter)).toEqual({
        kind: 'meter',
        timestamp: '2026-08-21T10:00:00.250Z',
        meterId: 'YETI_POWERMETER',
        energyWh: 124,
        powerW: 10680.5,
        currentA: { L1: 16, N: 0.2 },
      });
    }
  });

  it('session events, with the token of a Plug & Charge start', () => {
    const text =
      '{"uuid":"5f1b","timestamp":"2026-01-01T00:00:00Z","connector_id":1,"event":"TransactionStarted","transaction_started":{"id_tag":{"id_token":{"value":"DEHUBC1","type":"eMAID"},"authorization_type":"PlugAndCharge"},"meter_value":{"timestamp":"2026-01-01T00:00:00Z","energy_Wh_import":{"total":3.0}}}}';
    const seen = decode('everest_api/1/evse_manager_consumer/api_1/e2m/session_event', text);
    expect(seen).toMatchObject({
      family: 'E',
      at: { module: 'api_1', type: 'evse_manager_consumer' },
      said: {
        kind: 'sessionEvent',
        event: 'TransactionStarted',
        sessionId: '5f1b',
        meterWh: 3,
        token: { value: 'DEHUBC1', type: 'eMAID', authorizationType: 'PlugAndCharge' },
      },
    });
  });

  it('telemetry of 2026.02 is wrapped once more', () => {
    const event = '{"type":"transaction_started","session_id":"s1","id_tag":"","energy_counter_import_wh":5}';
    const wanted = { kind: 'sessionEvent', event: 'TransactionStarted', sessionId: 's1', meterWh: 5 };
    expect(said('everest-telemetry/session/1/events', event)).toEqual(wanted);
    expect(
      said('everest-telemetry/session/1/events', JSON.stringify({ msg_type: 'ExternalMQTT', data: event })),
    ).toEqual(wanted);
  });

  it('live values of board and telemetry, by part', () => {
    const live = '{"cp_voltage_high":9.1,"duty_cycle":53.3}';
    const wanted = {
      kind: 'telemetry',
      part: 'power_path_controller',
      values: { cp_voltage_high: 9.1, duty_cycle: 53.3 },
    };
    expect(said('everest-telemetry/livedata/1/power_path_controller', live)).toEqual(wanted);
    const wrapped = JSON.stringify({ msg_type: 'ExternalMQTT', data: live });
    expect(said('everest-telemetry/livedata/1/power_path_controller', wrapped)).toEqual(wanted);
    expect(said('everest-telemetry/Evse/1/control', '{"emergency_stop":true}')).toMatchObject({ part: 'control' });
    expect(said('everest-telemetry/V2G/1/transport', '{"x":1}')).toMatchObject({ part: 'v2g transport' });
    expect(said('everest_api/evse_manager_1/var/telemetry', '{"temperature":31.5,"fan_rpm":1500}')).toEqual({
      kind: 'telemetry',
      part: 'board',
      values: { temperature: 31.5, fan_rpm: 1500 },
    });
    expect(said('everest_external/nodered/1/state/temperature', '25.00000')).toEqual({
      kind: 'telemetry',
      part: 'board',
      values: { temperature: 25 },
    });
    expect(said('everest-telemetry/livedata/1/rcd', '5')).toMatchObject({ kind: 'invalid' });
  });

  it('three shapes of a token', () => {
    const status = (token: string) =>
      said('everest_api/1/auth_consumer/auth/e2m/token_validation_status', `{"status":"Accepted","token":${token}}`);
    for (const token of [
      '{"id_token":{"value":"A1","type":"ISO14443"},"authorization_type":"RFID"}',
      '{"id_token":"A1","id_token_type":"ISO14443","authorization_type":"RFID"}',
    ]) {
      expect(status(token)).toMatchObject({ token: { value: 'A1', type: 'ISO14443', authorizationType: 'RFID' } });
    }
    expect(status('{"id_token":"A1","type":"RFID"}')).toMatchObject({
      token: { value: 'A1', authorizationType: 'RFID' },
    });
  });

  it('a topic of nobody is nothing, a command of somebody else is a command', () => {
    expect(decode('homeassistant/x', '1')).toBeUndefined();
    expect(said('everest_external/nodered/1/carsim/cmd/modify_charging_session', 'unplug')).toEqual({
      kind: 'command',
    });
  });
});

describe('check 26: bad input is an observation, never an exception', () => {
  it.each([
    ['truncated JSON', 'everest_api/evse_manager_1/var/session_info', '{"state":"Char'],
    ['a wrong type', 'everest_api/connectors', '{"a":1}'],
    ['a number as text', 'everest_external/nodered/1/state/max_current', 'sixteen'],
    ['a megabyte', 'everest_external/nodered/1/powermeter_json', ' '.repeat(1_000_000)],
    ['an empty meter', 'everest_external/nodered/1/powermeter_json', '{}'],
    ['bytes', 'everest_api/evse_manager_1/var/powermeter', new Uint8Array([0xff, 0xfe, 0])],
  ])('%s', (_, topic, payload) => {
    expect(said(topic, payload)).toMatchObject({ kind: 'invalid' });
  });

  it('whatever comes on whatever topic', () => {
    const topics = [
      'everest_external/nodered/1/powermeter_json',
      'everest_api/1/evse_manager_consumer/a/e2m/session_event',
      'everest_api/1/evse_manager_consumer/a/e2m/enforced_limits',
      'everest_api/errors/var/active_errors',
      'everest-telemetry/session/1/events',
      'everest_api/1/auth_consumer/a/e2m/token_validation_status',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...topics), fc.oneof(fc.json(), fc.string(), fc.uint8Array()), (topic, payload) => {
        expect(decode(topic, payload)).toBeDefined();
      }),
    );
  });
});

it('no part of a topic can leave its place', () => {
  for (const evse of ['a/b', '+', '#', '', 'a b']) expect(() => topicOf('lPause', { evse })).toThrow(RangeError);
  expect(topicOf('lPause', { evse: 'evse_manager_1' })).toBe('everest_api/evse_manager_1/cmd/pause_charging');
});

import { describe, expect, it } from 'vitest';
import { encode, type Ways, withReplyTo } from './encode.ts';

const ALL: Ways = {
  dialects: ['N', 'L', 'E'],
  release: '2025.10',
  n: 2,
  evse: 'evse_manager_2',
  api: { evse: 'evse_api_2', token: 'token_api', limits: 'limits_api' },
  tokenTopic: 'everest_api/dummy_token_provider/cmd/provide',
};
const ENABLE = { do: 'evseEnable', priority: 42, source: 'LocalAPI' } as const;

describe('commands in the words of each dialect', () => {
  it('check 5: a token as the manual provider takes it', () => {
    const token = {
      do: 'authorize',
      idToken: 'DEADBEEF',
      type: 'ISO14443',
      authorizationType: 'RFID',
      prevalidated: false,
      connectors: [1],
    } as const;
    const payload =
      '{"id_token":{"value":"DEADBEEF","type":"ISO14443"},"authorization_type":"RFID","prevalidated":false,"connectors":[1]}';
    const topic = 'everest_api/dummy_token_provider/cmd/provide';
    expect(encode(token, { ...ALL, dialects: ['N'] })).toEqual({ dialect: 'N', publish: { topic, payload } });
    expect(encode(token, ALL)).toEqual({
      dialect: 'E',
      publish: { topic: 'everest_api/1/auth_token_provider/token_api/m2e/provided_token', payload },
    });
    expect(encode(token, { ...ALL, dialects: ['N'], tokenTopic: null })).toHaveProperty('unsupported');
  });

  it('check 18: enable is empty in N, flat in L, nested in E', () => {
    expect(encode(ENABLE, ALL, 'N')).toEqual({
      dialect: 'N',
      publish: { topic: 'everest_external/nodered/2/cmd/enable', payload: '' },
    });
    expect(encode(ENABLE, ALL, 'L')).toEqual({
      dialect: 'L',
      publish: {
        topic: 'everest_api/evse_manager_2/cmd/enable_disable',
        payload: '{"connector_id":0,"source":"LocalAPI","state":"Enable","priority":42}',
      },
    });
    expect(encode({ ...ENABLE, do: 'evseDisable' }, ALL, 'E')).toEqual({
      dialect: 'E',
      asks: true,
      publish: {
        topic: 'everest_api/1/evse_manager_consumer/evse_api_2/m2e/enable_disable',
        payload:
          '{"connector_id":0,"source":{"enable_source":"LocalAPI","enable_state":"Disable","enable_priority":42}}',
      },
    });
  });

  it('check 17: a limit needs a dialect that has one', () => {
    const limit = { do: 'evseLimit', amps: 10, at: '2026-01-01T00:00:00.000Z' } as const;
    expect(encode(limit, ALL)).toEqual({
      dialect: 'E',
      publish: {
        topic: 'everest_api/1/external_energy_limits_consumer/limits_api/m2e/set_external_limits',
        payload:
          '{"schedule_import":[{"timestamp":"2026-01-01T00:00:00.000Z","limits_to_root":{},"limits_to_leaves":{"ac_max_current_A":{"value":10,"source":"toolkit"}}}],"schedule_export":[],"schedule_setpoints":[]}',
      },
    });
    expect(encode(limit, { ...ALL, dialects: ['N'] })).toEqual({ unsupported: expect.stringContaining('2025.9') });
    expect(encode(limit, { ...ALL, dialects: ['N'], release: '2025.6' })).toMatchObject({
      publish: { topic: 'everest_external/nodered/2/cmd/set_max_current', payload: '10' },
    });
    expect(encode({ ...limit, phases: 1 }, ALL, 'L')).toMatchObject({
      publish: { topic: 'everest_api/evse_manager_2/cmd/set_limit_amps_phases', payload: '{"amps":10,"phases":1}' },
    });
  });

  it('check 19: a stop by release', () => {
    const stop = { do: 'evseStop', reason: 'Local' } as const;
    expect(encode(stop, { ...ALL, dialects: ['N'] })).toEqual({
      unsupported: expect.stringContaining('same RFID token'),
    });
    expect(encode(stop, { ...ALL, release: '2025.4' }, 'L')).toEqual({
      unsupported: expect.stringContaining('2025.6'),
    });
    expect(encode(stop, ALL, 'E')).toMatchObject({ publish: { payload: '{"reason":"Local"}' }, asks: true });
  });

  it('check 20: `raise` is a text', () => {
    expect(encode({ do: 'error', type: 'MREC8EmergencyStop', raise: true }, ALL)).toEqual({
      dialect: 'N',
      publish: {
        topic: 'everest_external/nodered/2/carsim/error',
        payload: '{"error_type":"MREC8EmergencyStop","raise":"true"}',
      },
    });
  });

  it('the place of an answer is named in the headers', () => {
    expect(withReplyTo('{"reason":"Local"}', 'a/b')).toBe('{"headers":{"replyTo":"a/b"},"payload":{"reason":"Local"}}');
    expect(withReplyTo('null', 'a/b')).toBe('{"headers":{"replyTo":"a/b"}}');
  });
});

import { describe, expect, it } from 'vitest';
import { decode, type Observation } from '../../../protocols/everest/decode.ts';
import { ConnectorModel } from './connector-model.ts';
import { correlate, type OcppTransaction } from './correlation.ts';
import type { EverestSession } from './session-log.ts';

const seen = (topic: string, payload: string): Observation => {
  const observation = decode(topic, payload);
  if (observation === undefined) throw new Error(topic);
  return observation;
};
const n = (word: string) => seen('everest_external/nodered/1/state/state_string', word);
const info = (state: string) =>
  seen('everest_api/evse_manager_1/var/session_info', `{"state":"${state}","permanent_fault":false}`);
const event = (name: string) =>
  seen('everest_api/1/evse_manager_consumer/a/e2m/session_event', `{"uuid":"s","event":"${name}"}`);

describe('the state of a connector', () => {
  it('is unknown until something is said, and again after the broker was lost', () => {
    const model = new ConnectorModel(1);
    expect(model.state).toBe('unknown');
    model.observe(n('Charging'), 0);
    expect(model.state).toBe('charging');
    model.forget();
    expect(model.state).toBe('unknown');
  });

  it('a command changes nothing', () => {
    const model = new ConnectorModel(1);
    model.observe(n('Idle'), 0);
    model.observe(seen('everest_external/nodered/1/cmd/disable', ''), 10);
    expect(model.state).toBe('idle');
  });

  it('check 25: FinishedEV that passes by is no end, one that stays is', () => {
    const model = new ConnectorModel(1);
    model.observe(info('Charging'), 0);
    model.observe(info('FinishedEV'), 100);
    expect(model.state).toBe('charging');
    model.observe(info('ChargingPausedEV'), 500);
    expect(model.state).toBe('pausedEv');
    model.tick(5_000);
    expect(model.state).toBe('pausedEv');
    model.observe(info('FinishedEV'), 6_000);
    model.observe(info('FinishedEV'), 6_900);
    expect(model.state).toBe('pausedEv');
    model.tick(7_000);
    expect(model.state).toBe('finished');
  });

  it('the latest news counts; who disagrees for more than 2 s yields to the higher authority, and that is shown', () => {
    const model = new ConnectorModel(1);
    model.observe(info('Preparing'), 0);
    model.observe(n('Charging'), 100);
    expect(model.state).toBe('charging');
    expect(model.view([]).inconsistent).toBe(false);
    model.tick(2_200);
    expect(model.view([])).toMatchObject({ state: 'preparing', inconsistent: true });
    model.observe(info('Charging'), 2_300);
    expect(model.view([])).toMatchObject({ state: 'charging', inconsistent: false });
    model.observe(event('ChargingPausedEVSE'), 3_000);
    expect(model.state).toBe('pausedEvse');
  });

  it('words that dialect N lacks are no contradiction', () => {
    const model = new ConnectorModel(1);
    model.observe(n('Wait for Auth'), 0);
    model.observe(info('AuthTimeout'), 10_000);
    model.tick(20_000);
    expect(model.view([])).toMatchObject({ state: 'authTimeout', inconsistent: false });
  });

  it('the faults of old releases are faults, not states', () => {
    const model = new ConnectorModel(1);
    model.observe(n('Charging'), 0);
    model.observe(n('Faulted'), 10);
    expect(model.view([])).toMatchObject({ state: 'charging', fault: true });
  });
});

describe('check 27: which OCPP transaction belongs to a session', () => {
  const session = (more: Partial<EverestSession> = {}): EverestSession => ({
    id: 'x',
    connector: 1,
    startedAt: '2026-01-01T00:00:00.000Z',
    transactionAt: '2026-01-01T00:00:10.000Z',
    meterStartWh: 0,
    timeline: [],
    ...more,
  });
  const transaction = (id: string, more: Partial<OcppTransaction> = {}): OcppTransaction => ({
    transactionId: id,
    evse: 1,
    idToken: 'CARD',
    startedAt: '2026-01-01T00:00:12.000Z',
    meterStartWh: 2,
    ...more,
  });

  it('the session id is the transaction id of 2.x', () => {
    expect(correlate(session({ sessionId: 'tx-7' }), [transaction('tx-1'), transaction('tx-7')], 1)).toMatchObject({
      kind: 'exact',
      transactionId: 'tx-7',
    });
  });
  it('the number that the station told is exact, whether the CSMS is read or not', () => {
    expect(correlate(session({ sessionId: 's', ocppTransactionId: '17' }), [], 1)).toMatchObject({
      kind: 'exact',
      transactionId: '17',
    });
  });
  it('one that fits is a guess and called so', () => {
    expect(correlate(session(), [transaction('1')], 1)).toMatchObject({ kind: 'heuristic', transactionId: '1' });
  });
  it.each<[string, Partial<OcppTransaction>, Partial<EverestSession>]>([
    ['another EVSE', { evse: 2 }, {}],
    ['more than 2 s early', { startedAt: '2026-01-01T00:00:07.900Z' }, {}],
    ['more than 10 s late', { startedAt: '2026-01-01T00:00:20.100Z' }, {}],
    ['another token', {}, { token: { value: 'OTHER' } }],
    ['another meter value', { meterStartWh: 500 }, {}],
  ])('%s does not fit', (_, one, more) => {
    expect(correlate(session(more), [transaction('1', one)], 1).kind).toBe('none');
  });
  it('two that fit are none', () => {
    expect(correlate(session(), [transaction('1'), transaction('2')], 1)).toMatchObject({ kind: 'none' });
  });
});

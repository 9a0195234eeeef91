import mqtt from 'mqtt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MqttBroker } from '../../src/link/mqtt-broker.ts';
import type { LookAlikeOptions } from '../../src/roles/everest/look-alike-port.ts';
import type { LookAlike, LookAlikeTraits } from '../../src/workbench/look-alike/index.ts';
import { testBroker, testEverest, testLookAlike, until } from '../support/everest.ts';

/** The checks of the EVerest facts by their numbers, over a real broker, against the look-alike. `*`: also to be seen at a real EVerest. */
let broker: MqttBroker;
let everest: Awaited<ReturnType<typeof testEverest>>;
let look: LookAlike;

beforeEach(async () => {
  broker = await testBroker();
});
afterEach(async () => {
  await look.stop();
  await everest.end();
  await broker.close();
});

async function world(station: object = {}, options: Partial<LookAlikeOptions> = {}, traits: LookAlikeTraits = {}) {
  const release = options.release ?? '2025.10';
  everest = await testEverest({ broker: { url: broker.url }, stations: [{ release, ...station }] });
  look = testLookAlike(broker.url, { release, ...options }, traits);
  await until(async () => (await everest.station()).heard);
}

/** Until the state is known (dialects L and E) and the EVSE of each API module is. */
async function settled(n = 1) {
  await until(async () => {
    const { modules, connectors } = await everest.station();
    const apis: { type: string; n?: number }[] = modules.api.filter(
      (api: { type: string }) => api.type === 'evse_manager_consumer',
    );
    return (
      connectors.some((one: { n: number; state: string }) => one.n === n && one.state !== 'unknown') &&
      apis.every((api) => api.n !== undefined)
    );
  });
}

async function charge(start: Record<string, unknown> = {}, n = 1) {
  expect(await everest.op('ev/start', start, '?wait=waitAuth', n)).toMatchObject({ status: 200 });
  expect(await everest.op('authorize', {}, '?wait=charging', n)).toMatchObject({ status: 200 });
}

/** States as they were told, oldest first. */
async function path(n = 1): Promise<string[]> {
  const { body } = await everest.call('GET', '/api/v1/everest/stations/cp001/timeline');
  return body.items
    .filter(
      (step: { by: string; n?: number; what: string }) =>
        step.by === 'everest' && step.n === n && step.what.startsWith('state '),
    )
    .map((step: { what: string }) => step.what.slice(6));
}

describe('tokens', () => {
  it('check 5: authorize publishes one JSON, not retained, on the configured topic', async () => {
    await world({ dialects: ['N', 'L'], tokenTopic: 'everest_api/my_tokens/cmd/provide' });
    const watcher = await mqtt.connectAsync(broker.url);
    const seen: string[] = [];
    watcher.on('message', (topic, payload, packet) => void seen.push(`${packet.retain} ${topic} ${payload}`));
    await watcher.subscribeAsync('everest_api/my_tokens/#');
    expect(await everest.op('authorize', { idToken: 'CARD-1' })).toMatchObject({ status: 202 });
    await until(() => seen.length > 0);
    const late = await mqtt.connectAsync(broker.url);
    late.on('message', (topic, payload, packet) => void seen.push(`${packet.retain} ${topic} ${payload}`));
    await late.subscribeAsync('everest_api/my_tokens/#');
    await everest.op('authorize', { idToken: 'CARD-2' });
    await until(() => seen.length >= 3);
    const shape = (card: string) =>
      `false everest_api/my_tokens/cmd/provide {"id_token":{"value":"${card}","type":"ISO14443"},"authorization_type":"RFID","prevalidated":false,"connectors":[1]}`;
    expect(seen).toEqual([shape('CARD-1'), shape('CARD-2'), shape('CARD-2')]);
    await watcher.endAsync();
    await late.endAsync();
  });
});

describe('the simulated car', () => {
  it('check 6*: basic charging from plug to power', async () => {
    await world();
    await settled();
    await charge();
    expect((await path()).filter((state) => state !== 'idle')).toEqual(['waitAuth', 'preparing', 'charging']);
    await until(async () => (await everest.connector()).meter.powerW > 10_000);
  });

  it('check 7: a second start is refused, with force it unplugs first', async () => {
    await world();
    await settled();
    await charge();
    expect(await everest.op('ev/start')).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
    const again = await everest.op('ev/start', { force: true }, '?wait=waitAuth');
    expect(again.status).toBe(200);
    expect(again.body.published.map((one: { payload: string }) => one.payload)).toEqual([
      'unplug',
      'sleep 1;iec_wait_pwr_ready;sleep 1;draw_power_regulated 16,3;sleep 36000',
    ]);
    expect(look.at(1).car.rejected).toBe(0);
  });

  it.each([
    [['N', 'L', 'E'], 'EVDisconnected'],
    [['N'], 'unknown'],
  ] as const)('check 8*: unplug ends the session (dialects %s: reason %s)', async (dialects, reason) => {
    await world({}, {}, { dialects });
    if (dialects.length > 1) await settled();
    await charge();
    expect(await everest.op('ev/unplug', {}, '?wait=idle')).toMatchObject({ status: 200 });
    await until(async () => {
      const { body } = await everest.call('GET', '/api/v1/everest/stations/cp001/sessions');
      return body.items[0]?.endedAt !== undefined && body.items[0].stopReason === reason;
    });
  });

  it('checks 9* and 25: the car pauses and goes on; no wait but the last; passing FinishedEV is no end', async () => {
    await world({}, {}, { dialects: ['N', 'L'] });
    await settled();
    await charge();
    const pause = await everest.op('ev/pause', {}, '?wait=pausedEv');
    const resume = await everest.op('ev/resume', {}, '?wait=charging');
    expect([pause.status, resume.status]).toEqual([200, 200]);
    expect([pause.body.published[0].payload, resume.body.published[0].payload]).toEqual([
      'pause;sleep 36000',
      'draw_power_regulated 16,3;sleep 36000',
    ]);
    expect(await path()).not.toContain('finished');
    const { body } = await everest.call('GET', '/api/v1/everest/stations/cp001/sessions');
    expect(body.items).toHaveLength(1);
    expect(body.items[0].endedAt).toBeUndefined();
  });

  it('check 12: the old ISO 15118 list is refused with a hint, and nothing is published', async () => {
    await world();
    await settled();
    const commands =
      'sleep 1;iso_wait_slac_matched;iso_start_v2g_session contract,AC_three_phase_core;iso_wait_pwr_ready;iso_draw_power_regulated 16,3;sleep 36000';
    const refused = await everest.op('ev/commands', { commands });
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'CAR_LIST_INVALID', hint: expect.stringContaining('2024.3') },
    });
    expect(refused.body.fields[0].msg).toContain(`at ${commands.indexOf('contract')}`);
    expect(look.at(1).car.terminated).toBe(0);
    const raw = { topic: 'everest_external/nodered/1/carsim/cmd/execute_charging_session', payload: 'sleep 1; unplug' };
    expect(await everest.call('POST', '/api/v1/everest/publish', raw)).toMatchObject({ status: 422 });
  });

  it('checks 11 and 14: ISO 15118 where the release and the EVSE have it', async () => {
    await world({ connectors: [{ n: 1, hlc: false }] });
    await settled();
    expect(await everest.op('ev/start', { mode: 'ac-iso2' })).toMatchObject({ status: 409 });
    expect(await everest.op('ev/start', { mode: 'ac-iso2', payment: 'contract' })).toMatchObject({ status: 501 });
    expect(look.log).toEqual(['broker connected']);
  });

  it('check 32: a countdown outlives a modify, and the adapter does not lean on it', async () => {
    await world();
    await settled();
    await charge();
    const sent = await everest.op('ev/commands', { commands: 'sleep 5;unplug', how: 'modify' });
    expect(sent.body.warnings[0]).toContain('countdown');
    // 5 s of the car are a quarter of a second here.
    await until(async () => (await everest.connector()).meter.energyWh > 25);
    expect(look.at(1).evse.plugged).toBe(true);
    expect(await everest.op('ev/unplug', {}, '?wait=idle')).toMatchObject({ status: 200 });
  });
});

describe('Plug & Charge', () => {
  const contract = { mode: 'ac-iso2', payment: 'contract' };

  it('check 15: the contract starts charging, a card shown meanwhile is ignored and that is told', async () => {
    await world({}, { release: '2026.02' }, { emaid: 'DEHUBC0815' });
    await settled();
    await everest.op('ev/start', contract, '?wait=waitAuth');
    await until(() => look.at(1).evse.waitsForContract);
    const card = await everest.op('authorize', { idToken: 'CARD' });
    expect(card.body.warnings[0]).toContain('ignores RFID');
    await until(async () => (await everest.connector()).state === 'charging');
    const { body } = await everest.call('GET', '/api/v1/everest/stations/cp001/sessions');
    expect(body.items[0]).toMatchObject({
      token: { value: 'DEHUBC0815', type: 'eMAID', authorizationType: 'PlugAndCharge' },
      protocol: 'ISO15118-2-2013',
    });
  });

  it('check 16: a refused contract is shown and starts nothing', async () => {
    await world({}, { release: '2026.02' }, { emaid: 'DEBAD', refused: ['DEBAD'] });
    await settled();
    await everest.op('ev/start', contract, '?wait=waitAuth');
    await until(async () => (await everest.connector()).hlcFailed === 'AuthorizationFailed');
    expect(await path()).not.toContain('preparing');
  });
});

describe('the EVSE', () => {
  it.each(['N', 'L', 'E'] as const)('check 10: pause and resume by dialect %s', async (via) => {
    await world();
    await settled();
    expect(await everest.op('evse/pause', {}, `?via=${via}`)).toMatchObject({ status: 409 });
    await charge();
    const paused = await everest.op('evse/pause', {}, `?via=${via}&wait=pausedEvse`);
    expect(paused).toMatchObject({ status: 200, body: { dialect: via } });
    if (via === 'E') expect(paused.body.reply).toBe(true);
    await until(async () => (await everest.connector()).pauseReasons.includes('UserPause'));
    expect(await everest.op('evse/resume', {}, `?via=${via}&wait=charging`)).toMatchObject({ status: 200 });
  });

  it('check 17: a limit is compared with what EVerest enforces; below 6 A it pauses', async () => {
    await world();
    await settled();
    await charge();
    expect(await everest.op('evse/limit', { amps: 10 })).toMatchObject({
      status: 202,
      body: { dialect: 'E', warnings: [] },
    });
    expect((await everest.connector()).limit.currentA).toBe(10);
    await everest.op('evse/limit', { amps: 4 }, '?wait=pausedEvse');
    await until(async () => (await everest.connector()).pauseReasons.includes('NoEnergy'));
    expect(await everest.op('evse/limit', { amps: 16 }, '?wait=charging')).toMatchObject({ status: 200 });
  });

  it('check 17: without a way there is a reason, without a sink a warning', async () => {
    await world({}, {}, { dialects: ['N', 'L'], energySink: false });
    await settled();
    expect(await everest.op('evse/limit', { amps: 10 }, '?via=N')).toMatchObject({
      status: 501,
      body: { detail: expect.stringContaining('2025.9') },
    });
    expect((await everest.op('evse/limit', { amps: 10 })).body.warnings[0]).toContain('limitNotEnforced');
  });

  it.each(['N', 'L', 'E'] as const)('check 18*: disable and enable by dialect %s', async (via) => {
    await world();
    await settled();
    expect(await everest.op('evse/disable', {}, `?via=${via}&wait=disabled`)).toMatchObject({ status: 200 });
    expect(await everest.op('evse/enable', {}, `?via=${via}&wait=idle`)).toMatchObject({ status: 200 });
  });

  it.each(['L', 'E'] as const)('check 19*: a stop by dialect %s', async (via) => {
    await world();
    await settled();
    await charge();
    expect(await everest.op('evse/stop', {}, `?via=${via}&wait=finished`)).toMatchObject({ status: 200 });
  });

  it('check 19*: N has no stop; the same card again ends it with reason Local', async () => {
    await world({}, {}, { dialects: ['N', 'E'] });
    // Nothing repeats the state here: it stays unknown until the first change.
    await until(async () => (await everest.station()).modules.api.some((api: { n?: number }) => api.n === 1));
    expect((await everest.connector()).state).toBe('unknown');
    await charge();
    expect(await everest.op('evse/stop', {}, '?via=N')).toMatchObject({
      status: 501,
      body: { detail: expect.stringContaining('same RFID token') },
    });
    expect(await everest.op('authorize', {}, '?wait=finished')).toMatchObject({ status: 200 });
    const { body } = await everest.call('GET', '/api/v1/everest/stations/cp001/sessions');
    expect(body.items[0].stopReason).toBe('Local');
  });
});

describe('errors', () => {
  it('check 20*: a fatal one pauses and shows, a small one is listed only', async () => {
    await world();
    await settled();
    await charge();
    await everest.op('errors/raise', { type: 'MREC8EmergencyStop' }, '?wait=pausedEvse');
    await until(async () => (await everest.connector()).fault);
    expect((await everest.connector()).errors.map((one: { type: string }) => one.type)).toContain(
      'evse_board_support/MREC8EmergencyStop',
    );
    expect(await everest.op('errors/clear', { type: 'MREC8EmergencyStop' }, '?wait=charging')).toMatchObject({
      status: 200,
    });
    await everest.op('errors/raise', { type: 'MREC3HighTemperature' });
    await until(async () => (await everest.connector()).errors.length === 1);
    expect(await everest.connector()).toMatchObject({ fault: false, state: 'charging' });
  });

  it('checks 21* and 22*: a residual current heals, a broken diode stays until the car is reset', async () => {
    await world();
    await settled();
    await charge();
    const trip = await everest.op('errors/rcd', { mA: 10.5 }, '?wait=pausedEvse');
    expect(trip.body.published[0].payload).toBe('draw_power_regulated 16,3;rcd_current 10.5;sleep 36000');
    expect(await everest.op('errors/rcd', { mA: 0.2 }, '?wait=charging')).toMatchObject({ status: 200 });
    await everest.op('errors/diode', {}, '?wait=pausedEvse');
    await everest.op('ev/unplug', {}, '?wait=idle');
    expect((await everest.connector()).fault).toBe(true);
    await everest.op('ev/reset');
    await until(async () => !(await everest.connector()).fault);
  });

  it('check 23: types that the simulator forgets are told', async () => {
    await world();
    await settled();
    expect((await everest.op('errors/raise', { type: 'lock_VendorError' })).body.warnings[0]).toContain('ignored');
    expect((await everest.op('errors/raise', { type: 'BrownOut' })).body.warnings).toEqual([]);
  });
});

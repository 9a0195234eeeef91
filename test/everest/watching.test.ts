import { existsSync } from 'node:fs';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { afterEach, describe, expect, it } from 'vitest';
import type { MqttBroker } from '../../src/link/mqtt-broker.ts';
import { webAppFolder } from '../../src/platform/web-app.ts';
import type { LookAlike } from '../../src/workbench/look-alike/index.ts';
import { testBroker, testEverest, testLookAlike, until } from '../support/everest.ts';

/** The checks of the EVerest facts by their numbers, second half: brokers, detection, what comes in, reports. */
const toEnd: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (let end = toEnd.pop(); end !== undefined; end = toEnd.pop()) await end();
});

async function broker(port = 0): Promise<MqttBroker> {
  const one = await testBroker(port);
  toEnd.push(() => one.close());
  return one;
}
async function everestAt(url: string, ...stations: object[]) {
  const one = await testEverest({
    broker: { url },
    stations: stations.length === 0 ? [{ release: '2025.10' }] : stations,
  });
  toEnd.push(() => one.end());
  return one;
}
function lookAlike(...given: Parameters<typeof testLookAlike>): LookAlike {
  const one = testLookAlike(...given);
  toEnd.push(() => one.stop());
  return one;
}
type Everest = Awaited<ReturnType<typeof testEverest>>;
const known = (everest: Everest, n = 1) => until(async () => (await everest.connector(n)).state === 'idle');
const charge = async (everest: Everest, n = 1) => {
  await everest.op('ev/start', {}, '?wait=waitAuth', n);
  expect(await everest.op('authorize', {}, '?wait=charging', n)).toMatchObject({ status: 200 });
};

describe('brokers', () => {
  it('check 1: without a broker REST is up and says so, commands are 503, and it connects when one comes', async () => {
    const first = await testBroker();
    await first.close();
    const everest = await everestAt(first.url);
    await until(async () => (await everest.station()).says.includes('connection refused'));
    expect(await everest.call('GET', '/api/v1/health')).toMatchObject({
      status: 200,
      body: { status: 'degraded', problems: ['cp001: no broker: nothing listens there (connection refused)'] },
    });
    expect(await everest.op('authorize')).toMatchObject({
      status: 503,
      body: { detail: expect.stringContaining('Nothing was sent') },
    });
    await broker(first.port);
    await until(async () => (await everest.station()).broker.connected);
    expect((await everest.station()).says).toContain('nothing has been heard');
    expect(await everest.op('authorize')).toMatchObject({
      status: 503,
      body: { detail: expect.stringContaining('nothing has been heard') },
    });
    expect((await everest.call('GET', '/api/v1/health')).body).toMatchObject({
      status: 'degraded',
      problems: ['cp001: nothing has been heard from EVerest yet'],
    });
    lookAlike(first.url);
    await known(everest);
    expect((await everest.call('GET', '/api/v1/health')).body).toMatchObject({ status: 'ok', problems: [] });
  });

  it('check 2: embedded broker and look-alike start with the service, on free ports', async () => {
    const everest = await testEverest({
      broker: { look: false, embeddedPort: 0 },
      lookAlike: { on: true, ocpp: 'off' },
      stations: [{}],
    });
    toEnd.push(() => everest.end());
    expect((await everest.call('GET', '/api/v1/everest')).body).toMatchObject({
      lookAlike: true,
      broker: { how: 'embedded' },
    });
    await known(everest);
    // Its release is that of the look-alike, so ISO 15118 can be started at once.
    expect((await everest.station()).release).toBe('2026.02');
    await charge(everest);
  });

  it('a taken port of the embedded broker stops nothing', async () => {
    const other = await broker();
    const everest = await testEverest({ broker: { look: false, embeddedPort: other.port } });
    toEnd.push(() => everest.end());
    await until(async () => (await everest.station()).broker.connected);
    expect((await everest.call('GET', '/api/v1/everest')).body.broker.text).not.toContain(`:${other.port} `);
  });

  it('broker killed and restarted in mid-session: unknown meanwhile, then the session goes on', async () => {
    const first = await testBroker();
    const everest = await everestAt(first.url);
    const look = lookAlike(first.url);
    await known(everest);
    await charge(everest);
    await first.close();
    await until(async () => (await everest.connector()).state === 'unknown');
    expect(await everest.op('ev/unplug')).toMatchObject({ status: 503 });
    await broker(first.port);
    await until(async () => (await everest.connector()).state === 'charging');
    expect(look.at(1).evse.charging).toBe(true);
    expect(await everest.op('ev/unplug', {}, '?wait=idle')).toMatchObject({ status: 200 });
    const { body } = await everest.call('GET', '/api/v1/everest/stations/cp001/sessions');
    expect(body.items).toHaveLength(1);
    expect(body.items[0].endedAt).toBeDefined();
  });
});

describe('what is heard', () => {
  it('check 3*: unknown before any message, also when only the meter is heard', async () => {
    const one = await broker();
    const everest = await everestAt(one.url);
    expect(await everest.connector()).toMatchObject({ state: 'unknown', stale: true });
    lookAlike(one.url, {}, { dialects: ['N'] });
    await until(async () => (await everest.connector()).meter !== undefined);
    expect(await everest.connector()).toMatchObject({ state: 'unknown', stale: false });
  });

  it.each([[['N']], [['N', 'L']], [['N', 'L', 'E']], [['E']]] as const)(
    'check 4*: a station that speaks %s',
    async (dialects) => {
      const one = await broker();
      const everest = await everestAt(one.url, {});
      lookAlike(one.url, { connectors: 2 }, { dialects });
      const modulesOfL = (dialects as readonly string[]).includes('L') ? ['evse_manager_1', 'evse_manager_2'] : [];
      await until(async () => {
        const { dialects: heard, connectors, modules } = await everest.station();
        const numbered = modules.api.filter((api: { n?: number }) => api.n !== undefined).length;
        return (
          heard.join() === dialects.join() &&
          connectors.length === 2 &&
          modules.evse.length === modulesOfL.length &&
          numbered === ((dialects as readonly string[]).includes('E') ? 2 : 0)
        );
      });
      const { modules } = await everest.station();
      expect(modules.evse).toEqual(modulesOfL);
      const { body } = await everest.call('GET', '/api/v1/everest/stations/cp001/capabilities');
      expect(body.connectors[1].operations['evse/pause']).toMatchObject({ is: 'supported', dialect: dialects.at(-1) });
      const car = body.connectors[1].operations['ev/*'].is;
      expect(car).toBe((dialects as readonly string[]).includes('N') ? 'unverified' : 'unsupported');
    },
  );

  it.each([
    ['2025.10', '2023.3 to 2025.12'],
    ['2026.02', '2026.02 or newer'],
  ])('check 24: both numberings are charging (%s)', async (release, hint) => {
    const one = await broker();
    const everest = await everestAt(one.url, { release });
    lookAlike(one.url, { release }, { dialects: ['N'] });
    await until(async () => (await everest.station()).heard);
    await charge(everest);
    await until(async () => (await everest.connector()).releaseHint?.startsWith(hint) === true);
  });

  it('checks 24 and 26: what nobody understands is shown, and nothing stops', async () => {
    const one = await broker();
    const everest = await everestAt(one.url);
    const look = lookAlike(one.url, {}, { dialects: ['N'] });
    await until(() => look.connected);
    look.publish('everest_external/nodered/1/state/state_string', 'Foo');
    await until(async () => (await everest.connector()).word === 'Foo');
    expect((await everest.connector()).state).toBe('unknown');
    const rubbish = await mqtt.connectAsync(one.url);
    await rubbish.publishAsync('everest_external/nodered/1/powermeter_json', '{"energy_Wh_import":');
    await until(async () => (await everest.connector()).lastInvalid?.reason.startsWith('not JSON') === true);
    await rubbish.publishAsync('everest_external/nodered/1/powermeter_json', 'x'.repeat(1_000_000));
    await rubbish.publishAsync('everest_api/evse_manager_1/var/session_info', Buffer.from([0xff, 0xfe, 0x00]));
    await rubbish.publishAsync('everest_api/1/evse_manager_consumer/x/e2m/session_event', '[]');
    await rubbish.publishAsync('everest_external/nodered/1/state/state_string', 'Charging', { retain: true });
    await until(async () => (await everest.connector()).state === 'charging');
    await rubbish.endAsync();
    // A retained message is what somebody left there: a new connection does not believe it.
    const second = await everestAt(one.url);
    await until(async () => (await second.connector()).meter !== undefined);
    expect((await second.connector()).state).toBe('unknown');
    await rubbish.endAsync();
  });

  it('telemetry shows at its connector: the board, and whatever a station tells by part', async () => {
    const one = await broker();
    const everest = await everestAt(one.url);
    const look = lookAlike(one.url);
    await known(everest);
    look.publish('everest-telemetry/livedata/1/rcd', '{"rcd_mA":0.4}');
    await until(async () => (await everest.connector()).telemetry?.rcd !== undefined);
    const { telemetry } = await everest.connector();
    expect(telemetry.rcd.values).toEqual({ rcd_mA: 0.4 });
    expect(telemetry.board.values.temperature).toBeGreaterThanOrEqual(25);
    expect(telemetry.board.values.fan_rpm).toBe(1500);
  });

  it('check 28: two connectors do not mix; the protocol of dialect L is told as station-wide', async () => {
    const one = await broker();
    const everest = await everestAt(one.url, {
      release: '2025.10',
      connectors: [
        { n: 1, hlc: true },
        { n: 2, hlc: false },
      ],
    });
    lookAlike(one.url, { connectors: 2 }, { dialects: ['N', 'L'], withoutHlc: [2] });
    await known(everest, 1);
    await known(everest, 2);
    await charge(everest, 2);
    expect((await everest.connector(1)).state).toBe('idle');
    await until(async () => (await everest.connector(2)).meter.powerW > 10_000);
    expect((await everest.connector(1)).meter.powerW).toBe(0);
    expect((await everest.connector(2)).protocol.stationWide).toBe(true);
    const { body } = await everest.call('GET', '/api/v1/everest/stations/cp001/sessions');
    expect(body.items.map((session: { connector: number }) => session.connector)).toEqual([2]);
  });

  it('check 29: two stations on one broker with prefixes do not hear each other', async () => {
    const one = await broker();
    const everest = await everestAt(
      one.url,
      { id: 'a', externalPrefix: 'a_', release: '2025.10' },
      { id: 'b', externalPrefix: 'b_', release: '2025.10' },
    );
    lookAlike(one.url, { externalPrefix: 'a_' });
    lookAlike(one.url, { externalPrefix: 'b_' });
    const state = async (id: string) => (await everest.station(id)).connectors[0].state;
    await until(async () => (await state('a')) === 'idle' && (await state('b')) === 'idle');
    await charge(everest);
    const paused = await everest.op('evse/pause', {}, '?via=E&wait=pausedEvse');
    expect(paused.body.published[0].payload).toContain('"replyTo":"everest_api/');
    expect(await state('b')).toBe('idle');
  });

  it('check 30: a restart is noticed, silence is offline, and it comes back', async () => {
    const one = await broker();
    const everest = await everestAt(one.url);
    const look = testLookAlike(one.url);
    await known(everest);
    await charge(everest);
    expect((await everest.connector()).car).toBeDefined();
    look.restart();
    await until(async () => (await everest.connector()).car === undefined);
    await known(everest);
    await until(async () => {
      const { body } = await everest.call('GET', '/api/v1/everest/stations/cp001/timeline');
      return body.items.some((step: { what: string }) => step.what.startsWith('restarted'));
    });
    await look.stop();
    await until(async () => (await everest.connector()).state === 'offline');
    expect((await everest.station()).says).toContain('silent');
    expect((await everest.call('GET', '/api/v1/health')).body.problems).toEqual(['cp001: EVerest is silent']);
    expect(await everest.op('authorize')).toMatchObject({
      status: 503,
      body: { detail: expect.stringContaining('silent') },
    });
    lookAlike(one.url);
    await known(everest);
  });

  it('check 31: an answer finds its request; a missing one is 504, a late or doubled one is told', async () => {
    const one = await broker();
    const everest = await everestAt(one.url, {
      release: '2025.10',
      dialects: ['E'],
      connectors: [{ n: 1, hlc: true, apiModule: 'mine' }],
    });
    const station = await mqtt.connectAsync(one.url);
    toEnd.push(() => station.endAsync());
    const asked: { topic: string; replyTo: string }[] = [];
    station.on(
      'message',
      (topic, payload) => void asked.push({ topic, replyTo: JSON.parse(String(payload)).headers.replyTo }),
    );
    await station.subscribeAsync('everest_api/1/evse_manager_consumer/mine/m2e/#');
    await until(async () => (await everest.station()).broker.connected);
    const first = everest.op('evse/unlock');
    const second = everest.op('evse/unlock');
    await until(() => asked.length === 2);
    await station.publishAsync(asked[1]?.replyTo ?? '', 'false');
    expect((await second).body.reply).toBe(false);
    expect(await first).toMatchObject({ status: 504, body: { detail: expect.stringContaining('did not answer') } });
    await station.publishAsync(asked[0]?.replyTo ?? '', 'true');
    await until(async () => {
      const { body } = await everest.call('GET', '/api/v1/everest/stations/cp001/timeline');
      return body.items.some((step: { what: string }) => step.what.startsWith('an answer that nobody waits for'));
    });
  });
});

describe('records and doors', () => {
  it('check 33: every message stands in the journal with direction, topic and payload; the password nowhere', async () => {
    const one = await broker();
    const everest = await testEverest({
      broker: { url: one.url, username: 'user', password: 'very-secret' },
      stations: [{ release: '2025.10' }],
    });
    toEnd.push(() => everest.end());
    lookAlike(one.url);
    await known(everest);
    await everest.op('ev/start', {}, '?wait=waitAuth');
    const q = encodeURIComponent('proto:mqtt station:cp001 topic:*execute_charging_session');
    const { body } = await everest.call('GET', `/api/v1/messages?q=${q}`);
    expect(body.items).toMatchObject([
      { k: 'send', f: 'everest', to: 'cp001', a: 'everest_external/nodered/1/carsim/cmd/execute_charging_session' },
    ]);
    const message = await everest.call('GET', `/api/v1/messages/${body.items[0].s}`);
    expect(message.body).toMatchObject({
      raw: 'sleep 1;iec_wait_pwr_ready;sleep 1;draw_power_regulated 16,3;sleep 36000',
      origin: { by: 'user' },
      transport: { tap: 'everest' },
    });
    const settings = await everest.call('GET', '/api/v1/settings');
    expect(JSON.stringify(settings.body)).not.toContain('very-secret');
    const logs = await everest.call('GET', '/api/v1/logs');
    expect(JSON.stringify(logs.body)).not.toContain('very-secret');
  });

  it.skipIf(!existsSync(join(webAppFolder(), 'index.html')))('its page stands at /gui and opens EVerest', async () => {
    const everest = await testEverest({ broker: { look: false, embeddedPort: 0 } });
    toEnd.push(() => everest.end());
    const page = await fetch(`${everest.base}/gui`);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await page.text()).toContain('&quot;home&quot;:&quot;/everest&quot;');
  });

  it('check 35: the short addresses, with the connector that is named', async () => {
    const one = await broker();
    const everest = await everestAt(one.url, {
      release: '2025.10',
      connectors: [
        { n: 1, hlc: true },
        { n: 2, hlc: true },
      ],
    });
    lookAlike(one.url, { connectors: 2 }, { dialects: ['N', 'L'] });
    await known(everest, 1);
    await known(everest, 2);
    expect(await everest.call('GET', '/connector_state/2')).toEqual({ status: 200, body: { state: 'Unplugged' } });
    const started = await everest.call('POST', '/startcharging?connector_id=2');
    expect(started).toMatchObject({
      status: 200,
      body: {
        message: 'Published',
        published: [{ topic: 'everest_external/nodered/2/carsim/cmd/execute_charging_session' }],
      },
    });
    await until(async () => (await everest.connector(2)).state === 'waitAuth');
    expect(await everest.call('POST', '/authorize?connector_id=2')).toMatchObject({
      body: { auth: 'ABC12345', published: [{ payload: expect.stringContaining('"value":"ABC12345"') }] },
    });
    await until(async () => (await everest.connector(2)).state === 'charging');
    await until(async () => (await everest.call('GET', '/connector_state/2')).body.state === 'Charging');
    expect((await everest.call('GET', '/connector_state/1')).body.state).toBe('Unplugged');
    expect(await everest.call('POST', '/unplug?connector_id=2')).toMatchObject({ status: 200 });
    await until(async () => (await everest.connector(2)).state === 'idle');
    const iso = await everest.call('POST', '/startchargingiso15118');
    expect(iso.body.published[0].payload).toContain('iso_start_v2g_session AC;');
    expect((await everest.call('GET', '/context')).body.state).toHaveProperty('2');
  });

  it('check 36: a station that is only watched takes no command', async () => {
    const one = await broker();
    const everest = await everestAt(one.url, { release: '2025.10', control: false });
    lookAlike(one.url);
    await known(everest);
    for (const name of ['authorize', 'ev/start', 'evse/pause', 'errors/raise']) {
      expect(await everest.op(name)).toMatchObject({ status: 403 });
    }
    const raw = { topic: 'everest_external/nodered/1/cmd/disable' };
    expect(await everest.call('POST', '/api/v1/everest/publish', raw)).toMatchObject({ status: 403 });
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import { httpOptions } from '../src/platform/prepare-service.ts';
import { startStations } from '../src/roles/station/index.ts';
import { type StationSection, stationSection } from '../src/roles/station/section.ts';
import { testCsms } from './support/csms.ts';
import { testRuntime } from './support/runtime.ts';

/** Scenarios over REST: saved, run against the CSMS on real sockets, watched, stopped, deleted. */

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function world() {
  const csms = await testCsms({ authorization: { unknownTokens: 'accept' } });
  ends.push(() => csms.end());
  const endpoint = `${csms.base.replace(/^http/, 'ws')}/ocpp`;
  const made = testRuntime({
    service: 'station',
    section: stationSection,
    config: { csms: endpoint, stations: [] },
  });
  const settings = made.settings as StationSection;
  const service = await startStations(made.runtime, settings, {
    ...httpOptions(made.runtime, settings),
    checkResponses: true,
  });
  ends.push(async () => {
    await service.stop();
    await made.close(true);
  });
  const call = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${service.url}/api/v1${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    // biome-ignore lint/suspicious/noExplicitAny: tests look into answers member by member
    return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as any };
  };
  const ended = async (id: string) => {
    for (;;) {
      const { body } = await call('GET', `/sim/runs/${id}`);
      if (body.state !== 'running') return body;
    }
  };
  return { csms, call, ended };
}

const PLUG_AND_SEE = {
  name: 'plug and see',
  template: 'ac-11-home',
  steps: [
    { do: 'plug', evseId: 1 },
    { expect: { 'evses/0/connectors/0/status': 'Occupied' }, within: 5 },
  ],
};

describe('scenarios over REST', () => {
  it('lists what ships, saves an own one, runs it with a verdict, and deletes it', async () => {
    const { csms, call, ended } = await world();
    const shipped = (await call('GET', '/sim/scenarios')).body.items;
    expect(shipped.map((one: { id: string }) => one.id)).toContain('session-by-card');
    expect((await call('PUT', '/sim/scenarios/mine', PLUG_AND_SEE)).body).toEqual({
      id: 'mine',
      name: 'plug and see',
      steps: 2,
      variables: {},
      lines: ['plug, evseId 1', 'expect evses/0/connectors/0/status Occupied, within 5 s'],
      shipped: false,
    });
    expect((await call('GET', '/sim/scenarios/mine')).body).toEqual(PLUG_AND_SEE);
    const started = await call('POST', '/sim/runs', { scenario: 'mine', version: '2.1', seed: 's' });
    expect(started).toMatchObject({ status: 201, body: { state: 'running', scenario: 'plug and see', seed: 's' } });
    const run = await ended(started.body.id);
    expect(run).toMatchObject({ state: 'passed', version: '2.1' });
    expect(run.steps.map((one: { path: string; state: string }) => `${one.path} ${one.state}`)).toEqual([
      '0 done',
      '1 done',
      '2 done',
    ]);
    expect(csms.csms.state.stations.get(run.station)?.boot.status).toBe('Accepted');
    expect((await call('GET', '/sim/runs')).body.items).toHaveLength(1);
    expect((await call('DELETE', '/sim/scenarios/mine')).status).toBe(204);
    expect((await call('GET', '/sim/scenarios/mine')).status).toBe(404);
    expect((await call('DELETE', `/sim/runs/${run.id}`)).status).toBe(204);
    expect((await call('GET', `/sim/runs/${run.id}`)).status).toBe(404);
  });

  it('says at which step a run failed, and stops one that waits', async () => {
    const { call, ended } = await world();
    const wrong = { name: 'wrong', steps: [{ do: 'plug' }, { expect: { 'evses/0/connectors/0/status': 'Faulted' } }] };
    await call('PUT', '/sim/scenarios/wrong', wrong);
    const failed = await ended((await call('POST', '/sim/runs', { scenario: 'wrong' })).body.id);
    expect(failed).toMatchObject({ state: 'failed' });
    expect(failed.steps.at(-1)).toMatchObject({
      path: '2',
      state: 'failed',
      reason: expect.stringContaining('Occupied'),
    });
    await call('PUT', '/sim/scenarios/long', { name: 'long', steps: [{ wait: 3600 }] });
    const { id } = (await call('POST', '/sim/runs', { scenario: 'long' })).body;
    let run = (await call('GET', `/sim/runs/${id}`)).body;
    while (run.steps.at(-1)?.label !== 'wait 3600 s') run = (await call('GET', `/sim/runs/${id}`)).body;
    while (run.steps.at(-1)?.waitingFor === undefined) run = (await call('GET', `/sim/runs/${id}`)).body;
    expect(run.steps.at(-1)).toMatchObject({
      state: 'active',
      waitingFor: { what: 'this time to pass', seconds: 3600 },
      at: expect.any(Number),
    });
    expect((await call('DELETE', `/sim/runs/${id}`)).status).toBe(204);
    expect((await call('GET', `/sim/runs/${id}`)).body).toMatchObject({ state: 'stopped' });
  });

  it('takes other values for the variables of a scenario, and refuses names that it does not have', async () => {
    const { call, ended } = await world();
    const scenario = {
      name: 'waits',
      variables: { seconds: 3600, token: 'ANY' },
      steps: [{ until: 'transaction-started', within: '${seconds}' }],
    };
    await call('PUT', '/sim/scenarios/waits', scenario);
    const bad = await call('POST', '/sim/runs', { scenario: 'waits', variables: { second: 1 } });
    expect(bad).toMatchObject({ status: 400, body: { fields: [{ pointer: '/variables/second' }] } });
    const { body } = await call('POST', '/sim/runs', { scenario: 'waits', variables: { seconds: 0.2 } });
    expect(body).toMatchObject({
      scenarioId: 'waits',
      variables: { seconds: 0.2, token: 'ANY' },
    });
    const failed = await ended(body.id);
    expect(failed.steps.at(-1)).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('transaction-started did not happen'),
    });
    expect(failed.steps.at(-1).endedAt).toBeGreaterThanOrEqual(failed.steps.at(-1).at + 150);
  });

  it('refuses what it cannot take: bad steps, files of this machine, names of shipped ones', async () => {
    const { call } = await world();
    const bad = await call('PUT', '/sim/scenarios/bad', { name: 'bad', steps: [{ jump: 1 }] });
    expect(bad.status).toBeGreaterThanOrEqual(400);
    expect(JSON.stringify(bad.body)).toContain('/steps/0');
    const file = { ...PLUG_AND_SEE, template: '/etc/hostname' };
    expect(await call('PUT', '/sim/scenarios/file', file)).toMatchObject({
      status: 400,
      body: { fields: [{ pointer: '/template' }] },
    });
    expect((await call('PUT', '/sim/scenarios/session-by-card', PLUG_AND_SEE)).status).toBe(409);
    expect((await call('DELETE', '/sim/scenarios/session-by-card')).status).toBe(409);
    expect((await call('POST', '/sim/runs', { scenario: 'nobody' })).status).toBe(404);
  });
});

describe('fleets over REST', () => {
  it('starts many stations, counts them, lets a storm loose, stops them, and forgets them', async () => {
    const { csms, call } = await world();
    const seen = async (id: string, holds: (fleet: { state: string; summary: Record<string, number> }) => boolean) => {
      for (;;) {
        const { body } = await call('GET', `/sim/fleets/${id}`);
        if (holds(body)) return body;
        await new Promise(setImmediate);
      }
    };
    const order = { count: 12, versions: ['1.6', '2.0.1', '2.1'], rampPerSecond: 1_000 };
    const { status, body: started } = await call('POST', '/sim/fleets', order);
    expect(status).toBe(201);
    expect(started).toMatchObject({ state: 'running', count: 12, behaviour: 'idle', prefix: 'FLEET-1-' });
    const all = await seen(started.id, ({ summary }) => summary['accepted'] === 12);
    expect(all.summary).toMatchObject({ stations: 12, connected: 12, connectFailures: 0, failedCalls: {} });
    const known = [...csms.csms.state.stations.all()].filter(({ id }) => id.startsWith('FLEET-1-'));
    expect(known).toHaveLength(12);
    expect(new Set(known.map(({ version }) => version)).size).toBe(3);

    expect((await call('POST', `/sim/fleets/${started.id}/storms`, { name: 'morning-peak', spreadS: 0 })).status).toBe(
      204,
    );
    await seen(started.id, ({ summary }) => (summary['charging'] ?? 0) >= 12);

    expect(await call('POST', '/sim/fleets', { count: 1_999 })).toMatchObject({ status: 409 });
    expect(await call('POST', '/sim/fleets', { count: 0 })).toMatchObject({
      status: 400,
      body: { fields: [{ pointer: '/count' }] },
    });
    expect((await call('DELETE', `/sim/fleets/${started.id}`)).status).toBe(204);
    const stopped = await seen(started.id, ({ state }) => state === 'stopped');
    expect(stopped.summary['accepted']).toBe(12);
    expect((await call('POST', `/sim/fleets/${started.id}/storms`, { name: 'blackout' })).status).toBe(409);
    expect((await call('DELETE', `/sim/fleets/${started.id}`)).status).toBe(204);
    expect((await call('GET', '/sim/fleets')).body.items).toEqual([]);
  }, 30_000);
});

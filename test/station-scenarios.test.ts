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
    while (run.steps.at(-1)?.label !== '"wait":3600') run = (await call('GET', `/sim/runs/${id}`)).body;
    expect(run.steps.at(-1)).toMatchObject({ state: 'active' });
    expect((await call('DELETE', `/sim/runs/${id}`)).status).toBe(204);
    expect((await call('GET', `/sim/runs/${id}`)).body).toMatchObject({ state: 'stopped' });
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

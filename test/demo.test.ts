import { afterEach, describe, expect, it } from 'vitest';
import type { ServiceName } from '../src/platform/service.ts';
import type { DemoRun } from '../src/workbench/demo/demo-run.ts';
import { until } from './support/everest.ts';
import { startServices } from './support/services-world.ts';

/** Demos against a running world: `POST /api/v1/demo` at the workbench, over real sockets. */

const ending: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

interface Answer<T> {
  readonly status: number;
  readonly body: T;
}

async function world(services: readonly ServiceName[]) {
  const running = await startServices(services, { clock: 'scaled:60' });
  ending.push(() => running.stop());
  const call = async <T>(method: string, path: string, body?: unknown): Promise<Answer<T>> =>
    running.call('workbench', method, path, body);
  const play = async (kind: string): Promise<DemoRun> => {
    const started = await call<DemoRun>('POST', '/demo', { kind });
    expect(started).toMatchObject({ status: 201, body: { demo: kind, state: 'running' } });
    let run = started.body;
    await until(async () => {
      run = (await call<DemoRun>('GET', `/demo/runs/${run.id}`)).body;
      return run.state !== 'running';
    });
    return run;
  };
  return { call, play };
}

describe('the broken demo', () => {
  it('AC-04: plants four faults; the journal finds these four and nothing else, also the second time', async () => {
    const { call, play } = await world(['csms', 'workbench', 'station']);
    for (const time of [1, 2]) {
      const run = await play('broken');
      expect(
        run.steps.map(({ state, reason }) => reason ?? state),
        `run ${time}`,
      ).toEqual(Array(6).fill('done'));
      expect(run.state).toBe('done');
      expect(run.result?.planted.map(({ rule, pointer }) => `${rule} ${pointer}`)).toEqual([
        'OCPPJ-RPC-021 /status',
        'OCPPJ-RPC-009 ',
        'OCPP2-TX-027 /meterValue',
        'OCPP2-TX-018 /transactionInfo/stoppedReason',
      ]);
      expect(run.result?.others).toEqual([]);
      expect(new Set(run.result?.planted.map(({ finding }) => finding)).size).toBe(4);
      expect(run.sessions).toHaveLength(1);
      for (const { seq, finding } of run.result?.planted ?? []) {
        const { body } = await call<{ note?: string; findings: { id: string }[] }>('GET', `/messages/${seq}`);
        expect(body.note).toMatch(/^Planted by the demo/);
        expect(body.findings.map(({ id }) => id)).toContain(finding);
      }
      const { body } = await call<{ items: unknown[] }>('GET', '/findings?limit=100');
      expect(body.items).toHaveLength(4 * time);
    }
  }, 90_000);
});

describe('a demo that cannot run', () => {
  it('says which service is missing, and starts nothing', async () => {
    const { call } = await world(['csms', 'workbench', 'station']);
    const refused = await call<{ code: string; detail: string; missing: object[] }>('POST', '/demo', {
      kind: 'remote-start',
    });
    expect(refused).toMatchObject({ status: 503, body: { code: 'NOT_AVAILABLE' } });
    expect(refused.body.detail).toMatch(/hub.*EMP/is);
    expect(refused.body.missing).toMatchObject([
      { kind: 'service', name: 'hub' },
      { kind: 'service', name: 'emp' },
    ]);
    expect((await call<object>('GET', '/demo/runs')).body).toEqual({ items: [] });
    const { body } = await call<{ items: { id: string; missing: object[] }[] }>('GET', '/demo');
    expect(body.items.find(({ id }) => id === 'broken')?.missing).toEqual([]);
    expect(body.items.find(({ id }) => id === 'roaming')?.missing).toHaveLength(2);
    expect((await call('POST', '/demo', { kind: 'no-such' })).status).toBe(400);
  }, 30_000);

  it('disturbs nobody: a station that is in use is told, and a second demo waits for the first', async () => {
    const { call, play } = await world(['csms', 'workbench', 'station']);
    await call('POST', '/sim/stations/CS-DEMO-2/actions', { type: 'plug' });
    const refused = await call<{ detail: string; hint: string }>('POST', '/demo', { kind: 'broken' });
    expect(refused).toMatchObject({ status: 409, body: { missing: [{ kind: 'state', name: 'CS-DEMO-2' }] } });
    expect(refused.body.hint).toContain('/simulator/CS-DEMO-2');
    await call('POST', '/sim/stations/CS-DEMO-2/actions', { type: 'unplug' });
    const first = await call<DemoRun>('POST', '/demo', { kind: 'charging' });
    expect(first.status).toBe(201);
    expect(await call('POST', '/demo', { kind: 'broken' })).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });

    await call('DELETE', `/demo/runs/${first.body.id}`);
    await until(async () => (await call<DemoRun>('GET', `/demo/runs/${first.body.id}`)).body.state === 'stopped');
    type Stations = { items: { identity: string; evses: { connectors: { plug: string }[] }[] }[] };
    const { body } = await call<Stations>('GET', '/sim/stations');
    expect(JSON.stringify(body)).not.toContain('"plug":"ev"');
    expect((await play('broken')).state).toBe('done');
  }, 90_000);
});

import { describe, expect, it } from 'vitest';
import { STATION_16, virtualWorld } from '../../../test/journal-fixture.ts';
import { isoTime, MINUTE_MS } from '../../core/time.ts';
import { openMemoryJournal } from '../index.ts';
import { WatchedRecorder, watchedJournal } from './watched-recorder.ts';

/** A service that is killed and started again over the same journal. */
function world() {
  const { clock, group } = virtualWorld();
  const journal = openMemoryJournal({ clock, group });
  const watched = () =>
    watchedJournal(journal, {
      clock,
      defect: (where, thrown) => {
        throw new Error(where, { cause: thrown });
      },
    });
  let running = watched();
  let runs = 1;
  let link = running.recorder.openLink(STATION_16);
  let id = 0;
  /** A call of the station and its answer. */
  const said = async (action: string, payload: string, answer: string): Promise<void> => {
    const messageId = `m${++id}`;
    const entry = { link, action, messageId, time: clock.now() };
    const partner = running.recorder.record({
      ...entry,
      toClient: false,
      kind: 'request',
      raw: `[2,"${messageId}","${action}",${payload}]`,
    });
    await clock.runFor(100);
    running.recorder.record({
      ...entry,
      time: clock.now(),
      toClient: true,
      kind: 'response',
      raw: `[3,"${messageId}",${answer}]`,
      partner,
      latencyMs: 100,
    });
    await clock.runFor(10_000);
  };
  const now = (): string => isoTime(clock.now());
  return {
    clock,
    said,
    now,
    /** @returns how many messages the rules looked at again */
    killed: async (resumes = true): Promise<number> => {
      await clock.runFor(30_000);
      // Nothing of the run before goes on.
      if (running.recorder instanceof WatchedRecorder) running.recorder.stop();
      running = watched();
      const known = resumes ? await running.resume() : 0;
      await clock.runFor(5_000);
      link = running.recorder.openLink({ ...STATION_16, conn: `ws-1 of run ${++runs}` });
      return known;
    },
    async booted() {
      await said(
        'BootNotification',
        '{"chargePointVendor":"ACME","chargePointModel":"AC22"}',
        `{"currentTime":"${now()}","interval":300,"status":"Accepted"}`,
      );
      for (const connector of [0, 1])
        await said(
          'StatusNotification',
          `{"connectorId":${connector},"errorCode":"NoError","status":"Available"}`,
          '{}',
        );
    },
    async started() {
      await said('StatusNotification', '{"connectorId":1,"errorCode":"NoError","status":"Preparing"}', '{}');
      await said('Authorize', '{"idTag":"04A2"}', '{"idTagInfo":{"status":"Accepted"}}');
      await said(
        'StartTransaction',
        `{"connectorId":1,"idTag":"04A2","meterStart":1000,"timestamp":"${now()}"}`,
        '{"transactionId":7,"idTagInfo":{"status":"Accepted"}}',
      );
      await said('StatusNotification', '{"connectorId":1,"errorCode":"NoError","status":"Charging"}', '{}');
    },
    async stopped(meterStop: number) {
      await said(
        'StopTransaction',
        `{"transactionId":7,"idTag":"04A2","meterStop":${meterStop},"timestamp":"${now()}"}`,
        '{"idTagInfo":{"status":"Accepted"}}',
      );
      await said('StatusNotification', '{"connectorId":1,"errorCode":"NoError","status":"Finishing"}', '{}');
    },
    findings: async (): Promise<string[]> =>
      (await journal.query.findings({ limit: 1_000 })).items.map(({ rule, seq }) => `${rule} #${seq}`).toSorted(),
    async close() {
      await running.close();
    },
  };
}

describe('the rules after a restart', () => {
  it('know a transaction that runs on: no false alarm', async () => {
    const w = world();
    await w.booted();
    await w.started();
    expect(await w.killed()).toBe(14);
    await w.stopped(3_000);
    await w.said('Heartbeat', '{}', `{"currentTime":"${w.now()}"}`);
    await w.clock.runFor(4 * MINUTE_MS);
    expect(await w.findings()).toEqual([]);
    await w.close();
  });

  it('find what is wrong with it by what was said before', async () => {
    const w = world();
    await w.booted();
    await w.started();
    await w.killed();
    await w.stopped(900);
    expect(await w.findings()).toEqual(['OCPP16-TX-008 #15']);
    await w.close();
  });

  it('know nothing of it where they could not look back: no alarm, and no finding', async () => {
    const w = world();
    await w.booted();
    await w.started();
    await w.killed(false);
    await w.stopped(900);
    expect(await w.findings()).toEqual([]);
    await w.close();
  });

  it('do not tell again what they have told', async () => {
    const w = world();
    await w.booted();
    await w.started();
    await w.stopped(900);
    await w.said('StopTransaction', `{"transactionId":99,"meterStop":1,"timestamp":"${w.now()}"}`, '{}');
    const before = await w.findings();
    expect(before).toContain('OCPP16-TX-008 #15');
    for (let run = 0; run < 3; run++) await w.killed();
    expect(await w.findings()).toEqual(before);
    await w.close();
  });

  it('go on waiting for what was to come, and tell it once', async () => {
    const w = world();
    await w.said(
      'BootNotification',
      '{"chargePointVendor":"ACME","chargePointModel":"AC22"}',
      `{"currentTime":"${w.now()}","interval":300,"status":"Accepted"}`,
    );
    await w.clock.runFor(2 * MINUTE_MS);
    const before = await w.findings();
    expect(before).toEqual(['OCPP-BOOT-010 #2']);
    await w.killed();
    await w.clock.runFor(3 * MINUTE_MS);
    expect(await w.findings()).toEqual(before);
    await w.close();
  });
});

import { describe, expect, it } from 'vitest';
import { SeededIds } from '../../core/ids.ts';
import { Random } from '../../core/random.ts';
import { HOUR_MS, MINUTE_MS } from '../../core/time.ts';
import { VirtualClock } from '../../core/virtual-clock.ts';
import { OcppSchemaSet } from '../../protocols/ocpp/schemas.ts';
import type { OcppVersion } from '../../protocols/ocpp/versions.ts';
import type { BehaviourName } from './behaviour.ts';
import { plainLinkWorld } from './create-station.ts';
import { loopbackDialer } from './dialer.ts';
import { Fleet } from './fleet.ts';
import { dashboardLines } from './fleet-dashboard.ts';
import { type FleetReport, mergeReports, problemsOf, summarize } from './fleet-report.ts';
import { fleetParts } from './fleet-workers.ts';
import { LatencyHistogram } from './latency.ts';
import { BUILT_IN } from './templates.ts';
import { answering } from './testing/hand-csms.ts';
import { FleetTimers } from './timers.ts';
import { NO_FILES } from './transfer.ts';

/** 2026-03-02T06:00:00Z, an hour before the commuters come. */
const SIX_MS = 1_772_431_200_000;
const SCHEMAS = new OcppSchemaSet();
const OF_SUBPROTOCOL: Readonly<Record<string, OcppVersion>> = {
  'ocpp1.6': '1.6',
  'ocpp2.0.1': '2.0.1',
  'ocpp2.1': '2.1',
};

function fleet(count: number, behaviour: BehaviourName, rampPerSecond = 0) {
  const clock = new VirtualClock(SIX_MS);
  const ids = new SeededIds(new Random('fleet'));
  const frames: string[] = [];
  const made = new Fleet({
    world: {
      clock,
      ids,
      timers: new FleetTimers(clock),
      link: plainLinkWorld(clock, ids),
      schemas: SCHEMAS,
      dialer: loopbackDialer(clock, (server, _identity, subprotocol) => {
        answering(server, clock, OF_SUBPROTOCOL[subprotocol] ?? '2.0.1', frames);
        return undefined;
      }),
      files: NO_FILES,
      csms: { id: 'csms', role: 'csms' },
      validation: 'strict',
    },
    count,
    versions: ['1.6', '2.0.1', '2.1'],
    template: BUILT_IN['ac-22-duo'],
    prefix: 'SIM-',
    endpoint: 'ws://csms',
    behaviour,
    rampPerSecond,
    seed: 'test',
  });
  return { clock, fleet: made, frames, boots: () => frames.filter((one) => one.includes('"BootNotification"')).length };
}

describe('a fleet in virtual time', () => {
  it('starts by its ramp, and says when the last station was accepted', async () => {
    const { clock, fleet: stations } = fleet(30, 'idle', 10);
    stations.start();
    await clock.runFor(1_000);
    expect(stations.summary()).toMatchObject({ started: 11, accepted: 11, allAcceptedMs: undefined });
    await clock.runFor(3_000);
    expect(stations.summary()).toMatchObject({ started: 30, connected: 30, accepted: 30, failedCalls: {} });
    expect(stations.summary().allAcceptedMs).toBeGreaterThan(2_000);
    expect(stations.stations.map((one) => one.identity).slice(0, 2)).toEqual(['SIM-00001', 'SIM-00002']);
    stations.stop();
  });

  it('has commuters who come in the morning and stay, and busy drivers who come all day', async () => {
    const commuters = fleet(20, 'commuter');
    commuters.fleet.start();
    await commuters.clock.runFor(HOUR_MS);
    const early = commuters.fleet.summary().sessionsStarted;
    await commuters.clock.runFor(2 * HOUR_MS);
    const { sessionsStarted, charging } = commuters.fleet.summary();
    expect(sessionsStarted - early).toBeGreaterThan(10);
    expect(early).toBeLessThan(5);
    expect(charging).toBeGreaterThan(10);
    commuters.fleet.stop();

    const busy = fleet(10, 'busy');
    busy.fleet.start();
    await busy.clock.runFor(3 * HOUR_MS);
    const summary = busy.fleet.summary();
    expect(summary.sessionsEnded).toBeGreaterThan(60);
    expect(summary.refusedCards).toBeGreaterThan(0);
    expect(summary.energyKWh).toBeGreaterThan(60);
    expect(summary.messages).toBeGreaterThan(1_000);
    busy.fleet.stop();
  });

  it('is the same for the same seed, frame by frame', async () => {
    const run = async (): Promise<string[]> => {
      const { clock, fleet: stations, frames } = fleet(5, 'busy');
      stations.start();
      await clock.runFor(HOUR_MS);
      stations.stop();
      return frames;
    };
    const first = await run();
    expect(first.length).toBeGreaterThan(200);
    expect(await run()).toEqual(first);
  });

  it('comes back after a blackout: all boot again, spread over the time', async () => {
    const { clock, fleet: stations, boots } = fleet(20, 'idle');
    stations.start();
    await clock.runFor(MINUTE_MS);
    stations.storm('blackout', 60);
    await clock.runFor(4_000);
    expect(stations.summary()).toMatchObject({ connected: 0, accepted: 0, disconnects: 20 });
    await clock.runFor(30_000);
    const halfway = stations.summary().accepted;
    expect(halfway).toBeGreaterThan(3);
    expect(halfway).toBeLessThan(17);
    await clock.runFor(60_000);
    expect(stations.summary().accepted).toBe(20);
    expect(boots()).toBe(40);
    stations.stop();
  });

  it('comes back after a network loss without booting', async () => {
    const { clock, fleet: stations, boots } = fleet(20, 'idle');
    stations.start();
    await clock.runFor(MINUTE_MS);
    stations.storm('network-loss', 10);
    await clock.runFor(4_000);
    expect(stations.summary().connected).toBe(0);
    await clock.runFor(60_000);
    expect(stations.summary()).toMatchObject({ connected: 20, accepted: 20 });
    expect(boots()).toBe(20);
    stations.stop();
  });

  it('has a morning peak at every socket, and rolls out a firmware', async () => {
    const { clock, fleet: stations, frames } = fleet(9, 'idle');
    stations.start();
    await clock.runFor(MINUTE_MS);
    stations.storm('morning-peak', 120);
    await clock.runFor(3 * MINUTE_MS);
    expect(stations.summary().charging).toBe(18);
    stations.storm('firmware-rollout', 60);
    await clock.runFor(5 * MINUTE_MS);
    expect(stations.summary()).toMatchObject({ accepted: 9, charging: 0, sessionsEnded: 18 });
    expect(frames.filter((one) => one.includes('"firmwareVersion":"1.0.1"'))).toHaveLength(9);
    stations.stop();
  });
});

const REPORT: FleetReport = {
  stations: 2,
  started: 2,
  connected: 2,
  accepted: 2,
  charging: 1,
  sessionsStarted: 3,
  sessionsEnded: 2,
  energyWh: 1_500,
  refusedCards: 1,
  connectFailures: 1,
  connectFailureReasons: { 'connect ECONNREFUSED 127.0.0.1:9': 1 },
  disconnects: 0,
  firmwareInstalled: 1,
  firmwareFailed: 0,
  messages: 10,
  failedCalls: { 'Authorize timeout': 1 },
  allAcceptedMs: 400,
  messagesUntilAccepted: 6,
  latency: { Heartbeat: histogram(1, 2, 3) },
  ownDelayMs: 4,
  loop: { delayP99Ms: 1, utilization: 0.2 },
};

function histogram(...values: number[]): ReturnType<LatencyHistogram['toJSON']> {
  const one = new LatencyHistogram();
  for (const value of values) one.add(value);
  return one.toJSON();
}

describe('reports of a fleet', () => {
  it('add up over processes: sums, percentiles over all, the worst of what is worst', () => {
    const slow = { ...REPORT, latency: { Heartbeat: histogram(100), Authorize: histogram(5) }, allAcceptedMs: 900 };
    const merged = summarize(mergeReports([REPORT, slow]));
    expect(merged).toMatchObject({
      stations: 4,
      energyKWh: 3,
      messages: 20,
      allAcceptedMs: 900,
      messagesUntilAccepted: 12,
    });
    expect(merged.failedCalls).toEqual({ 'Authorize timeout': 2 });
    expect(merged.latencyMs['Heartbeat']).toMatchObject({ count: 4, max: 100 });
    expect(merged.latencyMs['Heartbeat']?.p50).toBeLessThan(4);
    expect(merged.latencyMs['Authorize']?.count).toBe(1);
    expect(mergeReports([REPORT, { ...REPORT, allAcceptedMs: undefined }]).allAcceptedMs).toBeUndefined();
  });

  it('fail by thresholds that name the action', () => {
    const summary = summarize(REPORT);
    expect(problemsOf(summary, {})).toEqual([]);
    expect(problemsOf(summary, { maxP95Ms: 10, maxFailedCalls: 1 })).toEqual([]);
    expect(problemsOf(summary, { maxP95Ms: 1, maxFailedCalls: 0 })).toEqual([
      expect.stringMatching(/^Heartbeat: 95 % within [\d.]+ ms, allowed 1 ms$/),
      '1 failed calls, allowed 0',
    ]);
    expect(problemsOf({ ...summary, accepted: 1 }, { maxFailedCalls: 5 })).toEqual([
      '1 stations are not accepted at the end',
    ]);
  });

  it('are drawn within the width of the terminal, and say when the generator itself is the limit', () => {
    const facts = { title: 'fleet', elapsedS: 3_725, messagesPerS: 7, width: 100 };
    const lines = dashboardLines(summarize(REPORT), facts);
    expect(lines[0]).toMatch(/^fleet +01:02:05$/);
    expect(lines.join('\n')).toContain('connected 2/2  accepted 2  charging 1');
    expect(lines.join('\n')).toContain('Authorize timeout 1');
    expect(lines.find((line) => line.startsWith('Heartbeat'))).toMatch(/Heartbeat +3 +[\d.]+ +[\d.]+ +[\d.]+ +3$/);
    expect(lines.at(-1)).toBe('this generator: busy 20 %, event loop 1 ms late (99 %), at worst 4 ms');
    expect(
      dashboardLines(summarize({ ...REPORT, loop: { delayP99Ms: 80, utilization: 0.5 } }), facts).at(-1),
    ).toContain('SATURATED');
    expect(Math.max(...dashboardLines(summarize(REPORT), { ...facts, width: 40 }).map((line) => line.length))).toBe(40);
  });

  it('are of parts with an address of their own on loopback, and identities that do not repeat', () => {
    const whole = { count: 25_001, rampPerSecond: 300, seed: 's', csms: 'ws://127.0.0.1:8001/ocpp' };
    const parts = fleetParts(whole, 3);
    expect(parts.map((one) => [one.count, one.firstNumber, one.localAddress])).toEqual([
      [8_334, 1, '127.0.0.2'],
      [8_334, 8_335, '127.0.0.3'],
      [8_333, 16_669, '127.0.0.4'],
    ]);
    expect(new Set(parts.map((one) => one.seed)).size).toBe(3);
    expect(fleetParts({ ...whole, csms: 'wss://csms.example/ocpp' }, 2)[0]?.localAddress).toBeUndefined();
  });
});

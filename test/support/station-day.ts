import { expect } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../src/core/time.ts';
import type { OcppVersion } from '../../src/protocols/ocpp/versions.ts';
import { CsmsTestBench } from '../../src/roles/csms/test-bench.ts';
import { createStation, type StationEvent, type StationHandle } from '../../src/roles/station/create-station.ts';
import { loopbackDialer } from '../../src/roles/station/dialer.ts';

export const STATION = 'SIM-DAY';

export interface Day {
  readonly bench: CsmsTestBench;
  readonly station: StationHandle;
  readonly events: readonly StationEvent[];
  /** Every frame with its instant, as the journal got it. */
  readonly journal: string;
}

/** One station and the real CSMS for a day of virtual time: five sessions, an offline phase, a reset, smart charging. */
export async function stationDay(version: OcppVersion): Promise<Day> {
  const bench = new CsmsTestBench({ authorization: { unknownTokens: 'accept' } });
  const { clock, csms } = bench;
  const events: StationEvent[] = [];
  const station = createStation({
    identity: STATION,
    version,
    template: 'ac-22-duo',
    endpoint: 'ws://csms/ocpp',
    clock,
    seed: 'day',
    dialer: loopbackDialer(
      clock,
      (server, identity) => csms.connections.connectInProcess(server, identity, version)?.reason,
    ),
    onEvent: (event) => events.push(event),
  });
  station.start();
  await clock.runFor(HOUR_MS);
  for (let session = 0; session < 5; session++) {
    const token = `CARD-${session}`;
    station.plug({ evseId: 1, soCPercent: 20 + session * 10 });
    await clock.runFor(2 * MINUTE_MS);
    // A new plug after the time-out: the card is shown late.
    if (station.view().evses[0]?.transaction === undefined) station.swipe(token, { evseId: 1 });
    await clock.runFor(10 * MINUTE_MS);
    if (session === 1) station.do({ type: 'network-loss' });
    if (session === 2) {
      const limit =
        version === '1.6'
          ? `{"connectorId":1,"csChargingProfiles":{"chargingProfileId":1,"stackLevel":0,"chargingProfilePurpose":"TxDefaultProfile","chargingProfileKind":"Absolute","chargingSchedule":{"startSchedule":"2026-01-01T00:00:00Z","chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":10}]}}}`
          : `{"evseId":1,"chargingProfile":{"id":1,"stackLevel":0,"chargingProfilePurpose":"TxDefaultProfile","chargingProfileKind":"Absolute","chargingSchedule":[{"id":1,"startSchedule":"2026-01-01T00:00:00Z","chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":10}]}]}}`;
      expect((await bench.command(STATION, 'SetChargingProfile', JSON.parse(limit))).kind).toBe('result');
    }
    await clock.runFor(80 * MINUTE_MS);
    if (session === 2) expect(station.view().evses[0]?.powerW ?? 0).toBeLessThan(10.3 * 235 * 3);
    if (session === 3) await bench.command(STATION, 'Reset', { type: version === '1.6' ? 'Soft' : 'Immediate' });
    if (session === 1) station.do({ type: 'network-back' });
    await clock.runFor(10 * MINUTE_MS);
    if (station.view().evses[0]?.transaction !== undefined) station.swipe(token, { evseId: 1 });
    await clock.runFor(5 * MINUTE_MS);
    station.unplug({ evseId: 1 });
    await clock.runFor(2 * HOUR_MS);
  }
  await clock.runFor(5 * HOUR_MS);
  station.stop();
  await clock.settle();
  const journal = bench.entries
    .map((entry) => `${entry.time} ${entry.toClient ? '<' : '>'} ${String(entry.raw)}`)
    .join('\n');
  return { bench, station, events, journal };
}

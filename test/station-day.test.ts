import { describe, expect, it } from 'vitest';
import { STATION as ID, stationDay } from './support/station-day.ts';

describe.each(['1.6', '2.0.1', '2.1'] as const)('a day of a %s station against the CSMS', (version) => {
  it('is understood without a finding, and the CSMS knows all sessions with their energy', async () => {
    const { bench, events } = await stationDay(version);
    expect(bench.defects).toEqual([]);
    expect(bench.findings.map((one) => `${one.rule} ${one.text}`)).toEqual([]);
    const ended = events.filter((one) => one.what === 'transaction-ended');
    expect(ended).toHaveLength(5);
    const known = bench.state.transactions.page({ station: ID }, 100, undefined).items;
    expect(known).toHaveLength(5);
    const told = known.map((one) => Math.round(Number(one.energyWh))).sort((a, b) => a - b);
    const measured = ended.map((one) => Number(one.data['energyWh'])).sort((a, b) => a - b);
    expect(told).toEqual(measured);
    for (const energyWh of measured) expect(energyWh).toBeGreaterThan(1_000);
  });

  it('is the same byte for byte when it is run again', async () => {
    const first = await stationDay(version);
    const second = await stationDay(version);
    expect(first.journal.length).toBeGreaterThan(50_000);
    expect(second.journal === first.journal).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { type Command, runCommand } from '../../commands.ts';
import { HandCsms } from '../../testing/hand-csms.ts';

const TARIFF =
  '{"tariffId":"T1","currency":"EUR","energy":{"prices":[{"priceKwh":0.5}]},"idleTime":{"prices":[{"priceMinute":0.1}]},"fixedFee":{"prices":[{"priceFixed":1}]}}';
const CARD_ONLY =
  '{"tariffId":"AD-HOC","currency":"EUR","fixedFee":{"prices":[{"priceFixed":1,"conditions":{"paymentBrand":"X"}}]}}';

interface Told {
  readonly eventType: string;
  readonly triggerReason: string;
  readonly transactionInfo: {
    readonly transactionId: string;
    readonly tariffId?: string;
    readonly stoppedReason?: string;
  };
  readonly costDetails?: {
    readonly totalCost: {
      readonly total: { readonly exclTax: number; readonly inclTax: number };
      readonly typeOfCost: string;
    };
    readonly totalUsage: { readonly energy: number; readonly chargingTime: number; readonly idleTime: number };
  };
}

async function booted(replies: HandCsms['replies'] = {}): Promise<{
  csms: HandCsms;
  run: (command: Command) => void;
  events: () => Told[];
  set: (component: string, variable: string, value: string) => Promise<unknown>;
}> {
  const csms = new HandCsms({ version: '2.1', replies });
  await csms.boot();
  return {
    csms,
    run: (command) => runCommand(csms.station, command),
    events: () => csms.of('TransactionEvent') as unknown as Told[],
    set: (component, variable, value) =>
      csms.result(
        'SetVariables',
        JSON.stringify({
          setVariableData: [{ component: { name: component }, variable: { name: variable }, attributeValue: value }],
        }),
      ),
  };
}

const tariffIds = (events: Told[]): unknown[] =>
  events.map((one) => one.transactionInfo.tariffId).filter((one) => one !== undefined);

describe('local cost (2.1 I07 to I12)', () => {
  it('tells the tariff once and the cost at the end, as meter and clock say', async () => {
    const { csms, run, events } = await booted();
    await csms.result('SetDefaultTariff', `{"evseId":0,"tariff":${TARIFF}}`);
    run({ type: 'plug', soCPercent: 20 });
    run({ type: 'swipe', token: 'A' });
    await csms.run(30 * 60_000);
    run({ type: 'pause-car' });
    await csms.run(10 * 60_000);
    run({ type: 'swipe', token: 'A' });
    await csms.run(1_000);
    const all = events();
    expect(tariffIds(all)).toEqual(['T1']);
    expect(all.filter((one) => one.costDetails !== undefined).map((one) => one.eventType)).toEqual(['Ended']);
    const { totalCost, totalUsage } = all.at(-1)?.costDetails ?? {};
    const [ended] = csms.happened.filter((one) => one.what === 'transaction-ended');
    expect(totalUsage?.energy).toBe(ended?.data['energyWh']);
    expect(totalUsage?.energy).toBeGreaterThan(3_000);
    expect(totalUsage?.chargingTime).toBe(40 * 60);
    // Ten minutes of pause, and the seconds before the first current.
    expect(totalUsage?.idleTime).toBeGreaterThanOrEqual(600);
    expect(totalUsage?.idleTime).toBeLessThan(610);
    const expected = 1 + ((totalUsage?.energy ?? 0) / 1000) * 0.5 + ((totalUsage?.idleTime ?? 0) / 60) * 0.1;
    expect(totalCost?.total.exclTax).toBeCloseTo(expected, 3);
  });

  it('tells the running cost every so often when asked to', async () => {
    const { csms, run, events, set } = await booted();
    await set('CompoteSim', 'RunningCostInterval', '60');
    await csms.result('SetDefaultTariff', `{"evseId":0,"tariff":${TARIFF}}`);
    run({ type: 'plug' });
    run({ type: 'swipe', token: 'A' });
    await csms.run(5 * 60_000 + 1_000);
    const running = events().filter((one) => one.triggerReason === 'RunningCost');
    expect(running).toHaveLength(5);
    const totals = running.map((one) => one.costDetails?.totalCost.total.exclTax ?? 0);
    expect([...totals].sort((a, b) => a - b)).toEqual(totals);
    expect(new Set(totals).size).toBe(5);
  });

  it('takes the tariff that comes with the driver, and tells whose it is', async () => {
    const { csms, run, events } = await booted({
      Authorize: `{"idTokenInfo":{"status":"Accepted"},"tariff":${TARIFF.replace('T1', 'OWN')}}`,
    });
    await csms.result('SetDefaultTariff', `{"evseId":0,"tariff":${TARIFF}}`);
    run({ type: 'plug' });
    run({ type: 'swipe', token: 'A' });
    await csms.run(60_000);
    expect(tariffIds(events())).toEqual(['OWN']);
    expect(await csms.result('GetTariffs', '{"evseId":1}')).toMatchObject({
      tariffAssignments: [
        { tariffId: 'T1', tariffKind: 'DefaultTariff', evseIds: [1, 2] },
        { tariffId: 'OWN', tariffKind: 'DriverTariff', evseIds: [1], idTokens: ['A'] },
      ],
    });
  });

  it.each([
    ['UseDefault', ['T1'], 1],
    ['CentralCost', [], 1],
    ['Deauthorize', [], 0],
  ] as const)('a driver’s tariff that it cannot handle: %s', async (how, expected, transactions) => {
    const { csms, run, events, set } = await booted({
      Authorize: `{"idTokenInfo":{"status":"Accepted"},"tariff":${CARD_ONLY}}`,
    });
    await set('TariffCostCtrlr', 'HandleFailedTariff', how);
    await csms.result('SetDefaultTariff', `{"evseId":0,"tariff":${TARIFF}}`);
    run({ type: 'plug' });
    run({ type: 'swipe', token: 'A' });
    await csms.run(60_000);
    expect(tariffIds(events())).toEqual(expected);
    expect(events().filter((one) => one.eventType === 'Started')).toHaveLength(transactions);
  });

  it('keeps what was counted when the tariff changes, and refuses another currency', async () => {
    const { csms, run, events } = await booted();
    await csms.result('SetDefaultTariff', `{"evseId":1,"tariff":${TARIFF}}`);
    run({ type: 'plug' });
    run({ type: 'swipe', token: 'A' });
    await csms.run(600_000);
    const id = events()[0]?.transactionInfo.transactionId;
    const free = '{"tariffId":"FREE","currency":"EUR","energy":{"prices":[{"priceKwh":0}]}}';
    const change = (tariff: string): Promise<Record<string, unknown>> =>
      csms.result('ChangeTransactionTariff', `{"transactionId":"${id}","tariff":${tariff}}`);
    expect(await change(free.replace('EUR', 'CHF'))).toEqual({ status: 'NoCurrencyChange' });
    expect(await change(CARD_ONLY)).toEqual({ status: 'ConditionNotSupported' });
    expect(await change(free)).toEqual({ status: 'Accepted' });
    await csms.run(600_000);
    run({ type: 'stop-button' });
    await csms.run(1_000);
    expect(tariffIds(events())).toEqual(['T1', 'FREE']);
    const { totalCost, totalUsage } = events().at(-1)?.costDetails ?? {};
    const half = ((totalUsage?.energy ?? 0) / 2000) * 0.5;
    expect(totalCost?.total.exclTax).toBeGreaterThan(1 + half * 0.9);
    expect(totalCost?.total.exclTax).toBeLessThan(1 + half * 1.1);
  });

  it('stops at the greatest cost that the CSMS allows, by its own count or by what the CSMS tells', async () => {
    for (const counts of [true, false]) {
      let asked = 0;
      const { csms, run, events } = await booted({
        TransactionEvent: () =>
          asked++ === 0
            ? '{"idTokenInfo":{"status":"Accepted"},"transactionLimit":{"maxCost":1.5}}'
            : '{"idTokenInfo":{"status":"Accepted"}}',
      });
      if (counts) await csms.result('SetDefaultTariff', `{"evseId":0,"tariff":${TARIFF}}`);
      run({ type: 'plug' });
      run({ type: 'swipe', token: 'A' });
      await csms.run(60_000);
      const id = events()[0]?.transactionInfo.transactionId;
      if (!counts) await csms.result('CostUpdated', `{"totalCost":1.6,"transactionId":"${id}"}`);
      await csms.run(600_000);
      const triggers = events().map((one) => one.triggerReason);
      expect([counts, triggers.includes('LimitSet'), triggers.includes('CostLimitReached')]).toEqual([
        counts,
        true,
        true,
      ]);
      expect(csms.station.machine.core.evses[0]?.transaction?.chargingState).toBe('SuspendedEVSE');
    }
  });

  it('an installed tariff id is taken once (I07.FR.04); the future one waits until it is in force', async () => {
    const { csms, run, events } = await booted();
    const set = (tariff: string): Promise<Record<string, unknown>> =>
      csms.result('SetDefaultTariff', `{"evseId":0,"tariff":${tariff}}`);
    expect(await set(TARIFF)).toEqual({ status: 'Accepted' });
    expect(await set(TARIFF)).toEqual({ status: 'DuplicateTariffId' });
    const later = TARIFF.replace('T1', 'T2').replace('"currency"', '"validFrom":"2026-03-02T10:00:00Z","currency"');
    expect(await set(later)).toEqual({ status: 'Accepted' });
    run({ type: 'plug' });
    run({ type: 'swipe', token: 'A' });
    await csms.run(60_000);
    run({ type: 'swipe', token: 'A' });
    run({ type: 'unplug' });
    await csms.run(3 * 3_600_000);
    run({ type: 'plug' });
    run({ type: 'swipe', token: 'A' });
    await csms.run(60_000);
    expect(tariffIds(events())).toEqual(['T1', 'T2']);
  });
});

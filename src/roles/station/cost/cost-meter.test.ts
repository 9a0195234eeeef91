import { describe, expect, it } from 'vitest';
import type { v21 } from '../../../protocols/ocpp/messages.ts';
import { type CostReading, changeTariff, costDetails, countUp, openAccount } from './cost-meter.ts';
import { holds, isSupported, type UsageAt } from './tariff-conditions.ts';

/** 2026-03-02T08:00:00Z, a Monday. */
const START_MS = 1_772_438_400_000;
const MINUTE_MS = 60_000;

function reading(minutes: number, registerWh: number, charging = true, powerW = 11_000): CostReading {
  return { atMs: START_MS + minutes * MINUTE_MS, registerWh, charging, powerW, currentA: powerW / 230, evseKind: 'AC' };
}

const usage: UsageAt = {
  atMs: START_MS,
  evseKind: 'AC',
  energyWh: 5_000,
  elapsedS: 600,
  chargingS: 500,
  idleS: 100,
  powerW: 7_000,
  currentA: 30,
};

describe('the cost of a transaction', () => {
  it('worked example: start fee, energy, charging and idle minutes, two stacks of tax', () => {
    const tariff: v21.TariffType = {
      tariffId: 'T',
      currency: 'EUR',
      fixedFee: { prices: [{ priceFixed: 1 }] },
      energy: {
        prices: [{ priceKwh: 0.5 }],
        taxRates: [
          { type: 'State', tax: 10 },
          { type: 'City', tax: 5, stack: 1 },
        ],
      },
      chargingTime: { prices: [{ priceMinute: 0.02 }] },
      idleTime: { prices: [{ priceMinute: 0.1 }] },
    };
    const account = openAccount(tariff, reading(0, 1_000));
    countUp(account, reading(60, 11_000));
    countUp(account, reading(90, 11_000, false, 0));
    expect(costDetails(account)).toEqual({
      totalCost: {
        currency: 'EUR',
        typeOfCost: 'NormalCost',
        fixed: { exclTax: 1, inclTax: 1 },
        // 10 kWh × 0.50 = 5.00; × 1.10 × 1.05 = 5.775
        energy: { exclTax: 5, inclTax: 5.775, taxRates: tariff.energy?.taxRates },
        chargingTime: { exclTax: 1.2, inclTax: 1.2 },
        idleTime: { exclTax: 3, inclTax: 3 },
        total: { exclTax: 10.2, inclTax: 10.975 },
      },
      totalUsage: { energy: 10_000, chargingTime: 5_400, idleTime: 1_800 },
      chargingPeriods: [
        {
          startPeriod: '2026-03-02T08:00:00.000Z',
          tariffId: 'T',
          dimensions: [
            { type: 'Energy', volume: 10_000 },
            { type: 'ChargingTime', volume: 3_600 },
            { type: 'IdleTIme', volume: 1_800 },
          ],
        },
      ],
    });
  });

  it('takes the first price whose conditions hold, as the day and the energy go on', () => {
    const account = openAccount(
      {
        tariffId: 'T',
        currency: 'EUR',
        energy: {
          prices: [
            { priceKwh: 1, conditions: { startTimeOfDay: '08:30', endTimeOfDay: '09:00' } },
            { priceKwh: 0.1, conditions: { maxEnergy: 5_000 } },
            { priceKwh: 0.2 },
          ],
        },
      },
      reading(0, 0),
    );
    // 10 kWh an hour: the first 30 minutes 5 kWh at 0.10, the next half hour at 1.00, then 0.20.
    countUp(account, reading(90, 15_000));
    expect(costDetails(account).totalCost.energy?.exclTax).toBeCloseTo(5 * 0.1 + 5 * 1 + 5 * 0.2, 4);
  });

  it('is not changed afterwards by another tariff, which begins a period of its own', () => {
    const of = (tariffId: string, priceKwh: number): v21.TariffType => ({
      tariffId,
      currency: 'EUR',
      energy: { prices: [{ priceKwh }] },
    });
    const account = openAccount(of('A', 0.4), reading(0, 0));
    countUp(account, reading(30, 5_000));
    changeTariff(account, of('B', 0.8));
    countUp(account, reading(60, 10_000));
    const details = costDetails(account);
    expect(details.totalCost.total.exclTax).toBe(6);
    expect(details.chargingPeriods?.map((one) => [one.tariffId, one.startPeriod])).toEqual([
      ['A', '2026-03-02T08:00:00.000Z'],
      ['B', '2026-03-02T08:30:00.000Z'],
    ]);
  });

  it.each([
    [1_000, 'MinCost', 2, 2.4],
    [10_000, 'NormalCost', 5, 5],
    [100_000, 'MaxCost', 10, 12],
  ] as const)('%s Wh lie within the least and the greatest cost: %s', (energyWh, typeOfCost, exclTax, inclTax) => {
    const account = openAccount(
      {
        tariffId: 'T',
        currency: 'EUR',
        energy: { prices: [{ priceKwh: 0.5 }] },
        minCost: { exclTax: 2, taxRates: [{ type: 'VAT', tax: 20 }] },
        maxCost: { inclTax: 12, taxRates: [{ type: 'VAT', tax: 20 }] },
      },
      reading(0, 0),
    );
    countUp(account, reading(60, energyWh));
    expect(costDetails(account).totalCost).toMatchObject({ typeOfCost, total: { exclTax, inclTax } });
  });
});

describe('conditions of a price', () => {
  it.each([
    [{}, true],
    [{ startTimeOfDay: '08:00' }, true],
    [{ endTimeOfDay: '08:00' }, false],
    [{ startTimeOfDay: '22:00', endTimeOfDay: '08:01' }, true],
    [{ startTimeOfDay: '22:00', endTimeOfDay: '06:00' }, false],
    [{ startTimeOfDay: '07:00', endTimeOfDay: '00:00' }, true],
    [{ dayOfWeek: ['Monday', 'Friday'] }, true],
    [{ dayOfWeek: ['Sunday'] }, false],
    [{ validFromDate: '2026-03-02', validToDate: '2026-03-03' }, true],
    [{ validToDate: '2026-03-02' }, false],
    [{ evseKind: 'DC' }, false],
    [{ minEnergy: 5_000 }, true],
    [{ maxEnergy: 5_000 }, false],
    [{ minPower: 7_001 }, false],
    [{ maxCurrent: 31 }, true],
    [{ minTime: 600, maxTime: 601, minChargingTime: 500, maxIdleTime: 101 }, true],
    [{ minIdleTime: 101 }, false],
  ] as [v21.TariffConditionsType, boolean][])('%j: %s', (conditions, expected) => {
    expect(holds(conditions, usage)).toBe(expected);
  });

  it('that ask for a payment terminal are not supported', () => {
    expect([isSupported({ paymentBrand: 'X' }), isSupported({ minEnergy: 1 }), isSupported(undefined)]).toEqual([
      false,
      true,
      true,
    ]);
  });
});

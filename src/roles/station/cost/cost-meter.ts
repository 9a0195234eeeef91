import { isoTime } from '../../../core/time.ts';
import type { v21 } from '../../../protocols/ocpp/messages.ts';
import { holds, type UsageAt } from './tariff-conditions.ts';

/** Conditions are looked at this often: a price that changes within a minute counts from the next look on. */
const STEP_MS = 60_000;
/** More periods than this say no more to anybody: the last one goes on. */
const MAX_PERIODS = 100;

/** A part of a transaction under the same prices. */
interface Period {
  readonly startMs: number;
  readonly tariffId: string;
  energyWh: number;
  chargingS: number;
  idleS: number;
}

/** What a transaction has used and cost so far, net. Plain data: it is stored with the transaction. */
export interface CostAccount {
  tariff: v21.TariffType;
  readonly startMs: number;
  /** Up to when, and up to which register it has counted. */
  atMs: number;
  registerWh: number;
  energyWh: number;
  chargingS: number;
  idleS: number;
  /** By kind, gross and net: tax rates may differ from kind to kind. */
  readonly cost: Record<Kind, Money>;
  readonly periods: Period[];
}

type Kind = 'fixed' | 'energy' | 'chargingTime' | 'idleTime';
interface Money {
  exclTax: number;
  inclTax: number;
}

/** What the meter and the contactor say now. */
export interface CostReading {
  readonly atMs: number;
  readonly registerWh: number;
  /** Whether energy has flowed since the last reading. */
  readonly charging: boolean;
  readonly powerW: number;
  readonly currentA: number;
  readonly evseKind: v21.EvseKindEnumType;
}

/** Begins to count under a tariff; the fixed fee is due at once, if its conditions hold at the start (2.1 I07). */
export function openAccount(tariff: v21.TariffType, reading: CostReading): CostAccount {
  const account: CostAccount = {
    tariff,
    startMs: reading.atMs,
    atMs: reading.atMs,
    registerWh: reading.registerWh,
    energyWh: 0,
    chargingS: 0,
    idleS: 0,
    cost: {
      fixed: { exclTax: 0, inclTax: 0 },
      energy: { exclTax: 0, inclTax: 0 },
      chargingTime: { exclTax: 0, inclTax: 0 },
      idleTime: { exclTax: 0, inclTax: 0 },
    },
    periods: [],
  };
  const usage = usageOf(account, reading);
  const fee = tariff.fixedFee?.prices.find(({ conditions }) => holds(conditions, usage));
  if (fee !== undefined) add(account, 'fixed', fee.priceFixed, tariff.fixedFee?.taxRates);
  return account;
}

/** Counts what was used since the last reading, minute by minute, at the first price whose conditions hold. */
export function countUp(account: CostAccount, reading: CostReading): void {
  const spanMs = reading.atMs - account.atMs;
  const usedWh = Math.max(0, reading.registerWh - account.registerWh);
  if (spanMs <= 0 && usedWh === 0) return;
  for (let doneMs = 0; doneMs < spanMs || doneMs === 0; doneMs += STEP_MS) {
    const stepMs = Math.min(STEP_MS, Math.max(0, spanMs - doneMs));
    step(account, reading, stepMs / 1000, spanMs <= 0 ? usedWh : (usedWh * stepMs) / spanMs);
    account.atMs += stepMs;
  }
  account.atMs = reading.atMs;
  account.registerWh = reading.registerWh;
}

/** Another tariff from now on; what was counted stays (2.1 I11: not retroactive). The account must stand at `now`. */
export function changeTariff(account: CostAccount, tariff: v21.TariffType): void {
  account.tariff = tariff;
}

/** The account as the wire has it. Money has four decimals. */
export function costDetails(account: CostAccount): v21.CostDetailsType {
  const { tariff, cost } = account;
  const total = sum(Object.values(cost));
  const { typeOfCost, exclTax, inclTax } = bounded(total, tariff);
  return {
    totalCost: {
      currency: tariff.currency,
      typeOfCost,
      ...(tariff.fixedFee === undefined ? {} : { fixed: priceOf(cost.fixed, tariff.fixedFee.taxRates) }),
      ...(tariff.energy === undefined ? {} : { energy: priceOf(cost.energy, tariff.energy.taxRates) }),
      ...(tariff.chargingTime === undefined
        ? {}
        : { chargingTime: priceOf(cost.chargingTime, tariff.chargingTime.taxRates) }),
      ...(tariff.idleTime === undefined ? {} : { idleTime: priceOf(cost.idleTime, tariff.idleTime.taxRates) }),
      total: { exclTax: money(exclTax), inclTax: money(inclTax) },
    },
    totalUsage: {
      energy: Math.round(account.energyWh),
      // The whole session, charging or not (TotalUsageType).
      chargingTime: Math.round(account.chargingS + account.idleS),
      idleTime: Math.round(account.idleS),
    },
    ...(account.periods.length === 0 ? {} : { chargingPeriods: account.periods.map(periodOf) }),
  };
}

function step(account: CostAccount, reading: CostReading, seconds: number, energyWh: number): void {
  const { tariff } = account;
  const usage = usageOf(account, reading);
  const first = <P extends { readonly conditions?: v21.TariffConditionsType }>(
    part: { readonly prices: readonly P[] } | undefined,
  ): P | undefined => part?.prices.find(({ conditions }) => holds(conditions, usage));
  add(account, 'energy', ((first(tariff.energy)?.priceKwh ?? 0) * energyWh) / 1000, tariff.energy?.taxRates);
  const kind = reading.charging ? 'chargingTime' : 'idleTime';
  add(account, kind, ((first(tariff[kind])?.priceMinute ?? 0) * seconds) / 60, tariff[kind]?.taxRates);
  const period = periodAt(account);
  account.energyWh += energyWh;
  period.energyWh += energyWh;
  if (reading.charging) {
    account.chargingS += seconds;
    period.chargingS += seconds;
  } else {
    account.idleS += seconds;
    period.idleS += seconds;
  }
}

function usageOf(account: CostAccount, reading: CostReading): UsageAt {
  return {
    atMs: account.atMs,
    evseKind: reading.evseKind,
    energyWh: account.energyWh,
    elapsedS: (account.atMs - account.startMs) / 1000,
    chargingS: account.chargingS,
    idleS: account.idleS,
    powerW: reading.powerW,
    currentA: reading.currentA,
  };
}

/** A new period begins with each tariff. */
function periodAt({ periods, tariff, atMs }: CostAccount): Period {
  const last = periods.at(-1);
  if (last !== undefined && (last.tariffId === tariff.tariffId || periods.length >= MAX_PERIODS)) return last;
  const period = { startMs: atMs, tariffId: tariff.tariffId, energyWh: 0, chargingS: 0, idleS: 0 };
  periods.push(period);
  return period;
}

function periodOf(period: Period): v21.ChargingPeriodType {
  return {
    startPeriod: isoTime(period.startMs),
    tariffId: period.tariffId,
    dimensions: [
      { type: 'Energy', volume: Math.round(period.energyWh) },
      { type: 'ChargingTime', volume: Math.round(period.chargingS) },
      // The schema writes it so.
      { type: 'IdleTIme', volume: Math.round(period.idleS) },
    ],
  };
}

function add(account: CostAccount, kind: Kind, net: number, taxRates: v21.TaxRateType[] | undefined): void {
  const entry = account.cost[kind];
  entry.exclTax += net;
  entry.inclTax += net * taxFactor(taxRates);
}

/** Taxes of stack 0 are on the net price, those of each higher stack on top of the lower ones (TaxRateType). */
function taxFactor(taxRates: readonly v21.TaxRateType[] | undefined): number {
  const stacks = new Map<number, number>();
  for (const { tax, stack = 0 } of taxRates ?? []) stacks.set(stack, (stacks.get(stack) ?? 0) + tax);
  let factor = 1;
  for (const percent of stacks.values()) factor *= 1 + percent / 100;
  return factor;
}

function bounded(total: Money, { minCost, maxCost }: v21.TariffType): Money & { typeOfCost: v21.TariffCostEnumType } {
  const least = boundOf(minCost);
  const greatest = boundOf(maxCost);
  if (least !== undefined && total.exclTax < least.exclTax) return { typeOfCost: 'MinCost', ...least };
  if (greatest !== undefined && total.exclTax > greatest.exclTax) return { typeOfCost: 'MaxCost', ...greatest };
  return { typeOfCost: 'NormalCost', ...total };
}

/** One of net and gross may be missing: the tax rates lead from one to the other. */
function boundOf(price: v21.PriceType | undefined): Money | undefined {
  if (price === undefined) return undefined;
  const factor = taxFactor(price.taxRates);
  const exclTax = price.exclTax ?? (price.inclTax ?? 0) / factor;
  return { exclTax, inclTax: price.inclTax ?? exclTax * factor };
}

function priceOf({ exclTax, inclTax }: Money, taxRates: v21.TaxRateType[] | undefined): v21.PriceType {
  return { exclTax: money(exclTax), inclTax: money(inclTax), ...(taxRates === undefined ? {} : { taxRates }) };
}

function sum(all: readonly Money[]): Money {
  return {
    exclTax: all.reduce((total, one) => total + one.exclTax, 0),
    inclTax: all.reduce((total, one) => total + one.inclTax, 0),
  };
}

function money(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

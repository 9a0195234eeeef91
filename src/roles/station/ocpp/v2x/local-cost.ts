import { parseTime } from '../../../../core/time.ts';
import type { v21 } from '../../../../protocols/ocpp/messages.ts';
import {
  type CostAccount,
  type CostReading,
  changeTariff,
  costDetails,
  countUp,
  openAccount,
} from '../../cost/cost-meter.ts';
import { isSupported } from '../../cost/tariff-conditions.ts';
import { flowAt, registerWh } from '../../physical/meter.ts';
import { meterUp } from '../../state/charging.ts';
import type { Evse, Transaction } from '../../state/evse.ts';
import { refresh } from '../../state/transactions.ts';
import { NO_EXTRAS } from './extras21.ts';
import type { Side2x } from './side.ts';
import { transactionEvent } from './transactions.ts';

/** More price lines than a simulated display can work with. */
const MAX_ELEMENTS = 20;
/** How often a limit of cost is looked at. */
const LIMIT_LOOK_S = 10;
/** Tariffs of drivers that have shown a card and not begun yet. */
const MAX_DRIVER_TARIFFS = 50;

/** The CSMS counts the cost, this station does not. */
const CENTRAL = 'central';
export type DriverTariff = v21.TariffType | typeof CENTRAL;

/** Why a tariff cannot be worked with; undefined: it can. */
export function tariffFault(tariff: v21.TariffType): 'TooManyElements' | 'ConditionNotSupported' | undefined {
  const { energy, chargingTime, idleTime, fixedFee } = tariff;
  const lines = [energy, chargingTime, idleTime, fixedFee].flatMap(
    (part): readonly { readonly conditions?: v21.TariffConditionsType }[] => part?.prices ?? [],
  );
  if (lines.length > MAX_ELEMENTS) return 'TooManyElements';
  return lines.every(({ conditions }) => isSupported(conditions)) ? undefined : 'ConditionNotSupported';
}

/** AuthorizeResponse may bring a tariff for this driver; false: it cannot be handled and the driver is refused for it. */
export function takeDriverTariff(side: Side2x, tokenValue: string, tariff: v21.TariffType | undefined): boolean {
  if (side.version !== '2.1' || tariff === undefined || !side.template.features.tariff) return true;
  const fault = tariffFault(tariff);
  if (fault !== undefined) {
    const how = side.model.text('TariffCostCtrlr.HandleFailedTariff') ?? 'UseDefault';
    side.host.happened('tariff-refused', { tariffId: tariff.tariffId, fault, how });
    if (how === 'CentralCost') keepFor(side, tokenValue, CENTRAL);
    return how !== 'Deauthorize';
  }
  keepFor(side, tokenValue, tariff);
  return true;
}

function keepFor(side: Side2x, tokenValue: string, tariff: DriverTariff): void {
  side.driverTariffs ??= new Map();
  const [oldest] = side.driverTariffs.keys();
  if (side.driverTariffs.size >= MAX_DRIVER_TARIFFS && oldest !== undefined) side.driverTariffs.delete(oldest);
  side.driverTariffs.set(tokenValue.toUpperCase(), tariff);
}

/** The driver's tariff, else the default one of this EVSE, else of all: the latest that is in force (2.1 I07, I08). */
function tariffFor(side: Side2x, evse: Evse, { token }: Transaction): DriverTariff | undefined {
  const own = side.driverTariffs?.get(token?.value.toUpperCase() ?? '');
  if (own !== undefined) return own;
  const now = side.host.now();
  const since = ({ validFrom }: v21.TariffType): number => (validFrom === undefined ? 0 : (parseTime(validFrom) ?? 0));
  return (side.extras21 ?? NO_EXTRAS).tariffs
    .filter((one) => (one.evseId === 0 || one.evseId === evse.id) && since(one.tariff) <= now)
    .sort((a, b) => since(b.tariff) - since(a.tariff) || b.evseId - a.evseId)[0]?.tariff;
}

/** The account of a transaction; undefined while nothing is counted here. */
export function accountOf({ wire }: Transaction): CostAccount | undefined {
  return wire['cost'] as CostAccount | undefined;
}

/**
 * Counts up to now, and says what an event tells of it: the tariff once, the cost at the end and when asked for
 * (2.1 I07, I12). A transaction counts from the moment at which its driver is known.
 */
export function costPart(
  side: Side2x,
  evse: Evse,
  transaction: Transaction,
  tellsCost: boolean,
): { readonly tariffId?: string; readonly costDetails?: v21.CostDetailsType } {
  if (side.version !== '2.1' || !side.template.features.tariff) return {};
  const opened = accountOf(transaction) === undefined && open(side, evse, transaction);
  const account = accountOf(transaction);
  if (account === undefined) return {};
  if (!opened) count(side, evse, transaction, account);
  const details = costDetails(account);
  transaction.wire['runningCost'] = details.totalCost.total.inclTax;
  return {
    ...(opened ? { tariffId: account.tariff.tariffId } : {}),
    ...(tellsCost ? { costDetails: details } : {}),
  };
}

/** The CSMS tells what a transaction costs: it counts unless the station counts itself, and may reach a limit. */
export function costTold(side: Side2x, evse: Evse, transaction: Transaction, totalCost: number): void {
  if (accountOf(transaction) !== undefined) return;
  transaction.wire['runningCost'] = totalCost;
  if (transaction.limits?.maxCost !== undefined) side.host.afterAnswer(() => refresh(side.core, evse));
}

/** ChangeTransactionTariff: what was used until now is counted by the old one. */
export function changeTariffOf(side: Side2x, evse: Evse, transaction: Transaction, tariff: v21.TariffType): void {
  const account = accountOf(transaction);
  if (account === undefined) {
    transaction.wire['cost'] = openAccount(tariff, readingOf(side, evse, transaction));
    return;
  }
  count(side, evse, transaction, account);
  changeTariff(account, tariff);
}

/** Time to look at the cost: the running cost is told if wanted, and a limit of it is obeyed. */
export function costDue(side: Side2x, evse: Evse): void {
  const { transaction } = evse;
  const account = transaction === undefined ? undefined : accountOf(transaction);
  if (transaction === undefined || account === undefined) return;
  const everyS = side.model.int('CompoteSim.RunningCostInterval');
  const toldMs = Number(transaction.wire['costToldMs'] ?? transaction.startedAtMs);
  if (everyS > 0 && side.host.now() >= toldMs + everyS * 1000) {
    transaction.wire['costToldMs'] = side.host.now();
    transactionEvent(side, evse, transaction, 'Updated', 'RunningCost', []);
  } else {
    costPart(side, evse, transaction, false);
  }
  armCost(side, evse, transaction);
  if (transaction.limits?.maxCost !== undefined) refresh(side.core, evse);
}

export function armCost(side: Side2x, evse: Evse, transaction: Transaction): void {
  if (accountOf(transaction) === undefined) return;
  const everyS = side.model.int('CompoteSim.RunningCostInterval');
  const limitS = transaction.limits?.maxCost === undefined ? Number.POSITIVE_INFINITY : LIMIT_LOOK_S;
  const waitS = Math.min(limitS, everyS > 0 ? everyS : Number.POSITIVE_INFINITY);
  side.host.timer(`cost:${evse.id}`, Number.isFinite(waitS) ? side.host.now() + waitS * 1000 : undefined);
}

function open(side: Side2x, evse: Evse, transaction: Transaction): boolean {
  if (transaction.token === undefined || transaction.endedAtMs !== undefined) return false;
  const tariff = tariffFor(side, evse, transaction);
  if (tariff === undefined || transaction.wire['centralCost'] === true) return false;
  if (tariff === CENTRAL) {
    transaction.wire['centralCost'] = true;
    side.driverTariffs?.delete(transaction.token.value.toUpperCase());
    return false;
  }
  transaction.wire['driverTariff'] = side.driverTariffs?.delete(transaction.token.value.toUpperCase()) === true;
  transaction.wire['cost'] = openAccount(tariff, readingOf(side, evse, transaction));
  armCost(side, evse, transaction);
  return true;
}

function count(side: Side2x, evse: Evse, transaction: Transaction, account: CostAccount): void {
  countUp(account, readingOf(side, evse, transaction));
}

/** What the meter says; `charging` is what the transaction did since the last reading. */
function readingOf(side: Side2x, evse: Evse, transaction: Transaction): CostReading {
  meterUp(side.core, evse);
  const atMs = transaction.endedAtMs ?? side.host.now();
  const { powerW, ampsA } = flowAt(evse.path, atMs);
  const charging = transaction.wire['costCharging'] === true;
  transaction.wire['costCharging'] = transaction.chargingState === 'Charging';
  return {
    atMs,
    registerWh: transaction.meterStopWh ?? registerWh(evse.path.meter),
    charging,
    powerW,
    currentA: ampsA.reduce((sum, one) => sum + one, 0),
    evseKind: evse.path.rating.dc ? 'DC' : 'AC',
  };
}

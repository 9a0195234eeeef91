import { parseTime } from '../../../../core/time.ts';
import type { v21 } from '../../../../protocols/ocpp/messages.ts';
import type { Evse } from '../../state/evse.ts';
import { NO_EXTRAS, type StoredTariff } from './extras21.ts';
import { accountOf, changeTariffOf, costTold, tariffFault } from './local-cost.ts';
import type { Side2x } from './side.ts';
import { transactionEvent } from './transactions.ts';
import { type Answer, info, type Request } from './wire.ts';

/** SetDefaultTariff: 0 = every EVSE; running transactions keep the old one (2.1 I07). */
export function setDefaultTariff(
  side: Side2x,
  { evseId, tariff }: Request<'SetDefaultTariff'>,
): Answer<'SetDefaultTariff'> {
  if (evseId !== 0 && side.core.evse(evseId) === undefined) return { status: 'Rejected', ...info('UnknownEvse') };
  const fault = tariffFault(tariff);
  if (fault !== undefined) return { status: fault };
  const tariffs = tariffsOf(side);
  // Also the same one again: a tariff is replaced by one of another id (I07.FR.04).
  if (tariffs.some((one) => one.tariff.tariffId === tariff.tariffId)) return { status: 'DuplicateTariffId' };
  // One that only begins later waits beside the present one.
  const later = tariff.validFrom !== undefined && (parseTime(tariff.validFrom) ?? 0) > side.host.now();
  keep(side, [...tariffs.filter((one) => later || (evseId !== 0 && one.evseId !== evseId)), { evseId, tariff }]);
  return { status: 'Accepted' };
}

export function getTariffs(side: Side2x, { evseId }: Request<'GetTariffs'>): Answer<'GetTariffs'> {
  const found = tariffsOf(side).filter((one) => evseId === 0 || one.evseId === 0 || one.evseId === evseId);
  const assignments = [
    ...found.map(
      ({ evseId: where, tariff }): v21.TariffAssignmentType => ({
        tariffId: tariff.tariffId,
        tariffKind: 'DefaultTariff',
        evseIds: where === 0 ? side.core.evses.map((one) => one.id) : [where],
        ...(tariff.validFrom === undefined ? {} : { validFrom: tariff.validFrom }),
      }),
    ),
    ...side.core.evses.flatMap((evse) => driverTariffOf(evse, evseId)),
  ];
  return assignments.length === 0 ? { status: 'NoTariff' } : { status: 'Accepted', tariffAssignments: assignments };
}

/** The tariff of a running transaction that its driver brought. */
function driverTariffOf({ id, transaction }: Evse, wanted: number): v21.TariffAssignmentType[] {
  const { token } = transaction ?? {};
  const account = transaction === undefined ? undefined : accountOf(transaction);
  if (account === undefined || token === undefined || transaction?.wire['driverTariff'] !== true) return [];
  if (wanted !== 0 && wanted !== id) return [];
  return [{ tariffId: account.tariff.tariffId, tariffKind: 'DriverTariff', evseIds: [id], idTokens: [token.value] }];
}

/** Ids and EVSE are ANDed; neither = all; one result per named tariff (2.1 I10). */
export function clearTariffs(side: Side2x, { tariffIds, evseId }: Request<'ClearTariffs'>): Answer<'ClearTariffs'> {
  const all = tariffsOf(side);
  const gone = all.filter(
    (one) =>
      (tariffIds === undefined || tariffIds.includes(one.tariff.tariffId)) &&
      (evseId === undefined || one.evseId === evseId),
  );
  if (gone.length > 0)
    keep(
      side,
      all.filter((one) => !gone.includes(one)),
    );
  const named = tariffIds ?? [...new Set(gone.map((one) => one.tariff.tariffId))];
  if (named.length === 0) return { clearTariffsResult: [{ status: 'NoTariff' }] };
  return {
    clearTariffsResult: named.map((tariffId) => ({
      tariffId,
      status: gone.some((one) => one.tariff.tariffId === tariffId) ? 'Accepted' : 'NoTariff',
    })),
  };
}

/** The new tariff counts from now on, and TransactionEvent TariffChanged tells it (2.1 I11). */
export function changeTransactionTariff(
  side: Side2x,
  { transactionId, tariff }: Request<'ChangeTransactionTariff'>,
): Answer<'ChangeTransactionTariff'> {
  const found = side.core.transactionOf(transactionId);
  if (found === undefined) return { status: 'TxNotFound' };
  const fault = tariffFault(tariff);
  if (fault !== undefined) return { status: fault };
  const currency = accountOf(found.transaction)?.tariff.currency;
  if (currency !== undefined && currency !== tariff.currency) return { status: 'NoCurrencyChange' };
  side.host.afterAnswer(() => {
    changeTariffOf(side, found.evse, found.transaction, tariff);
    transactionEvent(side, found.evse, found.transaction, 'Updated', 'TariffChanged', [], {
      tariffId: tariff.tariffId,
    });
  });
  return { status: 'Accepted' };
}

/** CostUpdated: the display shows it (2.0.1 I02). */
export function costUpdated(side: Side2x, { transactionId, totalCost }: Request<'CostUpdated'>): Answer<'CostUpdated'> {
  const found = side.core.transactionOf(transactionId);
  if (found !== undefined) costTold(side, found.evse, found.transaction, totalCost);
  side.host.happened('cost', { transactionId, totalCost });
  return {};
}

function tariffsOf(side: Side2x): readonly StoredTariff[] {
  return side.extras21?.tariffs ?? NO_EXTRAS.tariffs;
}

function keep(side: Side2x, tariffs: readonly StoredTariff[]): void {
  side.extras21 = { ...(side.extras21 ?? NO_EXTRAS), tariffs };
  side.host.touched('extras');
  side.host.happened('tariffs', { tariffIds: tariffs.map((one) => one.tariff.tariffId) });
}

import type { Outbound } from '../../handler.ts';
import { defaultTariffSet, driverTariffGiven, tariffCleared, tariffsListed } from '../tariff-records.ts';

/** 2.1 I07. EVSE 0 is every EVSE; running transactions keep theirs. */
export const setDefaultTariff: Outbound<'2.1', 'SetDefaultTariff'> = {
  changes: 'the default tariff of the EVSE, once Accepted; one that begins later stands beside the present one',
  shows: '/stations/{id}/tariffs',
  answered(context, { evseId, tariff }, { status }) {
    if (status === 'Accepted') defaultTariffSet(context, evseId, tariff);
  },
};

/** 2.1 I09. NoTariff: there is none on that EVSE. */
export const getTariffs: Outbound<'2.1', 'GetTariffs'> = {
  changes: 'tariffs as listed, others of that EVSE removed',
  shows: '/stations/{id}/tariffs',
  answered(context, { evseId }, { status, tariffAssignments = [] }) {
    if (status !== 'Rejected') tariffsListed(context, evseId, status === 'NoTariff' ? [] : tariffAssignments);
  },
};

/** 2.1 I10: one result per tariff; one without an id stands for all that were selected. */
export const clearTariffs: Outbound<'2.1', 'ClearTariffs'> = {
  changes: 'removes each tariff that was Accepted or NoTariff',
  shows: '/stations/{id}/tariffs',
  answered(context, { evseId, tariffIds }, { clearTariffsResult }) {
    for (const { status, tariffId } of clearTariffsResult) {
      if (status === 'Rejected') continue;
      const selected = tariffId === undefined ? tariffIds : [tariffId];
      tariffCleared(context, selected, evseId);
    }
  },
};

/** 2.1 I11: not retroactive; the station says TariffChanged. */
export const changeTransactionTariff: Outbound<'2.1', 'ChangeTransactionTariff'> = {
  changes: 'the transaction’s tariff, once Accepted',
  shows: '/stations/{id}/tariffs; /transactions/{station}/{id} details.tariffId',
  answered(context, { transactionId, tariff }, { status }) {
    if (status !== 'Accepted') return;
    const { state, station, services } = context;
    driverTariffGiven(context, transactionId, tariff);
    const transaction = state.transactions.get(station, transactionId);
    if (transaction === undefined) return;
    transaction.details = { ...transaction.details, tariffId: tariff.tariffId };
    state.transactions.save(transaction);
    services.changed({ what: 'transaction-updated', station, key: transaction.key });
  },
};

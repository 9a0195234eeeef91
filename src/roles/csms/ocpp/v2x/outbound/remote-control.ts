import { commandAnswered } from '../../commands-seen.ts';
import { profileInstalled } from '../../profiles.ts';
import type { OutboundV2 } from '../handlers.ts';
import { profileFacts } from '../profile-facts.ts';

/** F01, F02: Accepted means "will try"; the transaction comes by TransactionEvent with the same remoteStartId. */
export const requestStartTransaction: OutboundV2<'RequestStartTransaction'> = {
  changes: 'keeps the command with its answer; its charging profile, once Accepted',
  shows: '/stations/{id}/commands; /stations/{id}/profiles',
  answered(context, request, { status, transactionId }) {
    const { remoteStartId, evseId, idToken, chargingProfile } = request;
    const facts = { remoteStartId, evseId, idToken: idToken.idToken, type: idToken.type, transactionId };
    commandAnswered(context, 'RequestStartTransaction', facts, status);
    if (status !== 'Accepted' || chargingProfile === undefined) return;
    const profile = { ...profileFacts(chargingProfile), transactionId, remoteStartId };
    profileInstalled(context, evseId ?? 0, profile, chargingProfile, 'set');
  },
};

/** F03, F04: the end comes by TransactionEvent with reason Remote. */
export const requestStopTransaction: OutboundV2<'RequestStopTransaction'> = {
  changes: 'keeps the command with its answer',
  shows: '/stations/{id}/commands',
  answered: (context, { transactionId }, { status }) =>
    commandAnswered(context, 'RequestStopTransaction', { transactionId }, status),
};

/** F05. */
export const unlockConnector: OutboundV2<'UnlockConnector'> = {
  changes: 'keeps the command with its answer',
  shows: '/stations/{id}/commands',
  answered: (context, { evseId, connectorId }, { status }) =>
    commandAnswered(context, 'UnlockConnector', { evseId, connectorId }, status),
};

/** F06: the message follows after the answer. */
export const triggerMessage: OutboundV2<'TriggerMessage'> = {
  changes: 'keeps the command with its answer; a pending station may send what was asked for',
  shows: '/stations/{id}/commands',
  answered: (context, { requestedMessage, evse, customTrigger }, { status }) =>
    commandAnswered(context, 'TriggerMessage', { requestedMessage, evse, customTrigger }, status),
};

/** B11, B12, 2.1 B13. */
export const reset: OutboundV2<'Reset'> = {
  changes: 'keeps the command with its answer',
  shows: '/stations/{id}/commands',
  answered: (context, { type, evseId }, { status }) => commandAnswered(context, 'Reset', { type, evseId }, status),
};

/** C11. */
export const clearCache: OutboundV2<'ClearCache'> = {
  changes: 'keeps the command with its answer',
  shows: '/stations/{id}/commands',
  answered: (context, _request, { status }) => commandAnswered(context, 'ClearCache', {}, status),
};

/** E14: without a transaction id there is no indicator, only whether messages wait. */
export const getTransactionStatus: OutboundV2<'GetTransactionStatus'> = {
  changes: 'keeps the answer; the transaction’s messages in queue and ongoing indicator',
  shows: '/stations/{id}/commands; /transactions/{station}/{id} details',
  answered(context, { transactionId }, { ongoingIndicator, messagesInQueue }) {
    const { state, station, services } = context;
    const facts = { ongoingIndicator, messagesInQueue };
    commandAnswered(context, 'GetTransactionStatus', { transactionId, ...facts }, 'Answered');
    const transaction = transactionId === undefined ? undefined : state.transactions.get(station, transactionId);
    if (transaction === undefined) return;
    transaction.details = { ...transaction.details, ...facts };
    if (ongoingIndicator === false && !messagesInQueue && transaction.state === 'active')
      state.transactions.remark(transaction, 'The station says that it is over, but its end never came');
    state.transactions.save(transaction);
    services.changed({ what: 'transaction-updated', station, key: transaction.key });
  },
};

import { DEFERRED } from '../../../../../link/ocpp-link.ts';
import type { v21 } from '../../../../../protocols/ocpp/messages.ts';
import type { TransactionRecord } from '../../../state/records.ts';
import type { InboundContext } from '../../handler.ts';
import type { InboundV2 } from '../handlers.ts';
import { idTokenInfo, presentedToken } from '../id-token-info.ts';
import { applyEvent, transactionOf } from '../transaction-record.ts';

/**
 * Block E. Every event is taken, in whatever order it comes: a transaction exists from its first event on, gaps in its
 * sequence stay noted until they close, a repetition changes nothing. Whenever a token was sent the answer says what it is
 * worth (E01.FR.12).
 */
export const transactionEvent: InboundV2<'TransactionEvent'> = {
  changes:
    'the transaction: place, token, state, energy, curve, gaps, limits and costs; its reservation; the EVSE’s reading; when it ends, its profiles and messages go',
  shows: '/transactions/{station}/{id}',
  handle(context, request) {
    const { state, station, services, link, call } = context;
    const transaction = transactionOf(context, request);
    const order = state.transactions.sequence(transaction, request.seqNo);
    if (order !== 'duplicate') {
      applyEvent(context, transaction, request, order !== 'late');
      keep(context, transaction, request);
    }
    const { idToken } = request;
    if (idToken === undefined) return {};
    const charges = request.eventType !== 'Ended' && idToken.idToken === transaction.idToken;
    services.authorize(
      {
        token: presentedToken(idToken),
        station,
        starting: charges,
        transactionKey: transaction.key,
        call,
        ...(transaction.evse === undefined ? {} : { evse: transaction.evse }),
      },
      (authorization) => {
        // The token that charges is judged once; a token that stops changes nothing about the transaction.
        if (idToken.idToken === transaction.idToken && transaction.authorization === undefined) {
          transaction.authorization = authorization.status;
          if (authorization.groupId !== undefined) transaction.groupId = authorization.groupId;
          if (authorization.status !== 'Accepted')
            state.transactions.remark(transaction, `The token was refused: ${authorization.reason}`);
          state.transactions.save(transaction);
          services.changed({ what: 'transaction-updated', station, key: transaction.key });
        }
        link.answer(call, { idTokenInfo: idTokenInfo(authorization) });
      },
    );
    return DEFERRED;
  },
};

function keep(
  { state, station, services }: InboundContext,
  transaction: TransactionRecord,
  { eventType }: v21.TransactionEventRequest,
): void {
  state.transactions.save(transaction);
  const what = (
    {
      Started: 'transaction-started',
      Updated: 'transaction-updated',
      Ended: 'transaction-ended',
    } as const
  )[eventType];
  services.changed({ what, station, key: transaction.key });
}

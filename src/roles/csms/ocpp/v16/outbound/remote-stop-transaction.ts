import { commandAnswered } from '../../commands-seen.ts';
import type { Outbound } from '../../handler.ts';

/** 1.6 §5.12: the stop itself comes by StopTransaction with reason Remote. */
export const remoteStopTransaction: Outbound<'1.6', 'RemoteStopTransaction'> = {
  changes: 'keeps the command with its answer',
  shows: '/stations/{id}/commands',
  answered: (context, { transactionId }, { status }) =>
    commandAnswered(context, 'RemoteStopTransaction', { transactionId }, status),
};

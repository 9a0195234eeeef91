import { commandAnswered } from '../../commands-seen.ts';
import type { Outbound } from '../../handler.ts';

/** 1.6 §5.18. */
export const unlockConnector: Outbound<'1.6', 'UnlockConnector'> = {
  changes: 'keeps the command with its answer',
  shows: '/stations/{id}/commands',
  answered: (context, { connectorId }, { status }) =>
    commandAnswered(context, 'UnlockConnector', { connectorId }, status),
};

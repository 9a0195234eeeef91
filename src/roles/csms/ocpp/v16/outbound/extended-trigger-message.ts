import { commandAnswered } from '../../commands-seen.ts';
import type { Outbound } from '../../handler.ts';

/** Security whitepaper. */
export const extendedTriggerMessage: Outbound<'1.6', 'ExtendedTriggerMessage'> = {
  changes: 'keeps the command with its answer; a pending station may send what was asked for',
  shows: '/stations/{id}/commands',
  answered(context, { requestedMessage, connectorId }, { status }) {
    commandAnswered(context, 'ExtendedTriggerMessage', { requestedMessage, connectorId }, status);
  },
};

import { commandAnswered } from '../../commands-seen.ts';
import type { Outbound } from '../../handler.ts';

/** 1.6 §5.17: the message follows after the answer. */
export const triggerMessage: Outbound<'1.6', 'TriggerMessage'> = {
  changes: 'keeps the command with its answer; a pending station may send what was asked for',
  shows: '/stations/{id}/commands',
  answered(context, { requestedMessage, connectorId }, { status }) {
    commandAnswered(context, 'TriggerMessage', { requestedMessage, connectorId }, status);
  },
};

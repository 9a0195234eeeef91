import { commandAnswered } from '../../commands-seen.ts';
import type { Outbound } from '../../handler.ts';

/** 1.6 §5.11: Accepted means "will try"; the transaction itself comes by StartTransaction. */
export const remoteStartTransaction: Outbound<'1.6', 'RemoteStartTransaction'> = {
  changes: 'keeps the command with its answer',
  shows: '/stations/{id}/commands',
  answered(context, { connectorId, idTag }, { status }) {
    commandAnswered(context, 'RemoteStartTransaction', { connectorId, idTag }, status);
  },
};

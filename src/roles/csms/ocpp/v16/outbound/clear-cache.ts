import { commandAnswered } from '../../commands-seen.ts';
import type { Outbound } from '../../handler.ts';

/** 1.6 §5.4. */
export const clearCache: Outbound<'1.6', 'ClearCache'> = {
  changes: 'keeps the command with its answer',
  shows: '/stations/{id}/commands',
  answered: (context, _request, { status }) => commandAnswered(context, 'ClearCache', {}, status),
};

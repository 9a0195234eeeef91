import { commandAnswered } from '../../commands-seen.ts';
import type { Outbound } from '../../handler.ts';

/** 1.6 §5.14. */
export const reset: Outbound<'1.6', 'Reset'> = {
  changes: 'keeps the command with its answer',
  shows: '/stations/{id}/commands',
  answered: (context, { type }, { status }) => commandAnswered(context, 'Reset', { type }, status),
};

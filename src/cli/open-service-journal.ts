import { CompoteError } from '../core/errors.ts';
import type { JournalNeeds } from '../platform/prepare-service.ts';
import type { ServiceJournal } from '../platform/service.ts';

/** Opens the journal of a service in its folder. */
export async function openServiceJournal(needs: JournalNeeds): Promise<ServiceJournal> {
  throw new CompoteError('NOT_AVAILABLE', { detail: `the journal of ${needs.service}` });
}

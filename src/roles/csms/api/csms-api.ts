import type { Clock } from '../../../core/clock.ts';
import { CompoteError } from '../../../core/errors.ts';
import type { Journal } from '../../../journal/index.ts';
import type { Csms } from '../csms.ts';
import type { FilePlace } from '../files/file-place.ts';
import type { CsmsSection } from '../section.ts';
import type { StationRecord } from '../state/records.ts';

/** What the routes of the CSMS work on. */
export interface CsmsApi {
  readonly csms: Csms;
  readonly settings: CsmsSection;
  readonly clock: Clock;
  readonly files: FilePlace;
  readonly journal: Pick<Journal, 'query'>;
}

/** The station, or UNKNOWN_STATION with the identities that look like the one asked for. */
export function knownStation({ csms }: CsmsApi, id: string): StationRecord {
  const station = csms.state.stations.get(id);
  if (station !== undefined) return station;
  throw new CompoteError('UNKNOWN_STATION', { detail: id });
}

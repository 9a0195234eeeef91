import type { Clock } from '../../../core/clock.ts';
import { CompoteError } from '../../../core/errors.ts';
import type { Journal } from '../../../journal/index.ts';
import { nearest } from '../../../platform/schema/nearest.ts';
import type { Csms } from '../csms.ts';
import type { FilePlace } from '../files/file-place.ts';
import type { Cpo } from '../oicp/cpo.ts';
import type { CsmsSection } from '../section.ts';
import type { StationRecord } from '../state/records.ts';

/** What the routes of the CSMS work on. */
export interface CsmsApi {
  readonly csms: Csms;
  /** The CSMS in e-roaming; there also when roaming is off. */
  readonly cpo: Cpo;
  readonly settings: CsmsSection;
  readonly clock: Clock;
  readonly files: FilePlace;
  readonly journal: Pick<Journal, 'query'>;
}

/** How many identities are looked through for one that may have been meant. */
const LOOKED_THROUGH = 1_000;

/** The station. @throws UNKNOWN_STATION, naming an identity that looks like the one asked for */
export function knownStation({ csms }: CsmsApi, id: string): StationRecord {
  const { stations } = csms.state;
  const station = stations.get(id);
  if (station !== undefined) return station;
  const meant = nearest(
    id,
    stations.page({}, LOOKED_THROUGH, undefined).items.map((each) => each.id),
  );
  throw new CompoteError('UNKNOWN_STATION', {
    detail: id,
    ...(meant === undefined
      ? {}
      : { hint: `Did you mean ${meant}? List the stations with GET /api/v1/stations.`, extra: { nearest: meant } }),
  });
}

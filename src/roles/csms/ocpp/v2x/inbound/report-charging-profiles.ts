import { profileInstalled } from '../../profiles.ts';
import { dropUnreported, reportPart } from '../../reports.ts';
import type { InboundV2 } from '../handlers.ts';
import { profileFacts } from '../profile-facts.ts';

/** K09. A complete report that was asked for without criteria names all profiles: others are gone. */
export const reportChargingProfiles: InboundV2<'ReportChargingProfiles'> = {
  changes: 'charging profiles as reported, with their source; how far the report has come',
  shows: '/stations/{id}/profiles; /stations/{id}/reports',
  handle(context, { requestId, evseId, chargingLimitSource, chargingProfile, tbc }) {
    for (const profile of chargingProfile)
      profileInstalled(context, evseId, { ...profileFacts(profile), chargingLimitSource }, profile, 'reported');
    const complete = reportPart(context, 'profiles', requestId, { tbc, entries: chargingProfile.length });
    if (complete !== undefined && isUnfiltered(complete.request))
      dropUnreported(context, 'profiles', complete.requestedAt);
    return {};
  },
};

function isUnfiltered(request: object): boolean {
  return (
    !('evseId' in request) &&
    'chargingProfile' in request &&
    Object.keys(Object(request.chargingProfile)).every((criterion) => criterion === 'customData')
  );
}

import { commandAnswered } from '../../commands-seen.ts';
import { profilesCleared } from '../../profiles.ts';
import { reportExpected } from '../../reports.ts';
import type { OutboundV2 } from '../handlers.ts';

/** B07. EmptyResultSet and NotSupported: no report follows. */
export const getBaseReport: OutboundV2<'GetBaseReport'> = {
  changes: 'an expected report, once Accepted',
  shows: '/stations/{id}/reports',
  answered(context, request, { status }) {
    if (status === 'Accepted') reportExpected(context, 'inventory', request.requestId, request);
  },
};

/** B08. */
export const getReport: OutboundV2<'GetReport'> = {
  changes: 'an expected report, once Accepted',
  shows: '/stations/{id}/reports',
  answered(context, request, { status }) {
    if (status === 'Accepted') reportExpected(context, 'inventory', request.requestId, request);
  },
};

/** N02. */
export const getMonitoringReport: OutboundV2<'GetMonitoringReport'> = {
  changes: 'an expected report, once Accepted',
  shows: '/stations/{id}/reports',
  answered(context, request, { status }) {
    if (status === 'Accepted') reportExpected(context, 'monitoring', request.requestId, request);
  },
};

/** K09. NoProfiles: those that were asked for are not there. */
export const getChargingProfiles: OutboundV2<'GetChargingProfiles'> = {
  changes: 'an expected report, once Accepted; removes what was asked for when there is none',
  shows: '/stations/{id}/reports; /stations/{id}/profiles',
  answered(context, request, { status }) {
    if (status === 'Accepted') return reportExpected(context, 'profiles', request.requestId, request);
    const {
      chargingProfileId: ids,
      chargingLimitSource,
      chargingProfilePurpose: purpose,
      stackLevel,
    } = request.chargingProfile;
    // K09.FR.03: ids, or the other fields. A source is not a field of every profile that we know.
    if (ids !== undefined) for (const id of ids) profilesCleared(context, { id });
    else if (chargingLimitSource === undefined) profilesCleared(context, { evse: request.evseId, purpose, stackLevel });
  },
};

/** N09, N10: a report follows even when nothing was found. */
export const customerInformation: OutboundV2<'CustomerInformation'> = {
  changes: 'an expected report, once Accepted; keeps a clearing with its answer',
  shows: '/stations/{id}/reports; /stations/{id}/commands',
  answered(context, request, { status }) {
    const { requestId, report, clear } = request;
    if (status === 'Accepted') reportExpected(context, 'customer-information', requestId, request);
    if (clear) commandAnswered(context, 'CustomerInformation', { requestId, report, clear }, status);
  },
};

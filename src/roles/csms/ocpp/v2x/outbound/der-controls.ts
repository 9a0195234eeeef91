import type { v21 } from '../../../../../protocols/ocpp/messages.ts';
import type { Outbound } from '../../handler.ts';
import { reportExpected } from '../../reports.ts';
import { derControlKnown, derControlsCleared, derControlsSuperseded } from '../der-controls.ts';

/** 2.1 R04: the lower priority number wins; losers are listed as superseded. */
export const setDERControl: Outbound<'2.1', 'SetDERControl'> = {
  changes: 'the DER control, once Accepted; those that it superseded',
  shows: '/stations/{id}/der-controls',
  answered(context, request, { status, supersededIds = [] }) {
    if (status !== 'Accepted') return;
    const { controlId, controlType, isDefault } = request;
    derControlKnown(
      context,
      { controlId, controlType, isDefault, settings: settingsOf(request), source: 'set' },
      'Accepted',
    );
    derControlsSuperseded(context, supersededIds);
  },
};

/** Exactly one member holds the settings of the type. */
function settingsOf(request: v21.SetDERControlRequest): unknown {
  return (
    request.curve ??
    request.enterService ??
    request.fixedPFAbsorb ??
    request.fixedPFInject ??
    request.fixedVar ??
    request.freqDroop ??
    request.gradient ??
    request.limitMaxDischarge
  );
}

/** 2.1 R04.FR.31. NotFound: there is none such. */
export const getDERControl: Outbound<'2.1', 'GetDERControl'> = {
  changes: 'an expected report, once Accepted; removes what was asked for when there is none',
  shows: '/stations/{id}/reports; /stations/{id}/der-controls',
  answered(context, request, { status }) {
    if (status === 'Accepted') reportExpected(context, 'der-controls', request.requestId, request);
    else if (status === 'NotFound') derControlsCleared(context, request);
  },
};

/** 2.1 R04.FR.41-45. NotFound: it is not there either. */
export const clearDERControl: Outbound<'2.1', 'ClearDERControl'> = {
  changes: 'removes the DER controls that were selected, once Accepted or NotFound',
  shows: '/stations/{id}/der-controls',
  answered(context, request, { status }) {
    if (status === 'Accepted' || status === 'NotFound') derControlsCleared(context, request);
  },
};

import { reportExpected } from '../../reports.ts';
import { displayMessageKnown } from '../display-messages.ts';
import type { OutboundV2 } from '../handlers.ts';

/** O01, O02. */
export const setDisplayMessage: OutboundV2<'SetDisplayMessage'> = {
  changes: 'the display message, once Accepted; an AlwaysFront message replaces the one before',
  shows: '/stations/{id}/messages',
  answered(context, { message }, { status }) {
    if (status === 'Accepted') displayMessageKnown(context, message, 'set');
  },
};

/** O03-O06. Unknown: there is none such. */
export const getDisplayMessages: OutboundV2<'GetDisplayMessages'> = {
  changes: 'an expected report, once Accepted; removes what was asked for when there is none',
  shows: '/stations/{id}/reports; /stations/{id}/messages',
  answered(context, request, { status }) {
    if (status === 'Accepted') return reportExpected(context, 'messages', request.requestId, request);
    const { state, station } = context;
    const { id: ids, priority, state: shownIn } = request;
    for (const { id, value } of state.items.all(station, 'messages')) {
      const selected =
        (ids === undefined || ids.map(String).includes(id)) &&
        (priority === undefined || value['priority'] === priority) &&
        (shownIn === undefined || value['state'] === shownIn);
      if (selected) state.items.delete(station, 'messages', id);
    }
  },
};

/** O05. Unknown: it is not there either. */
export const clearDisplayMessage: OutboundV2<'ClearDisplayMessage'> = {
  changes: 'removes the display message, once Accepted or Unknown',
  shows: '/stations/{id}/messages',
  answered({ state, station, services }, { id }, { status }) {
    if (status === 'Rejected') return;
    state.items.delete(station, 'messages', id);
    services.changed({ what: 'item', station, kind: 'messages', id: String(id) });
  },
};

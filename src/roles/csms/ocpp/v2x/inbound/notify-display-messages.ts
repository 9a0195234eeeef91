import { dropUnreported, reportPart } from '../../reports.ts';
import { displayMessageKnown } from '../display-messages.ts';
import type { InboundV2 } from '../handlers.ts';

/** O03-O06. A complete list that was asked for without criteria names all messages: others are gone. */
export const notifyDisplayMessages: InboundV2<'NotifyDisplayMessages'> = {
  changes: 'display messages as reported; how far the report has come',
  shows: '/stations/{id}/messages; /stations/{id}/reports',
  handle(context, { requestId, messageInfo = [], tbc }) {
    for (const message of messageInfo) displayMessageKnown(context, message, 'reported');
    const complete = reportPart(context, 'messages', requestId, { tbc, entries: messageInfo.length });
    if (
      complete !== undefined &&
      !['id', 'priority', 'state'].some((criterion) => Object.hasOwn(complete.request, criterion))
    )
      dropUnreported(context, 'messages', complete.requestedAt);
    return {};
  },
};

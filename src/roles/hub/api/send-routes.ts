import { CompoteError } from '../../../core/errors.ts';
import {
  handIn,
  OicpSendRequest,
  OicpSendResult,
  operationOf,
  shownOutcome,
  wrongWay,
} from '../../../link/oicp-send.ts';
import { type Route, route } from '../../../platform/http/route.ts';
import { OPERATION_NAMES, type OperationName, operationRow } from '../../../protocols/oicp/index.ts';
import type { PartnerRecord } from '../state/records.ts';
import type { HubApi } from './hub-api.ts';

/** The one mechanism to send as a party: from the hub to a partner, or what a partner would send. */
export function sendRoutes({ hub }: HubApi): Route[] {
  return [
    route({
      method: 'POST',
      path: '/send',
      summary: 'Send a message as a party',
      description:
        'From `hub` to a partner on the wire; or from a partner to `hub` with `inbound`: nothing is sent, the hub handles it as if the partner had called.',
      tags: ['Behaviour'],
      body: OicpSendRequest,
      response: OicpSendResult,
      problems: ['UNKNOWN_ACTION', 'NOT_FOUND'],
      async handler({ body: { from, to, action, mode, payload, raw, pathId, timeoutMs } }) {
        const operation = operationOf(action, OPERATION_NAMES, 'a hub knows');
        const inbound = mode === 'inbound';
        if ((inbound ? to : from) !== 'hub') throw wrongWay(inbound ? '/to' : '/from', `is \`hub\` for \`${mode}\``);
        const key = inbound ? from : to;
        const partner = hub.state.partners.get(key);
        if (partner === undefined) throw new CompoteError('NOT_FOUND', { detail: `there is no partner ${key}` });
        const text = raw ?? JSON.stringify(payload ?? operationRow(operation).example.request);
        const id = pathId ?? ownId(partner, operation);
        if (inbound) return handIn(hub.server, operation, id, text);
        const forward = { partner: key, operation, pathId: id, text };
        return shownOutcome(await hub.calls.call(forward, { trace: undefined, origin: 'user', timeoutMs }));
      },
    }),
  ];
}

/** The id of the party whose path it is: the caller's, on both legs. */
function ownId({ operatorIds, providerIds }: PartnerRecord, operation: OperationName): string {
  const { pathId, example } = operationRow(operation);
  const own = pathId === 'operatorID' ? operatorIds[0] : providerIds[0];
  if (own !== undefined) return own;
  const { OperatorID, ProviderID } = example.request as { OperatorID?: string; ProviderID?: string };
  return OperatorID ?? ProviderID ?? 'DE*ABC';
}

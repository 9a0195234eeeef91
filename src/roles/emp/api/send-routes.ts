import { OicpSendRequest, OicpSendResult, sendOverHub } from '../../../link/oicp-send.ts';
import { type Route, route } from '../../../platform/http/route.ts';
import type { EmpApi } from './emp-api.ts';

/** The one mechanism to send as a party. */
export function sendRoutes({ emp }: EmpApi): Route[] {
  return [
    route({
      method: 'POST',
      path: '/send',
      summary: 'Send a message as a party',
      description:
        'From `emp` to `hub` on the wire, or from `hub` to `emp` with `inbound`: nothing is sent, the EMP handles it as if the hub had called.',
      tags: ['Actions'],
      body: OicpSendRequest,
      response: OicpSendResult,
      problems: ['UNKNOWN_ACTION', 'SCHEMA_VIOLATION'],
      handler: ({ body }) => sendOverHub(emp.hub, body),
    }),
  ];
}

import Type from 'typebox';
import { CompoteError } from '../../../core/errors.ts';
import { maskSecrets } from '../../../core/secrets.ts';
import { bytesOf, textOf } from '../../../link/http-port.ts';
import type { OicpOutcome } from '../../../link/oicp-client.ts';
import { type Route, route } from '../../../platform/http/route.ts';
import { oneOf } from '../../../platform/schema/words.ts';
import {
  isOperationName,
  JSON_CONTENT_TYPE,
  type OperationName,
  operationRow,
  requestWithText,
} from '../../../protocols/oicp/index.ts';
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
      body: Type.Object(
        {
          from: Type.String({ description: '`hub`, or a partner for `inbound`.' }),
          to: Type.String({ description: 'A partner, or `hub` for `inbound`.' }),
          proto: oneOf(['oicp']),
          ver: Type.Optional(oneOf(['2.3'])),
          action: Type.String({ description: 'OICP operation.' }),
          mode: oneOf(['wire', 'inbound']),
          payload: Type.Optional(Type.Unknown({ description: 'The body; the worked example when absent.' })),
          raw: Type.Optional(Type.String({ description: 'The exact text instead; anything at all.' })),
          pathId: Type.Optional(Type.String({ description: 'The id in the path; that of the partner when absent.' })),
        },
        { additionalProperties: false },
      ),
      response: Type.Object({
        outcome: Type.String(),
        code: Type.Optional(Type.String()),
        reason: Type.Optional(Type.String()),
        status: Type.Optional(Type.Integer({ description: 'HTTP status.' })),
        ms: Type.Optional(Type.Number()),
        answer: Type.Optional(Type.Unknown()),
      }),
      problems: ['UNKNOWN_ACTION', 'NOT_FOUND'],
      async handler({ body: { from, to, action, mode, payload, raw, pathId } }) {
        if (!isOperationName(action)) {
          throw new CompoteError('UNKNOWN_ACTION', { detail: `${action} is not an operation of OICP 2.3` });
        }
        const inbound = mode === 'inbound';
        if ((inbound ? to : from) !== 'hub') {
          const pointer = inbound ? '/to' : '/from';
          throw new CompoteError('INVALID_REQUEST', { fields: [{ pointer, msg: `is \`hub\` for \`${mode}\`` }] });
        }
        const key = inbound ? from : to;
        const partner = hub.state.partners.get(key);
        if (partner === undefined) throw new CompoteError('NOT_FOUND', { detail: `there is no partner ${key}` });
        const text = raw ?? JSON.stringify(payload ?? operationRow(action).example.request);
        const id = pathId ?? ownId(partner, action);
        if (!inbound)
          return shown(
            await hub.calls.call({ partner: key, operation: action, pathId: id, text }, { trace: undefined }),
          );
        const request = requestWithText(action, { operatorID: id, providerID: id }, text);
        const headers = { 'content-type': JSON_CONTENT_TYPE };
        const served = {
          method: request.method,
          url: request.path,
          headers,
          body: bytesOf(text),
          remoteAddress: '127.0.0.1',
        };
        const response = await hub.server.serve(served, true);
        return { outcome: 'answered', status: response.status, answer: bodyOf(textOf(response.body)) };
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

function shown(outcome: OicpOutcome): unknown {
  const { kind, ms, status, text } = outcome;
  return {
    outcome: kind,
    ms,
    ...(kind === 'refused' ? { code: outcome.code } : kind === 'ok' ? { code: '000' } : {}),
    ...('reason' in outcome ? { reason: outcome.reason } : {}),
    ...(status === undefined ? {} : { status }),
    ...(text === undefined ? {} : { answer: bodyOf(text) }),
  };
}

function bodyOf(text: string | undefined): unknown {
  try {
    return maskSecrets(JSON.parse(text ?? ''));
  } catch {
    return text;
  }
}

import Type from 'typebox';
import { CompoteError } from '../../../core/errors.ts';
import { OicpSendResult, oicpSendMembers, sendOverHub, wrongWay } from '../../../link/oicp-send.ts';
import { type Route, route } from '../../../platform/http/route.ts';
import { oneOf } from '../../../platform/schema/words.ts';
import { OCPP_VERSIONS } from '../../../protocols/ocpp/versions.ts';
import type { CsmsApi } from './csms-api.ts';
import { answerOrProblem, type Sent, sendToStation, simulateFromStation } from './sending.ts';

const SENT_PROBLEMS = [
  'UNKNOWN_STATION',
  'UNKNOWN_ACTION',
  'STATION_NOT_CONNECTED',
  'SCHEMA_VIOLATION',
  'QUEUE_FULL',
  'LINK_CLOSED',
] as const;

const timeoutMs = Type.Optional(
  Type.Integer({ minimum: 1, maximum: 600_000, description: 'How long to wait; `callTimeoutMs` when absent.' }),
);

const SendRequest = Type.Object(
  {
    from: Type.String({ minLength: 1, description: '`csms`; for `inbound` the identity of a station, or `hub`.' }),
    to: Type.String({ minLength: 1, description: 'Identity of a station, or `hub`; `csms` for `inbound`.' }),
    proto: oneOf(['ocpp', 'oicp'], { description: 'The CSMS speaks OCPP to stations and OICP to the hub.' }),
    ver: Type.Optional(
      oneOf([...OCPP_VERSIONS, '2.3'], { description: 'For `inbound` of OCPP; else the version of the connection.' }),
    ),
    action: Type.String({
      description: 'OCPP action or OICP operation; OCPP does without it with `raw`.',
      default: '',
    }),
    mode: oneOf(['wire', 'inbound'], {
      description:
        '`wire`: goes out on the open socket. `inbound`: nothing is sent; the CSMS handles it as if the station had sent it.',
    }),
    payload: Type.Optional(Type.Unknown({ description: 'Payload of the CALL; body of the operation.' })),
    raw: Type.Optional(
      Type.String({ description: 'The exact text instead; anything at all. A readable CALL gets its answer matched.' }),
    ),
    allowInvalid: Type.Optional(Type.Boolean({ description: 'Sends what breaks its schema, or is no action at all.' })),
    messageId: Type.Optional(Type.String({ minLength: 1, description: 'Message id; a new one when absent.' })),
    timeoutMs,
    pathId: oicpSendMembers.pathId,
    page: oicpSendMembers.page,
    size: oicpSendMembers.size,
  },
  { additionalProperties: false },
);

const OcppSendResult = Type.Object({
  seq: Type.Integer({ description: 'Number of the message in the journal.' }),
  outcome: oneOf(['answered', 'error', 'timeout', 'sent']),
  answerSeq: Type.Optional(Type.Integer()),
  answer: Type.Optional(
    Type.Unknown({ description: 'Payload of the answer; `{code, description, details}` of a CALLERROR.' }),
  ),
  ms: Type.Optional(Type.Number({ description: 'Until the answer, or until nobody waited any more.' })),
  violations: Type.Optional(
    Type.Array(Type.Object({ pointer: Type.String(), keyword: Type.String(), text: Type.String() }), {
      description: 'In strict mode: how the answer breaks its schema.',
    }),
  ),
});

const SendResult = Type.Union([OcppSendResult, OicpSendResult]);

/** The one mechanism to send as a party, and the thin door that answers with a station's real words. */
export function sendRoutes(api: CsmsApi): Route[] {
  return [
    route({
      method: 'POST',
      path: '/send',
      summary: 'Send a message as a party',
      description: 'What cannot be sent is a problem; what was sent answers 200, also after a CALLERROR or time-out.',
      tags: ['Send'],
      body: SendRequest,
      response: SendResult,
      problems: SENT_PROBLEMS,
      handler: ({ body }): Promise<Sent | OicpSendResult> => {
        const { from, to, ver, mode, proto, pathId, page, size, ...wanted } = body;
        if ((ver === '2.3') !== (proto === 'oicp') && ver !== undefined)
          throw wrongWay('/ver', `${ver} is no version of ${proto.toUpperCase()}`);
        if (proto === 'oicp') return sendOverHub(api.cpo.hub, { from, to, mode, pathId, page, size, ...wanted });
        if (wanted.action === '' && wanted.raw === undefined) {
          throw new CompoteError('INVALID_REQUEST', {
            fields: [{ pointer: '/action', msg: 'is needed where there is no `raw`' }],
          });
        }
        if (mode === 'inbound') {
          if (to !== 'csms') throw wrongWay('/to', 'inbound messages go to `csms`');
          return simulateFromStation(api, { ...wanted, station: from }, ver === '2.3' ? undefined : ver);
        }
        if (from !== 'csms') {
          throw wrongWay(
            '/from',
            'only `csms` sends on the wire here; hand in what a station would say with `inbound`',
          );
        }
        const version = api.csms.sessions.get(to)?.version;
        if (ver !== undefined && version !== undefined && ver !== version)
          throw wrongWay('/ver', `${to} is connected with OCPP ${version}`);
        return sendToStation(api, { ...wanted, station: to });
      },
    }),
    route({
      method: 'POST',
      path: '/stations/{id}/ocpp/{action}',
      summary: 'Send an OCPP message to a station and get its own answer',
      description:
        'Any action that the CSMS may send in the version of that station. The body is the payload; the answer is the payload of the CALLRESULT. All else is a problem.',
      tags: ['Send'],
      params: Type.Object({ id: Type.String({ minLength: 1 }), action: Type.String({ minLength: 1 }) }),
      query: Type.Object({
        timeoutMs,
        allowInvalid: Type.Optional(Type.Boolean({ description: 'Sends a payload that breaks its schema.' })),
      }),
      body: Type.Unknown({ description: 'Payload of the CALL; `{}` when absent.' }),
      bodyOptional: true,
      response: Type.Unknown({ description: 'Payload of the CALLRESULT.' }),
      problems: [...SENT_PROBLEMS, 'STATION_CALLERROR', 'STATION_ANSWER_INVALID', 'STATION_TIMEOUT'],
      async handler({ params, query, body }) {
        const { id, action } = params;
        const sent = await sendToStation(api, { station: id, action, payload: body, ...query });
        return answerOrProblem(id, action, sent);
      },
    }),
  ];
}

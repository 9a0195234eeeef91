import Type, { type Static } from 'typebox';
import { CompoteError } from '../../../core/errors.ts';
import { isoTime } from '../../../core/time.ts';
import { type Route, route } from '../../../platform/http/route.ts';
import { exampleValue, schemaDocs } from '../../../platform/schema/example-value.ts';
import { oneOf } from '../../../platform/schema/words.ts';
import { ACTIONS, type ActionRow } from '../../../protocols/ocpp/actions.ts';
import type { PayloadSchema } from '../../../protocols/ocpp/schemas.ts';
import { OCPP_VERSIONS, type OcppVersion } from '../../../protocols/ocpp/versions.ts';
import { inboundHandler, outboundHandler, sendHandler } from '../ocpp/tables.ts';
import type { CsmsApi } from './csms-api.ts';

const party = oneOf(['csms', 'station']);

const ActionView = Type.Object({
  proto: Type.String(),
  ver: oneOf(OCPP_VERSIONS),
  action: Type.String(),
  from: party,
  to: party,
  block: Type.String({ description: 'Feature profile of 1.6, functional block of 2.x.' }),
  kinds: Type.Array(oneOf(['request', 'response', 'send']), { description: 'Schemas that exist.' }),
  changes: Type.Optional(Type.String({ description: 'What it changes in the CSMS.' })),
  shows: Type.Optional(Type.String({ description: 'Where in REST that shows.' })),
});
type ActionView = Static<typeof ActionView>;

const SchemaView = Type.Object({
  schema: Type.Record(Type.String(), Type.Unknown()),
  docs: Type.Record(Type.String(), Type.String(), { description: 'JSON pointer -> what the member means.' }),
  example: Type.Unknown({ description: 'Every member, made up.' }),
  minimal: Type.Unknown({ description: 'Required members only.' }),
});

/** Every action in each direction in which it may be sent. */
export function actionList(): ActionView[] {
  return OCPP_VERSIONS.flatMap((ver) =>
    Object.entries<ActionRow>(ACTIONS[ver]).flatMap(([action, row]) =>
      (['csms', 'station'] as const)
        .filter((from) => row.sender === from || row.sender === 'both')
        .map((from): ActionView => {
          const handler =
            from === 'csms' ? outboundHandler(ver, action) : (inboundHandler(ver, action) ?? sendHandler(ver, action));
          return {
            proto: 'ocpp',
            ver,
            action,
            from,
            to: from === 'csms' ? 'station' : 'csms',
            block: row.block,
            kinds: row.send === true ? ['send'] : ['request', 'response'],
            ...(handler === undefined ? {} : { changes: handler.changes, shows: handler.shows }),
          };
        }),
    ),
  );
}

/** What can be said, in which version and direction, and how it looks: for forms, completion and scripts. */
export function actionRoutes(api: CsmsApi): Route[] {
  const { clock } = api;
  const tags = ['Schemas'];
  const proto = Type.Optional(oneOf(['ocpp']));
  const ver = Type.Optional(oneOf(OCPP_VERSIONS));
  return [
    route({
      method: 'GET',
      path: '/actions',
      summary: 'Actions of OCPP, by version and direction',
      tags,
      query: Type.Object({ proto, ver, from: Type.Optional(party), to: Type.Optional(party) }),
      response: Type.Object({ items: Type.Array(ActionView), total: Type.Integer() }),
      handler({ query }) {
        const items = actionList().filter(
          (each) =>
            (query.ver === undefined || each.ver === query.ver) &&
            (query.from === undefined || each.from === query.from) &&
            (query.to === undefined || each.to === query.to),
        );
        return { items, total: items.length };
      },
    }),
    route({
      method: 'GET',
      path: '/schemas',
      summary: 'Schemas that there are',
      tags,
      query: Type.Object({ proto, ver }),
      response: Type.Object({ items: Type.Array(Type.String({ description: 'Path below `/schemas`.' })) }),
      handler({ query }) {
        const paths = actionList()
          .filter((each) => query.ver === undefined || each.ver === query.ver)
          .flatMap((each) => each.kinds.map((kind) => `${each.proto}/${each.ver}/${each.action}/${kind}`));
        return { items: [...new Set(paths)] };
      },
    }),
    route({
      method: 'GET',
      path: '/schemas/{proto}/{ver}/{action}/{kind}',
      summary: 'The schema of a payload, with an example',
      tags,
      params: Type.Object({
        proto: oneOf(['ocpp']),
        ver: oneOf(OCPP_VERSIONS),
        action: Type.String(),
        kind: oneOf(['request', 'response', 'send']),
      }),
      response: SchemaView,
      problems: ['UNKNOWN_ACTION', 'NOT_FOUND'],
      handler({ params }) {
        const { schema } = payloadSchema(api, params.ver, params.action, params.kind);
        const now = isoTime(clock.now());
        return {
          schema,
          docs: schemaDocs(schema),
          example: exampleValue(schema, 'example', now, ['customData']),
          minimal: exampleValue(schema, 'minimal', now, ['customData']),
        };
      },
    }),
  ];
}

/** The schema of one side of an action. @throws UNKNOWN_ACTION, NOT_FOUND */
export function payloadSchema(
  { csms }: CsmsApi,
  version: OcppVersion,
  action: string,
  kind: 'request' | 'response' | 'send',
): PayloadSchema {
  const schemas = csms.schemas.of(version).of(action);
  if (schemas === undefined) throw new CompoteError('UNKNOWN_ACTION', { detail: `OCPP ${version} has no ${action}` });
  const isSend = schemas.response === undefined;
  if (kind === 'request' && !isSend) return schemas.request;
  if (kind === 'send' && isSend) return schemas.request;
  if (kind === 'response' && schemas.response !== undefined) return schemas.response;
  throw new CompoteError('NOT_FOUND', { detail: `${action} of OCPP ${version} has no ${kind}` });
}

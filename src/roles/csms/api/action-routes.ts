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
import { innerMessages } from './inner-messages.ts';
import { type OicpAction, oicpActions, oicpSchema } from './oicp-actions.ts';

const party = oneOf(['csms', 'station', 'hub', 'emp']);
const version = oneOf([...OCPP_VERSIONS, '2.3']);

const ActionView = Type.Object({
  proto: Type.String(),
  ver: version,
  action: Type.String(),
  from: party,
  to: party,
  block: Type.String({ description: 'Feature profile of 1.6, functional block of 2.x and of OICP.' }),
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
  inner: Type.Optional(
    Type.Array(
      Type.Object({
        vendorId: Type.String(),
        messageId: Type.String(),
        from: party,
        schema: Type.Record(Type.String(), Type.Unknown()),
        minimal: Type.Unknown(),
      }),
      { description: 'DataTransfer of 1.6: messages that stand as JSON text in `data`.' },
    ),
  ),
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

const all = (proto: 'ocpp' | 'oicp' | undefined): (ActionView | OicpAction)[] =>
  proto === 'oicp' ? oicpActions() : actionList();

/** What can be said, in which version and direction, and how it looks: for forms, completion and scripts. */
export function actionRoutes(api: CsmsApi): Route[] {
  const { clock } = api;
  const tags = ['Schemas'];
  const proto = Type.Optional(oneOf(['ocpp', 'oicp'], { default: 'ocpp' }));
  const ver = Type.Optional(version);
  return [
    route({
      method: 'GET',
      path: '/actions',
      summary: 'Actions of OCPP or operations of OICP, by version and direction',
      tags,
      query: Type.Object({ proto, ver, from: Type.Optional(party), to: Type.Optional(party) }),
      response: Type.Object({ items: Type.Array(ActionView), total: Type.Integer() }),
      handler({ query }) {
        const items = all(query.proto).filter(
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
        const paths = all(query.proto)
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
        proto: oneOf(['ocpp', 'oicp']),
        ver: version,
        action: Type.String(),
        kind: oneOf(['request', 'response', 'send']),
      }),
      query: Type.Object({ to: Type.Optional(Type.String({ description: 'OICP: who would get it.' })) }),
      response: SchemaView,
      problems: ['UNKNOWN_ACTION', 'NOT_FOUND'],
      handler({ params, query }) {
        const { proto: protocol, ver: wanted, action, kind } = params;
        const now = isoTime(clock.now());
        if (protocol === 'oicp' || wanted === '2.3') {
          const found = kind === 'send' ? undefined : oicpSchema(action, kind, query.to, now);
          if (found !== undefined && protocol === 'oicp' && wanted === '2.3') return found;
          throw new CompoteError('UNKNOWN_ACTION', { detail: `${protocol} ${wanted} has no ${action}` });
        }
        const { schema } = payloadSchema(api, wanted, action, kind);
        return {
          ...(wanted === '1.6' && action === 'DataTransfer' && kind === 'request' ? { inner: innerMessages(now) } : {}),
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

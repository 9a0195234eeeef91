import Type, { type Static } from 'typebox';
import { CompoteError } from '../../../core/errors.ts';
import { isoTime } from '../../../core/time.ts';
import { maskSecrets } from '../../../journal/mask.ts';
import { pageOf, pageQuery } from '../../../platform/http/paging.ts';
import { type Route, route } from '../../../platform/http/route.ts';
import { ITEM_KINDS, type ItemKind, type StationItem } from '../state/station-items.ts';
import { type CsmsApi, knownStation } from './csms-api.ts';
import { stationParams } from './station-view.ts';

const ItemView = Type.Object({
  station: Type.String(),
  id: Type.String({ description: 'Unique within station and kind.' }),
  at: Type.String({ description: 'Last change, RFC 3339.' }),
  evse: Type.Optional(Type.Integer()),
  status: Type.Optional(Type.String()),
  value: Type.Record(Type.String(), Type.Unknown(), { description: 'The thing itself, in the words of its kind.' }),
});

const itemQuery = {
  ...pageQuery,
  status: Type.Optional(Type.String()),
  evse: Type.Optional(Type.Integer({ minimum: 0 })),
};

export function itemView({ station, id, at, evse, status, value }: StationItem): Static<typeof ItemView> {
  return {
    station,
    id,
    at: isoTime(at),
    ...(evse === undefined ? {} : { evse }),
    ...(status === undefined ? {} : { status }),
    value: withoutSecrets(value),
  };
}

/** What a station was told or told may carry passwords and keys, also inside of texts (DataTransfer). */
function withoutSecrets(value: StationItem['value']): Record<string, unknown> {
  return JSON.parse(maskSecrets(JSON.stringify(value))) as Record<string, unknown>;
}

/** Paths that mean something else over all stations: the journal, the live feed, what commands there are. */
const TAKEN: Readonly<Partial<Record<ItemKind, string>>> = {
  messages: '/display-messages',
  events: '/monitoring-events',
  commands: '/commands-sent',
};

/** Everything that stations have or reported: one set of routes per kind, derived from the list of kinds. */
export function itemRoutes(api: CsmsApi): Route[] {
  const { items } = api.csms.state;
  const page = (where: Parameters<typeof items.page>[0], query: { limit?: number; cursor?: string }) => {
    const { items: found, next } = items.page(where, query.limit ?? 100, query.cursor);
    return { items: found.map(itemView), ...(next === undefined ? {} : { next }) };
  };
  return (Object.keys(ITEM_KINDS) as ItemKind[]).flatMap((kind) => [
    route({
      method: 'GET',
      path: `/stations/{id}/${kind}`,
      summary: ITEM_KINDS[kind],
      description: 'Of one station, the last changed first.',
      tags: ['Reported'],
      params: stationParams,
      query: Type.Object(itemQuery),
      response: pageOf(ItemView),
      problems: ['UNKNOWN_STATION'],
      handler({ params, query }) {
        const { id } = knownStation(api, params.id);
        return page({ station: id, kind, ...filters(query) }, query);
      },
    }),
    route({
      method: 'GET',
      path: `/stations/{id}/${kind}/{item}`,
      summary: `One of: ${ITEM_KINDS[kind]}`,
      tags: ['Reported'],
      params: Type.Object({ id: Type.String({ minLength: 1 }), item: Type.String({ minLength: 1 }) }),
      response: ItemView,
      problems: ['UNKNOWN_STATION', 'NOT_FOUND'],
      handler({ params }) {
        const { id } = knownStation(api, params.id);
        const item = items.get(id, kind, params.item);
        if (item === undefined) throw new CompoteError('NOT_FOUND', { detail: `${id} has no ${kind} ${params.item}` });
        return itemView(item);
      },
    }),
    route({
      method: 'GET',
      path: TAKEN[kind] ?? `/${kind}`,
      summary: `${ITEM_KINDS[kind]}, of all stations`,
      tags: ['Reported'],
      query: Type.Object({ ...itemQuery, station: Type.Optional(Type.String()) }),
      response: pageOf(ItemView),
      handler: ({ query }) =>
        page({ kind, ...(query.station === undefined ? {} : { station: query.station }), ...filters(query) }, query),
    }),
  ]);
}

function filters({ status, evse }: { status?: string; evse?: number }): { status?: string; evse?: number } {
  return { ...(status === undefined ? {} : { status }), ...(evse === undefined ? {} : { evse }) };
}

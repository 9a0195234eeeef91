import Type from 'typebox';
import { type Route, route } from '../../../platform/http/route.ts';
import { filteredStatistics, statisticsOf } from '../../../platform/journal-api/filtered-statistics.ts';
import { placedFinding, row } from '../../../platform/journal-api/shapes.ts';
import { type CsmsApi, knownStation } from './csms-api.ts';
import { stationParams } from './station-view.ts';

const cursor = Type.Optional(Type.String({ description: 'The `next` of the page before.' }));
const limit = Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 100 }));
const MOST = 50_000;

/** What the journal says about one station. The whole journal stands at `/messages`, `/statistics`, `/findings`. */
export function trafficRoutes(api: CsmsApi): Route[] {
  const { query } = api.journal;
  const tags = ['Stations'];
  return [
    route({
      method: 'GET',
      path: '/stations/{id}/statistics',
      summary: 'Counts, errors and latency percentiles of a station, by action and direction',
      tags,
      params: stationParams,
      query: Type.Object({
        most: Type.Optional(
          Type.Integer({
            minimum: 1,
            maximum: MOST,
            default: 5_000,
            description: 'Only the newest so many exchanges.',
          }),
        ),
      }),
      response: filteredStatistics,
      problems: ['UNKNOWN_STATION'],
      handler: ({ params, query: { most = 5_000 } }) =>
        statisticsOf(query, ofStation(knownStation(api, params.id).id), most),
    }),
    route({
      method: 'GET',
      path: '/stations/{id}/errors',
      summary: 'Messages of a station that went wrong: error answers, unanswered, invalid, unreadable, late ones',
      description: 'The newest first.',
      tags,
      params: stationParams,
      query: Type.Object({ cursor, limit }),
      response: Type.Object({ items: Type.Array(row), next: Type.Optional(Type.String()) }),
      problems: ['UNKNOWN_STATION'],
      handler: ({ params, query: { cursor: after, limit: size = 100 } }) =>
        query.messages({
          q: `${ofStation(knownStation(api, params.id).id)} (kind:error or is:invalid or is:malformed or is:late or is:unexpected or is:unanswered)`,
          order: 'newest',
          limit: size,
          ...(after === undefined ? {} : { cursor: after }),
        }),
    }),
    route({
      method: 'GET',
      path: '/stations/{id}/findings',
      summary: 'Findings on a station',
      tags,
      params: stationParams,
      query: Type.Object({ cursor, limit, rule: Type.Optional(Type.String()) }),
      response: Type.Object({ items: Type.Array(placedFinding), next: Type.Optional(Type.String()) }),
      problems: ['UNKNOWN_STATION'],
      handler: ({ params, query: { cursor: after, limit: size = 100, rule } }) =>
        query.findings({
          party: knownStation(api, params.id).id,
          limit: size,
          ...(rule === undefined ? {} : { rule }),
          ...(after === undefined ? {} : { cursor: after }),
        }),
    }),
  ];
}

/** The filter for one station, whatever signs its identity has. */
function ofStation(id: string): string {
  return `station:${JSON.stringify(id)}`;
}

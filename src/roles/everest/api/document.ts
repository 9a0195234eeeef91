import Type from 'typebox';
import { CompoteError } from '../../../core/errors.ts';
import { isoTime } from '../../../core/time.ts';
import { Answer } from '../../../platform/http/answers.ts';
import { type ApiDocument, type Route, route } from '../../../platform/http/route.ts';
import { oneOf } from '../../../platform/schema/words.ts';
import { checkCarList } from '../../../protocols/everest/car-grammar.ts';
import { carWordsOf } from '../../../protocols/everest/car-words.ts';
import { CAR_GRAMMARS } from '../../../protocols/everest/releases.ts';
import { rowOfTopic } from '../../../protocols/everest/topics.ts';
import type { EverestAdapter } from '../adapter.ts';
import { capabilitiesOf } from '../capabilities.ts';
import type { EverestStation } from '../everest-station.ts';
import { OPERATIONS } from '../operations.ts';
import { demandCommand, sendCommand } from '../station-commands.ts';
import { ConnectorState, connectorView, StationView, stationView } from '../views.ts';
import { done, operationRoutes } from './operation-routes.ts';
import { connectorParams, Done, PROBLEMS, stationParams } from './shapes.ts';

/** REST of the adapter, documented at `/docs`. */
export function everestDocument(adapter: EverestAdapter): ApiDocument {
  return {
    title: 'EVerest adapter',
    description:
      'Watches and drives EVerest stations over MQTT. A command answers 202 with what was published: MQTT has no answer, so ' +
      'nothing is assumed from it. `?wait=charging` waits for what EVerest says. These commands move contactors if the station is real.',
    prefix: '/api/v1',
    docsPath: '/docs',
    tags: [
      { name: 'EVerest', description: 'Stations and what they say.' },
      { name: 'Commands', description: 'What can be done at a connector.' },
    ],
    routes: [...stationRoutes(adapter), ...rawRoutes(adapter), ...operationRoutes(adapter)],
  };
}

function stationRoutes(adapter: EverestAdapter): Route[] {
  const tags = ['EVerest'];
  return [
    route({
      method: 'GET',
      path: '/everest',
      summary: 'Broker and stations, with words for what is wrong',
      tags,
      response: Type.Object({ broker: Type.Unknown(), lookAlike: Type.Boolean(), stations: Type.Array(StationView) }),
      handler: () => ({
        broker: adapter.brokerView(),
        lookAlike: adapter.lookAlike,
        stations: adapter.stations.map(stationView),
      }),
    }),
    route({
      method: 'GET',
      path: '/everest/stations/{sid}',
      summary: 'One station',
      tags,
      params: stationParams,
      response: StationView,
      problems: ['NOT_FOUND'],
      handler: ({ params }) => stationView(adapter.station(params.sid)),
    }),
    route({
      method: 'GET',
      path: '/everest/stations/{sid}/capabilities',
      summary: 'Which operation goes by which dialect',
      tags,
      params: stationParams,
      response: Type.Object({ dialects: Type.Array(Type.String()), connectors: Type.Array(Type.Unknown()) }),
      problems: ['NOT_FOUND'],
      handler: ({ params }) => capabilitiesOf(adapter.station(params.sid)),
    }),
    route({
      method: 'POST',
      path: '/everest/stations/{sid}/discover',
      summary: 'Asks again who is there; what answers shows in the station after a moment',
      tags,
      params: stationParams,
      response: StationView,
      status: 202,
      problems: ['NOT_FOUND', 'NOT_AVAILABLE'],
      async handler({ params }) {
        const station = adapter.station(params.sid);
        await station.discover();
        return new Answer(202, stationView(station));
      },
    }),
    route({
      method: 'POST',
      path: '/everest/stations/{sid}/ocpp/{what}',
      summary: 'Connects or disconnects EVerest’s OCPP link (dialect L, `EnableExternalWebsocketControl`)',
      tags,
      params: Type.Object({ sid: Type.String(), what: oneOf(['connect', 'disconnect']) }),
      response: Done,
      status: 202,
      problems: [...PROBLEMS],
      async handler({ params }) {
        const station = adapter.station(params.sid);
        const [connector] = station.connectors;
        const sent = await sendCommand(
          station,
          { do: 'ocppLink', connect: params.what === 'connect' },
          connector?.n ?? 1,
        );
        return new Answer(202, done(adapter, sent, 'unknown'));
      },
    }),
    route({
      method: 'GET',
      path: '/everest/stations/{sid}/sessions',
      summary: 'Charging sessions as MQTT told them, each with its OCPP transaction where one fits',
      tags,
      params: stationParams,
      response: Type.Object({ items: Type.Array(Type.Unknown()), ocpp: Type.String() }),
      problems: ['NOT_FOUND'],
      handler: ({ params }) => adapter.sessionReport(adapter.station(params.sid)),
    }),
    route({
      method: 'GET',
      path: '/everest/stations/{sid}/timeline',
      summary: 'Three timelines on one clock: commands, what EVerest said, OCPP messages',
      tags,
      params: stationParams,
      query: Type.Object({ since: Type.Optional(Type.String({ description: 'RFC 3339' })) }),
      response: Type.Object({ items: Type.Array(Type.Unknown()), ocpp: Type.String() }),
      problems: ['NOT_FOUND'],
      handler: ({ params, query }) => adapter.timeline(adapter.station(params.sid), query.since),
    }),
    route({
      method: 'GET',
      path: '/everest/stations/{sid}/connectors/{n}',
      summary: 'One connector: state, meter, limit, errors',
      tags,
      params: connectorParams,
      response: ConnectorState,
      problems: ['NOT_FOUND'],
      handler({ params }) {
        const station = adapter.station(params.sid);
        return connectorView(station, station.connector(params.n));
      },
    }),
    route({
      method: 'GET',
      path: '/everest/stations/{sid}/connectors/{n}/meter',
      summary: 'The last meter values, oldest first',
      tags,
      params: connectorParams,
      response: Type.Object({ items: Type.Array(Type.Unknown()) }),
      problems: ['NOT_FOUND'],
      handler: ({ params }) => ({
        items: adapter
          .station(params.sid)
          .connector(params.n)
          .model.meters.map(({ atMs, ...rest }) => ({ at: isoTime(atMs), ...rest })),
      }),
    }),
  ];
}

function rawRoutes(adapter: EverestAdapter): Route[] {
  return [
    route({
      method: 'GET',
      path: '/everest/topics',
      summary: 'Every topic that was seen, with its last payload',
      tags: ['EVerest'],
      query: Type.Object({ station: Type.Optional(Type.String()) }),
      response: Type.Object({ items: Type.Array(Type.Unknown()) }),
      problems: ['NOT_FOUND'],
      handler: ({ query }) => ({ items: adapter.station(query.station).topics.all }),
    }),
    route({
      method: 'GET',
      path: '/everest/commands',
      summary: 'The operations with the schema of their parameters, and the car words of a grammar',
      tags: ['EVerest'],
      query: Type.Object({ grammar: Type.Optional(oneOf(CAR_GRAMMARS)) }),
      response: Type.Object({ items: Type.Array(Type.Unknown()), words: Type.Unknown() }),
      handler: ({ query }) => ({
        items: Object.entries(OPERATIONS).map(([type, { summary, params }]) => ({ type, summary, params })),
        words: query.grammar === undefined ? {} : carWordsOf(query.grammar),
      }),
    }),
    route({
      method: 'POST',
      path: '/everest/publish',
      summary: 'Publishes any topic and payload, never retained; car commands are checked first',
      tags: ['Commands'],
      body: Type.Object(
        {
          station: Type.Optional(Type.String({ description: 'The first one when absent.' })),
          topic: Type.String({
            minLength: 1,
            maxLength: 500,
            pattern: '^[^+#\\u0000]+$',
            description: 'Without the external prefix.',
          }),
          payload: Type.Optional(Type.String({ maxLength: 1_000_000 })),
          unsafe: Type.Optional(Type.Boolean({ description: 'Sends car commands unchecked.' })),
        },
        { additionalProperties: false },
      ),
      response: Done,
      status: 202,
      problems: [...PROBLEMS],
      async handler({ body }) {
        const station = adapter.station(body.station);
        demandCommand(station);
        const { topic, payload = '', unsafe = false } = body;
        const warnings = unsafe ? [] : checkedPublish(station, topic, payload);
        await station.publish(topic, payload, 'user');
        station.note('adapter', `publish ${topic}`);
        return new Answer(202, done(adapter, { published: [{ topic, payload }], dialect: 'N', warnings }, 'unknown'));
      },
    }),
  ];
}

/** A raw car command passes the same grammar as any other. */
function checkedPublish(station: EverestStation, topic: string, payload: string): readonly string[] {
  const row = rowOfTopic(topic);
  if (row?.name !== 'nExecute' && row?.name !== 'nModify') return [];
  const n = Number(row.parts['n']);
  const checked = checkCarList(payload, {
    grammar: station.grammar,
    hlc: station.connectors.find((one) => one.n === n)?.hlc ?? true,
    how: row.name === 'nExecute' ? 'execute' : 'modify',
  });
  if (checked.problems.length === 0) return checked.warnings;
  throw new CompoteError('CAR_LIST_INVALID', {
    detail: checked.problems[0]?.text ?? '',
    fields: checked.problems.map(({ at, text }) => ({ pointer: '/payload', msg: `at ${at}: ${text}` })),
  });
}

import Type from 'typebox';
import { CompoteError } from '../../../core/errors.ts';
import { created } from '../../../platform/http/answers.ts';
import { pageByKey, pageOf, pageQuery } from '../../../platform/http/paging.ts';
import { type ApiDocument, type Route, route } from '../../../platform/http/route.ts';
import { oneOf } from '../../../platform/schema/words.ts';
import { OCPP_VERSIONS } from '../../../protocols/ocpp/versions.ts';
import { COMMANDS, type Command } from '../commands.ts';
import type { Simulator } from '../simulator.ts';
import { BUILT_IN_NAMES } from '../template-names.ts';
import { BUILT_IN, CARS } from '../templates.ts';
import { StationView } from '../view.ts';

const identity = Type.Object({ id: Type.String({ description: 'Identity of the station' }) });

const NewStation = Type.Object(
  {
    identity: Type.String({ minLength: 1, maxLength: 48 }),
    version: oneOf(OCPP_VERSIONS, { default: '2.0.1' }),
    template: Type.Optional(Type.String({ description: `${BUILT_IN_NAMES.join(', ')}; ac-22-duo by default` })),
    csms: Type.Optional(Type.String({ pattern: '^wss?://' })),
    password: Type.Optional(Type.String()),
    free: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false, title: 'NewSimulatedStation' },
);

/** An action: its type, and its own parameters, which the table of commands checks. */
const Action = Type.Object(
  { type: oneOf(Object.keys(COMMANDS), { description: 'What happens' }) },
  { additionalProperties: true, title: 'SimulatorAction' },
);

/** REST of the simulator, documented at `/api/docs`. */
export function simulatorDocument(simulator: Simulator, more: readonly Route[] = []): ApiDocument {
  return {
    title: 'Charging stations',
    description: 'Simulated charging stations and what drivers, cars and bad days do to them.',
    prefix: '/api/v1',
    docsPath: '/api/docs',
    tags: [
      { name: 'Simulator', description: 'Stations, their state, and actions.' },
      { name: 'Scenarios', description: 'Scenarios, and their runs with steps and verdict.' },
      { name: 'Fleets', description: 'Many stations with drivers, and numbers about all of them.' },
      { name: 'Templates', description: 'What stations and cars are made of.' },
    ],
    routes: [...stationRoutes(simulator), ...templateRoutes(), ...more],
  };
}

function stationRoutes(simulator: Simulator): Route[] {
  return [
    route({
      method: 'GET',
      path: '/sim/stations',
      summary: 'Simulated stations with their state',
      tags: ['Simulator'],
      query: Type.Object({ ...pageQuery }),
      response: pageOf(StationView),
      handler: ({ query }) => {
        const page = pageByKey([...simulator.identities].sort(), (one) => one, query);
        return { ...page, items: page.items.map((one) => simulator.handle(one).view()) };
      },
    }),
    route({
      method: 'POST',
      path: '/sim/stations',
      summary: 'Make a station and switch it on; it comes back after a restart',
      tags: ['Simulator'],
      body: NewStation,
      response: StationView,
      status: 201,
      problems: ['CONFLICT', 'CONFIG_INVALID'],
      handler: async ({ body }) => {
        const { template = 'ac-22-duo', ...rest } = body;
        // A path of this machine is for the configuration, not for whoever reaches the port.
        if (!(BUILT_IN_NAMES as readonly string[]).includes(template)) {
          throw new CompoteError('INVALID_REQUEST', {
            fields: [{ pointer: '/template', msg: `must be one of ${BUILT_IN_NAMES.join(', ')}` }],
          });
        }
        const handle = await simulator.make({ ...rest, template }, true);
        if (handle === undefined) throw new CompoteError('NOT_AVAILABLE', { detail: 'the service is stopping' });
        return created(`/api/v1/sim/stations/${encodeURIComponent(body.identity)}`, handle.view());
      },
    }),
    route({
      method: 'GET',
      path: '/sim/stations/{id}',
      summary: 'One station: sockets, meters, transactions, cars',
      tags: ['Simulator'],
      params: identity,
      response: StationView,
      problems: ['UNKNOWN_STATION'],
      handler: ({ params }) => simulator.handle(params.id).view(),
    }),
    route({
      method: 'DELETE',
      path: '/sim/stations/{id}',
      summary: 'Take a station away, with everything that it stored',
      tags: ['Simulator'],
      params: identity,
      problems: ['UNKNOWN_STATION'],
      handler: ({ params }) => simulator.remove(params.id),
    }),
    route({
      method: 'POST',
      path: '/sim/stations/{id}/actions',
      summary: 'Something happens at the station',
      description: Object.entries(COMMANDS)
        .map(([name, row]) => `- \`${name}\`: ${row.summary}`)
        .join('\n'),
      tags: ['Simulator'],
      params: identity,
      body: Action,
      response: StationView,
      problems: ['UNKNOWN_STATION', 'CONFLICT', 'NOT_FOUND', 'STATION_NOT_CONNECTED'],
      handler: ({ params, body }) => {
        const handle = simulator.handle(params.id);
        // The table of commands checks the parameters of each action.
        handle.do(body as Command);
        return handle.view();
      },
    }),
    route({
      method: 'GET',
      path: '/sim/actions',
      summary: 'The actions with the schema of their parameters',
      tags: ['Simulator'],
      response: Type.Object({
        items: Type.Array(Type.Object({ type: Type.String(), summary: Type.String(), params: Type.Unknown() })),
      }),
      handler: () => ({
        items: Object.entries(COMMANDS).map(([type, row]) => ({ type, summary: row.summary, params: row.params })),
      }),
    }),
  ];
}

function templateRoutes(): Route[] {
  return [
    route({
      method: 'GET',
      path: '/sim/templates',
      summary: 'Templates of stations, and cars',
      tags: ['Templates'],
      response: Type.Object({
        items: Type.Array(
          Type.Object({
            name: Type.String(),
            title: Type.String(),
            versions: Type.Array(Type.String()),
            evses: Type.Integer(),
          }),
        ),
        cars: Type.Array(
          Type.Object({
            name: Type.String(),
            capacityWh: Type.Number(),
            maxAcCurrentA: Type.Number(),
            maxDcPowerW: Type.Number(),
          }),
        ),
      }),
      handler: () => ({
        items: Object.values(BUILT_IN).map(({ name, title, versions, evses }) => ({
          name,
          title,
          versions: [...versions],
          evses: evses.length,
        })),
        cars: Object.values(CARS).map(({ name, capacityWh, maxAcCurrentA, maxDcPowerW }) => ({
          name,
          capacityWh,
          maxAcCurrentA,
          maxDcPowerW,
        })),
      }),
    }),
  ];
}

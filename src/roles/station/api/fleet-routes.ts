import Type from 'typebox';
import { created } from '../../../platform/http/answers.ts';
import { type Route, route } from '../../../platform/http/route.ts';
import { oneOf } from '../../../platform/schema/words.ts';
import { OCPP_VERSIONS } from '../../../protocols/ocpp/versions.ts';
import { BEHAVIOURS, type BehaviourName } from '../behaviour.ts';
import { type FleetRuns, MAX_FLEET_STATIONS } from '../fleet-runs.ts';
import { STORMS, type StormName } from '../fleet-storms.ts';
import { BUILT_IN_NAMES } from '../template-names.ts';

const tags = ['Fleets'];
const params = Type.Object({ id: Type.String({ description: 'Id of the fleet' }) });
const behaviours = Object.keys(BEHAVIOURS) as BehaviourName[];
const storms = Object.keys(STORMS) as StormName[];

const NewFleet = Type.Object(
  {
    count: Type.Integer({ minimum: 1, maximum: MAX_FLEET_STATIONS }),
    versions: Type.Optional(
      Type.Array(oneOf(OCPP_VERSIONS), { minItems: 1, description: 'Given in turn; 2.0.1 when absent' }),
    ),
    template: Type.Optional(oneOf(BUILT_IN_NAMES, { description: 'ac-22-duo when absent' })),
    behaviour: Type.Optional(oneOf(behaviours, { description: 'How drivers use the stations; idle when absent' })),
    rampPerSecond: Type.Optional(
      Type.Number({ minimum: 1, maximum: 1_000, description: 'Switched on per second; 50 when absent' }),
    ),
    seed: Type.Optional(Type.String({ maxLength: 100 })),
    csms: Type.Optional(Type.String({ pattern: '^wss?://', description: 'Without the identity; our own by default' })),
    password: Type.Optional(Type.String()),
  },
  { additionalProperties: false, title: 'NewFleet' },
);

const count = Type.Integer();
const Fleet = Type.Object({
  id: Type.String(),
  prefix: Type.String({ description: 'Before the number of each station: FLEET-1-00001' }),
  count,
  versions: Type.Array(Type.String()),
  template: Type.String(),
  behaviour: Type.String(),
  rampPerSecond: Type.Number(),
  seed: Type.String(),
  endpoint: Type.String(),
  state: oneOf(['running', 'stopped']),
  startedAt: Type.String(),
  endedAt: Type.Optional(Type.String()),
  summary: Type.Object(
    {
      stations: count,
      started: count,
      connected: count,
      accepted: count,
      charging: count,
      sessionsStarted: count,
      sessionsEnded: count,
      refusedCards: count,
      energyKWh: Type.Number(),
      messages: count,
      disconnects: count,
      connectFailures: count,
      connectFailureReasons: Type.Object({}, { additionalProperties: true }),
      failedCalls: Type.Object({}, { additionalProperties: true, description: 'By `action outcome`' }),
      latencyMs: Type.Object({}, { additionalProperties: true, description: 'By action: count, p50, p95, p99, max' }),
    },
    { additionalProperties: true },
  ),
});

/** REST of fleets: many stations with drivers, and numbers about all of them. */
export function fleetRoutes(fleets: FleetRuns): Route[] {
  return [
    route({
      method: 'GET',
      path: '/sim/fleets',
      summary: 'Fleets with their numbers, newest first',
      tags,
      response: Type.Object({ items: Type.Array(Fleet) }),
      handler: () => ({ items: fleets.views }),
    }),
    route({
      method: 'POST',
      path: '/sim/fleets',
      summary: 'Start a fleet of simulated stations',
      description: `Its numbers come once a second as the event \`sim-fleet\`. At most ${MAX_FLEET_STATIONS} stations in all fleets; \`compote station --count\` has no such bound.`,
      tags,
      body: NewFleet,
      response: Fleet,
      status: 201,
      problems: ['CONFLICT'],
      handler: ({ body }) => {
        const fleet = fleets.start({
          versions: ['2.0.1'],
          template: 'ac-22-duo',
          behaviour: 'idle',
          rampPerSecond: 50,
          ...body,
        });
        return created(`/api/v1/sim/fleets/${fleet.id}`, fleet);
      },
    }),
    route({
      method: 'GET',
      path: '/sim/fleets/{id}',
      summary: 'One fleet with its numbers',
      tags,
      params,
      response: Fleet,
      problems: ['NOT_FOUND'],
      handler: ({ params: { id } }) => fleets.view(id),
    }),
    route({
      method: 'POST',
      path: '/sim/fleets/{id}/storms',
      summary: 'Something hits the whole fleet',
      description: storms.map((name) => `- \`${name}\`: ${STORMS[name]}`).join('\n'),
      tags,
      params,
      body: Type.Object(
        {
          name: oneOf(storms),
          spreadS: Type.Optional(Type.Number({ minimum: 0, maximum: 3_600, description: '10 when absent' })),
        },
        { additionalProperties: false },
      ),
      problems: ['NOT_FOUND', 'CONFLICT'],
      handler: ({ params: { id }, body }) => fleets.storm(id, body.name, body.spreadS ?? 10),
    }),
    route({
      method: 'DELETE',
      path: '/sim/fleets/{id}',
      summary: 'Stop a fleet that runs; forget one that has stopped',
      tags,
      params,
      problems: ['NOT_FOUND'],
      handler: ({ params: { id } }) => fleets.remove(id),
    }),
  ];
}

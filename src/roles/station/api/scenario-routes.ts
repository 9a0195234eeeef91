import Type from 'typebox';
import { CompoteError } from '../../../core/errors.ts';
import { created } from '../../../platform/http/answers.ts';
import { pageByKey, pageOf, pageQuery } from '../../../platform/http/paging.ts';
import { type Route, route } from '../../../platform/http/route.ts';
import { oneOf } from '../../../platform/schema/words.ts';
import { OCPP_VERSIONS } from '../../../protocols/ocpp/versions.ts';
import type { Collection } from '../../../storage/collection.ts';
import { checkScenario, type Scenario, ScenarioFile } from '../scenario/format.ts';
import type { ScenarioRuns } from '../scenario/scenario-runs.ts';
import { scenarioSchema } from '../scenario/schema.ts';
import { loadScenario, shippedScenarios } from '../scenario/shipped.ts';
import { wordsOf } from '../scenario/step-words.ts';
import type { ScenarioRecord } from '../store.ts';
import { BUILT_IN_NAMES } from '../template-names.ts';

const tags = ['Scenarios'];
const scenarioId = Type.Object({
  id: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$', description: 'Name of the scenario' }),
});
const runId = Type.Object({ id: Type.String({ description: 'Id of the run' }) });

const ListedScenario = Type.Object({
  id: Type.String(),
  name: Type.String(),
  description: Type.Optional(Type.String()),
  steps: Type.Integer({ description: 'Steps of the first level' }),
  variables: Type.Object({}, { additionalProperties: true, description: 'That a run may set, with their values' }),
  lines: Type.Array(Type.String(), { description: 'The steps of the first level in words' }),
  shipped: Type.Boolean({ description: 'Comes with the simulator and cannot be changed' }),
});

const Run = Type.Object({
  id: Type.String(),
  scenario: Type.String(),
  scenarioId: Type.String(),
  variables: Type.Object({}, { additionalProperties: true, description: 'With their values for this run' }),
  station: Type.String({ description: 'Identity of the run’s own station' }),
  version: oneOf(OCPP_VERSIONS),
  seed: Type.String({ description: 'Repeats the same chance' }),
  state: oneOf(['running', 'passed', 'failed', 'stopped']),
  startedAt: Type.String(),
  endedAt: Type.Optional(Type.String()),
  steps: Type.Array(
    Type.Object({
      path: Type.String(),
      label: Type.String(),
      state: oneOf(['active', 'done', 'failed']),
      at: Type.Number({ description: 'When it began, epoch milliseconds of the machine’s time, as in the journal' }),
      endedAt: Type.Optional(Type.Number()),
      waitingFor: Type.Optional(
        Type.Object({
          what: Type.String(),
          seconds: Type.Number({ description: 'At most so long, in the world’s time' }),
        }),
      ),
      seconds: Type.Optional(Type.Number({ description: 'How long it took, in the world’s time' })),
      reason: Type.Optional(Type.String()),
    }),
  ),
  sessions: Type.Array(Type.Object({ energyWh: Type.Number(), reason: Type.String() })),
});

const NewRun = Type.Object(
  {
    scenario: Type.String({ description: 'Name of a shipped or own scenario' }),
    version: Type.Optional(oneOf(OCPP_VERSIONS)),
    seed: Type.Optional(Type.String({ maxLength: 100 })),
    variables: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), { description: 'Instead of those of the scenario' }),
    ),
    csms: Type.Optional(Type.String({ pattern: '^wss?://', description: 'Without the identity; our own by default' })),
    password: Type.Optional(Type.String()),
  },
  { additionalProperties: false, title: 'NewRun' },
);

/** REST of scenarios and of their runs. */
export function scenarioRoutes(own: Collection<ScenarioRecord>, runs: ScenarioRuns): Route[] {
  const find = (id: string): Scenario => {
    if (shippedScenarios().includes(id)) return loadScenario(id);
    const record = own.get(id);
    if (record === undefined)
      throw new CompoteError('NOT_FOUND', {
        detail: `There is no scenario ${id}`,
        hint: 'List them with GET /api/v1/sim/scenarios.',
      });
    return record.scenario;
  };
  const ownOnly = (id: string): void => {
    if (shippedScenarios().includes(id))
      throw new CompoteError('CONFLICT', { detail: `${id} comes with the simulator: save yours under another name` });
  };
  const listed = (id: string, shipped: boolean) => {
    const { name, description, steps, variables = {} } = find(id);
    const lines = steps.map(wordsOf);
    return {
      id,
      name,
      ...(description === undefined ? {} : { description }),
      steps: steps.length,
      variables,
      lines,
      shipped,
    };
  };
  return [
    route({
      method: 'GET',
      path: '/sim/scenarios',
      summary: 'Scenarios that ship with the simulator, and your own',
      tags,
      query: Type.Object({ ...pageQuery }),
      response: pageOf(ListedScenario),
      handler: ({ query }) => {
        const shipped = shippedScenarios();
        const all = [...shipped, ...own.list({ limit: 1_000 }).items.map((one) => one.id)].sort();
        const page = pageByKey(all, (one) => one, query);
        return { ...page, items: page.items.map((id) => listed(id, shipped.includes(id))) };
      },
    }),
    route({
      method: 'GET',
      path: '/sim/scenario-schema',
      summary: 'The JSON Schema of scenarios',
      tags,
      response: Type.Object({}, { additionalProperties: true }),
      handler: () => scenarioSchema(),
    }),
    route({
      method: 'GET',
      path: '/sim/scenarios/{id}',
      summary: 'One scenario with its steps',
      tags,
      params: scenarioId,
      response: ScenarioFile,
      problems: ['NOT_FOUND'],
      handler: ({ params }) => find(params.id),
    }),
    route({
      method: 'PUT',
      path: '/sim/scenarios/{id}',
      summary: 'Save a scenario of your own',
      tags,
      params: scenarioId,
      body: ScenarioFile,
      response: ListedScenario,
      problems: ['CONFLICT', 'CONFIG_INVALID'],
      handler: ({ params: { id }, body }) => {
        ownOnly(id);
        const scenario = checkScenario(body, id);
        // A path of this machine is for files on it, not for whoever reaches the port.
        if (scenario.template !== undefined && !(BUILT_IN_NAMES as readonly string[]).includes(scenario.template)) {
          throw new CompoteError('INVALID_REQUEST', {
            fields: [{ pointer: '/template', msg: `must be one of ${BUILT_IN_NAMES.join(', ')}` }],
          });
        }
        own.put({ id, scenario });
        return listed(id, false);
      },
    }),
    route({
      method: 'DELETE',
      path: '/sim/scenarios/{id}',
      summary: 'Delete a scenario of your own',
      tags,
      params: scenarioId,
      problems: ['NOT_FOUND', 'CONFLICT'],
      handler: ({ params: { id } }) => {
        ownOnly(id);
        find(id);
        own.delete(id);
      },
    }),
    route({
      method: 'POST',
      path: '/sim/runs',
      summary: 'Run a scenario in real time with a station of its own',
      tags,
      body: NewRun,
      response: Run,
      status: 201,
      problems: ['NOT_FOUND', 'CONFLICT'],
      handler: ({ body: { scenario, ...rest } }) => {
        const run = runs.start({ ...rest, id: scenario, scenario: find(scenario) });
        return created(`/api/v1/sim/runs/${run.id}`, run);
      },
    }),
    route({
      method: 'GET',
      path: '/sim/runs',
      summary: 'Runs, newest first',
      tags,
      response: Type.Object({ items: Type.Array(Run) }),
      handler: () => ({ items: runs.views }),
    }),
    route({
      method: 'GET',
      path: '/sim/runs/{id}',
      summary: 'One run with its steps and verdict',
      tags,
      params: runId,
      response: Run,
      problems: ['NOT_FOUND'],
      handler: ({ params }) => runs.view(params.id),
    }),
    route({
      method: 'DELETE',
      path: '/sim/runs/{id}',
      summary: 'Stop a run that goes on; forget one that has ended',
      tags,
      params: runId,
      problems: ['NOT_FOUND'],
      handler: ({ params }) => runs.remove(params.id),
    }),
  ];
}

import Type from 'typebox';
import { created } from '../../platform/http/answers.ts';
import { type Route, route } from '../../platform/http/route.ts';
import { oneOf } from '../../platform/schema/words.ts';
import type { Demo } from './demo.ts';
import { DemoRun } from './demo-run.ts';
import type { DemoRuns } from './demo-runs.ts';

const tags = ['demo'];
const params = Type.Object({ id: Type.String({ description: 'Id of the run' }) });

const Missing = Type.Object({
  kind: oneOf(['service', 'setting', 'state']),
  name: Type.String({ description: 'The service, the key of the configuration, or the station.' }),
  text: Type.String(),
  hint: Type.String({ description: 'What to do.' }),
});

const ListedDemo = Type.Object({
  id: Type.String(),
  title: Type.String(),
  summary: Type.String({ description: 'What it shows, in one sentence.' }),
  services: Type.Array(Type.String(), { description: 'Services that it needs.' }),
  steps: Type.Array(Type.Object({ id: Type.String(), title: Type.String(), says: Type.String() })),
  planted: Type.Array(
    Type.Object({ rule: Type.String(), party: Type.String(), title: Type.String(), says: Type.String() }),
    { description: 'Faults that it makes on purpose, with the rule that must find each.' },
  ),
  missing: Type.Array(Missing, { description: 'What it lacks in this world; empty: it can run.' }),
});

/** REST of the demos: what the page and `compote demo` use. */
export function demoRoutes(demos: readonly Demo[], runs: DemoRuns): Route[] {
  return [
    route({
      method: 'GET',
      path: '/demo',
      summary: 'The demos, and what each lacks in this world',
      tags,
      response: Type.Object({ items: Type.Array(ListedDemo) }),
      async handler({ token }) {
        const items = await Promise.all(
          demos.map(async (demo) => {
            const { id, title, summary, services, steps, planted = [] } = demo;
            return { id, title, summary, services, steps, planted, missing: await runs.missing(demo, token) };
          }),
        );
        return { items };
      },
    }),
    route({
      method: 'POST',
      path: '/demo',
      summary: 'Run a demo against the running world',
      description: 'Progress comes as the event `demo` with the whole run. One demo runs at a time.',
      tags,
      body: Type.Object(
        {
          kind: oneOf(
            demos.map(({ id }) => id),
            { description: 'Which demo.' },
          ),
        },
        { additionalProperties: false },
      ),
      response: DemoRun,
      status: 201,
      problems: ['NOT_FOUND', 'NOT_AVAILABLE', 'CONFLICT'],
      async handler({ body, token }) {
        const run = await runs.start(body.kind, token);
        return created(`/api/v1/demo/runs/${run.id}`, run);
      },
    }),
    route({
      method: 'GET',
      path: '/demo/runs',
      summary: 'Runs of demos, newest first',
      tags,
      response: Type.Object({ items: Type.Array(DemoRun) }),
      handler: () => ({ items: runs.views }),
    }),
    route({
      method: 'GET',
      path: '/demo/runs/{id}',
      summary: 'One run with its steps, its story and its result',
      tags,
      params,
      response: DemoRun,
      problems: ['NOT_FOUND'],
      handler: ({ params: { id } }) => runs.view(id),
    }),
    route({
      method: 'DELETE',
      path: '/demo/runs/{id}',
      summary: 'Stop a run that goes on; forget one that has ended',
      tags,
      params,
      problems: ['NOT_FOUND'],
      handler: ({ params: { id } }) => runs.remove(id),
    }),
  ];
}

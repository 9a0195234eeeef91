import { useState } from 'react';
import { api, apiPath, type ProblemDocument, part } from '../../api/client.ts';
import { problemOf } from '../../api/problem-of.ts';
import { refresh, useGet } from '../../api/queries.ts';
import { ENTRY } from '../../app/entry-settings.ts';
import { focusHeading } from '../../app/page-title.ts';
import type { Demo, DemoRun } from './demo-shapes.ts';

/** What somebody sees first; where hub or EMP are missing, what needs less. */
const FIRST = ['remote-start', 'charging', 'broken'];

export interface DemoControl {
  readonly demos: readonly Demo[];
  /** What *Run a demo session* runs here; none when nothing can run. */
  readonly first: Demo | undefined;
  /** The newest run. */
  readonly run: DemoRun | undefined;
  readonly problem: ProblemDocument | undefined;
  start(id: string): void;
  /** Stops the run that goes on, or forgets the one that has ended. */
  close(): void;
}

/** The demos of this world and the newest run; events tell when it moves. */
export function useDemo(): DemoControl | undefined {
  // A service that stands alone has no demos: they are the workbench's.
  const offered = ENTRY.scope === 'all';
  const demos = useGet<{ readonly items: readonly Demo[] }>(offered ? apiPath('/demo') : undefined);
  const runs = useGet<{ readonly items: readonly DemoRun[] }>(offered ? apiPath('/demo/runs') : undefined);
  const [problem, setProblem] = useState<ProblemDocument>();
  if (demos.data === undefined) return undefined;
  const { items } = demos.data;
  const run = runs.data?.items[0];
  const told = (asked: Promise<unknown>): void => {
    setProblem(undefined);
    asked.then(
      () => refresh('/demo'),
      (thrown) => setProblem(problemOf(thrown)),
    );
  };
  return {
    demos: items,
    first: FIRST.map((id) => items.find((demo) => demo.id === id)).find(canRun),
    run,
    problem,
    start: (id) => told(api.post(apiPath('/demo'), { kind: id })),
    close: () => {
      if (run === undefined) return;
      // Of what has ended, all goes: the run before would stand there instead.
      const closed = run.state === 'running' ? [run] : (runs.data?.items ?? []);
      if (run.state !== 'running') focusHeading();
      told(Promise.all(closed.map(({ id }) => api.delete(apiPath(`/demo/runs/${part(id)}`)))));
    },
  };
}

/** Whether its services and settings are there. That a station is in use is told when it is asked for: it soon changes. */
export function canRun(demo: Demo | undefined): boolean {
  return demo?.missing.every(({ kind }) => kind === 'state') ?? false;
}

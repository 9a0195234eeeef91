import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { api, apiPath, part } from '../../api/client.ts';
import { refresh, useGet, useMeta } from '../../api/queries.ts';
import type { Page, Row } from '../../api/shapes.ts';
import { AppLink, go } from '../../app/router.tsx';
import { attempt } from '../../parts/attempt.ts';
import { DetailCard } from '../../parts/desk.tsx';
import { quoted } from '../../parts/filter-term.ts';
import { clockTime, count, energy } from '../../parts/format.ts';
import { Loaded } from '../../parts/states.tsx';
import type { ListedScenario, Run, RunStep } from './run-shapes.ts';
import { RunState, StepMark } from './run-state.tsx';

const RUNS = '/simulator/runs';

/** One run: each step, what the present one waits for, why it failed, and what its station said last. */
export function RunCard({ run }: { readonly run: Run }) {
  const known = useGet<{ readonly items: readonly ListedScenario[] }>(apiPath('/sim/scenarios', { limit: 1000 }));
  const scenario = known.data?.items.find(({ id }) => id === run.scenarioId);
  const q = `station:${quoted(run.station)}`;
  const remove = (): void => {
    void attempt(() => api.delete(apiPath(`/sim/runs/${part(run.id)}`))).then((done) => {
      refresh('/sim/runs');
      if (done !== undefined && run.state !== 'running') go(RUNS);
    });
  };
  const again = (): void => {
    const { scenarioId, version, seed, variables } = run;
    const order = { scenario: scenarioId, version, seed, variables };
    void attempt(() => api.post<Run>(apiPath('/sim/runs'), order)).then((started) => {
      refresh('/sim/runs');
      if (started !== undefined) go(`${RUNS}/${part(started.answer.id)}`);
    });
  };
  const own = Object.entries(run.variables);
  return (
    <DetailCard
      title={run.scenario}
      back={RUNS}
      actions={
        <>
          {run.state !== 'running' && scenario !== undefined && (
            <Button variant="default" onClick={again}>
              Run it again
            </Button>
          )}
          <Button variant="default" onClick={remove}>
            {run.state === 'running' ? 'Stop' : 'Forget'}
          </Button>
        </>
      }
    >
      <div className="row wrap">
        <RunState state={run.state} />
        <AppLink to={`/traffic?q=${part(q)}`}>Its messages</AppLink>
        <AppLink to={`/sequence?q=${part(q)}`}>Its sequence</AppLink>
        <AppLink to={`/stations/${part(run.station)}`}>{run.station}</AppLink>
      </div>
      <p className="muted small">
        OCPP {run.version} · seed <code>{run.seed}</code> · began {clockTime(run.startedAt)}
        {own.length > 0 && ` · ${own.map(([name, value]) => `${name} ${String(value)}`).join(', ')}`}
      </p>
      <ol className="run-steps" aria-label="Steps">
        {run.steps.map((step) => (
          <StepLine key={`${step.path} ${step.at}`} step={step} station={run.station} />
        ))}
        {run.state === 'running' &&
          pending(run, scenario).map(({ path, line }) => (
            <li key={path} data-testid="run-step" data-state="pending">
              <StepMark state="pending" />
              <span className="mono muted">{path}</span>
              <span className="muted">{line}</span>
            </li>
          ))}
      </ol>
      {run.sessions.map((session, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: sessions have no other name here
        <p key={index}>
          A session ended: {energy(session.energyWh)}, {session.reason}.
        </p>
      ))}
    </DetailCard>
  );
}

/** Steps of the first level that are still to come. */
function pending(run: Run, scenario: ListedScenario | undefined): { path: string; line: string }[] {
  const at = Math.max(0, ...run.steps.map(({ path }) => Number(path.split('.')[0])));
  return (scenario?.lines ?? []).map((line, index) => ({ path: String(index + 1), line })).slice(at);
}

function StepLine({ step, station }: { readonly step: RunStep; readonly station: string }) {
  const { path, label, state, seconds, reason, waitingFor } = step;
  return (
    <li data-testid="run-step" data-path={path} data-state={state}>
      <StepMark state={state} />
      <span className="mono muted">{path}</span>
      <span>
        {path === '0' ? 'the station boots and is accepted' : label}
        {state === 'active' && waitingFor !== undefined && <Waiting step={step} waitingFor={waitingFor} />}
        {reason !== undefined && (
          <span className="bad run-reason" data-testid="run-reason">
            {reason} <LastMessage station={station} step={step} />
          </span>
        )}
      </span>
      <span className="num muted">{seconds === undefined ? '' : `${count(seconds)} s`}</span>
    </li>
  );
}

/** How long it waits already, in the world's time, which may run faster than this clock. */
function Waiting({
  step,
  waitingFor,
}: {
  readonly step: RunStep;
  readonly waitingFor: NonNullable<RunStep['waitingFor']>;
}) {
  const factor = useMeta().data?.clock.factor ?? 1;
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  const waited = Math.min(waitingFor.seconds, Math.max(0, ((now - step.at) / 1_000) * factor));
  return (
    <span className="run-waiting" data-testid="run-waiting">
      waiting for {waitingFor.what}: {count(waited)} of {count(waitingFor.seconds)} s
      <progress value={waited} max={waitingFor.seconds} aria-label={`Waiting for ${waitingFor.what}`} />
    </span>
  );
}

/** What the station said or heard last before a step failed. */
function LastMessage({ station, step }: { readonly station: string; readonly step: RunStep }) {
  const until = new Date(step.endedAt ?? step.at).toISOString();
  const path = apiPath('/messages', { q: `station:${quoted(station)} time:..${until}`, limit: 1, entity: 'messages' });
  const last = useGet<Page<Row>>(path);
  const row = last.data?.items[0];
  if (row === undefined) return null;
  return (
    <AppLink to={`/m/${row.s}`} data-testid="run-last-message">
      last message #{row.s} {row.a}
    </AppLink>
  );
}

/** The run that is shown, whether or not it is among the newest. */
export function OneRun({ id }: { readonly id: string }) {
  const run = useGet<Run>(apiPath(`/sim/runs/${part(id)}`), { keep: true });
  return (
    <Loaded query={run} what="the run">
      {(data) => <RunCard key={data.id} run={data} />}
    </Loaded>
  );
}

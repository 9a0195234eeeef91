import { Button } from '@mantine/core';
import { apiPath, part } from '../../api/client.ts';
import { useGet } from '../../api/queries.ts';
import type { Reconciliation, Session } from '../../api/shapes.ts';
import { AppLink, go } from '../../app/router.tsx';
import { count, energy } from '../../parts/format.ts';
import { Hint } from '../../parts/hint.tsx';
import { KINDS } from '../sessions/session-words.tsx';
import type { DemoRun, PlantedFault } from './demo-shapes.ts';
import { canRun, type DemoControl } from './use-demo.ts';

/** A demo that has ended, explained: what it left in the journal, and where to look. */
export function DemoResult({
  run,
  control,
  onConnect,
}: {
  readonly run: DemoRun;
  readonly control: DemoControl;
  readonly onConnect: () => void;
}) {
  const { result } = run;
  const [first] = run.sessions;
  const failed = run.steps.find(({ state }) => state === 'failed');
  const billed = control.demos.find(({ id }) => id === run.demo)?.services.includes('emp') ?? false;
  const broken = control.demos.find(({ id }) => id === 'broken');
  return (
    <div className="stack" style={{ gap: 8 }}>
      <p role="status" data-testid="demo-result">
        <b>{run.state === 'done' ? 'Done.' : run.state === 'stopped' ? 'Stopped.' : 'It failed.'}</b>{' '}
        {run.state === 'failed' && failed?.reason !== undefined && `${failed.title}: ${failed.reason} `}
        {result !== undefined && summary(run)} <Bill id={run.state === 'done' ? first : undefined} />
      </p>
      {result !== undefined && result.planted.length > 0 && run.state === 'done' && <Planted faults={result.planted} />}
      {run.state === 'done' && first !== undefined && run.sessions.length > 1 && (
        <ul className="demo-sessions">
          {run.sessions.map((id) => (
            <SessionLine key={id} id={id} />
          ))}
        </ul>
      )}
      {first !== undefined && (
        <div className="row wrap demo-next">
          <AppLink to={`/sessions/${part(first)}?show=sequence`}>See the story</AppLink>
          <AppLink to={`/traffic?q=${part(result?.q ?? '')}`}>See every message</AppLink>
          {billed && <AppLink to={`/sessions/${part(first)}?show=reconcile`}>Check the bill</AppLink>}
          <AppLink to={`/sessions/${part(first)}`}>The session</AppLink>
          <span className="push" />
          {run.demo !== 'broken' && canRun(broken) && (
            <Button variant="default" onClick={() => control.start('broken')}>
              Now a broken one
            </Button>
          )}
          <Button variant="default" onClick={onConnect}>
            Connect your charger
          </Button>
          <Button variant="default" onClick={() => go('/compose?from=csms&to=CS-DEMO-2&action=Reset')}>
            Send a message yourself
          </Button>
        </div>
      )}
      {run.state === 'done' && run.demo !== 'broken' && first !== undefined && (
        <Hint id="demo-done">
          The session has ended and is kept. <i>See the story</i> shows who said what to whom, from the app to the bill.
        </Hint>
      )}
    </div>
  );
}

function summary({ result, sessions }: DemoRun): string {
  if (result === undefined) return '';
  const others = result.others.length;
  const findings = `${count(others)} ${others === 1 ? 'finding' : 'findings'}${result.planted.length > 0 ? ' beside the planted ones' : ''}`;
  const made = `${count(sessions.length)} ${sessions.length === 1 ? 'session' : 'sessions'}`;
  return `${count(result.messages)} messages, ${count(result.parties.length)} parties, ${made}, ${findings}.`;
}

/** Whether the record that was billed says what the meter says. */
function Bill({ id }: { readonly id: string | undefined }) {
  const path = id === undefined ? undefined : apiPath(`/sessions/${part(id)}/reconciliation`);
  const { data } = useGet<Reconciliation>(path);
  const row = data?.rows.find(({ item }) => item === 'energy');
  if (row === undefined || row.cells.cdrReceived?.value === undefined) return null;
  return row.verdict === 'differs' ? (
    <span className="bad">The bill differs from the meter.</span>
  ) : (
    <span>The bill equals the meter.</span>
  );
}

function SessionLine({ id }: { readonly id: string }) {
  const { data } = useGet<Session>(apiPath(`/sessions/${part(id)}`));
  if (data === undefined) return null;
  return (
    <li>
      <AppLink to={`/sessions/${part(id)}`}>{data.station}</AppLink>{' '}
      <span className="muted">
        {KINDS[data.kind]}, {energy(data.energyWh)}, {data.state}
      </span>
    </li>
  );
}

/** What was made wrong on purpose, each with the way to the very line. */
function Planted({ faults }: { readonly faults: readonly PlantedFault[] }) {
  return (
    <>
      <Hint id="demo-planted">
        {count(faults.length)} faults were planted on purpose. Open one: the line that is wrong is marked.
      </Hint>
      <ul className="demo-planted">
        {faults.map((fault) => (
          <li key={fault.rule} data-testid="planted" data-found={fault.seq !== undefined}>
            {fault.seq === undefined ? (
              <span>
                <span className="bad">✗ not found</span> {fault.title}
              </span>
            ) : (
              <AppLink to={`/m/${fault.seq}?ptr=${part(fault.pointer ?? '')}`}>
                <span aria-hidden="true">✓</span> {fault.title}
              </AppLink>
            )}{' '}
            <code>{fault.rule}</code> <span className="muted">{fault.says}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

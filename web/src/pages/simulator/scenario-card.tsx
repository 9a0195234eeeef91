import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { api, apiPath, type ProblemDocument, part } from '../../api/client.ts';
import { problemOf } from '../../api/problem-of.ts';
import { refresh } from '../../api/queries.ts';
import { go } from '../../app/router.tsx';
import { attempt } from '../../parts/attempt.ts';
import { DetailCard } from '../../parts/desk.tsx';
import { ProblemCard } from '../../parts/states.tsx';
import type { ListedScenario, Run } from './run-shapes.ts';
import { ScenarioDialog } from './scenario-dialog.tsx';

const LIST = '/simulator/scenarios';

/** One scenario: its steps in words, and a run with its variables. */
export function ScenarioCard({ scenario }: { readonly scenario: ListedScenario }) {
  const { id, name, description, lines, shipped } = scenario;
  const [edits, setEdits] = useState<'change' | 'copy'>();
  const remove = (): void => {
    void attempt(() => api.delete(apiPath(`/sim/scenarios/${part(id)}`)), `${id} deleted`).then((done) => {
      refresh('/sim/scenarios');
      if (done !== undefined) go(LIST);
    });
  };
  return (
    <DetailCard
      title={name}
      back={LIST}
      actions={
        <>
          {!shipped && (
            <>
              <Button variant="default" onClick={() => setEdits('change')}>
                Edit
              </Button>
              <Button variant="subtle" color="red" onClick={remove}>
                Delete
              </Button>
            </>
          )}
          <Button variant="default" onClick={() => setEdits('copy')}>
            Copy as mine
          </Button>
        </>
      }
    >
      {description !== undefined && <p>{description}</p>}
      <RunForm scenario={scenario} />
      <ol className="run-steps" aria-label="Steps">
        {lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place
          <li key={index}>
            <span aria-hidden="true" />
            <span className="mono muted">{index + 1}</span>
            <span>{line}</span>
          </li>
        ))}
      </ol>
      {edits !== undefined && <ScenarioDialog from={id} copy={edits === 'copy'} onClose={() => setEdits(undefined)} />}
    </DetailCard>
  );
}

/** What a run of it may choose. */
function RunForm({ scenario }: { readonly scenario: ListedScenario }) {
  const [version, setVersion] = useState('');
  const [seed, setSeed] = useState('');
  const [csms, setCsms] = useState('');
  const [variables, setVariables] = useState<Readonly<Record<string, string>>>({});
  const [problem, setProblem] = useState<ProblemDocument>();
  const [busy, setBusy] = useState(false);
  const start = async (): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      const changed = Object.entries(variables).filter(([, text]) => text !== '');
      const run = await api.post<Run>(apiPath('/sim/runs'), {
        scenario: scenario.id,
        ...(version === '' ? {} : { version }),
        ...(seed === '' ? {} : { seed }),
        ...(csms === '' ? {} : { csms }),
        variables: Object.fromEntries(changed.map(([name, text]) => [name, likeThat(scenario.variables[name], text)])),
      });
      refresh('/sim/runs');
      go(`/simulator/runs/${part(run.id)}`);
    } catch (thrown) {
      setProblem(problemOf(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      <div className="run-form">
        <NativeSelect
          label="OCPP version"
          data={[{ value: '', label: 'As it says' }, '1.6', '2.0.1', '2.1']}
          value={version}
          onChange={(event) => setVersion(event.currentTarget.value)}
        />
        {Object.entries(scenario.variables).map(([name, value]) => (
          <TextInput
            key={name}
            label={name}
            placeholder={String(value)}
            value={variables[name] ?? ''}
            onChange={(event) => setVariables({ ...variables, [name]: event.currentTarget.value })}
          />
        ))}
        <TextInput
          label="Seed of chance"
          placeholder="Any"
          value={seed}
          onChange={(event) => setSeed(event.currentTarget.value)}
        />
        <TextInput
          label="CSMS"
          placeholder="Our own"
          value={csms}
          onChange={(event) => setCsms(event.currentTarget.value)}
        />
      </div>
      <div className="row wrap">
        <Button type="submit" loading={busy}>
          Run it
        </Button>
        <span className="muted small">
          With a station of its own, in the time of this world. In virtual time:{' '}
          <code>compote station --scenario {scenario.id} --virtual</code>
        </span>
      </div>
      {problem !== undefined && <ProblemCard problem={problem} />}
    </form>
  );
}

/** What was typed, as the scenario has it: a number stays a number. */
function likeThat(value: unknown, text: string): unknown {
  if (typeof value === 'number' && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text);
  if (typeof value === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

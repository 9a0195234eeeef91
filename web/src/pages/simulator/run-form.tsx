import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { api, apiPath, type ProblemDocument, part } from '../../api/client.ts';
import { problemOf } from '../../api/problem-of.ts';
import { refresh } from '../../api/queries.ts';
import { go } from '../../app/router.tsx';
import { ProblemCard } from '../../parts/states.tsx';
import type { ListedScenario, Run } from './run-shapes.ts';

/** What a run of it may choose. */
export function RunForm({ scenario }: { readonly scenario: ListedScenario }) {
  const [version, setVersion] = useState('');
  const [seed, setSeed] = useState('');
  const [csms, setCsms] = useState('');
  const [variables, setVariables] = useState<Readonly<Record<string, string>>>({});
  const [problem, setProblem] = useState<ProblemDocument>();
  const [accept, setAccept] = useState(true);
  const [busy, setBusy] = useState(false);
  const cards = cardsOf({ ...scenario.variables, ...filledIn(variables) });
  const start = async (): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      const changed = Object.entries(filledIn(variables));
      if (accept && csms === '') await acceptCards(cards);
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
      {cards.length > 0 && csms === '' && (
        <Checkbox
          label={`Our CSMS accepts ${cards.join(' and ')} first`}
          checked={accept}
          onChange={(event) => setAccept(event.currentTarget.checked)}
        />
      )}
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

function filledIn(variables: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(variables).filter(([, text]) => text !== ''));
}

/** Values that are the UID of a card. */
function cardsOf(variables: Readonly<Record<string, unknown>>): string[] {
  return Object.values(variables).filter(
    (value) => typeof value === 'string' && /^[0-9A-F]{8,20}$/i.test(value),
  ) as string[];
}

/** A card that the CSMS does not know is refused; one that it knows is left as it is. */
async function acceptCards(cards: readonly string[]): Promise<void> {
  for (const idToken of cards) {
    const path = apiPath(`/tokens/${part(idToken)}`);
    const known = await api.get(path).catch(() => undefined);
    if (known === undefined)
      await api.put(path, { idToken, type: 'ISO14443', status: 'Accepted', note: 'For a scenario' });
  }
  refresh('/tokens');
}

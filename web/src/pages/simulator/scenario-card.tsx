import { Button } from '@mantine/core';
import { useState } from 'react';
import { api, apiPath, part } from '../../api/client.ts';
import { refresh } from '../../api/queries.ts';
import { go } from '../../app/router.tsx';
import { attempt } from '../../parts/attempt.ts';
import { DetailCard } from '../../parts/desk.tsx';
import { RunForm } from './run-form.tsx';
import type { ListedScenario } from './run-shapes.ts';
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

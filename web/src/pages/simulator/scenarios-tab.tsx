import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { apiPath, part } from '../../api/client.ts';
import { useGet } from '../../api/queries.ts';
import { Tag } from '../../parts/atoms.tsx';
import { Desk } from '../../parts/desk.tsx';
import { type Column, RecordTable } from '../../parts/record-table.tsx';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import type { ListedScenario } from './run-shapes.ts';
import { ScenarioCard } from './scenario-card.tsx';
import { ScenarioDialog } from './scenario-dialog.tsx';

const COLUMNS: readonly Column<ListedScenario>[] = [
  { head: 'Scenario', cell: (one) => one.id },
  { head: 'What happens', quiet: true, cell: (one) => one.description ?? one.name },
  { head: 'Steps', num: true, cell: (one) => one.steps },
  { head: 'From', cell: (one) => <Tag>{one.shipped ? 'shipped' : 'yours'}</Tag> },
];

/** Scenarios that ship, and one's own: what is in them, and the way to run them. */
export function ScenariosTab({ id }: { readonly id: string | undefined }) {
  const [adds, setAdds] = useState(false);
  const scenarios = useGet<{ readonly items: readonly ListedScenario[] }>(apiPath('/sim/scenarios', { limit: 1000 }));
  return (
    <div className="page">
      <div className="row wrap">
        <p className="grow muted">
          A scenario is a list of steps for one station: what a driver does, what must happen then, and for how long
          that is waited for.
        </p>
        <Button variant="default" leftSection={<IconPlus size={14} />} onClick={() => setAdds(true)}>
          New scenario
        </Button>
      </div>
      <Loaded query={scenarios} what="the scenarios">
        {({ items }) => {
          const open = items.find((one) => one.id === id);
          const detail =
            id === undefined ? undefined : open === undefined ? (
              <EmptyState title={`There is no scenario ${id}`} />
            ) : (
              <ScenarioCard key={open.id} scenario={open} />
            );
          return (
            <Desk detail={detail}>
              <RecordTable
                label="Scenarios"
                items={items}
                columns={COLUMNS}
                keyOf={(one) => one.id}
                to={(one) => `/simulator/scenarios/${part(one.id)}`}
                current={id}
              />
            </Desk>
          );
        }}
      </Loaded>
      {adds && <ScenarioDialog onClose={() => setAdds(false)} />}
    </div>
  );
}

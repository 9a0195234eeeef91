import { Button } from '@mantine/core';
import { apiPath, part } from '../../api/client.ts';
import { useGet } from '../../api/queries.ts';
import { go } from '../../app/router.tsx';
import { Desk } from '../../parts/desk.tsx';
import { clockTime, duration } from '../../parts/format.ts';
import { type Column, RecordTable } from '../../parts/record-table.tsx';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import { OneRun } from './run-card.tsx';
import type { Run } from './run-shapes.ts';
import { RunState } from './run-state.tsx';

const COLUMNS: readonly Column<Run>[] = [
  { head: 'Scenario', cell: (run) => run.scenario },
  { head: 'Verdict', cell: (run) => <RunState state={run.state} /> },
  { head: 'Step', cell: (run) => stepOf(run) },
  { head: 'OCPP', cell: (run) => run.version },
  { head: 'Station', cell: (run) => <code>{run.station}</code> },
  { head: 'Began', cell: (run) => <span className="mono">{clockTime(run.startedAt, 0)}</span> },
  { head: 'Took', num: true, cell: (run) => tookOf(run) },
];

/** Runs of scenarios, newest first; each with its steps and its verdict. */
export function RunsTab({ id }: { readonly id: string | undefined }) {
  const runs = useGet<{ readonly items: readonly Run[] }>(apiPath('/sim/runs'));
  return (
    <div className="page">
      <Loaded query={runs} what="the runs">
        {({ items }) =>
          items.length === 0 && id === undefined ? (
            <EmptyState
              title="No scenario was run yet"
              actions={<Button onClick={() => go('/simulator/scenarios')}>Choose a scenario</Button>}
            >
              A run plays a scenario step by step with a station of its own, and ends with a verdict. The newest ones
              are kept here until the simulator stops.
            </EmptyState>
          ) : (
            <Desk detail={id === undefined ? undefined : <OneRun id={id} />}>
              <RecordTable
                label="Runs"
                items={items}
                columns={COLUMNS}
                keyOf={(run) => run.id}
                to={(run) => `/simulator/runs/${part(run.id)}`}
                current={id}
              />
            </Desk>
          )
        }
      </Loaded>
    </div>
  );
}

function stepOf({ steps }: Run): string {
  const last = steps.at(-1);
  return last === undefined ? '' : `${last.path}: ${last.path === '0' ? 'boot' : last.label}`;
}

function tookOf({ startedAt, endedAt }: Run): string {
  return endedAt === undefined ? '' : duration(new Date(endedAt).getTime() - new Date(startedAt).getTime());
}

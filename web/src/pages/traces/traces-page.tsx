import { Button, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { apiPath, part } from '../../api/client.ts';
import { useFollow } from '../../api/follow.ts';
import { runningServices, useGet, useMeta } from '../../api/queries.ts';
import { usePageTitle } from '../../app/page-title.ts';
import { go, setSearch, usePlace } from '../../app/router.tsx';
import { FindingCount } from '../../parts/atoms.tsx';
import { clockTime, milliseconds, partyName } from '../../parts/format.ts';
import { RecordTable } from '../../parts/record-table.tsx';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import type { Trace } from './trace-shapes.ts';
import './traces.css';

/** Actions that ran through several parties, the newest first. */
export function TracesPage() {
  usePageTitle('Traces');
  const { search } = usePlace();
  const text = (search['text'] ?? '').toLowerCase();
  const traces = useGet<{ readonly items: readonly Trace[] }>(apiPath('/traces', { limit: 100 }));
  useFollow(['oicp', 'pnc'], [], '/traces');
  const roams = runningServices(useMeta().data).some(({ name }) => name === 'emp');
  return (
    <div className="page">
      <div className="page-head">
        <TextInput
          aria-label="Find traces"
          placeholder="Action, party, session …"
          leftSection={<IconSearch size={14} />}
          value={search['text'] ?? ''}
          onChange={(event) => setSearch({ text: event.currentTarget.value })}
          w={280}
        />
        <button
          type="button"
          className="chip"
          aria-pressed={search['errors'] === 'yes'}
          onClick={() => setSearch({ errors: search['errors'] === 'yes' ? undefined : 'yes' })}
        >
          Only with errors
        </button>
      </div>
      <Loaded query={traces} what="traces">
        {({ items }) => {
          if (items.length === 0) {
            return (
              <EmptyState
                title="No action has crossed several parties yet"
                actions={
                  roams ? (
                    <Button onClick={() => go('/emp')}>Start a charge as the EMP</Button>
                  ) : (
                    <Button onClick={() => go('/')}>See what runs</Button>
                  )
                }
              >
                Tracing is on. A roaming authorisation or a remote start makes a trace: every hop with its time.
                {!roams && ' That needs the EMP and the hub, which do not run here.'}
              </EmptyState>
            );
          }
          const shown = items.filter(
            (trace) =>
              (search['errors'] !== 'yes' || trace.errors > 0) &&
              [trace.root, trace.session, ...trace.parties.map(partyName), ...trace.spans.map(({ name }) => name)]
                .join(' ')
                .toLowerCase()
                .includes(text),
          );
          if (shown.length === 0) {
            return (
              <EmptyState
                title={`0 of ${items.length} traces match`}
                actions={
                  <Button onClick={() => setSearch({ text: undefined, errors: undefined })}>Clear the filter</Button>
                }
              />
            );
          }
          const longest = Math.max(...shown.map(({ ms }) => ms));
          return (
            <RecordTable
              label="Traces"
              items={shown}
              keyOf={({ id }) => id}
              to={({ id }) => `/traces/${part(id)}`}
              columns={[
                { head: 'Action', cell: ({ root }) => root },
                { head: 'Began', cell: ({ start }) => <span className="mono">{clockTime(start)}</span> },
                { head: 'Parties', cell: ({ parties }) => parties.map(partyName).join(' → ') },
                { head: 'Spans', num: true, cell: ({ spans }) => spans.length },
                { head: 'ms', num: true, cell: ({ ms }) => milliseconds(ms) },
                {
                  head: 'Duration',
                  cell: ({ ms }) => (
                    <span className="trace-bar" aria-hidden="true">
                      <i style={{ width: `${Math.max(1, (100 * ms) / longest)}%` }} />
                    </span>
                  ),
                },
                { head: 'Errors', cell: ({ errors }) => <FindingCount counts={[errors, 0, 0]} /> },
                { head: 'Session', quiet: true, cell: ({ session }) => <span className="mono">{session}</span> },
              ]}
            />
          );
        }}
      </Loaded>
    </div>
  );
}

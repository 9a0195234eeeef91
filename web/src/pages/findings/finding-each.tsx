import { apiPath, part } from '../../api/client.ts';
import { useGet } from '../../api/queries.ts';
import type { Page } from '../../api/shapes.ts';
import { PartyText, SeverityMark } from '../../parts/atoms.tsx';
import { count, dayTime } from '../../parts/format.ts';
import { RecordTable } from '../../parts/record-table.tsx';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import type { PlacedFinding } from './finding-shapes.ts';

const MOST = 1_000;

/** Findings one by one, the newest first: what a number elsewhere has counted. */
export function EachFinding({ asked }: { readonly asked: Readonly<Record<string, string | undefined>> }) {
  const findings = useGet<Page<PlacedFinding>>(apiPath('/findings', { ...asked, limit: MOST }), { keep: true });
  return (
    <Loaded query={findings} what="findings">
      {({ items, next }) =>
        items.length === 0 ? (
          <EmptyState title="None of this kind">No finding fits what is chosen above.</EmptyState>
        ) : (
          <>
            <RecordTable
              label="Findings, one by one"
              items={items}
              keyOf={({ id }) => id}
              to={({ id }) => `/findings/${part(id)}`}
              columns={[
                { head: 'Finding', cell: ({ text }) => text },
                {
                  head: 'Severity',
                  cell: ({ severity }) => <SeverityMark severity={severity}>{severity}</SeverityMark>,
                },
                { head: 'Rule', cell: ({ rule }) => <code>{rule}</code> },
                { head: 'At fault', cell: ({ party }) => <PartyText id={party} /> },
                { head: 'Action', cell: ({ action }) => action },
                { head: 'When', quiet: true, cell: ({ time }) => <span className="nowrap">{dayTime(time)}</span> },
              ]}
            />
            {next !== undefined && <p className="muted small">The newest {count(items.length)}.</p>}
          </>
        )
      }
    </Loaded>
  );
}

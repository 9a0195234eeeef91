import { apiPath, part } from '../../api/client.ts';
import { useGet } from '../../api/queries.ts';
import type { Page } from '../../api/shapes.ts';
import { AppLink } from '../../app/router.tsx';
import { Desk, DetailCard, Facts } from '../../parts/desk.tsx';
import { EvseStatus } from '../../parts/evse-status.tsx';
import { ago, dayTime } from '../../parts/format.ts';
import { RecordTable } from '../../parts/record-table.tsx';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import { addressOf, facilityOf } from '../emp/emp-shapes.ts';
import type { HubEvse, HubStatus } from './hub-shapes.ts';

interface Entry {
  readonly evseId: string;
  readonly owner: string;
  readonly data: HubEvse | undefined;
  readonly status: HubStatus | undefined;
}

/** Data and status of all operators side by side: what one has and the other lacks stands out. */
export function HubEvsesTab({ id }: { readonly id: string | undefined }) {
  const data = useGet<Page<HubEvse>>(apiPath('/hub/evses', { limit: 500 }));
  const statuses = useGet<Page<HubStatus>>(apiPath('/hub/statuses', { limit: 500 }));
  return (
    <Loaded query={data} what="EVSE data">
      {({ items }) => {
        const entries = joined(items, statuses.data?.items ?? []);
        if (entries.length === 0) {
          return (
            <EmptyState title="No operator has pushed EVSE data yet">
              The CSMS pushes its EVSEs when it starts and when something changes.
            </EmptyState>
          );
        }
        return (
          <Desk detail={id === undefined ? undefined : <HubEvseCard id={id} />}>
            <RecordTable
              label="EVSEs of the hub"
              items={entries}
              keyOf={({ evseId }) => evseId}
              to={({ evseId }) => `/hub/evses/${part(evseId)}`}
              current={id}
              columns={[
                { head: 'EVSE id', cell: ({ evseId }) => <span className="mono nowrap">{evseId}</span> },
                { head: 'Owner', cell: ({ owner }) => <span className="mono">{owner}</span> },
                {
                  head: 'Status',
                  cell: ({ status, data: of }) => <EvseStatus status={status?.status ?? of?.status} />,
                },
                { head: 'Since', quiet: true, cell: ({ status }) => ago(status?.since) },
                { head: 'Power', num: true, cell: ({ data: of }) => (of === undefined ? '–' : facilityOf(of.record)) },
                { head: 'Address', cell: ({ data: of }) => (of === undefined ? '–' : addressOf(of.record)) },
                {
                  head: 'Consistency',
                  cell: ({ data: of, status }) =>
                    of === undefined ? (
                      <span className="warn">⚠ status without data</span>
                    ) : status === undefined && statuses.data !== undefined ? (
                      <span className="warn">⚠ data without status</span>
                    ) : (
                      <span className="ok">✓</span>
                    ),
                },
              ]}
            />
          </Desk>
        );
      }}
    </Loaded>
  );
}

function joined(data: readonly HubEvse[], statuses: readonly HubStatus[]): Entry[] {
  const entries = new Map<string, Entry>();
  for (const each of data) {
    const evseId = each.record.EvseID;
    entries.set(evseId, { evseId, owner: each.owner, data: each, status: undefined });
  }
  for (const status of statuses) {
    const { evseId, owner } = status;
    entries.set(evseId, { evseId, owner, data: entries.get(evseId)?.data, status });
  }
  return [...entries.values()];
}

interface EvseDetail {
  readonly owner: string;
  readonly record: HubEvse['record'];
  readonly status?: string;
  readonly versions: readonly { readonly from: string; readonly record?: unknown }[];
}

function HubEvseCard({ id }: { readonly id: string }) {
  const evse = useGet<EvseDetail>(apiPath(`/hub/evses/${part(id)}`));
  return (
    <DetailCard title={<span className="mono">{id}</span>} back="/hub/evses">
      <Loaded query={evse} what="the EVSE" lines={4}>
        {({ owner, record, status, versions }) => (
          <>
            <EvseStatus status={status} />
            <Facts
              facts={[
                ['Owner', owner],
                ['Operator', record.OperatorID],
                ['Address', addressOf(record)],
                ['Power', facilityOf(record)],
                ['Plugs', record.Plugs?.join(', ')],
              ]}
            />
            <h3>History</h3>
            <ol className="stack small" style={{ gap: 2 }}>
              {[...versions].reverse().map((version) => (
                <li key={version.from}>
                  <span className="muted">{dayTime(version.from)}</span>{' '}
                  {version.record === undefined ? 'deleted' : version === versions[0] ? 'first pushed' : 'changed'}
                </li>
              ))}
            </ol>
            <div className="row wrap small">
              <AppLink to={`/emp/evses/${part(id)}`}>The EMP’s view</AppLink>
              <AppLink to={`/traffic?q=${part(`evseid:"${id}"`)}`}>Its traffic</AppLink>
            </div>
            <details>
              <summary className="small">As it was pushed</summary>
              <pre className="raw">{JSON.stringify(record, null, 2)}</pre>
            </details>
          </>
        )}
      </Loaded>
    </DetailCard>
  );
}

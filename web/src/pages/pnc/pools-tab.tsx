import { apiPath } from '../../api/client.ts';
import { useGet } from '../../api/queries.ts';
import type { Page } from '../../api/shapes.ts';
import { go } from '../../app/router.tsx';
import { IdText, Tag } from '../../parts/atoms.tsx';
import { type Column, RecordTable } from '../../parts/record-table.tsx';
import { EmptyState, Loaded } from '../../parts/states.tsx';

type Entry = Readonly<Record<string, unknown>> & { readonly id: string };

const text = (value: unknown): string =>
  value === undefined || value === null ? '' : Array.isArray(value) ? value.join(', ') : String(value);
const column = (head: string, member: string): Column<Entry> => ({ head, cell: (entry) => text(entry[member]) });
const id = (head: string): Column<Entry> => ({ head, cell: (entry) => <IdText id={entry.id} most={30} /> });

const POOLS: readonly {
  readonly id: string;
  readonly label: string;
  readonly says: string;
  readonly empty: string;
  readonly columns: readonly Column<Entry>[];
}[] = [
  {
    id: 'roots',
    label: 'Roots',
    says: 'Root certificates that everybody may fetch.',
    empty: 'No root certificate is in the pool',
    columns: [
      { head: 'Name', cell: (entry) => <b>{text(entry['distinguishedName'])}</b> },
      { head: 'Kind', cell: (entry) => <Tag>{text(entry['rootType'])}</Tag> },
      column('Fingerprint', 'fingerprint'),
      { ...id('Id'), quiet: true },
    ],
  },
  {
    id: 'end-entities',
    label: 'Registered stations',
    says: 'Stations that may enrol: the pool knows their common names.',
    empty: 'No station is registered',
    columns: [id('Common name'), column('Owner', 'owner'), column('Profile', 'profile')],
  },
  {
    id: 'clients',
    label: 'Clients',
    says: 'Who gets a token, as whom it may call.',
    empty: 'No client is known',
    columns: [
      { head: 'Client', cell: (entry) => <b className="mono">{entry.id}</b> },
      column('Name', 'name'),
      { head: 'Calls as', cell: (entry) => <Tag>{text(entry['callers'])}</Tag> },
      column('Scopes', 'scopes'),
      column('Only providers', 'providers'),
      column('Only operators', 'operators'),
    ],
  },
  {
    id: 'access',
    label: 'Access matrix',
    says: 'Each operation of the pools with who may call it.',
    empty: 'No operation',
    columns: [
      { head: 'Operation', cell: (entry) => <b>{entry.id}</b> },
      column('Pool', 'service'),
      {
        head: 'Path',
        cell: (entry) => (
          <span className="mono">
            {text(entry['method'])} {text(entry['path'])}
          </span>
        ),
      },
      {
        head: 'Who',
        cell: (entry) => (entry['access'] === 'public' ? <Tag tone="ok">everybody</Tag> : text(entry['callers'])),
      },
      column('Scope', 'scope'),
    ],
  },
];

/** The content of the pools, and who may do what there. Vehicles and contracts have tabs of their own. */
export function PoolsTab({ pool: asked }: { readonly pool: string | undefined }) {
  const pool = POOLS.find((each) => each.id === asked) ?? POOLS[0];
  const entries = useGet<Page<Entry>>(apiPath(`/pnc/pools/${pool?.id}`, { limit: 500 }));
  return (
    <>
      <div className="page-head">
        {POOLS.map((each) => (
          <button
            key={each.id}
            type="button"
            className="chip"
            aria-pressed={each === pool}
            onClick={() => go(`/pnc/pools/${each.id}`)}
          >
            {each.label}
          </button>
        ))}
        <span className="muted small">{pool?.says}</span>
      </div>
      <Loaded query={entries} what="the pool">
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title={pool?.empty ?? 'Nothing'}>It fills through the operations of the pools.</EmptyState>
          ) : (
            <RecordTable
              label={pool?.label ?? ''}
              items={items}
              keyOf={(entry) => entry.id}
              columns={pool?.columns ?? []}
            />
          )
        }
      </Loaded>
    </>
  );
}

import { apiPath, part } from '../../api/client.ts';
import { useGet } from '../../api/queries.ts';
import type { Page, Station } from '../../api/shapes.ts';
import { dayTime } from '../../parts/format.ts';
import { EmptyState, Loaded } from '../../parts/states.tsx';

export interface StationItem {
  readonly id: string;
  readonly at: string;
  readonly evse?: number;
  readonly status?: string;
  readonly value: Readonly<Record<string, unknown>>;
}

export function useItems(station: Station, kind: string) {
  return useGet<Page<StationItem>>(apiPath(`/stations/${part(station.id)}/${kind}`, { limit: 500 }));
}

/** Things of one kind that a station has or reported. */
export function ItemTable({
  station,
  kind,
  empty,
  hint,
}: {
  readonly station: Station;
  readonly kind: string;
  readonly empty: string;
  readonly hint: string;
}) {
  const items = useItems(station, kind);
  return (
    <Loaded query={items} what={kind}>
      {(page) =>
        page.items.length === 0 ? (
          <EmptyState title={empty}>{hint}</EmptyState>
        ) : (
          <div className="card scroll-x">
            <table className="plain">
              <caption className="visually-hidden">{kind}</caption>
              <thead>
                <tr>
                  <th>Id</th>
                  <th>EVSE</th>
                  <th>Status</th>
                  <th>Content</th>
                  <th>Changed</th>
                </tr>
              </thead>
              <tbody>
                {page.items.map((item) => (
                  <tr key={item.id}>
                    <td className="mono">{item.id}</td>
                    <td>{item.evse ?? ''}</td>
                    <td>{item.status ?? ''}</td>
                    <td className="small" style={{ overflowWrap: 'anywhere' }}>
                      {shortly(item.value)}
                    </td>
                    <td className="muted nowrap">{dayTime(item.at)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )
      }
    </Loaded>
  );
}

function shortly(value: Readonly<Record<string, unknown>>): string {
  return Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .map(([name, inner]) => `${name} ${typeof inner === 'object' ? JSON.stringify(inner) : String(inner)}`)
    .join(' · ')
    .slice(0, 400);
}

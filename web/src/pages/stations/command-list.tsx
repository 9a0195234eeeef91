import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { apiPath, part } from '../../api/client.ts';
import { useGet } from '../../api/queries.ts';
import type { Station } from '../../api/shapes.ts';
import { AppLink } from '../../app/router.tsx';
import { EmptyState, Loaded } from '../../parts/states.tsx';

export interface ActionInfo {
  readonly proto: string;
  readonly ver: string;
  readonly action: string;
  readonly from: 'csms' | 'station';
  readonly to: 'csms' | 'station';
  readonly block: string;
  readonly kinds: readonly string[];
  readonly changes?: string;
  readonly shows?: string;
}

export function useActions(ver: string | undefined, from: 'csms' | 'station' | undefined) {
  return useGet<{ readonly items: readonly ActionInfo[] }>(
    ver === undefined || from === undefined ? undefined : apiPath('/actions', { ver, from }),
  );
}

/** Everything that this station can be told, by functional block. */
export function CommandList({ station }: { readonly station: Station }) {
  const actions = useActions(station.version, 'csms');
  const [wanted, setWanted] = useState('');
  if (station.version === undefined)
    return <EmptyState title="Its OCPP version is not known">It is, once the station has connected.</EmptyState>;
  return (
    <Loaded query={actions} what="the actions">
      {({ items }) => {
        const found = items.filter((each) =>
          `${each.action} ${each.block} ${each.changes}`.toLowerCase().includes(wanted.toLowerCase()),
        );
        const blocks = [...new Set(found.map((each) => each.block))].sort();
        return (
          <div className="stack" style={{ gap: 16 }}>
            <TextInput
              aria-label="Find commands"
              placeholder={`${items.length} commands …`}
              leftSection={<IconSearch size={14} />}
              value={wanted}
              onChange={(event) => setWanted(event.currentTarget.value)}
              w={300}
            />
            <div className="cards">
              {blocks.map((block) => (
                <section key={block} className="card">
                  <header>
                    <h2>{block}</h2>
                  </header>
                  <ul className="body stack" style={{ gap: 6 }}>
                    {found
                      .filter((each) => each.block === block)
                      .map((each) => (
                        <li key={each.action}>
                          <AppLink to={`/compose?from=csms&to=${part(station.id)}&action=${each.action}`}>
                            {each.action}
                          </AppLink>
                          {each.changes !== undefined && <p className="muted small">{each.changes}</p>}
                        </li>
                      ))}
                  </ul>
                </section>
              ))}
            </div>
          </div>
        );
      }}
    </Loaded>
  );
}

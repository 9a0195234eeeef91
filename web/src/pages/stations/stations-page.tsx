import { Button, TextInput } from '@mantine/core';
import { IconPlugConnected, IconSearch } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { apiPath, part } from '../../api/client.ts';
import { useGet, useMeta, useStations } from '../../api/queries.ts';
import type { Page, Station } from '../../api/shapes.ts';
import { usePageTitle } from '../../app/page-title.ts';
import { AppLink, go, setSearch, usePlace } from '../../app/router.tsx';
import { count, dayTime } from '../../parts/format.ts';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { ConnectDialog } from '../home/connect-dialog.tsx';
import { BootText, EvseStates, LinkText, modelOf } from './station-words.tsx';
import './stations.css';

export function StationsTabs({ value }: { readonly value: 'stations' | 'tokens' | 'refused' }) {
  return (
    <div className="page-tabs">
      <Tabs
        label="Stations"
        value={value}
        onChange={(id) => go(id === 'stations' ? '/stations' : `/stations/${id}`)}
        tabs={[
          { id: 'stations', label: 'Stations' },
          { id: 'tokens', label: 'Tokens' },
          { id: 'refused', label: 'Refused connections' },
        ]}
      />
    </div>
  );
}

/** What the CSMS knows about each station. */
export function StationsPage() {
  usePageTitle('Stations');
  const { search } = usePlace();
  const wanted = search['q'] ?? '';
  const stations = useStations();
  const [connect, setConnect] = useState(false);
  return (
    <div className="page">
      <StationsTabs value="stations" />
      <div className="page-head">
        <TextInput
          aria-label="Find stations"
          placeholder="Identity, model, version, state …"
          leftSection={<IconSearch size={14} />}
          value={wanted}
          onChange={(event) => setSearch({ q: event.currentTarget.value })}
          w={300}
        />
        <span className="push" />
        <SimulateButton />
        <Button variant="default" leftSection={<IconPlugConnected size={14} />} onClick={() => setConnect(true)}>
          Connect a real one
        </Button>
      </div>
      <Loaded query={stations} what="stations">
        {(page) => <StationTable page={page} wanted={wanted} onConnect={() => setConnect(true)} />}
      </Loaded>
      <ConnectDialog opened={connect} onClose={() => setConnect(false)} />
    </div>
  );
}

function SimulateButton() {
  const meta = useMeta();
  const can = meta.data?.services.some((service) => service.name === 'station' && service.health === 'ok') ?? false;
  return can ? <Button onClick={() => go('/simulator')}>Simulate one</Button> : null;
}

function StationTable({
  page,
  wanted,
  onConnect,
}: {
  readonly page: Page<Station>;
  readonly wanted: string;
  onConnect(): void;
}) {
  const found = useMemo(() => {
    const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
    const texts = (station: Station): string =>
      [
        station.id,
        station.link,
        station.version,
        station.boot,
        modelOf(station),
        ...station.evses.map((evse) => evse.status),
      ]
        .join(' ')
        .toLowerCase();
    return page.items.filter((station) => words.every((word) => texts(station).includes(word)));
  }, [page, wanted]);
  if (page.items.length === 0) {
    return (
      <EmptyState
        title="No station yet"
        actions={
          <>
            <Button onClick={onConnect}>Show the address to enter into a charger</Button>
            <Button variant="default" onClick={() => go('/simulator')}>
              Simulate a station
            </Button>
          </>
        }
      >
        A station appears here with its first connection, accepted or not.
      </EmptyState>
    );
  }
  if (found.length === 0) {
    return (
      <EmptyState
        title={`None of ${count(page.items.length)} stations match`}
        actions={<Button onClick={() => setSearch({ q: undefined })}>Clear</Button>}
      />
    );
  }
  return (
    <>
      <div className="card scroll-x station-table">
        <table className="plain" aria-rowcount={page.total ?? page.items.length}>
          <thead>
            <tr>
              <th>Identity</th>
              <th>Link</th>
              <th>OCPP</th>
              <th>Security</th>
              <th>Boot</th>
              <th>EVSEs</th>
              <th>Model · firmware</th>
              <th>Last message</th>
              <th className="num">Sessions</th>
            </tr>
          </thead>
          <tbody>
            {found.map((station) => (
              <tr key={station.id} data-link="true" onClick={() => go(`/stations/${part(station.id)}`)}>
                <td>
                  <AppLink className="mono" to={stationPath(station.id)} onClick={(event) => event.stopPropagation()}>
                    {station.id}
                  </AppLink>
                </td>
                <td>
                  <LinkText station={station} />
                </td>
                <td>{station.version ?? '–'}</td>
                <td>SP{station.security}</td>
                <td>
                  <BootText station={station} />
                </td>
                <td>
                  <EvseStates station={station} />
                </td>
                <td>{modelOf(station) || <span className="muted">–</span>}</td>
                <td className="muted nowrap">
                  {station.lastMessageAt === undefined ? '–' : dayTime(station.lastMessageAt)}
                </td>
                <td className="num">{station.transactions.length || ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="station-cards">
        {found.map((station) => (
          <AppLink key={station.id} to={stationPath(station.id)}>
            <b className="mono">{station.id}</b>
            <LinkText station={station} />
            <span className="muted">{modelOf(station)}</span>
            <span className="muted">OCPP {station.version ?? '–'}</span>
            <EvseStates station={station} />
          </AppLink>
        ))}
      </div>
    </>
  );
}

/** Two words are taken by pages of their own: a station so named stands one level deeper. */
export function stationPath(id: string): string {
  return /^(tokens|refused|id)$/.test(id) ? `/stations/id/${part(id)}` : `/stations/${part(id)}`;
}

interface Refused {
  readonly at: string;
  readonly identity: string;
  readonly remote: string;
  readonly status: number;
  readonly reason: string;
  readonly text: string;
}

/** Who was turned away, and what to change. */
export function RefusedPage() {
  usePageTitle('Stations', 'Refused connections');
  const refused = useGet<Page<Refused>>(apiPath('/refused'));
  return (
    <div className="page">
      <StationsTabs value="refused" />
      <Loaded query={refused} what="refused connections">
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState
              title="Nobody was turned away"
              actions={<Button onClick={() => go('/?connect=yes')}>Connect a station</Button>}
            >
              A connection with a wrong subprotocol, password or identity stands here with its reason.
            </EmptyState>
          ) : (
            <div className="card scroll-x">
              <table className="plain">
                <thead>
                  <tr>
                    <th>Time</th>
                    <th>Identity</th>
                    <th>From</th>
                    <th>Answer</th>
                    <th>Why, and what is served</th>
                  </tr>
                </thead>
                <tbody>
                  {items.map((each) => (
                    <tr key={each.at + each.remote}>
                      <td className="mono nowrap">{dayTime(each.at)}</td>
                      <td className="mono">{each.identity}</td>
                      <td className="mono muted">{each.remote}</td>
                      <td>
                        {each.status} <code className="muted">{each.reason}</code>
                      </td>
                      <td>{each.text}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Loaded>
    </div>
  );
}

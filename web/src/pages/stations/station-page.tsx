import { Button } from '@mantine/core';
import { part } from '../../api/client.ts';
import { problemOf } from '../../api/problem-of.ts';
import { useStation, useStations } from '../../api/queries.ts';
import type { Station } from '../../api/shapes.ts';
import { useComposeTarget } from '../../app/compose-drawer-state.ts';
import { usePageTitle } from '../../app/page-title.ts';
import { AppLink, go, useParams, usePlace } from '../../app/router.tsx';
import { Tag } from '../../parts/atoms.tsx';
import { quoted } from '../../parts/filter-term.ts';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { Traffic } from '../traffic/traffic-page.tsx';
import { CommandList } from './command-list.tsx';
import { EvseCards } from './evse-cards.tsx';
import { ItemTable } from './item-table.tsx';
import { QuickActions } from './quick-actions.tsx';
import { StationIdentity } from './station-identity.tsx';
import { LinkText, modelOf } from './station-words.tsx';
import './stations.css';
import { VariableTable } from './variable-table.tsx';

const TABS = [
  { id: 'evses', label: 'EVSEs' },
  { id: 'config', label: 'Configuration' },
  { id: 'profiles', label: 'Profiles' },
  { id: 'certificates', label: 'Certificates' },
  { id: 'reservations', label: 'Reservations & list' },
  { id: 'commands', label: 'Commands' },
  { id: 'messages', label: 'Messages' },
  { id: 'identity', label: 'Identity' },
] as const;

/** One station: what it is, does and can be told. */
export function StationPage() {
  const params = useParams();
  const id = params['id'] ?? '';
  const tab = TABS.find((each) => each.id === params['tab'])?.id ?? 'evses';
  const station = useStation(id);
  usePageTitle('Stations', id);
  if (station.error !== null && problemOf(station.error).code === 'UNKNOWN_STATION') return <Unknown id={id} />;
  return (
    <Loaded query={station} what={`station ${id}`}>
      {(data) => <Known station={data} tab={tab} />}
    </Loaded>
  );
}

function Unknown({ id }: { readonly id: string }) {
  const stations = useStations();
  const near =
    stations.data?.items.filter((station) => station.id.toLowerCase().startsWith(id.slice(0, 3).toLowerCase())) ?? [];
  return (
    <EmptyState
      title={`${id} is not known here`}
      actions={<Button onClick={() => go('/stations/refused')}>Refused connections</Button>}
    >
      {near.length === 0 ? 'It never connected. ' : 'Near matches: '}
      {near.slice(0, 5).map((station) => (
        <AppLink key={station.id} to={`/stations/${part(station.id)}`}>
          {station.id}{' '}
        </AppLink>
      ))}
    </EmptyState>
  );
}

function Known({ station, tab }: { readonly station: Station; readonly tab: (typeof TABS)[number]['id'] }) {
  const { search } = usePlace();
  const address = `/stations/${part(station.id)}`;
  useComposeTarget(station.id);
  return (
    <div
      className={tab === 'messages' ? 'page full' : 'page'}
      style={tab === 'messages' ? { display: 'grid', gridTemplateRows: 'auto 1fr' } : undefined}
    >
      <div style={tab === 'messages' ? { padding: '16px 20px 0' } : undefined} className="stack">
        <div className="page-head">
          <LinkText station={station} />
          <Tag>OCPP {station.version ?? 'unknown'}</Tag>
          <Tag title="Security profile">SP{station.security}</Tag>
          {station.boot !== 'Accepted' && (
            <Tag tone={station.boot === 'Pending' ? 'warn' : station.boot === 'Rejected' ? 'error' : undefined}>
              boot {station.boot}
            </Tag>
          )}
          <span className="muted">{modelOf(station)}</span>
        </div>
        <QuickActions station={station} />
        <div className="page-tabs" style={{ marginTop: 0 }}>
          <Tabs
            label={`Station ${station.id}`}
            tabs={TABS}
            value={tab}
            onChange={(next) => go(next === 'evses' ? address : `${address}/${next}`)}
            testId="station-tab"
          />
        </div>
      </div>
      {tab === 'evses' && <EvseCards station={station} />}
      {tab === 'config' && <VariableTable station={station} />}
      {tab === 'profiles' && (
        <>
          <ItemTable
            station={station}
            kind="profiles"
            empty="No charging profile is known"
            hint="Profiles that the station accepted stand here."
          />
          <ItemTable
            station={station}
            kind="composites"
            empty="No composite schedule was asked for"
            hint="Send GetCompositeSchedule."
          />
        </>
      )}
      {tab === 'certificates' && (
        <ItemTable
          station={station}
          kind="certificates"
          empty="No certificate is known"
          hint="Send GetInstalledCertificateIds to read what the station has."
        />
      )}
      {tab === 'reservations' && (
        <>
          <ItemTable station={station} kind="reservations" empty="No reservation" hint="Send ReserveNow to make one." />
          <ItemTable station={station} kind="local-list" empty="No local list was sent" hint="Send SendLocalList." />
        </>
      )}
      {tab === 'commands' && <CommandList station={station} />}
      {tab === 'messages' && (
        <div style={{ minHeight: 0 }}>
          <Traffic search={search} fixed={`station:${quoted(station.id)}`} fixedLabel={station.id} />
        </div>
      )}
      {tab === 'identity' && <StationIdentity station={station} />}
    </div>
  );
}

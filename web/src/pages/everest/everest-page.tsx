import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { apiPath } from '../../api/client.ts';
import { useFollow } from '../../api/follow.ts';
import { useLiveEvent } from '../../api/live.ts';
import { queryClient, useGet } from '../../api/queries.ts';
import { usePageTitle } from '../../app/page-title.ts';
import { go, setSearch, useParams, usePlace } from '../../app/router.tsx';
import { HealthMark, Tag } from '../../parts/atoms.tsx';
import { copyText } from '../../parts/clipboard.ts';
import { ServicePage } from '../../parts/service-page.tsx';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import { ConnectorsTab } from './connectors-tab.tsx';
import type { EverestStation, EverestWorld } from './everest-shapes.ts';
import { SessionsTab, TimelineTab } from './session-tabs.tsx';
import { TopicsTab } from './topics-tab.tsx';
import './everest.css';

const TABS = [
  { id: 'connectors', label: 'Connectors' },
  { id: 'topics', label: 'Topics' },
  { id: 'sessions', label: 'Sessions' },
  { id: 'timeline', label: 'Timeline' },
] as const;

const WORLD = apiPath('/everest');

/** A station that runs EVerest, driven over MQTT and seen beside the OCPP that it causes. */
export function EverestPage() {
  const { tab: asked, id } = useParams();
  const { search } = usePlace();
  const tab = TABS.find((each) => each.id === asked)?.id ?? 'connectors';
  usePageTitle('EVerest', TABS.find((each) => each.id === tab)?.label);
  const world = useGet<EverestWorld>(WORLD);
  // A station tells its whole state when it changes; nothing has to be asked again.
  useLiveEvent('everest', (data) => {
    const changed = data as EverestStation;
    queryClient.setQueryData<EverestWorld>([WORLD], (known) =>
      known === undefined
        ? known
        : { ...known, stations: known.stations.map((each) => (each.id === changed.id ? changed : each)) },
    );
  });
  useFollow(['mqtt'], [], '/everest/');
  return (
    <ServicePage service="everest" name="EVerest" path="/everest" tabs={TABS} tab={tab}>
      <Loaded query={world} what="the broker">
        {(data) => {
          const station = data.stations.find((each) => each.id === search['station']) ?? data.stations[0];
          const shown: Readonly<Record<(typeof TABS)[number]['id'], () => ReactNode>> = {
            connectors: () => (station === undefined ? null : <ConnectorsTab station={station} />),
            topics: () => <TopicsTab topic={id} />,
            sessions: () => (station === undefined ? null : <SessionsTab station={station.id} />),
            timeline: () => (station === undefined ? null : <TimelineTab station={station.id} />),
          };
          return (
            <>
              <BrokerLine world={data} station={station} />
              {station === undefined ? (
                <EmptyState title="No EVerest station is configured">
                  Name one under <code>everest.stations</code> of the configuration.
                </EmptyState>
              ) : station.heard || tab !== 'connectors' ? (
                shown[tab]()
              ) : (
                <NothingHeard world={data} />
              )}
            </>
          );
        }}
      </Loaded>
    </ServicePage>
  );
}

function BrokerLine({
  world,
  station,
}: {
  readonly world: EverestWorld;
  readonly station: EverestStation | undefined;
}) {
  const { broker } = world;
  return (
    <div className="service-head">
      <HealthMark health={broker.connected ? 'ok' : 'down'}>{broker.connected ? 'broker' : 'no broker'}</HealthMark>
      <span className="mono">{broker.text}</span>
      {world.lookAlike && (
        <Tag title="A simulated EVerest: what it does says nothing about EVerest itself">look-alike</Tag>
      )}
      {world.stations.length > 1 &&
        world.stations.map((each) => (
          <button
            key={each.id}
            type="button"
            className="chip"
            aria-pressed={each.id === station?.id}
            onClick={() => setSearch({ station: each.id })}
          >
            {each.id}
          </button>
        ))}
      {station !== undefined && (
        <>
          <b className="mono">{station.id}</b>
          <span className={station.silent || !station.broker.connected ? 'warn' : 'muted'}>{station.says}</span>
          {station.ocppConnected !== undefined && (
            <HealthMark health={station.ocppConnected ? 'ok' : 'off'}>
              OCPP {station.ocppConnected ? 'connected' : 'not connected'}
            </HealthMark>
          )}
        </>
      )}
    </div>
  );
}

function NothingHeard({ world }: { readonly world: EverestWorld }) {
  const address = /mqtts?:\/\/[^\s]+/.exec(world.broker.text)?.[0] ?? world.broker.text;
  return (
    <EmptyState
      title="No EVerest has been heard yet"
      actions={
        <>
          <Button onClick={() => void copyText(address, 'Broker address copied')}>Copy the broker’s address</Button>
          <Button variant="default" onClick={() => go('/everest/topics')}>
            Publish a state by hand
          </Button>
        </>
      }
    >
      The broker runs at <code>{address}</code>. Point EVerest at it, or set <code>everest.lookAlike.on=true</code> for
      a dry run without one.
    </EmptyState>
  );
}

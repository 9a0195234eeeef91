import { Button, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconChevronDown, IconPlus } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { api, apiPath, part } from '../../api/client.ts';
import { useLiveEvent } from '../../api/live.ts';
import { problemOf } from '../../api/problem-of.ts';
import { queryClient, refresh, useGet } from '../../api/queries.ts';
import type { Page } from '../../api/shapes.ts';
import { useKeys } from '../../app/keys.ts';
import { AppLink, go } from '../../app/router.tsx';
import { HealthMark, Tag } from '../../parts/atoms.tsx';
import { ConnectorGlyph } from '../../parts/connector-glyph.tsx';
import { quoted } from '../../parts/filter-term.ts';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import { RecentMessages } from '../traffic/recent-messages.tsx';
import { EvsePanel } from './evse-panel.tsx';
import { NewStationDialog } from './new-station-dialog.tsx';
import { type SimStation, statusOf, type Templates } from './sim-shapes.ts';
import './simulator.css';

const LIST = apiPath('/sim/stations', { limit: 500 });

/** A charging site on the desk: what drivers do, not protocol messages. */
export function StationsTab({ id }: { readonly id: string | undefined }) {
  const stations = useGet<Page<SimStation>>(LIST);
  const templates = useGet<Templates>(apiPath('/sim/templates'));
  const [adds, setAdds] = useState(false);
  useFollow();
  return (
    <>
      <Loaded query={stations} what="the simulated stations">
        {({ items }) => {
          const shown = items.find((station) => station.identity === id) ?? (id === undefined ? items[0] : undefined);
          if (items.length === 0) {
            return (
              <EmptyState title="No simulated station" actions={<Button onClick={() => setAdds(true)}>Add one</Button>}>
                A simulated station speaks real OCPP over a real socket, to our CSMS or to yours.
              </EmptyState>
            );
          }
          return (
            <div className="sim">
              <nav className="sim-list" aria-label="Simulated stations">
                <Button leftSection={<IconPlus size={14} />} onClick={() => setAdds(true)}>
                  Add stations
                </Button>
                {items.map((station) => (
                  <StationLink
                    key={station.identity}
                    station={station}
                    current={station.identity === shown?.identity}
                  />
                ))}
              </nav>
              {shown === undefined ? (
                <EmptyState title={`${id} is not simulated here`} />
              ) : (
                <Panel key={shown.identity} station={shown} all={items} templates={templates.data} />
              )}
            </div>
          );
        }}
      </Loaded>
      {adds && <NewStationDialog templates={templates.data} onClose={() => setAdds(false)} />}
    </>
  );
}

/** The panel is always live: what stations said tells that their state moved. */
function useFollow(): void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useLiveEvent(['journal', 'sim', 'station'], () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      refresh('/sim/stations');
    }, 250);
  });
}

function StationLink({ station, current }: { readonly station: SimStation; readonly current: boolean }) {
  return (
    <AppLink to={`/simulator/${part(station.identity)}`} aria-current={current}>
      <b className="mono clip">{station.identity}</b>
      <HealthMark health={station.connected ? 'ok' : station.powered ? 'down' : 'off'}>
        {station.connected ? 'online' : station.powered ? 'offline' : 'no power'}
      </HealthMark>
      <span className="muted">
        OCPP {station.version} · {station.template}
      </span>
      <span className="row" style={{ gap: 3 }}>
        {station.evses.map((evse) => (
          <ConnectorGlyph
            key={evse.id}
            status={statusOf(evse, evse.connectors.find((each) => each.plug !== 'empty') ?? evse.connectors[0])}
          />
        ))}
      </span>
    </AppLink>
  );
}

function Panel({
  station,
  all,
  templates,
}: {
  readonly station: SimStation;
  readonly all: readonly SimStation[];
  readonly templates: Templates | undefined;
}) {
  const tokens = useGet<Page<{ readonly idToken: string }>>(apiPath('/tokens', { limit: 50 }));
  const words = tokens.data?.items.map((token) => token.idToken) ?? [];
  const act = (action: Record<string, unknown>): void => {
    api.post<SimStation>(apiPath(`/sim/stations/${part(station.identity)}/actions`), action).then(
      (after) =>
        queryClient.setQueryData<Page<SimStation>>([LIST], (page) =>
          page === undefined
            ? page
            : { ...page, items: page.items.map((each) => (each.identity === after.identity ? after : each)) },
        ),
      (thrown) => {
        const { title, detail } = problemOf(thrown);
        notifications.show({ color: 'red', title, message: detail ?? '' });
      },
    );
  };
  const move = (by: number): void => {
    const next = all[all.findIndex((each) => each.identity === station.identity) + by];
    if (next !== undefined) go(`/simulator/${part(next.identity)}`);
  };
  const first = station.evses[0];
  const plugged = first?.connectors.some((connector) => connector.plug === 'ev') ?? false;
  useKeys([
    {
      keys: 'p',
      does: 'Plug in or unplug at EVSE 1',
      run: () => act({ type: plugged ? 'unplug' : 'plug', evseId: 1 }),
    },
    {
      keys: 'w',
      does: 'Swipe the first token at EVSE 1',
      run: () => act({ type: 'swipe', evseId: 1, token: words[0] ?? '04A2B3C4D5' }),
    },
    {
      keys: 'o',
      does: 'Cut the network, or mend it',
      run: () => act({ type: station.connected ? 'network-loss' : 'network-back' }),
    },
    { keys: 'ArrowDown', does: 'Next station', run: () => move(1) },
    { keys: 'ArrowUp', does: 'Station before', run: () => move(-1) },
  ]);
  return (
    <div className="sim-panel" data-testid="sim-panel" data-station={station.identity}>
      <div className="page-head">
        <HealthMark health={station.connected ? 'ok' : 'down'}>
          {station.connected ? 'connected' : 'not connected'}
        </HealthMark>
        <Tag>OCPP {station.version}</Tag>
        <Tag tone={station.registration === 'Accepted' ? undefined : 'warn'}>boot {station.registration}</Tag>
        <span className="muted small mono clip">{station.endpoint}</span>
        {station.queued > 0 && <Tag tone="warn">{station.queued} waiting to be sent</Tag>}
        <span className="push" />
        <AppLink to={`/stations/${part(station.identity)}`}>Open in the CSMS</AppLink>
      </div>
      <div className="row wrap">
        <Button
          variant="default"
          onClick={() => act({ type: station.connected ? 'network-loss' : 'network-back' })}
          disabled={!station.powered}
        >
          {station.connected ? 'Cut the network' : 'Mend the network'}
        </Button>
        <Button variant="default" onClick={() => act(station.powered ? { type: 'power-loss' } : { type: 'power-on' })}>
          {station.powered ? 'Power cut' : 'Power on'}
        </Button>
        <Button variant="default" onClick={() => act({ type: 'reboot' })} disabled={!station.powered}>
          Reboot
        </Button>
        <AnswersMenu act={act} />
        <Button
          variant="subtle"
          color="red"
          onClick={() => {
            void api.delete(apiPath(`/sim/stations/${part(station.identity)}`)).then(() => {
              refresh('/sim', '/topology');
              go('/simulator');
            });
          }}
        >
          Remove
        </Button>
      </div>
      {station.evses.map((evse) => (
        <EvsePanel key={evse.id} station={station} evse={evse} templates={templates} tokens={words} act={act} />
      ))}
      <section className="card">
        <header>
          <h2>What it just said and heard</h2>
          <span className="push" />
          <AppLink to={`/traffic?q=${part(`station:${quoted(station.identity)}`)}`}>All of it</AppLink>
        </header>
        <RecentMessages q={`station:${quoted(station.identity)} -action:Heartbeat`} limit={8} />
      </section>
    </div>
  );
}

/** How the station answers the CSMS the next time. */
function AnswersMenu({ act }: { act(action: Record<string, unknown>): void }) {
  const ways: readonly [string, Record<string, unknown>][] = [
    ['Next answer: Rejected', { type: 'answer-with', status: 'Rejected' }],
    ['Next answer: CALLERROR InternalError', { type: 'answer-with', error: 'InternalError' }],
    ['Next answer 5 s late', { type: 'answer-with', delayMs: 5_000 }],
    ['No next answer', { type: 'answer-with', silence: true }],
    ['Lose the next own message', { type: 'distort', silence: true }],
    ['Send the next own message twice', { type: 'distort', duplicate: true }],
    ['As it should be again', { type: 'clear-faults' }],
  ];
  return (
    <Menu>
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={12} />}>
          How it answers
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {ways.map(([label, action]) => (
          <Menu.Item key={label} onClick={() => act(action)}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

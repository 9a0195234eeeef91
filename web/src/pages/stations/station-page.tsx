import { Button } from '@mantine/core';
import { part } from '../../api/client.ts';
import { problemOf } from '../../api/problem-of.ts';
import { useStation, useStations } from '../../api/queries.ts';
import type { Evse, Station } from '../../api/shapes.ts';
import { usePageTitle } from '../../app/page-title.ts';
import { AppLink, go, useParams, usePlace } from '../../app/router.tsx';
import { Tag } from '../../parts/atoms.tsx';
import { ConnectorGlyph } from '../../parts/connector-glyph.tsx';
import { quoted } from '../../parts/filter-term.ts';
import { dayTime, energy, power } from '../../parts/format.ts';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { transactionPath } from '../sessions/session-words.tsx';
import { Traffic } from '../traffic/traffic-page.tsx';
import { CommandList } from './command-list.tsx';
import { ItemTable } from './item-table.tsx';
import { evseState, LinkText, modelOf } from './station-words.tsx';
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
      {tab === 'evses' && <Evses station={station} />}
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
      {tab === 'identity' && <Identity station={station} />}
    </div>
  );
}

/** The commands that one needs most, by the version's own names. */
function QuickActions({ station }: { readonly station: Station }) {
  const v2 = station.version !== undefined && station.version !== '1.6';
  const actions = v2
    ? [
        'RequestStartTransaction',
        'RequestStopTransaction',
        'Reset',
        'UnlockConnector',
        'ChangeAvailability',
        'TriggerMessage',
      ]
    : [
        'RemoteStartTransaction',
        'RemoteStopTransaction',
        'Reset',
        'UnlockConnector',
        'ChangeAvailability',
        'TriggerMessage',
      ];
  const labels: Readonly<Record<string, string>> = {
    RequestStartTransaction: 'Remote start',
    RemoteStartTransaction: 'Remote start',
    RequestStopTransaction: 'Remote stop',
    RemoteStopTransaction: 'Remote stop',
    UnlockConnector: 'Unlock',
    ChangeAvailability: 'Availability',
    TriggerMessage: 'Trigger',
  };
  const off = station.link === 'disconnected';
  return (
    <div className="quick">
      {actions.map((action) => (
        <Button
          key={action}
          variant="default"
          disabled={off}
          title={off ? `${station.id} is not connected` : action}
          onClick={() => go(`/compose?from=csms&to=${part(station.id)}&action=${action}`)}
        >
          {labels[action] ?? action} …
        </Button>
      ))}
      <Button variant="subtle" onClick={() => go(`/stations/${part(station.id)}/commands`)}>
        All commands
      </Button>
    </div>
  );
}

function Evses({ station }: { readonly station: Station }) {
  const evses = station.evses.filter((evse) => evse.id > 0);
  if (evses.length === 0) {
    return (
      <EmptyState title="No EVSE was reported">The station tells its connectors with StatusNotification.</EmptyState>
    );
  }
  return (
    <div className="cards" style={{ gridTemplateColumns: 'repeat(auto-fill, minmax(min(420px, 100%), 1fr))' }}>
      {evses.map((evse) => (
        <EvseCard key={evse.id} evse={evse} />
      ))}
    </div>
  );
}

function EvseCard({ evse }: { readonly evse: Evse }) {
  const { reading } = evse;
  const charges = evse.transaction !== undefined;
  // Connector 0 stands for the whole EVSE: worth a line only where it is alone.
  const connectors = evse.connectors.filter((connector) => connector.id > 0 || evse.connectors.length === 1);
  return (
    <article className="evse" data-testid="evse-card" data-evse={evse.id}>
      <header>
        <ConnectorGlyph status={evseState(evse)} size={18} />
        <h2>EVSE {evse.id}</h2>
        <span>{evseState(evse)}</span>
        <span className="push" />
        {evse.transaction !== undefined && <AppLink to={transactionPath(evse.transaction)}>Open the session</AppLink>}
      </header>
      {reading !== undefined && (
        <div className="numbers">
          <Figure label="Power" value={charges ? power(reading.powerW) : '–'} />
          <Figure label="Meter" value={energy(reading.energyWh)} />
          <Figure label="Current" value={reading.currentA === undefined ? '–' : `${reading.currentA.toFixed(1)} A`} />
          <Figure
            label={reading.socPercent === undefined ? 'Voltage' : 'Battery'}
            value={
              reading.socPercent === undefined
                ? reading.voltageV === undefined
                  ? '–'
                  : `${reading.voltageV.toFixed(0)} V`
                : `${reading.socPercent.toFixed(0)} %`
            }
          />
        </div>
      )}
      <ul className="connectors">
        {connectors.map((connector) => (
          <li key={connector.id}>
            <ConnectorGlyph status={connector.status} />
            <span className="mono">
              {evse.id}.{connector.id}
            </span>
            {connector.status}
            {connector.errorCode !== undefined && connector.errorCode !== 'NoError' && (
              <span className="bad">{connector.errorCode}</span>
            )}
            {connector.info !== undefined && <span className="muted">{connector.info}</span>}
            <span className="push muted">since {dayTime(connector.since)}</span>
          </li>
        ))}
      </ul>
    </article>
  );
}

function Figure({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <div>
      <span className="muted small">{label}</span>
      <b>{value}</b>
    </div>
  );
}

function Identity({ station }: { readonly station: Station }) {
  const facts: [string, string | undefined][] = [
    ['Identity', station.id],
    ...Object.entries(station.info),
    [
      'Boot',
      `${station.boot}${station.bootAt === undefined ? '' : `, ${dayTime(station.bootAt)}`} ${station.bootReason ?? ''}`,
    ],
    ['Admission', station.admission ?? 'as the boot policy says'],
    ['Heartbeat', `${station.heartbeatIntervalS} s`],
    ['Password', station.hasPassword ? 'set' : 'none'],
    ['First seen', dayTime(station.firstSeenAt)],
    ['Last heard', station.lastSeenAt === undefined ? undefined : dayTime(station.lastSeenAt)],
    ['Local list', station.localListVersion === undefined ? undefined : `version ${station.localListVersion}`],
    ['Firmware update', station.firmwareStatus?.status],
    ['Diagnostics', station.diagnosticsStatus?.status],
    ['Connection', station.connection?.conn],
    ['Subprotocol', station.connection?.subprotocol],
    ['Waiting messages', station.connection === undefined ? undefined : String(station.connection.pendingCalls)],
    ...Object.entries(station.connection?.facts ?? {}),
  ];
  return (
    <div className="card">
      <div className="body">
        <dl className="facts">
          {facts.map(([name, value]) =>
            value === undefined || value.trim() === '' ? null : <Pair key={name} name={name} value={value} />,
          )}
        </dl>
      </div>
    </div>
  );
}

function Pair({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

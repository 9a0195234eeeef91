import { Button, SegmentedControl } from '@mantine/core';
import { IconPlugConnected, IconPlus } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { apiPath, part } from '../../api/client.ts';
import { useLiveEvent } from '../../api/live.ts';
import { useGet, useMeta, useStations, useTopology } from '../../api/queries.ts';
import type { Finding, Page, Topology } from '../../api/shapes.ts';
import { usePageTitle } from '../../app/page-title.ts';
import { AppLink, go, setSearch, usePlace } from '../../app/router.tsx';
import { useWidth } from '../../app/use-width.ts';
import { HealthMark, ProtoTag, SeverityMark, Tag } from '../../parts/atoms.tsx';
import { count, energy, partyName, power } from '../../parts/format.ts';
import { Loaded } from '../../parts/states.tsx';
import { transactionPath } from '../sessions/session-words.tsx';
import { ConnectDialog } from './connect-dialog.tsx';
import './home.css';
import { localTopology } from './local-topology.ts';
import { edgeFilter, pageOf, total, WorldDiagram } from './world-diagram.tsx';

interface Rates {
  readonly byEdge: readonly { readonly a: string; readonly b: string; readonly proto: string; readonly rate: number }[];
}

/** The world in five seconds, and the place to start from. */
export function HomePage() {
  usePageTitle('Home');
  const { search } = usePlace();
  const width = useWidth();
  const [connect, setConnect] = useState(false);
  const asList = search['as'] === 'list' || (search['as'] === undefined && width < 768);
  const meta = useMeta();
  const simulates =
    meta.data?.services.some((service) => service.name === 'station' && service.health === 'ok') ?? false;
  return (
    <div className="home">
      <div className="home-head">
        <h2 className="grow">A whole e-mobility world runs on this machine. Nothing leaves it.</h2>
        {simulates && (
          <Button leftSection={<IconPlus size={14} />} onClick={() => go('/simulator')}>
            Simulate a station
          </Button>
        )}
        <Button variant="default" leftSection={<IconPlugConnected size={14} />} onClick={() => setConnect(true)}>
          Connect your own system
        </Button>
        <SegmentedControl
          aria-label="How the world is shown"
          value={asList ? 'list' : 'diagram'}
          onChange={(value) => setSearch({ as: value })}
          data={[
            { value: 'diagram', label: 'Diagram' },
            { value: 'list', label: 'List' },
          ]}
        />
      </div>
      <div className="home-world">
        <World asList={asList} />
      </div>
      <aside className="home-side" aria-label="What happens now">
        <Now />
        <Problems />
      </aside>
      <ConnectDialog opened={connect} onClose={() => setConnect(false)} />
    </div>
  );
}

function World({ asList }: { readonly asList: boolean }) {
  const asked = useTopology();
  const stations = useStations();
  // A service that stands alone has no picture of the world: it is made of its stations.
  const alone = asked.error !== null && stations.data !== undefined;
  const query = alone ? { data: localTopology(stations.data), error: null, refetch: asked.refetch } : asked;
  const [rates, setRates] = useState<Rates['byEdge']>([]);
  useLiveEvent('rates', (data) => setRates((data as Rates).byEdge));
  return (
    <Loaded query={query} what="the picture of the world">
      {(topology) => <Shown topology={topology} rates={rates} asList={asList} />}
    </Loaded>
  );
}

function Shown({
  topology,
  rates,
  asList,
}: {
  readonly topology: Topology;
  readonly rates: Rates['byEdge'];
  readonly asList: boolean;
}) {
  const now = useMemo<Topology>(() => {
    const ids = new Set(topology.nodes.map((node) => node.id));
    const node = (id: string): string => (ids.has(id) ? id : 'stations');
    return {
      ...topology,
      edges: topology.edges.map((edge) => ({
        ...edge,
        rate: rates
          .filter((rate) => rate.proto === edge.proto && node(rate.a) === edge.a && node(rate.b) === edge.b)
          .reduce((sum, rate) => sum + rate.rate, 0),
      })),
    };
  }, [topology, rates]);
  if (asList) return <WorldList topology={now} />;
  return (
    <>
      <WorldDiagram topology={now} />
      <div className="legend">
        <ProtoTag protocol="ocpp" />
        <HealthMark health="ok">runs</HealthMark>
        <HealthMark health="degraded">partly</HealthMark>
        <HealthMark health="down">down</HealthMark>
        <HealthMark health="off">none</HealthMark>
      </div>
    </>
  );
}

/** The same as two tables, for small screens and screen readers. */
function WorldList({ topology }: { readonly topology: Topology }) {
  return (
    <div className="stack" style={{ padding: 16, gap: 16 }}>
      <section className="card scroll-x">
        <table className="plain">
          <caption className="visually-hidden">Parties</caption>
          <thead>
            <tr>
              <th>Party</th>
              <th>State</th>
              <th>Mode</th>
              <th className="num">Findings</th>
            </tr>
          </thead>
          <tbody>
            {topology.nodes.map((node) => (
              <tr
                key={node.id}
                data-testid="party-node"
                data-party={node.id}
                data-health={node.health}
                data-mode={node.mode}
              >
                <td>
                  <AppLink to={pageOf(node)}>
                    {node.id === 'stations' ? `Stations (${total(node) ?? 0})` : node.name}
                  </AppLink>
                </td>
                <td>
                  <HealthMark health={node.health}>{node.health}</HealthMark>
                </td>
                <td>
                  <Tag>{node.mode}</Tag>
                </td>
                <td className="num">{node.findings}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <section className="card scroll-x">
        <table className="plain">
          <caption className="visually-hidden">Links</caption>
          <thead>
            <tr>
              <th>Link</th>
              <th>Protocol</th>
              <th className="num">Messages</th>
              <th className="num">Errors</th>
            </tr>
          </thead>
          <tbody>
            {topology.edges.map((edge) => (
              <tr key={`${edge.a}${edge.b}${edge.proto}`} data-testid="edge" data-edge={`${edge.a}-${edge.b}`}>
                <td>
                  <AppLink to={`/traffic?q=${part(edgeFilter(edge))}`}>
                    {partyName(edge.a)} – {partyName(edge.b)}
                  </AppLink>
                </td>
                <td>
                  <ProtoTag protocol={edge.proto} />
                </td>
                <td className="num">{count(edge.messages)}</td>
                <td className="num">{count(edge.errors)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}

export interface Transaction {
  readonly key: string;
  readonly station: string;
  readonly transactionId: string;
  readonly version: string;
  readonly state: 'active' | 'ended';
  readonly evse?: number;
  readonly idToken?: string;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly energyWh?: number;
  readonly chargingState?: string;
  readonly stoppedReason?: string;
  readonly remarks: readonly string[];
  readonly reading?: { readonly powerW?: number; readonly energyWh?: number };
}

function Now() {
  const active = useGet<Page<Transaction>>(apiPath('/transactions', { state: 'active', limit: 5 }));
  return (
    <section>
      <h2 className="caps">
        Charging now
        <AppLink to="/sessions">All sessions</AppLink>
      </h2>
      <Loaded query={active} what="sessions" lines={2}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="muted small">Nobody charges.</p>
          ) : (
            items.map((transaction) => (
              <AppLink key={transaction.key} className="side-line" to={transactionPath(transaction.key)}>
                <span>
                  <b>{transaction.station}</b> <span className="muted">EVSE {transaction.evse ?? '?'}</span>
                </span>
                <span className="num">{power(transaction.reading?.powerW)}</span>
                <span className="muted">{transaction.chargingState ?? 'running'}</span>
                <span className="num muted">{energy(transaction.energyWh)}</span>
              </AppLink>
            ))
          )
        }
      </Loaded>
    </section>
  );
}

function Problems() {
  const findings = useGet<Page<Finding>>(apiPath('/findings', { limit: 200 }));
  return (
    <section>
      <h2 className="caps">
        Problems
        <AppLink to="/findings">All findings</AppLink>
      </h2>
      <Loaded query={findings} what="findings" lines={3}>
        {({ items }) => {
          const groups = grouped(items).slice(0, 6);
          if (groups.length === 0) return <p className="muted small">No rule has anything against anybody.</p>;
          return groups.map(({ rule, first, count: many }) => (
            <AppLink key={rule} className="side-line" to={`/findings/${part(first.id)}`}>
              <span className="clip">
                <SeverityMark severity={first.severity} /> {first.text}
              </span>
              <span className="num muted">{many > 1 ? `${count(many)}×` : ''}</span>
              <span className="muted clip">
                {rule} · {partyName(first.party)}
              </span>
            </AppLink>
          ));
        }}
      </Loaded>
    </section>
  );
}

function grouped(findings: readonly Finding[]): { rule: string; first: Finding; count: number }[] {
  const groups = new Map<string, { rule: string; first: Finding; count: number }>();
  for (const finding of findings) {
    const group = groups.get(finding.rule) ?? { rule: finding.rule, first: finding, count: 0 };
    group.count += 1;
    groups.set(finding.rule, group);
  }
  return [...groups.values()];
}

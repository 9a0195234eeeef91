import { Button } from '@mantine/core';
import { lazy, Suspense, useMemo } from 'react';
import { apiPath, part } from '../../api/client.ts';
import { useGet } from '../../api/queries.ts';
import type { Page, Reading, Row } from '../../api/shapes.ts';
import { usePageTitle } from '../../app/page-title.ts';
import { AppLink, go, setSearch, useParams, usePlace } from '../../app/router.tsx';
import { IdText } from '../../parts/atoms.tsx';
import { quoted } from '../../parts/filter-term.ts';
import { clockTime, dayTime, energy, power } from '../../parts/format.ts';
import { EmptyState, Loaded, Loading } from '../../parts/states.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import type { Transaction } from '../home/home-page.tsx';
import { Sequence } from '../sequence/sequence-page.tsx';
import { Traffic } from '../traffic/traffic-page.tsx';
import { StateText, spanOf } from './sessions-page.tsx';
import './session.css';

const SeriesChart = lazy(async () => ({ default: (await import('../../parts/series-chart.tsx')).SeriesChart }));

interface Session extends Transaction {
  readonly authorization?: string;
  readonly idTokenType?: string;
  readonly meterStartWh?: number;
  readonly meterStopWh?: number;
  readonly events: number;
  readonly offlineEvents: number;
  readonly missingSeqNos?: readonly number[];
  readonly curve?: readonly Reading[];
}

const TABS = [
  { id: 'overview', label: 'Overview' },
  { id: 'messages', label: 'Messages' },
  { id: 'sequence', label: 'Sequence' },
  { id: 'energy', label: 'Energy' },
] as const;

/** Everything about one charging session in one place. */
export function SessionPage() {
  const id = useParams()['id'] ?? '';
  const { search } = usePlace();
  const tab = TABS.find((each) => each.id === search['show'])?.id ?? 'overview';
  usePageTitle('Sessions', id);
  const cut = id.lastIndexOf('/');
  // No OCPP version allows a slash in a transaction id; an identity may have one.
  const session = useGet<Session>(apiPath(`/transactions/${part(id.slice(0, cut))}/${part(id.slice(cut + 1))}`));
  return (
    <Loaded query={session} what={`session ${id}`}>
      {(data) => <Known session={data} tab={tab} search={search} />}
    </Loaded>
  );
}

function Known({
  session,
  tab,
  search,
}: {
  readonly session: Session;
  readonly tab: (typeof TABS)[number]['id'];
  readonly search: Readonly<Record<string, string | undefined>>;
}) {
  const filter = `station:${quoted(session.station)} tx:${quoted(session.transactionId)}`;
  const wide = tab === 'messages' || tab === 'sequence';
  const v2 = session.version !== '1.6';
  return (
    <div className={wide ? 'page full session-wide' : 'page'}>
      <div className="stack" style={wide ? { padding: '16px 20px 0' } : undefined}>
        <div className="page-head">
          <StateText session={session} />
          <b>{energy(session.energyWh)}</b>
          <span>{spanOf(session)}</span>
          <AppLink to={`/stations/${part(session.station)}`}>
            {session.station} EVSE {session.evse ?? '?'}
          </AppLink>
          <span className="muted small">
            transaction <IdText id={session.transactionId} />
          </span>
          <span className="push" />
          {session.state === 'active' && (
            <Button
              variant="default"
              onClick={() =>
                go(
                  `/compose?from=csms&to=${part(session.station)}&action=${v2 ? 'RequestStopTransaction' : 'RemoteStopTransaction'}`,
                )
              }
            >
              Stop …
            </Button>
          )}
        </div>
        <div className="page-tabs" style={{ marginTop: 0 }}>
          <Tabs
            label="Session"
            tabs={TABS}
            value={tab}
            onChange={(next) =>
              setSearch({ show: next === 'overview' ? undefined : next, sel: undefined, q: undefined }, { push: true })
            }
            testId="session-tab"
          />
        </div>
      </div>
      {tab === 'overview' && <Overview session={session} filter={filter} />}
      {tab === 'messages' && <Traffic search={search} fixed={filter} fixedLabel={session.station} />}
      {tab === 'sequence' && <Sequence search={search} fixed={filter} />}
      {tab === 'energy' && <Energy session={session} />}
    </div>
  );
}

interface StepOf {
  readonly label: string;
  readonly at?: string | number | undefined;
  readonly seq?: number | undefined;
  readonly state: 'done' | 'active' | 'failed' | 'pending';
  readonly note?: string | undefined;
}

function Overview({ session, filter }: { readonly session: Session; readonly filter: string }) {
  const rows = useGet<Page<Row>>(apiPath('/messages', { q: filter, order: 'oldest', limit: 1_000 }));
  const steps = stepsOf(session, rows.data?.items ?? []);
  return (
    <>
      <ol className="steps" aria-label="Steps of the session">
        {steps.map((step) => (
          <li key={step.label} data-state={step.state}>
            <span className="dot" aria-hidden="true" />
            <b>
              {step.label}
              <span className="visually-hidden">, {step.state}</span>
            </b>
            <span className="muted">{step.at === undefined ? '' : clockTime(step.at, 0)}</span>
            {step.note !== undefined && <span className="muted">{step.note}</span>}
            {step.seq !== undefined && <AppLink to={`/m/${step.seq}`}>#{step.seq}</AppLink>}
          </li>
        ))}
      </ol>
      <div className="session-grid">
        <section className="card">
          <header>
            <h2>Power and energy</h2>
          </header>
          <div className="body">
            <Chart curve={session.curve ?? []} start={session.meterStartWh} />
          </div>
        </section>
        <section className="card">
          <header>
            <h2>What the station said</h2>
          </header>
          <div className="body">
            <dl className="facts">
              <dt>Token</dt>
              <dd>
                {session.idToken === undefined ? 'none' : <IdText id={session.idToken} />} {session.idTokenType}
              </dd>
              <dt>The CSMS said</dt>
              <dd>{session.authorization ?? '–'}</dd>
              <dt>Started</dt>
              <dd>{dayTime(session.startedAt)}</dd>
              <dt>Ended</dt>
              <dd>{session.endedAt === undefined ? '–' : dayTime(session.endedAt)}</dd>
              <dt>Meter at start</dt>
              <dd>{energy(session.meterStartWh)}</dd>
              <dt>Meter at end</dt>
              <dd>{energy(session.meterStopWh)}</dd>
              <dt>Difference</dt>
              <dd>
                {session.meterStartWh === undefined || session.meterStopWh === undefined
                  ? '–'
                  : energy(session.meterStopWh - session.meterStartWh)}
              </dd>
              <dt>Messages of it</dt>
              <dd>
                {session.events}
                {session.offlineEvents > 0 && `, ${session.offlineEvents} of them from offline`}
              </dd>
              {session.missingSeqNos !== undefined && (
                <>
                  <dt>Never came</dt>
                  <dd className="warn">events {session.missingSeqNos.join(', ')}</dd>
                </>
              )}
              {session.remarks.length > 0 && (
                <>
                  <dt>Remarks</dt>
                  <dd className="warn">{session.remarks.join(', ')}</dd>
                </>
              )}
            </dl>
          </div>
        </section>
      </div>
    </>
  );
}

/** The steps of a session, each with the message that made it. */
function stepsOf(session: Session, rows: readonly Row[]): StepOf[] {
  const first = (test: (row: Row) => boolean): Row | undefined => rows.find(test);
  const start = first((row) => /^(StartTransaction|TransactionEvent)$/.test(row.a));
  const end = [...rows]
    .reverse()
    .find((row) => row.a === 'StopTransaction' || (row.a === 'TransactionEvent' && /Ended/.test(row.sum)));
  const metered = (session.curve ?? []).find((reading) => (reading.powerW ?? 0) > 0);
  const refused = session.authorization !== undefined && session.authorization !== 'Accepted';
  return [
    {
      label: 'Authorised',
      state: session.authorization === undefined ? 'pending' : refused ? 'failed' : 'done',
      note: session.authorization,
      at: start?.t,
      seq: start?.s,
    },
    { label: 'Started', state: 'done', at: session.startedAt, seq: start?.s },
    { label: 'First energy', state: metered === undefined ? 'pending' : 'done', at: metered?.at },
    {
      label: session.state === 'active' ? (session.chargingState ?? 'Charging') : 'Charged',
      state: session.state === 'active' ? 'active' : 'done',
      note: energy(session.energyWh),
    },
    {
      label: 'Stopped',
      state: session.state === 'ended' ? 'done' : 'pending',
      at: session.endedAt,
      seq: end?.s,
      note: session.stoppedReason,
    },
  ];
}

function Chart({ curve, start }: { readonly curve: readonly Reading[]; readonly start: number | undefined }) {
  const data = useMemo(() => {
    const times = curve.map((reading) => new Date(reading.at).getTime() / 1_000);
    return {
      times,
      series: [
        {
          label: 'Power',
          unit: 'kW',
          colour: '--c-ocpp',
          scale: 'kW',
          values: curve.map((reading) => (reading.powerW === undefined ? null : reading.powerW / 1_000)),
        },
        {
          label: 'Energy',
          unit: 'kWh',
          colour: '--c-ok',
          dash: [6, 4],
          scale: 'kWh',
          values: curve.map((reading) =>
            reading.energyWh === undefined ? null : (reading.energyWh - (start ?? 0)) / 1_000,
          ),
        },
      ],
    };
  }, [curve, start]);
  if (curve.length < 2) return <EmptyState title="Too few meter values for a curve" />;
  const most = Math.max(...curve.map((reading) => reading.powerW ?? 0));
  return (
    <Suspense fallback={<Loading what="the chart" />}>
      <SeriesChart
        {...data}
        label={`Power over time, at most ${power(most)}; energy at the end ${energy((curve.at(-1)?.energyWh ?? 0) - (start ?? 0))}`}
      />
    </Suspense>
  );
}

function Energy({ session }: { readonly session: Session }) {
  const curve = session.curve ?? [];
  return (
    <>
      <section className="card">
        <div className="body">
          <Chart curve={curve} start={session.meterStartWh} />
        </div>
      </section>
      <section className="card scroll-x">
        <table className="plain" data-testid="energy-table">
          <thead>
            <tr>
              <th>Time</th>
              <th className="num">Power</th>
              <th className="num">Meter</th>
              <th className="num">Since the start</th>
              <th className="num">Current</th>
              <th className="num">Voltage</th>
              <th className="num">Battery</th>
            </tr>
          </thead>
          <tbody>
            {curve.map((reading, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: readings have no identity but their place
              <tr key={index}>
                <td className="mono">{clockTime(reading.at)}</td>
                <td className="num">{power(reading.powerW)}</td>
                <td className="num">{energy(reading.energyWh)}</td>
                <td className="num">
                  {reading.energyWh === undefined ? '–' : energy(reading.energyWh - (session.meterStartWh ?? 0))}
                </td>
                <td className="num">{reading.currentA === undefined ? '–' : `${reading.currentA.toFixed(1)} A`}</td>
                <td className="num">{reading.voltageV === undefined ? '–' : `${reading.voltageV.toFixed(0)} V`}</td>
                <td className="num">{reading.socPercent === undefined ? '–' : `${reading.socPercent.toFixed(0)} %`}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {curve.length === 0 && <EmptyState title="No meter value came yet" />}
      </section>
    </>
  );
}

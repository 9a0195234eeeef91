import type { ReactNode } from 'react';
import { apiPath, part } from '../../api/client.ts';
import { useFollow } from '../../api/follow.ts';
import { useGet } from '../../api/queries.ts';
import type { Session } from '../../api/shapes.ts';
import { useComposeTarget } from '../../app/compose-drawer-state.ts';
import { useKeys } from '../../app/keys.ts';
import { usePageTitle } from '../../app/page-title.ts';
import { AppLink, setSearch, useParams, usePlace } from '../../app/router.tsx';
import { FindingCount, IdText } from '../../parts/atoms.tsx';
import { energy } from '../../parts/format.ts';
import { Loaded } from '../../parts/states.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { Sequence } from '../sequence/sequence-page.tsx';
import { Traffic } from '../traffic/traffic-page.tsx';
import '../stations/stations.css';
import { EnergyTab } from './energy-tab.tsx';
import { OverviewTab } from './overview-tab.tsx';
import { ReconcileTab } from './reconcile-tab.tsx';
import { SessionActions } from './session-actions.tsx';
import { KINDS, lasted, SessionState } from './session-words.tsx';
import { TraceTab } from './trace-tab.tsx';
import './session.css';

const TABS = [
  { id: 'overview', label: 'Overview' },
  { id: 'messages', label: 'Messages' },
  { id: 'sequence', label: 'Sequence' },
  { id: 'trace', label: 'Trace' },
  { id: 'energy', label: 'Energy' },
  { id: 'reconcile', label: 'Reconcile' },
] as const;
type TabId = (typeof TABS)[number]['id'];

/** Everything about one charging session in one place, over all protocols. */
export function SessionPage() {
  const id = useParams()['id'] ?? '';
  const { search } = usePlace();
  const tab = TABS.find((each) => each.id === search['show'])?.id ?? 'overview';
  usePageTitle('Sessions', id);
  const session = useGet<Session>(apiPath(`/sessions/${part(id)}`));
  useFollow(['ocpp', 'oicp', 'mqtt'], [], `/sessions/${part(id)}`);
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
  readonly tab: TabId;
  readonly search: Readonly<Record<string, string | undefined>>;
}) {
  const filter = `session:${session.id}`;
  useComposeTarget(session.station === '' ? undefined : session.station);
  const wide = tab === 'messages' || tab === 'sequence';
  const show = (next: string): void =>
    setSearch({ show: next === 'overview' ? undefined : next, sel: undefined, q: undefined }, { push: true });
  useKeys(
    TABS.map(({ id, label }, index) => ({ keys: String(index + 1), does: `Show ${label}`, run: () => show(id) })),
  );
  const shown: Readonly<Record<TabId, () => ReactNode>> = {
    overview: () => <OverviewTab session={session} filter={filter} />,
    messages: () => <Traffic search={search} fixed={filter} fixedLabel={session.id} />,
    sequence: () => <Sequence search={search} fixed={filter} />,
    trace: () => <TraceTab session={session} />,
    energy: () => <EnergyTab session={session} />,
    reconcile: () => <ReconcileTab session={session} />,
  };
  return (
    <div className={wide ? 'page full session-wide' : 'page'}>
      <div className="stack" style={wide ? { padding: '16px 20px 0' } : undefined}>
        <div className="page-head">
          <AppLink to="/sessions">‹ Sessions</AppLink>
          <SessionState session={session} />
          <b>{energy(session.energyWh)}</b>
          <span>{lasted(session)}</span>
          {session.station !== '' && (
            <AppLink to={`/stations/${part(session.station)}`}>
              {session.station} {session.evse !== undefined && `EVSE ${session.evse}`}
            </AppLink>
          )}
          <span className="muted">{KINDS[session.kind]}</span>
          <span className="muted" data-testid="session-messages">
            {session.messages} messages
          </span>
          <FindingCount counts={session.findings} />
          <span className="push" />
          <SessionActions session={session} />
        </div>
        <Ids session={session} />
        {session.problem !== undefined && <p className="bad small">✗ {session.problem}</p>}
        {session.partial === true && (
          <p className="warn small">⚠ Its beginning is not in the journal: energy and times are of what is there.</p>
        )}
        <div className="page-tabs" style={{ marginTop: 0 }}>
          <Tabs label="Session" tabs={TABS} value={tab} onChange={show} testId="session-tab" />
        </div>
      </div>
      {shown[tab]()}
    </div>
  );
}

/** What each party calls it. */
function Ids({ session: { ids, emp } }: { readonly session: Session }) {
  const list: readonly (readonly [string, string | undefined])[] = [
    ['OCPP', ids.ocppTx],
    ['OICP', ids.oicp],
    ['CPO', ids.cpoPartner],
    ['EMP', ids.empPartner],
    ['contract', ids.emaid],
    ['token', ids.token === ids.emaid ? undefined : ids.token],
    ['provider', emp],
  ];
  return (
    <div className="row wrap small session-ids">
      {list.map(([label, id]) =>
        id === undefined ? null : (
          <span key={label} className="nowrap">
            <span className="muted">{label}</span> <IdText id={id} most={18} />
          </span>
        ),
      )}
    </div>
  );
}

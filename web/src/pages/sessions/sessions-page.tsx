import { Button } from '@mantine/core';
import { apiPath } from '../../api/client.ts';
import { useFollow } from '../../api/follow.ts';
import { useGet } from '../../api/queries.ts';
import type { Session, SessionPage } from '../../api/shapes.ts';
import { usePageTitle } from '../../app/page-title.ts';
import { go, setSearch, usePlace } from '../../app/router.tsx';
import { FindingCount } from '../../parts/atoms.tsx';
import { Chip, FilterBar } from '../../parts/filter-bar.tsx';
import { count, dayTime, energy, middle } from '../../parts/format.ts';
import { RecordTable } from '../../parts/record-table.tsx';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import { KINDS, lasted, SessionState, StepDots, sessionPath } from './session-words.tsx';
import './session.css';

const CHIPS = [
  { label: 'Active', term: 'is:active' },
  { label: 'Problem', term: 'state:problem' },
  { label: 'Findings', term: 'has:finding' },
  { label: 'Remote', term: 'kind:remote' },
  { label: 'Roaming card', term: 'kind:roaming-rfid' },
  { label: 'Plug & Charge', term: 'kind:pnc' },
];
const EXAMPLES = [
  { filter: 'state:charging', help: 'what runs now' },
  { filter: 'kwh>10 duration>30min', help: 'long ones' },
  { filter: 'emp:DE-DCB -has:cdr', help: 'roaming without a record' },
];

/** Charging sessions over all protocols: OCPP transaction, OICP session, record and MQTT in one. */
export function SessionsPage() {
  usePageTitle('Sessions');
  const q = usePlace().search['q'] ?? '';
  const sessions = useGet<SessionPage>(apiPath('/sessions', { q, limit: 300 }), { keep: true });
  useFollow(['ocpp', 'oicp', 'mqtt'], [], '/sessions');
  const setFilter = (text: string): void => setSearch({ q: text }, { push: true });
  return (
    <div className="page">
      <div className="stack">
        <FilterBar
          entity="sessions"
          value={q}
          onChange={setFilter}
          placeholder="Filter: state:charging, station:CS-DEMO-1, or any of its ids"
          examples={EXAMPLES}
          status={sessions.data === undefined ? '' : `${count(sessions.data.total)} sessions`}
        />
        <div className="row wrap">
          {CHIPS.map((chip) => (
            <Chip key={chip.term} {...chip} value={q} onChange={setFilter} />
          ))}
        </div>
      </div>
      <Loaded query={sessions} what="sessions">
        {({ items }) => (items.length === 0 ? <None q={q} /> : <List items={items} />)}
      </Loaded>
    </div>
  );
}

function None({ q }: { readonly q: string }) {
  if (q !== '') {
    return (
      <EmptyState
        title="No session matches"
        actions={<Button onClick={() => setSearch({ q: undefined })}>Clear the filter</Button>}
      />
    );
  }
  return (
    <EmptyState
      title="No sessions yet"
      actions={
        <>
          <Button onClick={() => go('/simulator')}>Start one on a simulated station</Button>
        </>
      }
    >
      A session begins when somebody swipes a card, or is started remotely.
    </EmptyState>
  );
}

function List({ items }: { readonly items: readonly Session[] }) {
  return (
    <RecordTable<Session>
      label="Sessions"
      items={items}
      keyOf={({ id }) => id}
      to={sessionPath}
      columns={[
        { head: 'Session', cell: ({ id }) => <span className="mono nowrap">{id}</span> },
        { head: 'Started', cell: ({ start }) => <span className="nowrap">{dayTime(start)}</span> },
        {
          head: 'Station',
          cell: ({ station, evse }) => (
            <>
              <span className="mono">{station === '' ? '–' : station}</span>{' '}
              {evse !== undefined && <span className="muted nowrap">EVSE {evse}</span>}
            </>
          ),
        },
        { head: 'State', cell: (session) => <SessionState session={session} /> },
        { head: 'Kind', cell: ({ kind }) => KINDS[kind] },
        {
          head: 'Token, EMP',
          cell: ({ ids, emp }) => (
            <>
              <span className="mono nowrap">{middle(ids.emaid ?? ids.token ?? '–', 20)}</span>{' '}
              {emp !== undefined && <span className="muted nowrap">{emp}</span>}
            </>
          ),
        },
        { head: 'Energy', num: true, cell: ({ energyWh }) => energy(energyWh) },
        { head: 'Lasted', num: true, cell: lasted },
        { head: 'Steps', cell: ({ steps }) => <StepDots steps={steps} /> },
        { head: 'Findings', num: true, cell: ({ findings }) => <FindingCount counts={findings} /> },
      ]}
    />
  );
}

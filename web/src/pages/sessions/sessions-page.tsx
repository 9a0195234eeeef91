import { SegmentedControl, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { apiPath, part } from '../../api/client.ts';
import { useGet } from '../../api/queries.ts';
import type { Page } from '../../api/shapes.ts';
import { usePageTitle } from '../../app/page-title.ts';
import { AppLink, go, setSearch, usePlace } from '../../app/router.tsx';
import { Tag } from '../../parts/atoms.tsx';
import { dayTime, duration, energy, middle, power } from '../../parts/format.ts';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import type { Transaction } from '../home/home-page.tsx';
import '../stations/stations.css';

/** Charging sessions, as the CSMS keeps them: one per transaction. */
export function SessionsPage() {
  usePageTitle('Sessions');
  const { search } = usePlace();
  const state = search['state'];
  const text = search['text'] ?? '';
  const sessions = useGet<Page<Transaction>>(apiPath('/transactions', { state, limit: 500 }), { keep: true });
  return (
    <div className="page">
      <div className="page-head">
        <SegmentedControl
          aria-label="Which sessions"
          value={state ?? 'all'}
          onChange={(next) => setSearch({ state: next === 'all' ? undefined : next })}
          data={[
            { value: 'all', label: 'All' },
            { value: 'active', label: 'Active' },
            { value: 'ended', label: 'Ended' },
          ]}
        />
        <TextInput
          aria-label="Find sessions"
          placeholder="Station, token, transaction …"
          leftSection={<IconSearch size={14} />}
          value={text}
          onChange={(event) => setSearch({ text: event.currentTarget.value })}
          w={280}
        />
      </div>
      <Loaded query={sessions} what="sessions">
        {({ items }) => <List items={items.filter((each) => matches(each, text))} none={items.length === 0} />}
      </Loaded>
    </div>
  );
}

function matches(session: Transaction, text: string): boolean {
  return [session.station, session.idToken, session.transactionId, session.stoppedReason]
    .join(' ')
    .toLowerCase()
    .includes(text.toLowerCase());
}

export function sessionPath(session: Pick<Transaction, 'key'>): string {
  return `/sessions/${part(session.key)}`;
}

/** Energy of a session: what the meter says while it runs, the result when it ended. */
function energyOf(session: Transaction): number | undefined {
  return session.energyWh;
}

function List({ items, none }: { readonly items: readonly Transaction[]; readonly none: boolean }) {
  if (none) {
    return (
      <EmptyState title="No sessions yet">
        A session begins when a station starts a transaction: plug in and swipe at a simulated one, or start it
        remotely.
      </EmptyState>
    );
  }
  if (items.length === 0) return <EmptyState title="No session matches" />;
  return (
    <>
      <div className="card scroll-x station-table">
        <table className="plain" aria-rowcount={items.length}>
          <thead>
            <tr>
              <th>Session</th>
              <th>Started</th>
              <th>Station</th>
              <th>State</th>
              <th>Token</th>
              <th className="num">Energy</th>
              <th className="num">Power</th>
              <th className="num">Duration</th>
              <th>Remarks</th>
            </tr>
          </thead>
          <tbody>
            {items.map((session) => (
              <tr key={session.key} data-link="true" onClick={() => go(sessionPath(session))}>
                <td>
                  <AppLink className="mono" to={sessionPath(session)} onClick={(event) => event.stopPropagation()}>
                    {middle(session.transactionId, 14)}
                  </AppLink>
                </td>
                <td className="nowrap">{dayTime(session.startedAt)}</td>
                <td>
                  <span className="mono">{session.station}</span>{' '}
                  <span className="muted">EVSE {session.evse ?? '?'}</span>
                </td>
                <td>
                  <StateText session={session} />
                </td>
                <td className="mono">{session.idToken}</td>
                <td className="num">{energy(energyOf(session))}</td>
                <td className="num">{session.state === 'active' ? power(session.reading?.powerW) : ''}</td>
                <td className="num">{spanOf(session)}</td>
                <td className="warn">{session.remarks.length > 0 ? session.remarks.join(', ') : ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="station-cards">
        {items.map((session) => (
          <AppLink key={session.key} to={sessionPath(session)}>
            <b className="mono">{session.station}</b>
            <StateText session={session} />
            <span className="muted">{dayTime(session.startedAt)}</span>
            <span className="num">{energy(energyOf(session))}</span>
          </AppLink>
        ))}
      </div>
    </>
  );
}

export function spanOf(session: Transaction): string {
  const end = session.endedAt === undefined ? Date.now() : new Date(session.endedAt).getTime();
  return duration(end - new Date(session.startedAt).getTime());
}

export function StateText({ session }: { readonly session: Transaction }) {
  if (session.state === 'active') return <span className="ok">● {session.chargingState ?? 'running'}</span>;
  return <span>ended {session.stoppedReason !== undefined && <Tag>{session.stoppedReason}</Tag>}</span>;
}

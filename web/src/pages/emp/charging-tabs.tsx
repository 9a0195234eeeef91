import { Button } from '@mantine/core';
import { apiPath, part } from '../../api/client.ts';
import { useGet } from '../../api/queries.ts';
import type { Page } from '../../api/shapes.ts';
import { AppLink, go } from '../../app/router.tsx';
import { IdText, Tag } from '../../parts/atoms.tsx';
import { Desk, DetailCard, Facts } from '../../parts/desk.tsx';
import { dayTime, duration, energy } from '../../parts/format.ts';
import { RecordTable } from '../../parts/record-table.tsx';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import type { Cdr, ChargingNotification, EmpSession } from './emp-shapes.ts';
import { SessionStateTag } from './emp-words.tsx';

export function SessionsTab({ id }: { readonly id: string | undefined }) {
  const sessions = useGet<Page<EmpSession>>(apiPath('/emp/sessions', { limit: 200 }));
  return (
    <Loaded query={sessions} what="the EMP’s sessions">
      {({ items }) => {
        if (items.length === 0) {
          return (
            <EmptyState
              title="No session yet"
              actions={<Button onClick={() => go('/emp')}>Start one on the map</Button>}
            >
              A session begins with a remote start, a reservation, or when the hub asks whether a card may charge.
            </EmptyState>
          );
        }
        const open = items.find((session) => session.id === id);
        return (
          <Desk detail={open === undefined ? undefined : <SessionCard session={open} />}>
            <RecordTable
              label="Sessions of the EMP"
              items={items}
              keyOf={(session) => session.id}
              to={(session) => `/emp/sessions/${part(session.id)}`}
              current={id}
              columns={[
                { head: 'Began', cell: ({ createdAt }) => dayTime(createdAt) },
                { head: 'State', cell: (session) => <SessionStateTag session={session} /> },
                { head: 'Kind', cell: ({ kind }) => kind },
                { head: 'EVSE', cell: ({ evseId }) => <span className="mono">{evseId ?? '–'}</span> },
                { head: 'Contract', cell: ({ contract }) => <span className="mono">{contract ?? '–'}</span> },
                {
                  head: 'Energy',
                  num: true,
                  cell: ({ energyKwh }) => energy(energyKwh === undefined ? undefined : energyKwh * 1_000),
                },
                { head: 'SessionID', quiet: true, cell: (session) => <IdText id={session.id} most={14} /> },
              ]}
            />
          </Desk>
        );
      }}
    </Loaded>
  );
}

function SessionCard({ session }: { readonly session: EmpSession }) {
  const notifications = useGet<Page<ChargingNotification>>(
    apiPath('/emp/notifications', { session: session.id, limit: 200 }),
  );
  return (
    <DetailCard title="Session" back="/emp/sessions">
      <SessionStateTag session={session} />
      <Facts
        facts={[
          ['SessionID', <IdText key="id" id={session.id} most={40} />],
          ['Kind', session.kind],
          ['EVSE', session.evseId],
          ['Contract', session.contract],
          ['Operator', session.operatorId],
          ['Energy', session.energyKwh === undefined ? undefined : energy(session.energyKwh * 1_000)],
          ['Began', dayTime(session.createdAt)],
          ['Changed', dayTime(session.updatedAt)],
        ]}
      />
      <h3>Notifications</h3>
      {notifications.data?.items.length === 0 && <p className="muted small">None came.</p>}
      <ol className="stack small" style={{ gap: 4 }}>
        {[...(notifications.data?.items ?? [])].reverse().map((each) => (
          <li key={each.id} className="row">
            <Tag tone={each.type === 'Error' ? 'error' : undefined}>{each.type}</Tag>
            <span className="muted">{dayTime(each.at)}</span>
            <span>{energyTold(each)}</span>
          </li>
        ))}
      </ol>
      <div className="row wrap small">
        <AppLink to={`/sessions/by/oicp/${part(session.id)}`}>The whole session, all protocols</AppLink>
        <AppLink to={`/emp/cdrs/${part(session.id)}`}>Its CDR</AppLink>
      </div>
    </DetailCard>
  );
}

function energyTold({ notification }: ChargingNotification): string {
  const told = notification['ConsumedEnergy'] ?? notification['ConsumedEnergyProgress'];
  return typeof told === 'number' ? energy(told * 1_000) : '';
}

export function CdrsTab({ id }: { readonly id: string | undefined }) {
  const cdrs = useGet<Page<Cdr>>(apiPath('/emp/cdrs', { limit: 200 }));
  return (
    <Loaded query={cdrs} what="charge detail records">
      {({ items }) => {
        if (items.length === 0) {
          return (
            <EmptyState title="No charge detail record yet">
              Operators send one when a session ended. Those that the hub could not deliver are pulled once a day, or
              now with “CDRs of the last day”.
            </EmptyState>
          );
        }
        const open = items.find((cdr) => cdr.id === id);
        return (
          <Desk detail={open === undefined ? undefined : <CdrCard cdr={open} />}>
            <RecordTable
              label="Charge detail records"
              items={items}
              keyOf={(cdr) => cdr.id}
              to={(cdr) => `/emp/cdrs/${part(cdr.id)}`}
              current={id}
              columns={[
                { head: 'Received', cell: ({ receivedAt }) => dayTime(receivedAt) },
                { head: 'Verdict', cell: (cdr) => <Verdict cdr={cdr} /> },
                { head: 'EVSE', cell: ({ record }) => <span className="mono">{record.EvseID}</span> },
                { head: 'Contract', cell: ({ contract }) => <span className="mono">{contract ?? '–'}</span> },
                {
                  head: 'Energy',
                  num: true,
                  cell: ({ record: { ConsumedEnergy } }) =>
                    energy(ConsumedEnergy === undefined ? undefined : ConsumedEnergy * 1_000),
                },
                { head: 'Duration', num: true, cell: durationOf },
                {
                  head: 'How',
                  quiet: true,
                  cell: ({ source, deliveries }) => (deliveries > 1 ? `${source}, came ${deliveries} times` : source),
                },
              ]}
            />
          </Desk>
        );
      }}
    </Loaded>
  );
}

function durationOf({ record }: Cdr): string {
  if (record.SessionStart === undefined || record.SessionEnd === undefined) return '–';
  return duration(new Date(record.SessionEnd).getTime() - new Date(record.SessionStart).getTime());
}

function Verdict({ cdr }: { readonly cdr: Cdr }) {
  if (cdr.findings.length === 0) return <span className="ok">✓ plausible</span>;
  return (
    <span className={cdr.plausible ? 'warn' : 'bad'}>
      {cdr.plausible ? '⚠' : '✗'} {cdr.findings.length} remarks
    </span>
  );
}

function CdrCard({ cdr }: { readonly cdr: Cdr }) {
  const { record } = cdr;
  const kWh = (value: number | undefined) => (value === undefined ? undefined : energy(value * 1_000));
  return (
    <DetailCard title="Charge detail record" back="/emp/cdrs">
      <Verdict cdr={cdr} />
      {cdr.findings.map((finding) => (
        <p key={finding.rule + finding.pointer} className="small">
          <code>{finding.pointer}</code> {finding.text} <code className="muted">{finding.rule}</code>
        </p>
      ))}
      <Facts
        facts={[
          ['SessionID', <IdText key="id" id={cdr.id} most={40} />],
          ['EVSE', record.EvseID],
          ['Contract', cdr.contract],
          ['Product', record.PartnerProductID],
          ['Began', record.SessionStart === undefined ? undefined : dayTime(record.SessionStart)],
          ['Ended', record.SessionEnd === undefined ? undefined : dayTime(record.SessionEnd)],
          ['Meter at start', kWh(record.MeterValueStart)],
          ['Meter at end', kWh(record.MeterValueEnd)],
          ['Energy', kWh(record.ConsumedEnergy)],
          ['Came', `${cdr.source}, ${cdr.deliveries} times, booked once`],
        ]}
      />
      <div className="row wrap small">
        <AppLink to={`/sessions/by/oicp/${part(cdr.id)}`}>Compare with meter and notifications</AppLink>
        <AppLink to={`/hub/cdrs/${part(cdr.id)}`}>The hub’s record</AppLink>
      </div>
      <details>
        <summary className="small">As it was received</summary>
        <pre className="raw">{JSON.stringify(record, null, 2)}</pre>
      </details>
    </DetailCard>
  );
}

/** Notifications, one line a session: what is missing shows as a gap. */
export function NotificationsTab() {
  const notifications = useGet<Page<ChargingNotification>>(apiPath('/emp/notifications', { limit: 500 }));
  return (
    <Loaded query={notifications} what="charging notifications">
      {({ items }) => {
        if (items.length === 0) {
          return (
            <EmptyState title="No notification yet">
              Operators tell Start, Progress, End and Error of a session while it runs, when their contract with the hub
              has notifications.
            </EmptyState>
          );
        }
        const sessions = bySession(items);
        return (
          <RecordTable
            label="Notifications by session"
            items={sessions}
            keyOf={([session]) => session}
            to={([session]) => `/emp/sessions/${part(session)}`}
            columns={[
              { head: 'Newest', cell: ([, each]) => dayTime(each[0]?.at ?? '') },
              {
                head: 'EVSE',
                cell: ([, each]) => <span className="mono">{String(each[0]?.notification['EvseID'] ?? '–')}</span>,
              },
              { head: 'Told', cell: ([, each]) => <Told types={each.map(({ type }) => type).reverse()} /> },
              {
                head: 'Missing',
                cell: ([, each]) => {
                  const types = new Set(each.map(({ type }) => type));
                  if (types.has('Start')) return '';
                  return <span className="warn">⚠ no Start came</span>;
                },
              },
              { head: 'Energy', num: true, cell: ([, each]) => each.map(energyTold).find(Boolean) ?? '–' },
              { head: 'SessionID', quiet: true, cell: ([session]) => <IdText id={session} most={14} /> },
            ]}
          />
        );
      }}
    </Loaded>
  );
}

function bySession(items: readonly ChargingNotification[]): [string, ChargingNotification[]][] {
  const sessions = new Map<string, ChargingNotification[]>();
  for (const item of items) {
    const told = sessions.get(item.sessionId);
    if (told === undefined) sessions.set(item.sessionId, [item]);
    else told.push(item);
  }
  return [...sessions];
}

/** Runs of equal words as one: `Start`, `Progress ×7`, `End`. */
function Told({ types }: { readonly types: readonly string[] }) {
  const runs: { type: string; count: number }[] = [];
  for (const type of types) {
    const last = runs.at(-1);
    if (last?.type === type) last.count += 1;
    else runs.push({ type, count: 1 });
  }
  return (
    <span className="row wrap" style={{ gap: 4 }}>
      {runs.map(({ type, count }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a run is known by its place
        <Tag key={`${type}${index}`} tone={type === 'Error' ? 'error' : undefined}>
          {type}
          {count > 1 && ` ×${count}`}
        </Tag>
      ))}
    </span>
  );
}

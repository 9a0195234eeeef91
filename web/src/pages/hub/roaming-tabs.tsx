import { Button } from '@mantine/core';
import { api, apiPath, part } from '../../api/client.ts';
import { refresh, useGet } from '../../api/queries.ts';
import type { Page } from '../../api/shapes.ts';
import { AppLink, go } from '../../app/router.tsx';
import { IdText, Tag } from '../../parts/atoms.tsx';
import { useAttempt } from '../../parts/attempt.ts';
import { Desk, DetailCard, Facts } from '../../parts/desk.tsx';
import { dayTime, energy } from '../../parts/format.ts';
import { RecordTable } from '../../parts/record-table.tsx';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import type { HubCdr, HubSession } from './hub-shapes.ts';

const DECIDED: Readonly<Record<string, string>> = {
  online: 'the EMP itself',
  offline: 'data that the EMP had uploaded',
};

export function HubSessionsTab({ id }: { readonly id: string | undefined }) {
  const sessions = useGet<Page<HubSession>>(apiPath('/hub/sessions', { limit: 200 }));
  return (
    <Loaded query={sessions} what="the hub’s sessions">
      {({ items }) => {
        if (items.length === 0) {
          return (
            <EmptyState
              title="No session yet"
              actions={<Button onClick={() => go('/emp')}>Start one as the EMP</Button>}
            >
              The hub gives a SessionID to each authorisation and remote start that it carries.
            </EmptyState>
          );
        }
        const newest = [...items].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
        const open = items.find((session) => session.id === id);
        return (
          <Desk detail={open === undefined ? undefined : <HubSessionCard session={open} />}>
            <RecordTable
              label="Sessions of the hub"
              items={newest}
              keyOf={(session) => session.id}
              to={(session) => `/hub/sessions/${part(session.id)}`}
              current={id}
              columns={[
                { head: 'Began', cell: ({ createdAt }) => dayTime(createdAt) },
                { head: 'State', cell: (session) => <StateTag state={session.state} /> },
                { head: 'Kind', cell: ({ kind }) => kind },
                { head: 'CPO', cell: ({ operatorId }) => <span className="mono">{operatorId ?? '–'}</span> },
                { head: 'EMP', cell: ({ providerId }) => <span className="mono">{providerId ?? 'nobody'}</span> },
                { head: 'EVSE', cell: ({ evseId }) => <span className="mono">{evseId ?? '–'}</span> },
                { head: 'Decided by', cell: ({ decidedBy }) => DECIDED[decidedBy ?? ''] ?? decidedBy ?? '–' },
                { head: 'SessionID', quiet: true, cell: (session) => <IdText id={session.id} most={14} /> },
              ]}
            />
          </Desk>
        );
      }}
    </Loaded>
  );
}

function StateTag({ state }: { readonly state: string }) {
  return <Tag tone={state === 'active' ? 'ok' : state === 'invalidated' ? 'warn' : undefined}>{state}</Tag>;
}

function HubSessionCard({ session }: { readonly session: HubSession }) {
  return (
    <DetailCard title="Session" back="/hub/sessions">
      <StateTag state={session.state} />
      <Facts
        facts={[
          ['SessionID', <IdText key="id" id={session.id} most={40} />],
          ['Kind', session.kind],
          ['CPO', [session.operator, session.operatorId].filter(Boolean).join(', ')],
          ['EMP', [session.provider, session.providerId].filter(Boolean).join(', ')],
          ['EVSE', session.evseId],
          ['Decided by', DECIDED[session.decidedBy ?? ''] ?? session.decidedBy],
          ['CPO’s own id', session.cpoPartnerSessionId],
          ['EMP’s own id', session.empPartnerSessionId],
          ['Began', dayTime(session.createdAt)],
          ['Changed', dayTime(session.updatedAt)],
        ]}
      />
      <div className="row wrap small">
        <AppLink to={`/sessions/by/oicp/${part(session.id)}`}>The whole session, all protocols</AppLink>
        <AppLink to={`/hub/cdrs/${part(session.id)}`}>Its CDR</AppLink>
        <AppLink to={`/traffic?q=${part(`"${session.id}"`)}`}>Its messages</AppLink>
      </div>
    </DetailCard>
  );
}

export function HubCdrsTab({ id }: { readonly id: string | undefined }) {
  const cdrs = useGet<Page<HubCdr>>(apiPath('/hub/cdrs', { limit: 200 }));
  return (
    <Loaded query={cdrs} what="charge detail records">
      {({ items }) => {
        if (items.length === 0) {
          return (
            <EmptyState title="No charge detail record yet">
              The operator sends one when a session ended; the hub checks it, keeps it, and forwards it to the EMP.
            </EmptyState>
          );
        }
        const open = items.find((cdr) => cdr.id === id);
        return (
          <Desk detail={open === undefined ? undefined : <HubCdrCard cdr={open} />}>
            <RecordTable
              label="Charge detail records of the hub"
              items={items}
              keyOf={(cdr) => cdr.id}
              to={(cdr) => `/hub/cdrs/${part(cdr.id)}`}
              current={id}
              columns={[
                { head: 'Received', cell: ({ receivedAt }) => dayTime(receivedAt) },
                { head: 'Forwarding', cell: (cdr) => <Forwarding cdr={cdr} /> },
                { head: 'From', cell: ({ operatorId }) => <span className="mono">{operatorId ?? '–'}</span> },
                { head: 'To', cell: ({ provider }) => <span className="mono">{provider ?? '–'}</span> },
                { head: 'EVSE', cell: ({ record }) => <span className="mono">{record.EvseID}</span> },
                {
                  head: 'Energy',
                  num: true,
                  cell: ({ record: { ConsumedEnergy } }) =>
                    energy(ConsumedEnergy === undefined ? undefined : ConsumedEnergy * 1_000),
                },
                { head: 'SessionID', quiet: true, cell: (cdr) => <IdText id={cdr.id} most={14} /> },
              ]}
            />
          </Desk>
        );
      }}
    </Loaded>
  );
}

function Forwarding({ cdr }: { readonly cdr: HubCdr }) {
  const done = cdr.forwarding === 'forwarded';
  const waits = cdr.forwarding === 'pending';
  return (
    <span className={done ? 'ok' : waits ? 'muted' : 'bad'}>
      {done ? '✓' : waits ? '⋯' : '✗'} {cdr.forwarding}
    </span>
  );
}

function HubCdrCard({ cdr }: { readonly cdr: HubCdr }) {
  const { busy, run } = useAttempt();
  return (
    <DetailCard title="Charge detail record" back="/hub/cdrs">
      <div className="row wrap">
        <Forwarding cdr={cdr} />
        {cdr.reason !== undefined && <span className="muted small">{cdr.reason}</span>}
        <span className="push" />
        <Button
          variant="default"
          loading={busy === 'forward'}
          onClick={() => {
            void run('forward', () => api.post(apiPath(`/hub/cdrs/${part(cdr.id)}/forward`)), 'Sent to its EMP').then(
              () => refresh('/hub'),
            );
          }}
        >
          Forward again
        </Button>
      </div>
      <Facts
        facts={[
          ['SessionID', <IdText key="id" id={cdr.id} most={40} />],
          ['From', [cdr.operator, cdr.operatorId].filter(Boolean).join(', ')],
          ['To', cdr.provider],
          ['Received', dayTime(cdr.receivedAt)],
          ['Forwarded', cdr.forwardedAt === undefined ? undefined : dayTime(cdr.forwardedAt)],
          ['Energy', cdr.record.ConsumedEnergy === undefined ? undefined : energy(cdr.record.ConsumedEnergy * 1_000)],
        ]}
      />
      <div className="row wrap small">
        <AppLink to={`/sessions/by/oicp/${part(cdr.id)}`}>Compare with meter and notifications</AppLink>
        <AppLink to={`/emp/cdrs/${part(cdr.id)}`}>The EMP’s copy</AppLink>
      </div>
      <details>
        <summary className="small">As it was received</summary>
        <pre className="raw">{JSON.stringify(cdr.record, null, 2)}</pre>
      </details>
    </DetailCard>
  );
}

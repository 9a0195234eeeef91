import { apiPath, part } from '../../api/client.ts';
import { useGet } from '../../api/queries.ts';
import type { Page, Row, Session } from '../../api/shapes.ts';
import { AppLink } from '../../app/router.tsx';
import { FindingCount } from '../../parts/atoms.tsx';
import { Facts } from '../../parts/desk.tsx';
import { dayTime, energy } from '../../parts/format.ts';
import { MeterCurve, useSeries } from './energy-tab.tsx';
import { ProtocolLanes } from './protocol-lanes.tsx';
import { useReconciliation, Verdict, VOICES } from './reconcile-tab.tsx';
import { StepLine } from './step-line.tsx';

export function OverviewTab({ session, filter }: { readonly session: Session; readonly filter: string }) {
  const series = useSeries(session);
  return (
    <>
      <StepLine steps={session.steps} energy={energy(session.energyWh)} />
      <ProtocolLanes session={session} filter={filter} />
      <div className="session-grid">
        <section className="card">
          <header>
            <h2>Power and energy</h2>
          </header>
          <div className="body">
            <MeterCurve points={series.data?.points ?? []} />
          </div>
        </section>
        <div className="stack" style={{ gap: 12 }}>
          <WhoSaidWhat session={session} />
          <CsmsKeeps session={session} />
          <Problems session={session} filter={filter} />
        </div>
      </div>
    </>
  );
}

/** The energy as each side says it, and the verdict. */
function WhoSaidWhat({ session }: { readonly session: Session }) {
  const matrix = useReconciliation(session);
  const row = matrix.data?.rows.find(({ item }) => item === 'energy');
  if (row === undefined) return null;
  return (
    <section className="card" data-testid="energy-verdict" data-verdict={row.verdict}>
      <header>
        <h2>Who said what about energy</h2>
        <span className="push" />
        <Verdict row={row} />
      </header>
      <div className="body">
        <Facts
          facts={VOICES.map(([voice, label]) => {
            const cell = row.cells[voice];
            if (cell.value === undefined) return [label, undefined];
            const text = energy(Number(cell.value));
            return [
              label,
              cell.seq === undefined ? (
                text
              ) : (
                <AppLink key={voice} to={`/m/${cell.seq}?ptr=${part(cell.pointer ?? '')}`}>
                  {text}
                </AppLink>
              ),
            ];
          })}
        />
      </div>
    </section>
  );
}

interface Kept {
  readonly authorization?: string;
  readonly stoppedReason?: string;
  readonly meterStartWh?: number;
  readonly meterStopWh?: number;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly offlineEvents: number;
  readonly missingSeqNos?: readonly number[];
  readonly remarks: readonly string[];
}

/** What the CSMS itself keeps of the transaction. */
function CsmsKeeps({ session }: { readonly session: Session }) {
  const { ids, station } = session;
  const kept = useGet<Kept>(
    ids.ocppTx === undefined ? undefined : apiPath(`/transactions/${part(station)}/${part(ids.ocppTx)}`),
  );
  if (kept.data === undefined) return null;
  const { authorization, stoppedReason, meterStartWh, meterStopWh, startedAt, endedAt, missingSeqNos } = kept.data;
  return (
    <section className="card">
      <header>
        <h2>What the CSMS keeps</h2>
      </header>
      <div className="body">
        <Facts
          facts={[
            ['It said', authorization],
            ['Started', dayTime(startedAt)],
            ['Ended', endedAt === undefined ? undefined : dayTime(endedAt)],
            ['Why', stoppedReason],
            ['Meter at start', meterStartWh === undefined ? undefined : energy(meterStartWh)],
            ['Meter at end', meterStopWh === undefined ? undefined : energy(meterStopWh)],
            ['From offline', kept.data.offlineEvents > 0 ? `${kept.data.offlineEvents} messages` : undefined],
            ['Never came', missingSeqNos === undefined ? undefined : `events ${missingSeqNos.join(', ')}`],
            ['Remarks', kept.data.remarks.join(', ')],
          ]}
        />
      </div>
    </section>
  );
}

/** Its messages that a rule has something against. */
function Problems({ session, filter }: { readonly session: Session; readonly filter: string }) {
  const total = session.findings.reduce((sum, each) => sum + each, 0);
  const rows = useGet<Page<Row>>(
    total === 0 ? undefined : apiPath('/messages', { q: `${filter} has:finding`, order: 'oldest', limit: 20 }),
    { keep: true },
  );
  if (total === 0) return null;
  return (
    <section className="card">
      <header>
        <h2>Findings</h2>
        <span className="push muted">{total}</span>
      </header>
      <ul className="body stack small">
        {rows.data?.items.map((row) => (
          <li key={row.s} className="row">
            <FindingCount counts={row.fd} />
            <AppLink className="clip" to={`/m/${row.s}?tab=findings`}>
              #{row.s} {row.a} {row.sum}
            </AppLink>
          </li>
        ))}
      </ul>
    </section>
  );
}

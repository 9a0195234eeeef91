import { apiPath, part } from '../../api/client.ts';
import { useGet } from '../../api/queries.ts';
import type { Finding, Page, Row } from '../../api/shapes.ts';
import { AppLink } from '../../app/router.tsx';
import { SeverityMark } from '../../parts/atoms.tsx';
import { clockTime, count, energy, partyName, power } from '../../parts/format.ts';
import { Loaded } from '../../parts/states.tsx';
import { transactionPath } from '../sessions/session-words.tsx';
import { RECENT } from './hops.ts';

interface Transaction {
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

const LATEST = 6;

/** Who charges at this moment. */
export function Now() {
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

/** The newest findings by rule. */
export function Problems() {
  const findings = useGet<Page<Finding>>(apiPath('/findings', { limit: 1_000, status: 'open' }));
  return (
    <section>
      <h2 className="caps">
        Problems
        <AppLink to="/findings?by=each&status=open">
          {findings.data === undefined || findings.data.items.length === 0
            ? 'All findings'
            : `All ${count(findings.data.items.length)}${findings.data.next === undefined ? '' : ' and more'}`}
        </AppLink>
      </h2>
      <Loaded query={findings} what="findings" lines={3}>
        {({ items }) => {
          const groups = grouped(items).slice(0, 6);
          if (groups.length === 0) return <p className="muted small">No rule has anything against anybody.</p>;
          return groups.map(({ rule, first, count: many }) => (
            <div key={rule} className="side-line">
              <AppLink className="clip" to={`/findings/${part(first.id)}`}>
                <SeverityMark severity={first.severity} /> {first.text}
              </AppLink>
              {many > 1 && (
                <AppLink className="num" to={`/findings?by=each&status=open&rule=${part(rule)}`}>
                  {count(many)}×
                </AppLink>
              )}
              <span className="muted clip">
                {rule} · {partyName(first.party)}
              </span>
            </div>
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

/** The newest requests. */
export function Latest() {
  const recent = useGet<Page<Row>>(RECENT, { keep: true });
  return (
    <section>
      <h2 className="caps">
        Latest
        <AppLink to="/traffic">All traffic</AppLink>
      </h2>
      <Loaded query={recent} what="messages" lines={3}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="muted small">Nothing was said yet.</p>
          ) : (
            items.slice(0, LATEST).map((row) => (
              <AppLink key={row.s} className="side-line" to={`/m/${row.s}`}>
                <b className="clip">{row.a}</b>
                <span className="mono muted">{clockTime(row.t, 0)}</span>
                <span className="muted clip">
                  {partyName(row.f)} → {partyName(row.to)}
                </span>
              </AppLink>
            ))
          )
        }
      </Loaded>
    </section>
  );
}

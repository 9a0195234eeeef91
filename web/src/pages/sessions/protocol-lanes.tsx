import { apiPath } from '../../api/client.ts';
import { useGet } from '../../api/queries.ts';
import type { Page, Row, Session } from '../../api/shapes.ts';
import { AppLink } from '../../app/router.tsx';
import { ProtoTag } from '../../parts/atoms.tsx';
import { clockTime, partyName } from '../../parts/format.ts';

const PROTOCOLS = ['ocpp', 'oicp', 'pnc', 'mqtt'] as const;
const WIDTH = 1_000;
const LANE = 26;
const MOST = 1_000;

/** All messages of a session on one time axis, a lane for each protocol. Its twin for keys and screen readers is the
 * Messages tab. */
export function ProtocolLanes({ session, filter }: { readonly session: Session; readonly filter: string }) {
  const rows = useGet<Page<Row>>(
    apiPath('/messages', { q: filter, entity: 'exchanges', order: 'oldest', limit: MOST }),
    { keep: true },
  );
  const items = rows.data?.items ?? [];
  const first = items[0]?.t;
  const last = items.at(-1)?.t;
  if (first === undefined || last === undefined) return null;
  const lanes = PROTOCOLS.filter((protocol) => items.some((row) => row.p === protocol));
  const x = (t: number): number => 8 + ((t - first) / Math.max(1, last - first)) * (WIDTH - 16);
  return (
    <section className="card">
      <header>
        <h2>Over all protocols</h2>
        <span className="muted small push">
          {items.length} exchanges, {clockTime(first, 0)} to {clockTime(last, 0)}
          {session.messages > MOST * 2 && ', the oldest'}
        </span>
      </header>
      <div className="lanes">
        {lanes.map((protocol) => {
          const own = items.filter((row) => row.p === protocol);
          return (
            <div key={protocol} className="lane" data-proto={protocol} data-testid="lane">
              <span className="lane-head">
                <ProtoTag protocol={protocol} />
                <span className="muted num">{own.length}</span>
              </span>
              <svg viewBox={`0 0 ${WIDTH} ${LANE}`} preserveAspectRatio="none" aria-hidden="true">
                <line x1={0} x2={WIDTH} y1={LANE / 2} y2={LANE / 2} />
                {own.map((row) => (
                  <Tick key={row.s} row={row} x={x(row.t)} />
                ))}
              </svg>
            </div>
          );
        })}
      </div>
    </section>
  );
}

function Tick({ row, x }: { readonly row: Row; readonly x: number }) {
  const bad = row.fd !== undefined || row.x?.k === 'error';
  return (
    <AppLink to={`/m/${row.s}`} tabIndex={-1} data-bad={bad}>
      <title>{`${clockTime(row.t)} ${partyName(row.f)} to ${partyName(row.to)}\n${row.a} ${row.sum}`}</title>
      <rect x={x - 4} y={0} width={8} height={LANE} fill="transparent" />
      <rect className="tick" x={x - 1} y={bad ? 2 : 6} width={bad ? 3 : 2} height={bad ? LANE - 4 : LANE - 12} />
    </AppLink>
  );
}

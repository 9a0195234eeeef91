import { apiPath, part } from '../../api/client.ts';
import { useGet } from '../../api/queries.ts';
import type { Reconciliation, Session } from '../../api/shapes.ts';
import { AppLink } from '../../app/router.tsx';
import { clockTime, middle } from '../../parts/format.ts';
import { EmptyState, Loaded } from '../../parts/states.tsx';

const ITEMS: Readonly<Record<string, string>> = {
  start: 'Session start',
  end: 'Session end',
  chargingStart: 'Charging start',
  chargingEnd: 'Charging end',
  meterStart: 'Meter at start',
  meterEnd: 'Meter at end',
  energy: 'Energy',
  evseId: 'EVSE id',
  token: 'Token',
  product: 'Product',
  sessionId: 'SessionID',
};
export const VOICES = [
  ['station', 'Station (OCPP)'],
  ['csms', 'CSMS'],
  ['notifications', 'Notifications'],
  ['cdrSent', 'CDR sent'],
  ['cdrReceived', 'CDR at the EMP'],
] as const;

type Line = Reconciliation['rows'][number];

export function useReconciliation(session: Session) {
  return useGet<Reconciliation>(apiPath(`/sessions/${part(session.id)}/reconciliation`), { keep: true });
}

/** What all sides say about the same thing, side by side, each value with its message, and whether they agree. */
export function ReconcileTab({ session }: { readonly session: Session }) {
  const matrix = useReconciliation(session);
  return (
    <Loaded query={matrix} what="what all sides said">
      {({ rows, tolerance }) =>
        rows.every(({ cells }) => VOICES.every(([voice]) => cells[voice].value === undefined)) ? (
          <EmptyState title="Nobody has said anything yet" />
        ) : (
          <>
            <div className="card scroll-x">
              <table className="plain reconcile" data-testid="reconcile">
                <thead>
                  <tr>
                    <th>What</th>
                    {VOICES.map(([voice, label]) => (
                      <th key={voice}>{label}</th>
                    ))}
                    <th>Verdict</th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map((row) => (
                    <tr key={row.item} data-item={row.item} data-verdict={row.verdict}>
                      <th scope="row">{ITEMS[row.item] ?? row.item}</th>
                      {VOICES.map(([voice]) => (
                        <td key={voice}>
                          <Cell item={row.item} cell={row.cells[voice]} />
                        </td>
                      ))}
                      <td>
                        <Verdict row={row} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
            <p className="muted small">
              Up to {tolerance.wh} Wh and {tolerance.s} s count as equal enough. A value leads to the message that says
              it. This is no certification.
            </p>
          </>
        )
      }
    </Loaded>
  );
}

function Cell({ item, cell }: { readonly item: string; readonly cell: Line['cells'][keyof Line['cells']] }) {
  if (cell.value === undefined) return <span className="muted">–</span>;
  const text = shown(item, cell.value);
  return cell.seq === undefined ? (
    <span title={cell.value}>{text}</span>
  ) : (
    <AppLink to={`/m/${cell.seq}?ptr=${part(cell.pointer ?? '')}`} title={`${cell.value}, message #${cell.seq}`}>
      {text}
    </AppLink>
  );
}

function shown(item: string, value: string): string {
  if (/^(meter|energy)/.test(item)) return `${(Number(value) / 1_000).toFixed(3)} kWh`;
  if (/^\d{4}-\d\d-\d\dT/.test(value)) return clockTime(value, 0);
  return middle(value, 20);
}

/** Energy in the unit of the cells beside it. */
function byHowMuch(delta: string): string {
  const wh = /^(-?[\d.]+) Wh$/.exec(delta)?.[1];
  return wh === undefined ? delta : `${(Number(wh) / 1_000).toFixed(3)} kWh`;
}

export function Verdict({ row }: { readonly row: Line }) {
  switch (row.verdict) {
    case 'equal':
      return <span className="ok nowrap">✓ equal</span>;
    case 'tolerated':
      return <span className="ok nowrap">≈ {row.delta === undefined ? 'within tolerance' : byHowMuch(row.delta)}</span>;
    case 'differs':
      return (
        <span className="bad nowrap">✗ differs{row.delta === undefined ? '' : ` by ${byHowMuch(row.delta)}`}</span>
      );
    default:
      return <span className="muted nowrap">– one side only</span>;
  }
}

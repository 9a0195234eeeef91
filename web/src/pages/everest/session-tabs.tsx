import { apiPath, part } from '../../api/client.ts';
import { useGet } from '../../api/queries.ts';
import { AppLink } from '../../app/router.tsx';
import { clockTime, dayTime, duration, energy } from '../../parts/format.ts';
import { RecordTable } from '../../parts/record-table.tsx';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import type { EverestSession, TimelineItem } from './everest-shapes.ts';

/** Sessions as MQTT told them, each beside its OCPP transaction. */
export function SessionsTab({ station }: { readonly station: string }) {
  const sessions = useGet<{ readonly ocpp: string; readonly items: readonly EverestSession[] }>(
    apiPath(`/everest/stations/${part(station)}/sessions`),
  );
  return (
    <Loaded query={sessions} what="sessions of EVerest">
      {({ ocpp, items }) =>
        items.length === 0 ? (
          <EmptyState title="EVerest has told no session yet">
            Plug a car in on the first tab; EVerest tells its session events over MQTT.
          </EmptyState>
        ) : (
          <>
            {ocpp !== 'read' && <p className="warn small">⚠ OCPP: {ocpp}</p>}
            <RecordTable
              label="Sessions of EVerest"
              items={items}
              keyOf={({ id }) => id}
              columns={[
                { head: 'Began', cell: ({ startedAt }) => <b>{dayTime(startedAt)}</b> },
                { head: 'Connector', num: true, cell: ({ connector }) => connector },
                {
                  head: 'Lasted',
                  num: true,
                  cell: ({ startedAt, endedAt }) =>
                    endedAt === undefined
                      ? 'runs'
                      : duration(new Date(endedAt).getTime() - new Date(startedAt).getTime()),
                },
                { head: 'Token', cell: ({ token }) => <span className="mono">{token?.value ?? '–'}</span> },
                {
                  head: 'Why',
                  cell: ({ startReason, stopReason }) => [startReason, stopReason].filter(Boolean).join(' … '),
                },
                {
                  head: 'Energy',
                  num: true,
                  cell: ({ meterStartWh, meterStopWh }) =>
                    energy(
                      meterStartWh === undefined || meterStopWh === undefined ? undefined : meterStopWh - meterStartWh,
                    ),
                },
                {
                  head: 'OCPP',
                  cell: ({ correlation }) =>
                    correlation?.transactionId === undefined ? (
                      <span className="muted">{correlation?.why ?? 'no transaction'}</span>
                    ) : (
                      <AppLink
                        to={`/sessions/by/ocpp/${part(station)}/${part(correlation.transactionId)}`}
                        title={correlation.why}
                      >
                        the whole session
                      </AppLink>
                    ),
                },
                {
                  head: 'Told',
                  cell: ({ timeline }) => (
                    <details>
                      <summary>{timeline.length} events</summary>
                      <ol>
                        {timeline.map((event) => (
                          <li key={event.at + event.what}>
                            <span className="mono muted">{clockTime(event.at)}</span> {event.what}
                          </li>
                        ))}
                      </ol>
                    </details>
                  ),
                },
              ]}
            />
          </>
        )
      }
    </Loaded>
  );
}

/** Commands, what EVerest said, and the OCPP that came of it, on one clock. */
export function TimelineTab({ station }: { readonly station: string }) {
  const timeline = useGet<{ readonly ocpp: string; readonly items: readonly TimelineItem[] }>(
    apiPath(`/everest/stations/${part(station)}/timeline`),
  );
  return (
    <Loaded query={timeline} what="the timeline">
      {({ items }) => {
        if (items.length === 0) return <EmptyState title="Nothing has happened yet" />;
        const newest = [...items].reverse().slice(0, 200);
        return (
          <section className="card ev-timeline" aria-label="Timeline, newest first">
            <h3>Time</h3>
            <h3>This adapter</h3>
            <h3>EVerest</h3>
            <h3>OCPP</h3>
            {newest.map((item, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: equal things happen in one millisecond
              <Line key={`${item.at}${item.what}${index}`} item={item} />
            ))}
          </section>
        );
      }}
    </Loaded>
  );
}

function Line({ item }: { readonly item: TimelineItem }) {
  return (
    <>
      <span className="mono muted">{clockTime(item.at)}</span>
      {(['adapter', 'everest', 'ocpp'] as const).map((by) => (
        <span key={by} className={by === item.by ? undefined : 'none'}>
          {by === item.by && `${item.what}${item.n === undefined ? '' : `, connector ${item.n}`}`}
        </span>
      ))}
    </>
  );
}

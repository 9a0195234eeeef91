import { lazy, Suspense, useMemo } from 'react';
import { apiPath, part } from '../../api/client.ts';
import { useGet } from '../../api/queries.ts';
import type { Session, SessionSeries } from '../../api/shapes.ts';
import { AppLink } from '../../app/router.tsx';
import { clockTime, energy, power } from '../../parts/format.ts';
import { EmptyState, Loaded, Loading } from '../../parts/states.tsx';

const SeriesChart = lazy(async () => ({ default: (await import('../../parts/series-chart.tsx')).SeriesChart }));

type Point = SessionSeries['points'][number];

export function useSeries(session: Session) {
  return useGet<SessionSeries>(apiPath(`/sessions/${part(session.id)}/series`), { keep: true });
}

/** The meter's curve: power and energy, and what was offered where the station tells it. Times by the station's clock. */
export function MeterCurve({ points }: { readonly points: readonly Point[] }) {
  const start = points.find(({ energyWh }) => energyWh !== undefined)?.energyWh ?? 0;
  const data = useMemo(() => {
    const kilo = (value: number | undefined): number | null => (value === undefined ? null : value / 1_000);
    const limited = points.some(({ limitW }) => limitW !== undefined);
    return {
      times: points.map(({ t }) => t / 1_000),
      series: [
        {
          label: 'Power',
          unit: 'kW',
          colour: '--c-ocpp',
          scale: 'kW',
          values: points.map(({ powerW }) => kilo(powerW)),
        },
        {
          label: 'Energy',
          unit: 'kWh',
          colour: '--c-ok',
          dash: [6, 4],
          scale: 'kWh',
          values: points.map(({ energyWh }) => (energyWh === undefined ? null : (energyWh - start) / 1_000)),
        },
        ...(limited
          ? [
              {
                label: 'Offered',
                unit: 'kW',
                colour: '--c-warn',
                dash: [2, 4],
                scale: 'kW',
                values: points.map(({ limitW }) => kilo(limitW)),
              },
            ]
          : []),
      ],
    };
  }, [points, start]);
  if (points.length < 2) return <EmptyState title="Too few meter values for a curve" />;
  const most = Math.max(...points.map(({ powerW }) => powerW ?? 0));
  return (
    <Suspense fallback={<Loading what="the chart" />}>
      <SeriesChart
        {...data}
        label={`Power over time, at most ${power(most)}; energy at the end ${energy((points.at(-1)?.energyWh ?? 0) - start)}`}
      />
    </Suspense>
  );
}

export function EnergyTab({ session }: { readonly session: Session }) {
  const series = useSeries(session);
  return (
    <Loaded query={series} what="meter values">
      {({ points }) => (
        <>
          <section className="card">
            <div className="body">
              <MeterCurve points={points} />
            </div>
          </section>
          <section className="card scroll-x">
            <table className="plain" data-testid="energy-table">
              <thead>
                <tr>
                  <th>Time</th>
                  <th className="num">Power</th>
                  <th className="num">Meter</th>
                  <th className="num">Since the start</th>
                  <th className="num">Current</th>
                  <th className="num">Voltage</th>
                  <th className="num">Battery</th>
                  <th className="num">Message</th>
                </tr>
              </thead>
              <tbody>
                {points.map((point, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: one message may hold several readings of one time
                  <tr key={`${point.seq} ${index}`}>
                    <td className="mono">{clockTime(point.t)}</td>
                    <td className="num">{power(point.powerW)}</td>
                    <td className="num">{energy(point.energyWh)}</td>
                    <td className="num">
                      {point.energyWh === undefined ? '–' : energy(point.energyWh - (points[0]?.energyWh ?? 0))}
                    </td>
                    <td className="num">{point.currentA === undefined ? '–' : `${point.currentA.toFixed(1)} A`}</td>
                    <td className="num">{point.voltageV === undefined ? '–' : `${point.voltageV.toFixed(0)} V`}</td>
                    <td className="num">{point.socPercent === undefined ? '–' : `${point.socPercent.toFixed(0)} %`}</td>
                    <td className="num">
                      <AppLink to={`/m/${point.seq}`}>#{point.seq}</AppLink>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
            {points.length === 0 && <EmptyState title="No meter value came yet" />}
          </section>
        </>
      )}
    </Loaded>
  );
}

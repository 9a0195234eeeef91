import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { clockTime } from './format.ts';

export interface Series {
  readonly label: string;
  readonly unit: string;
  /** A CSS variable: `--c-ocpp`. */
  readonly colour: string;
  /** Drawn as dashes, so that colour is not all that tells lines apart. */
  readonly dash?: readonly number[];
  readonly scale: string;
  readonly values: readonly (number | null)[];
}

/** Values over time. Its table twin is the caller's. */
export function SeriesChart({
  times,
  series,
  height = 260,
  label,
}: {
  /** Epoch seconds. */
  readonly times: readonly number[];
  readonly series: readonly Series[];
  readonly height?: number;
  readonly label: string;
}) {
  const host = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme('light');
  // biome-ignore lint/correctness/useExhaustiveDependencies: another colour scheme is another drawing
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const style = getComputedStyle(element);
    const colour = (name: string): string => style.getPropertyValue(name).trim() || '#888';
    const axis = {
      stroke: colour('--c-muted'),
      grid: { stroke: colour('--s-line'), width: 1 },
      ticks: { stroke: colour('--s-line') },
      font: '12px system-ui',
    };
    const scales = [...new Set(series.map((each) => each.scale))];
    const chart = new uPlot(
      {
        width: element.clientWidth,
        height,
        scales: Object.fromEntries(
          scales.map((scale) => [
            scale,
            { range: (_chart: uPlot, _min: number, max: number) => [0, max <= 0 ? 1 : max * 1.1] as [number, number] },
          ]),
        ),
        axes: [
          { ...axis, values: (_chart, splits) => splits.map((second) => clockTime(second * 1_000, 0)) },
          ...scales.map((scale, index): uPlot.Axis => {
            const unit = series.find((each) => each.scale === scale)?.unit ?? '';
            return {
              ...axis,
              scale,
              side: index === 0 ? 3 : 1,
              size: 64,
              grid: index === 0 ? axis.grid : { show: false },
              values: (_chart, splits) => splits.map((value) => `${value} ${unit}`),
            };
          }),
        ],
        series: [
          { value: (_chart, second) => (second === null ? '' : clockTime(second * 1_000, 0)) },
          ...series.map(
            (each): uPlot.Series => ({
              label: each.label,
              scale: each.scale,
              stroke: colour(each.colour),
              width: 2,
              spanGaps: true,
              points: { show: times.length < 60, size: 5 },
              ...(each.dash === undefined ? {} : { dash: [...each.dash] }),
              value: (_chart, value) => (value === null ? '–' : `${value.toFixed(3)} ${each.unit}`),
            }),
          ),
        ],
        legend: { live: true },
      },
      [[...times], ...series.map((each) => [...each.values])] as uPlot.AlignedData,
      element,
    );
    const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
    };
  }, [times, series, height, scheme]);
  return <div ref={host} role="img" aria-label={label} style={{ minHeight: height, fontSize: 12.5 }} key={scheme} />;
}

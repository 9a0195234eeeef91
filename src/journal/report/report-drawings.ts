import { isoTime } from '../../core/time.ts';
import type { Row, SessionSeries } from '../query.ts';
import { type SequenceLayout, sequenceLayout, sequenceOf } from '../sequence/index.ts';
import { escaped } from './html.ts';

/** The drawings of a report, as SVG that needs no script. */

const TIME_PX = 110;

export function sequenceDrawing(rows: readonly Row[]): string {
  const { width, height, heads, items } = sequenceLayout(sequenceOf(rows));
  const times = new Map(rows.map(({ s, t }) => [s, isoTime(t).slice(11, 23)]));
  const lifelines = heads.map(
    ({ x, name }) =>
      `<text x="${x}" y="20" text-anchor="middle" font-weight="600">${escaped(name)}</text><line class="life" x1="${x}" x2="${x}" y1="32" y2="${height}"/>`,
  );
  return `<svg viewBox="${-TIME_PX} 0 ${width + TIME_PX} ${height}" width="${width + TIME_PX}" height="${height}" role="img" aria-label="Sequence of ${rows.length} messages over ${heads.length} parties">${lifelines.join('')}${items.map((item) => step(item, times)).join('')}</svg>`;
}

function step(item: SequenceLayout['items'][number], times: ReadonlyMap<number, string>): string {
  const { kind, x1, x2, y, label, seq, protocol = '' } = item;
  const time =
    seq === undefined ? '' : `<text class="soft" x="${-TIME_PX + 4}" y="${y + 4}">${times.get(seq) ?? ''}</text>`;
  const middle = (x1 + x2) / 2;
  if (kind === 'gap')
    return `<text class="soft" x="${middle}" y="${y + 4}" text-anchor="middle">${escaped(label)}</text>`;
  if (kind === 'note')
    return `<g class="${protocol}">${time}<circle class="arrow" cx="${x1}" cy="${y}" r="4"/><text x="${x1 + 10}" y="${y + 4}">${escaped(label)}</text></g>`;
  const way = x2 > x1 ? 1 : -1;
  const tip = item.error
    ? `<path class="arrow" d="M${x2 - way * 10} ${y}l8 8m0 -8l-8 8"/>`
    : `<path class="tip" d="M${x2} ${y + 4}l${-way * 8} -4v8z"/>`;
  const most = Math.floor(Math.abs(x2 - x1) / 6.6);
  const text = label.length > most ? `${label.slice(0, most - 1)}…` : label;
  return `<g class="${protocol}">${time}<line class="arrow" x1="${x1}" x2="${x2 - way * 6}" y1="${y + 4}" y2="${y + 4}"${item.dashed ? ' stroke-dasharray="5 4"' : ''}/>${tip}<text x="${middle}" y="${y - 1}" text-anchor="middle">${item.finding ? '⚑ ' : ''}${escaped(text)}</text></g>`;
}

const CHART = { width: 1_000, height: 220, left: 60, right: 60, top: 16, bottom: 28 } as const;

const MOST_DOTS = 60;

/** Power as a line, energy since the start as dashes. */
export function meterDrawing(points: SessionSeries['points']): string {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || points.length < 2)
    return '<p class="soft">Too few meter values for a curve.</p>';
  const start = points.find(({ energyWh }) => energyWh !== undefined)?.energyWh ?? 0;
  const spanMs = Math.max(1, last.t - first.t);
  const x = (t: number): number => CHART.left + ((t - first.t) / spanMs) * (CHART.width - CHART.left - CHART.right);
  const curve = (
    values: readonly (number | undefined)[],
    unit: string,
    side: 'left' | 'right',
    dashed: boolean,
  ): string => {
    const most = Math.max(...values.map((value) => value ?? 0), 0.001) * 1.1;
    const y = (value: number): number =>
      CHART.height - CHART.bottom - (value / most) * (CHART.height - CHART.top - CHART.bottom);
    const places = points.flatMap(({ t }, index) => {
      const value = values[index];
      return value === undefined ? [] : [[x(t).toFixed(1), y(value).toFixed(1)] as const];
    });
    if (places.length === 0) return '';
    const line = places.map((place) => place.join(','));
    // A reading between two without a value would not be seen as a line.
    const dots =
      places.length > MOST_DOTS
        ? ''
        : places.map(([cx, cy]) => `<circle class="tip" cx="${cx}" cy="${cy}" r="2.5"/>`).join('');
    const at = side === 'left' ? CHART.left - 6 : CHART.width - CHART.right + 6;
    const anchor = side === 'left' ? 'end' : 'start';
    const ticks = [0, 0.5, 1].map(
      (part) =>
        `<text class="soft" x="${at}" y="${y((most / 1.1) * part) + 4}" text-anchor="${anchor}">${((most / 1.1) * part).toFixed(part === 0 ? 0 : 2)} ${unit}</text>`,
    );
    return `<polyline class="arrow" stroke-width="1.5"${dashed ? ' stroke-dasharray="6 4"' : ''} points="${line.join(' ')}"/>${dots}${ticks.join('')}`;
  };
  const kilo = (value: number | undefined): number | undefined => (value === undefined ? undefined : value / 1_000);
  const power = curve(
    points.map(({ powerW }) => kilo(powerW)),
    'kW',
    'left',
    false,
  );
  const energy = curve(
    points.map(({ energyWh }) => (energyWh === undefined ? undefined : (energyWh - start) / 1_000)),
    'kWh',
    'right',
    true,
  );
  const clock = (t: number): string => isoTime(t).slice(11, 19);
  const axis = `<line class="life" x1="${CHART.left}" x2="${CHART.width - CHART.right}" y1="${CHART.height - CHART.bottom}" y2="${CHART.height - CHART.bottom}"/><text class="soft" x="${CHART.left}" y="${CHART.height - 8}">${clock(first.t)}</text><text class="soft" x="${CHART.width - CHART.right}" y="${CHART.height - 8}" text-anchor="end">${clock(last.t)}</text>`;
  return `<svg viewBox="0 0 ${CHART.width} ${CHART.height}" width="${CHART.width}" height="${CHART.height}" role="img" aria-label="Power and energy over time">${axis}<g class="ocpp">${power}</g><g class="mqtt">${energy}</g></svg><p class="soft">Line: power in kW. Dashes: energy since the start in kWh. Times in UTC, by the station’s clock.</p>`;
}

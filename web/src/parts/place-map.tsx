import { type PointerEvent as ReactPointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import { EVSE_STATUSES, EvseStatus, EvseStatusShape, evseStatusWord } from './evse-status.tsx';
import { Cities, Grid, Scale } from './map-ground.tsx';
import { fitted, type MapView, type Place, panned, type Size, toPixels, zoomed } from './map-projection.ts';
import './place-map.css';

export interface MapPoint extends Place {
  readonly id: string;
  readonly name: string;
  readonly status: string | undefined;
}

interface Props {
  readonly points: readonly MapPoint[];
  readonly selected: string | undefined;
  onSelect(id: string): void;
}

const CELL = 26;
/** Points nearer to each other than this stand in one yard. */
const NEAR_PX = 24;
/** A yard with more is a number that one zooms into. */
const MOST_IN_YARD = 16;

/** Where EVSEs are, drawn without any tile: grid, cities and scale tell the place. Its twin is the table of the same. */
export function PlaceMap({ points, selected, onSelect }: Props) {
  const box = useRef<SVGSVGElement>(null);
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  const [moved, setMoved] = useState<MapView>();
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setSize({ width: element.clientWidth, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  // Until somebody moves it, all points are in view; after that it never moves by itself.
  const view = useMemo(() => moved ?? fitted(points, size), [moved, points, size]);
  const zoom = (factor: number, px = size.width / 2, py = size.height / 2): void =>
    setMoved(zoomed(view, factor, px, py, size));
  useWheel(box, (up, px, py) => zoom(up ? 1.25 : 0.8, px, py));
  const yards = useMemo(() => yardsOf(points, view, size), [points, view, size]);
  return (
    <div className="place-map" data-testid="place-map">
      <svg
        ref={box}
        role="group"
        aria-label={`Map with ${points.length} EVSEs. Arrows move it, plus and minus zoom, 0 shows all. The EVSEs tab is the same as a table.`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrows move the map, as they move a slider
        tabIndex={0}
        {...useDrag((dx, dy) => setMoved(panned(view, dx, dy)))}
        onKeyDown={(event) => {
          const way = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[event.key];
          if (way !== undefined) setMoved(panned(view, way[0] ?? 0, way[1] ?? 0));
          else if (event.key === '+') zoom(1.6);
          else if (event.key === '-') zoom(0.625);
          else if (event.key === '0') setMoved(undefined);
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      >
        {size.width > 0 && (
          <>
            <Grid view={view} size={size} />
            <Cities view={view} size={size} />
            <Scale view={view} size={size} />
            {yards.map((yard) => (
              <YardMarkers key={yard.points[0]?.id} yard={yard} selected={selected} onSelect={onSelect} zoom={zoom} />
            ))}
          </>
        )}
      </svg>
      <div className="place-map-tools">
        <button type="button" aria-label="Zoom in" onClick={() => zoom(1.6)}>
          +
        </button>
        <button type="button" aria-label="Zoom out" onClick={() => zoom(0.625)}>
          −
        </button>
        <button type="button" aria-label="Show all" onClick={() => setMoved(undefined)}>
          ⤢
        </button>
      </div>
      <div className="place-map-legend">
        {EVSE_STATUSES.map((status) => (
          <EvseStatus key={status} status={status} />
        ))}
      </div>
    </div>
  );
}

interface Yard {
  readonly x: number;
  readonly y: number;
  readonly points: readonly MapPoint[];
}

/** Points that would cover each other stand together. */
function yardsOf(points: readonly MapPoint[], view: MapView, size: Size): Yard[] {
  const yards: { x: number; y: number; points: MapPoint[] }[] = [];
  for (const point of points) {
    const { x, y } = toPixels(point, view, size);
    if (x < -60 || y < -60 || x > size.width + 60 || y > size.height + 60) continue;
    const near = yards.find((yard) => Math.abs(yard.x - x) < NEAR_PX && Math.abs(yard.y - y) < NEAR_PX);
    if (near === undefined) yards.push({ x, y, points: [point] });
    else near.points.push(point);
  }
  return yards;
}

function YardMarkers({
  yard,
  selected,
  onSelect,
  zoom,
}: {
  readonly yard: Yard;
  readonly selected: string | undefined;
  onSelect(id: string): void;
  zoom(factor: number, px: number, py: number): void;
}) {
  const { points } = yard;
  if (points.length > MOST_IN_YARD) {
    const closer = (): void => zoom(4, yard.x, yard.y);
    return (
      <g
        className="marker"
        role="button"
        tabIndex={0}
        aria-label={`${points.length} EVSEs here, zoom in`}
        transform={`translate(${yard.x} ${yard.y})`}
        onClick={closer}
        onKeyDown={onEnter(closer)}
      >
        <rect x={-18} y={-18} width={36} height={36} rx={18} />
        <circle className="many" r={15} />
        <text className="many-text" textAnchor="middle" y={4}>
          {points.length}
        </text>
      </g>
    );
  }
  const columns = Math.ceil(Math.sqrt(points.length));
  const rows = Math.ceil(points.length / columns);
  const alone = points.length === 1;
  const top = alone ? 0 : -(rows * CELL) - 12;
  return (
    <g transform={`translate(${yard.x} ${yard.y})`}>
      {!alone && (
        <>
          <path className="yard" d={`M0 0L-6 ${-14}H6z`} />
          <rect
            className="yard"
            x={(-columns * CELL) / 2 - 4}
            y={top - 4}
            width={columns * CELL + 8}
            height={rows * CELL + 8}
            rx={8}
          />
        </>
      )}
      {points.map((point, index) => {
        const x = alone ? 0 : (index % columns) * CELL - ((columns - 1) * CELL) / 2;
        const y = alone ? 0 : top + Math.floor(index / columns) * CELL + CELL / 2;
        const open = (): void => onSelect(point.id);
        return (
          <g
            key={point.id}
            className="marker"
            role="button"
            tabIndex={0}
            data-testid="map-marker"
            data-evse={point.id}
            aria-pressed={point.id === selected}
            aria-label={`${point.id}, ${evseStatusWord(point.status)}, ${point.name}`}
            transform={`translate(${x} ${y})`}
            onClick={open}
            onKeyDown={onEnter(open)}
          >
            <title>{`${point.id}\n${evseStatusWord(point.status)} · ${point.name}`}</title>
            <rect x={-12} y={-12} width={24} height={24} rx={6} />
            <EvseStatusShape status={point.status} size={7} />
          </g>
        );
      })}
    </g>
  );
}

function onEnter(run: () => void) {
  return (event: React.KeyboardEvent): void => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    event.stopPropagation();
    run();
  };
}

/** Pixels that a pressed pointer moved; a click without a move stays a click. */
function useDrag(move: (dx: number, dy: number) => void) {
  const at = useRef<{ x: number; y: number } | undefined>(undefined);
  return {
    onPointerDown: (event: ReactPointerEvent) => {
      at.current = { x: event.clientX, y: event.clientY };
    },
    onPointerMove: (event: ReactPointerEvent<SVGSVGElement>) => {
      const from = at.current;
      if (from === undefined || event.buttons === 0) return;
      const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
      if (Math.abs(dx) + Math.abs(dy) < 3) return;
      at.current = { x: event.clientX, y: event.clientY };
      move(dx, dy);
    },
    onPointerUp: () => {
      at.current = undefined;
    },
  };
}

/** The wheel zooms; React listens to it passively, so that the page would scroll too. */
function useWheel(
  box: React.RefObject<SVGSVGElement | null>,
  turn: (up: boolean, px: number, py: number) => void,
): void {
  const latest = useRef(turn);
  latest.current = turn;
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const listen = (event: WheelEvent): void => {
      event.preventDefault();
      const { left, top } = element.getBoundingClientRect();
      latest.current(event.deltaY < 0, event.clientX - left, event.clientY - top);
    };
    element.addEventListener('wheel', listen, { passive: false });
    return () => element.removeEventListener('wheel', listen);
  }, [box]);
}

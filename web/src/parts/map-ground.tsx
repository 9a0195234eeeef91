import { CITIES } from './map-cities.ts';
import { gridStep, type MapView, type Size, scaleBar, toPixels, toPlace } from './map-projection.ts';

/** What tells the place on a map without tiles: a grid in degrees, cities, a scale. */

export function Grid({ view, size }: { readonly view: MapView; readonly size: Size }) {
  const step = gridStep(view);
  const first = toPlace(0, size.height, view, size);
  const last = toPlace(size.width, 0, view, size);
  const digits = step < 0.01 ? 3 : step < 0.1 ? 2 : step < 1 ? 1 : 0;
  const lines: { key: string; x1: number; y1: number; x2: number; y2: number; label: string }[] = [];
  for (let lon = Math.ceil(first.lon / step) * step; lon <= last.lon; lon += step) {
    const { x } = toPixels({ lat: 0, lon }, view, size);
    const label = `${Math.abs(lon).toFixed(digits)}°${lon < 0 ? 'W' : 'E'}`;
    lines.push({ key: `x${lon.toFixed(4)}`, x1: x, y1: 0, x2: x, y2: size.height, label });
  }
  for (let lat = Math.ceil(first.lat / step) * step; lat <= last.lat; lat += step) {
    const { y } = toPixels({ lat, lon: 0 }, view, size);
    // The labels of the meridians stand there.
    if (y < 24) continue;
    const label = `${Math.abs(lat).toFixed(digits)}°${lat < 0 ? 'S' : 'N'}`;
    lines.push({ key: `y${lat.toFixed(4)}`, x1: 0, y1: y, x2: size.width, y2: y, label });
  }
  return (
    <g className="grid" aria-hidden="true">
      {lines.map(({ key, label, ...ends }) => (
        <g key={key}>
          <line {...ends} />
          <text
            x={ends.x1 === 0 ? size.width - 6 : ends.x1 + 4}
            y={ends.x1 === 0 ? ends.y1 - 4 : 14}
            textAnchor={ends.x1 === 0 ? 'end' : 'start'}
          >
            {label}
          </text>
        </g>
      ))}
    </g>
  );
}

export function Cities({ view, size }: { readonly view: MapView; readonly size: Size }) {
  const rank = view.worldPx < 3_000 ? 1 : view.worldPx < 9_000 ? 2 : 3;
  return (
    <g className="city" aria-hidden="true">
      {CITIES.filter((city) => city.rank <= rank).map((city) => {
        const { x, y } = toPixels(city, view, size);
        if (x < 0 || y < 0 || x > size.width || y > size.height) return null;
        return (
          <g key={city.name} transform={`translate(${x} ${y})`}>
            <circle r={2} />
            <text x={7} y={4}>
              {city.name}
            </text>
          </g>
        );
      })}
    </g>
  );
}

export function Scale({ view, size }: { readonly view: MapView; readonly size: Size }) {
  const { metres, px } = scaleBar(view);
  return (
    <g className="scale" aria-hidden="true" transform={`translate(14 ${size.height - 14})`}>
      <path d={`M0 -5V0H${px}V-5`} />
      <text x={px / 2} y={-7} textAnchor="middle">
        {metres >= 1_000 ? `${metres / 1_000} km` : `${metres} m`}
      </text>
    </g>
  );
}

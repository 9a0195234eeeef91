/** Web Mercator without tiles: degrees to pixels and back, for what one looks at. */

export interface Place {
  readonly lat: number;
  readonly lon: number;
}

/** What is looked at: a centre, and how many pixels the whole world would be wide. */
export interface MapView {
  readonly centre: Place;
  readonly worldPx: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const LEAST_PX = 300;
/** A street: about half a metre a pixel. */
const MOST_PX = 6e7;
const MOST_LATITUDE = 84;

const x = (lon: number): number => (lon + 180) / 360;
const y = (lat: number): number => {
  const bounded = Math.max(-MOST_LATITUDE, Math.min(MOST_LATITUDE, lat));
  const radians = (bounded * Math.PI) / 180;
  return (1 - Math.log(Math.tan(radians) + 1 / Math.cos(radians)) / Math.PI) / 2;
};
const latitude = (fraction: number): number => (Math.atan(Math.sinh(Math.PI * (1 - 2 * fraction))) * 180) / Math.PI;

export function toPixels(place: Place, view: MapView, size: Size): { readonly x: number; readonly y: number } {
  return {
    x: size.width / 2 + (x(place.lon) - x(view.centre.lon)) * view.worldPx,
    y: size.height / 2 + (y(place.lat) - y(view.centre.lat)) * view.worldPx,
  };
}

export function toPlace(px: number, py: number, view: MapView, size: Size): Place {
  return {
    lon: (x(view.centre.lon) + (px - size.width / 2) / view.worldPx) * 360 - 180,
    lat: latitude(y(view.centre.lat) + (py - size.height / 2) / view.worldPx),
  };
}

/** Moves what is seen by pixels. */
export function panned(view: MapView, dx: number, dy: number): MapView {
  const centre = toPlace(-dx, -dy, view, { width: 0, height: 0 });
  return { ...view, centre: { lat: Math.max(-80, Math.min(80, centre.lat)), lon: centre.lon } };
}

/** Closer or farther, around a pixel that stays where it is. */
export function zoomed(view: MapView, factor: number, px: number, py: number, size: Size): MapView {
  const worldPx = Math.max(LEAST_PX, Math.min(MOST_PX, view.worldPx * factor));
  const fixed = toPlace(px, py, view, size);
  const moved = toPixels(fixed, { ...view, worldPx }, size);
  return panned({ ...view, worldPx }, px - moved.x, py - moved.y);
}

/** Shows all places with room around them; one place alone is shown as a town. */
export function fitted(places: readonly Place[], size: Size): MapView {
  if (places.length === 0) return { centre: { lat: 50.5, lon: 10 }, worldPx: 6_000 };
  const lats = places.map(({ lat }) => lat);
  const lons = places.map(({ lon }) => lon);
  const [south, north, west, east] = [Math.min(...lats), Math.max(...lats), Math.min(...lons), Math.max(...lons)];
  const wide = Math.max(x(east) - x(west), 1e-9);
  const high = Math.max(y(south) - y(north), 1e-9);
  const worldPx = Math.min((size.width * 0.7) / wide, (size.height * 0.6) / high, 120_000);
  return {
    centre: { lat: latitude((y(south) + y(north)) / 2), lon: (west + east) / 2 },
    worldPx: Math.max(LEAST_PX, worldPx),
  };
}

const STEPS = [30, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001] as const;

/** Distance of grid lines in degrees, so that they stand at least 110 pixels apart. */
export function gridStep({ worldPx }: MapView): number {
  return [...STEPS].reverse().find((step) => (step / 360) * worldPx >= 110) ?? 30;
}

/** A round length for the scale bar, and how many pixels it is. */
export function scaleBar(view: MapView): { readonly metres: number; readonly px: number } {
  const metresPerPx = (40_075_016 * Math.cos((view.centre.lat * Math.PI) / 180)) / view.worldPx;
  const most = metresPerPx * 120;
  const magnitude = 10 ** Math.floor(Math.log10(most));
  const metres = [5, 2, 1].map((each) => each * magnitude).find((each) => each <= most) ?? magnitude;
  return { metres, px: metres / metresPerPx };
}

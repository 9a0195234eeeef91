import type { TopologyNode } from '../../api/shapes.ts';

/** Fixed places, so that the picture never moves by itself; somebody else's systems get the next free one below. */
const PLACES: Readonly<Record<string, { readonly x: number; readonly y: number }>> = {
  everest: { x: 0, y: 0 },
  stations: { x: 0, y: 150 },
  csms: { x: 440, y: 190 },
  pnc: { x: 700, y: 0 },
  emp: { x: 960, y: 190 },
  hub: { x: 700, y: 380 },
};
const FIRST_FREE = { x: 440, y: 470 };
const COLUMN = 220;
const ROW = 130;

export function placesOf(nodes: readonly TopologyNode[]): Map<string, { x: number; y: number }> {
  const places = new Map<string, { x: number; y: number }>();
  let free = 0;
  for (const node of nodes) {
    const fixed = PLACES[node.id];
    places.set(
      node.id,
      fixed ?? { x: FIRST_FREE.x + (free % 3) * COLUMN, y: FIRST_FREE.y + Math.floor(free / 3) * ROW },
    );
    if (fixed === undefined) free += 1;
  }
  return places;
}

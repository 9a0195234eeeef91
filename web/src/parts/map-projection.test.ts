import { describe, expect, it } from 'vitest';
import { fitted, gridStep, type MapView, panned, scaleBar, toPixels, toPlace, zoomed } from './map-projection.ts';

const size = { width: 800, height: 500 };
const berlin = { lat: 52.52, lon: 13.405 };
const view: MapView = { centre: berlin, worldPx: 100_000 };

describe('the map', () => {
  it('shows its centre in the middle, north up, east right', () => {
    expect(toPixels(berlin, view, size)).toEqual({ x: 400, y: 250 });
    const north = toPixels({ lat: 53, lon: 13.405 }, view, size);
    const east = toPixels({ lat: 52.52, lon: 14 }, view, size);
    expect(north.y).toBeLessThan(250);
    expect(east.x).toBeGreaterThan(400);
    // One degree of longitude is a 360th of the world.
    expect(toPixels({ lat: 52.52, lon: 14.405 }, view, size).x - 400).toBeCloseTo(100_000 / 360, 6);
  });

  it('finds the place of a pixel again', () => {
    const { x, y } = toPixels({ lat: 48.137, lon: 11.575 }, view, size);
    const back = toPlace(x, y, view, size);
    expect(back.lat).toBeCloseTo(48.137, 9);
    expect(back.lon).toBeCloseTo(11.575, 9);
  });

  it('keeps what is under the pointer when it zooms', () => {
    const under = toPlace(100, 60, view, size);
    const closer = zoomed(view, 2, 100, 60, size);
    expect(closer.worldPx).toBe(200_000);
    expect(toPixels(under, closer, size).x).toBeCloseTo(100, 6);
    expect(toPixels(under, closer, size).y).toBeCloseTo(60, 6);
    expect(zoomed(view, 1e9, 0, 0, size).worldPx).toBe(6e7);
  });

  it('moves with the hand', () => {
    const moved = panned(view, 50, -20);
    expect(toPixels(berlin, moved, size).x).toBeCloseTo(450, 6);
    expect(toPixels(berlin, moved, size).y).toBeCloseTo(230, 6);
  });

  it('fits all places with room around them, and shows one place as a town', () => {
    const rome = { lat: 41.9, lon: 12.5 };
    const both = fitted([berlin, rome], size);
    for (const place of [berlin, rome]) {
      const { x, y } = toPixels(place, both, size);
      expect(x).toBeGreaterThan(0);
      expect(x).toBeLessThan(800);
      expect(y).toBeGreaterThan(50);
      expect(y).toBeLessThan(450);
    }
    expect(fitted([berlin], size).worldPx).toBe(120_000);
  });

  it('chooses grid lines and a scale that can be read', () => {
    expect(gridStep({ centre: berlin, worldPx: 6_000 })).toBe(10);
    expect(gridStep(view)).toBe(0.5);
    const bar = scaleBar(view);
    expect(bar.metres).toBe(20_000);
    expect(bar.px).toBeLessThanOrEqual(120);
    expect(bar.px).toBeGreaterThan(40);
  });
});

import type { Place } from './biological-types.js';

/** Twice the area of a triangle, positive where it turns left. */
const turn = (a: Place, b: Place, c: Place): number => (b.clustering - a.clustering) * (c.pathLength - a.pathLength) - (b.pathLength - a.pathLength) * (c.clustering - a.clustering);

/** Corners of the convex hull, counter-clockwise (Andrew's monotone chain, 1979). */
export function convexHull(places: readonly Place[]): Place[] {
  const sorted = places.toSorted((a, b) => a.clustering - b.clustering || a.pathLength - b.pathLength);
  const half = (along: readonly Place[]): Place[] => {
    const chain: Place[] = [];
    for (const place of along) {
      while (chain.length > 1 && turn(chain[chain.length - 2], chain[chain.length - 1], place) <= 0) chain.pop();
      chain.push(place);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.toReversed())];
}

/** Whether a place lies in a convex hull, its border included. */
export function insideHull(place: Place, hull: readonly Place[]): boolean {
  return hull.every((corner, i) => turn(corner, hull[(i + 1) % hull.length], place) >= -1e-12);
}

import { must } from '../../src/core/errors.js';

/** A place of the plane. */
interface Place {
  readonly clustering: number;
  readonly pathLength: number;
}

/**
 * So many of some places, spread over all of them: the first has the shortest paths, each further one
 * is farthest from those before it, C and log L measured by their ranges. The numbers of the places.
 */
export function spreadOver(places: readonly Place[], count: number): number[] {
  const [c, l] = [
    scaled(places.map((place) => place.clustering)),
    scaled(places.map((place) => Math.log(place.pathLength))),
  ];
  const farness = places.map(() => Infinity);
  const chosen: number[] = [];
  let next = places.reduce(
    (best, place, at) => (place.pathLength < must(places[best]).pathLength ? at : best),
    0,
  );
  while (chosen.length < Math.min(count, places.length)) {
    chosen.push(next);
    let farthest = 0;
    for (const [at, before] of farness.entries()) {
      const now = Math.hypot(must(c[at]) - must(c[next]), must(l[at]) - must(l[next]));
      farness[at] = Math.min(before, now);
      if (must(farness[at]) > must(farness[farthest])) farthest = at;
    }
    next = farthest;
  }
  return chosen;
}

/** Values from 0 to 1. */
function scaled(values: readonly number[]): number[] {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return values.map((value) => (value - least) / (most - least || 1));
}

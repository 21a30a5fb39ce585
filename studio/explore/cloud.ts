import { planeDistance } from '../../src/graph/space/distance.js';
import { formatGraphSpec, graphSpec } from '../../src/graph/spec.js';
import type { Cloud } from '../threads/tasks.js';

/** A place in the plane. */
export interface Spot {
  readonly clustering: number;
  readonly pathLength: number;
}

/** The number of the cloud's graph nearest to a place; -1 of an empty cloud. */
export function nearestInCloud(
  { clustering, pathLength }: Cloud,
  wanted: Spot,
  accept: (at: number) => boolean = () => true,
): number {
  let nearest = -1;
  let least = Infinity;
  for (const [at, c] of clustering.entries()) {
    const distance = planeDistance({ clustering: c, pathLength: pathLength[at] ?? 0 }, wanted);
    if (distance < least && accept(at)) [nearest, least] = [at, distance];
  }
  return nearest;
}

/** The spec of a graph of the cloud. */
export function lineInCloud({ nodes, k, p, seed }: Cloud, at: number): string {
  return formatGraphSpec(
    graphSpec('ws-flex', { n: nodes, k: k[at] ?? 2, p: p[at] ?? 0, seed: seed[at] ?? 0 }),
  );
}

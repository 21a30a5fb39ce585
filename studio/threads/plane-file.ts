import type { FamilyPlaces } from '../../src/graph/space/families.js';
import type { Cloud } from './tasks.js';

/** The number of nodes whose plane comes with the build. */
export const SHIPPED_NODES = 64;

/** Its file, beside the page. */
export const PLANE_FILE = 'plane-64.json';

/** The plane of `SHIPPED_NODES` nodes as it comes with the build; C and L with six decimals. */
export interface Shipped {
  readonly published: number | null;
  readonly clustering: readonly number[];
  readonly pathLength: readonly number[];
  readonly k: readonly number[];
  readonly p: readonly number[];
  readonly seed: readonly number[];
  readonly families: readonly FamilyPlaces[];
}

/** Reads it. */
export function planeOf(text: string): {
  readonly cloud: Cloud;
  readonly families: readonly FamilyPlaces[];
} {
  const { published, families, ...columns } = JSON.parse(text) as Shipped;
  return {
    cloud: {
      nodes: SHIPPED_NODES,
      published,
      clustering: Float64Array.from(columns.clustering),
      pathLength: Float64Array.from(columns.pathLength),
      k: Float64Array.from(columns.k),
      p: Float64Array.from(columns.p),
      seed: Float64Array.from(columns.seed),
    },
    families,
  };
}

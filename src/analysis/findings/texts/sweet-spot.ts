import { fixed, span } from '../../text.js';
import type { Rectangle } from '../types.js';

export const SWEET_SPOT_TITLE = '2. There is a sweet spot in the plane of C and L';
export const SWEET_SPOT_CLAIM =
  'What is not significantly worse than the best lies in one rectangle; those of all ' +
  'architectures overlap in C 0.43–0.50, ' +
  'L 1.82–2.28.';
export const NO_GRAPH = 'No graph was measured: there is nothing to tell.';
export const NO_SWEET_SPOT = 'no sweet spot: the baseline is not beaten';
export const NOT_BEATEN =
  'No sweet spot: no baseline is beaten, so that the lowest errors lie in no region worth a name.';
export const NOT_TESTED =
  'Cannot be told: no graph has two seeds, so what is not worse than the best cannot be tested.';
export const AS_PUBLISHED = 'The rectangles come out as published.';
export const BOX_CAVEAT =
  'But a bounding box of what a test could not tell from the best grows with the noise: fewer ' +
  'seeds make a larger sweet ' +
  'spot, and one cell moves an edge. The intervals say how far its edges move; read it as a ' +
  'region, not as a border.';

/** What the rectangles of so many tasks have in common; null: nothing. */
export function sharedSentence(rectangles: number, shared: Rectangle | null): string {
  const where =
    shared === null ? 'nothing' : `C ${span(shared.clustering)}, L ${span(shared.pathLength)}`;
  return rectangles === 1
    ? `One rectangle here spans ${where}.`
    : `${rectangles} rectangles here share ${where}.`;
}

/** @param empty share of resamples in which the rectangles have no point in common */
export function emptySentence(empty: number): string {
  return (
    'Drawn anew together, the rectangles of cells have no point in common in ' +
    `${fixed(100 * empty, 0)} % of the resamples.`
  );
}

/** @param sweetSpot what the rule takes as the sweet spot */
export function sweetSpotDefinition(sweetSpot: string): string {
  return (
    `${sweetSpot}. Edges: 95 % bootstrap intervals of the rectangle of cells, graphs drawn anew ` +
    'within cells.'
  );
}

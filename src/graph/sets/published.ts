import { invariant, must } from '../../core/errors.js';
import { type Candidate, candidateOrder, candidates, spaceGrid } from '../space/grid.js';
import { exactSpec, roundedSpec } from '../space/short-spec.js';
import type { GraphSpec } from '../types.js';
import { decodeNumbers } from './codec.js';
import { type ShippedSpace, shippedSpaces } from './shipped.js';

/** A published set of WS-flex graphs (You et al., ICML 2020). */
export interface PublishedSet {
  readonly nodes: number;
  /** Graphs in the set, which is its name too. */
  readonly count: number;
}

/** The six published sets, of 64 nodes and of 16. */
export const publishedSets: readonly PublishedSet[] = shippedSpaces.flatMap(
  ({ nodes, count, thinned }) =>
    [count, ...Object.keys(thinned).map(Number).reverse()].map((size) => ({ nodes, count: size })),
);

/**
 * The graphs of a published set in their published order. k and p have 6 decimals where the graph
 * is the same with them, else every digit. The set of 326 holds two graphs twice.
 */
export function publishedSet({ nodes, count }: PublishedSet): GraphSpec[] {
  const space = shippedSpaces.find((each) => each.nodes === nodes);
  invariant(
    space !== undefined && (count === space.count || space.thinned[count] !== undefined),
    `there is no published set of ${count} graphs of ${nodes} nodes`,
  );
  const every = rowsOf(space);
  const rows =
    count === space.count ? every.map((_, row) => row) : decodeNumbers(must(space.thinned[count]));
  return rows.map((row) =>
    (space.exact.includes(row) ? exactSpec : roundedSpec)(nodes, must(every[row])),
  );
}

const known = new Map<number, readonly Candidate[]>();

/** The first candidates of all cells, which every set takes its graphs from. */
function rowsOf({ nodes, gaps }: ShippedSpace): readonly Candidate[] {
  const before = known.get(nodes);
  if (before) return before;
  const grid = spaceGrid(nodes);
  const order = candidateOrder(grid);
  const candidateOf = candidates(grid);
  let place = 0;
  const rows = decodeNumbers(gaps).map((gap) => candidateOf(must(order[(place += gap)])));
  known.set(nodes, rows);
  return rows;
}

/**
 * The WS-flex candidates behind the published sets of 64 or 16 nodes, in the order in which they
 * were looked at.
 */
export function* publishedCandidates(nodes: 64 | 16 = 64): Generator<GraphSpec> {
  const grid = spaceGrid(nodes);
  const candidateOf = candidates(grid);
  for (const number of candidateOrder(grid)) yield exactSpec(nodes, candidateOf(number));
}

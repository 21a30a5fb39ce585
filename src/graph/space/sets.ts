import { must } from '../../core/errors.js';
import { binEdges, fillAbove, type SpaceBins } from './bins.js';
import { binOf } from './numbers.js';

/** A cell of the plane that holds candidates. Rows count along C, columns along L, both from 0. */
export interface SpaceCell {
  readonly row: number;
  readonly column: number;
  /** Where its first candidate stands in the shuffled order. */
  readonly first: number;
  /** How many candidates lie in it. */
  readonly count: number;
}

/** A set of graphs: one for each cell that it has, the first candidate in it. */
export interface SpaceSet {
  readonly stride: number;
  /**
   * In the set's order: cells in the order in which their first candidates came, then those that
   * fill gaps.
   */
  readonly cells: readonly SpaceCell[];
}

/** The plane of a sweep, binned. */
export interface BinnedSpace {
  readonly sets: readonly SpaceSet[];
  /** Every cell that holds candidates, in the order in which they were found. */
  readonly cells: readonly SpaceCell[];
  /** Candidates outside the ranges. */
  readonly outside: number;
  /** Candidates for which no connected graph was found. */
  readonly unconnected: number;
}

/**
 * Cuts the plane of C and L into cells and picks the sets. A cell's graph is its first candidate.
 * The set of stride s has the middle cell of each block of s x s; then its empty cells are gone
 * through row by row, and where C is high enough (see `fillAbove`) the first cell that holds a
 * graph, at most s / 9 rows and s / 3 columns away, row by row, gives its graph to the set. A cell
 * of several sets follows the rule of the coarsest of them, and what fills it joins all of them; so
 * a finer set may hold a graph twice, as the published set of 326 does.
 *
 * @param places C and L of the candidates in the shuffled order, in pairs; NaN where there is no
 * connected graph
 */
export function binSpace(places: Float64Array, bins: SpaceBins): BinnedSpace {
  const { cells, outside, unconnected } = cellsOf(places, bins);
  const at = new Map(cells.map((cell) => [cell.row * bins.bins + cell.column, cell]));
  const cellAt = (row: number, column: number): SpaceCell | undefined =>
    column >= 0 && column < bins.bins ? at.get(row * bins.bins + column) : undefined;
  return { sets: pickSets(cells, cellAt, bins), cells, outside, unconnected };
}

function cellsOf(places: Float64Array, bins: SpaceBins): Omit<BinnedSpace, 'sets'> {
  const edges = binEdges(bins);
  const found = new Map<number, { row: number; column: number; first: number; count: number }>();
  let outside = 0;
  let unconnected = 0;
  for (let first = 0; 2 * first < places.length; first++) {
    if (Number.isNaN(places[2 * first])) {
      unconnected++;
      continue;
    }
    const row = binOf(must(places[2 * first]), edges.clustering);
    const column = binOf(must(places[2 * first + 1]), edges.pathLength);
    if (row < 0 || column < 0) {
      outside++;
      continue;
    }
    const cell = found.get(row * bins.bins + column);
    if (cell) cell.count++;
    else found.set(row * bins.bins + column, { row, column, first, count: 1 });
  }
  return { cells: [...found.values()], outside, unconnected };
}

const isMiddle = (index: number, stride: number): boolean =>
  index % stride === Math.floor(stride / 2);

/**
 * The sets of every stride from the cells that hold a graph.
 *
 * @param cells in the order of their first candidates
 */
function pickSets(
  cells: readonly SpaceCell[],
  cellAt: (row: number, column: number) => SpaceCell | undefined,
  bins: SpaceBins,
): SpaceSet[] {
  const { strides } = bins;
  const inSet = (stride: number, row: number, column: number): boolean =>
    isMiddle(row, stride) && isMiddle(column, stride);
  const picked = new Map(
    strides.map((stride) => [
      stride,
      cells.filter(({ row, column }) => inSet(stride, row, column)),
    ]),
  );
  const lower = binEdges(bins).clustering;
  const thinned = strides.filter((stride) => stride > 1);
  for (let row = 0; row < bins.bins; row++) {
    if (!thinned.some((stride) => isMiddle(row, stride))) continue;
    for (let column = 0; column < bins.bins; column++) {
      const members = thinned.filter((stride) => inSet(stride, row, column));
      const coarsest = members.at(-1);
      if (
        coarsest === undefined ||
        cellAt(row, column) ||
        !(must(lower[row]) > fillAbove(bins, coarsest))
      )
        continue;
      const neighbour = firstAround(cellAt, row, column, coarsest);
      if (neighbour) for (const stride of members) picked.get(stride)?.push(neighbour);
    }
  }
  return strides.map((stride) => ({ stride, cells: picked.get(stride) ?? [] }));
}

/**
 * The first cell with a graph, row by row, at most stride / 9 rows and stride / 3 columns from an
 * empty one.
 */
function firstAround(
  cellAt: (row: number, column: number) => SpaceCell | undefined,
  row: number,
  column: number,
  stride: number,
): SpaceCell | undefined {
  const rows = Math.floor(stride / 9);
  const columns = Math.floor(stride / 3);
  for (let i = row - rows; i <= row + rows; i++) {
    for (let j = column - columns; j <= column + columns; j++) {
      const cell = cellAt(i, j);
      if (cell) return cell;
    }
  }
  return undefined;
}

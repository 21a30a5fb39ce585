import { UserError } from '../../core/errors.js';
import { requireWhole, type SpaceGrid } from './grid.js';
import { linspace } from './numbers.js';

/** An empty cell of a thinned set may be filled from the cells around it. */
export interface FillRule {
  /** The set whose cells this is about: one cell in `stride` along both axes. */
  readonly stride: number;
  /** Only cells whose lower edge of C is above this are filled; null fills all. */
  readonly above: number | null;
}

/** How the plane of C and L is cut into cells, and which of them make sets. */
export interface SpaceBins {
  /** Cells along each axis. */
  readonly bins: number;
  readonly clustering: readonly [number, number];
  readonly pathLength: readonly [number, number];
  /** A set for each: 1 has every cell, s the middle one of each block of s x s cells; ascending. */
  readonly strides: readonly number[];
  /** A stride above 1 without a rule has `{ above: 0.75 }`. */
  readonly fill: readonly FillRule[];
}

/** What of the bins is given; the rest is the default for the grid. */
export interface BinsOptions {
  readonly bins?: number;
  readonly clusteringRange?: readonly [number, number];
  readonly pathLengthRange?: readonly [number, number];
  readonly strides?: readonly number[];
  readonly fill?: readonly FillRule[];
}

/** Where the paper's code begins to fill empty cells of its thinned sets. */
const FILL_ABOVE = 0.75;

const MAX_BINS = 10_000;

/**
 * Bins for a grid. The defaults for 64 nodes (135 cells, C from 0 to 1, L from 1 to 4.5) and 16
 * nodes (108 cells, L to
 * 2.5) are those behind the published sets. For other numbers of nodes: 135 cells, C from 0 to 1, L
 * from 1 to the path length of the ring lattice of the least degree, rounded up to the next half,
 * which both published ranges are. Throws a `UserError` for values out of range.
 */
export function spaceBins(grid: SpaceGrid, options: BinsOptions = {}): SpaceBins {
  const bins: SpaceBins = {
    bins: options.bins ?? (grid.nodes === 16 ? 108 : 135),
    clustering: options.clusteringRange ?? [0, 1],
    pathLength: options.pathLengthRange ?? [1, longestPath(grid)],
    strides: [...(options.strides ?? [1, 3, 9])].sort((a, b) => a - b),
    fill: options.fill ?? (grid.nodes === 16 ? [{ stride: 9, above: null }] : []),
  };
  checkBins(bins);
  return bins;
}

/**
 * The path length of a ring lattice of the grid's least degree, rounded up to the next half: i d
 * nodes are within i steps, so the distances are 1 (d times), 2 (d times), ...
 */
function longestPath({ nodes, degrees }: SpaceGrid): number {
  const others = nodes - 1;
  const full = Math.floor(others / degrees.from);
  const sum = (degrees.from * full * (full + 1)) / 2 + (others - full * degrees.from) * (full + 1);
  return Math.max(1.5, Math.ceil((2 * sum) / others) / 2);
}

function checkBins({ bins, clustering, pathLength, strides }: SpaceBins): void {
  requireWhole('number of bins of a space', bins, 1, MAX_BINS);
  for (const [what, [low, high]] of [
    ['clustering', clustering],
    ['path length', pathLength],
  ] as const) {
    if (!(Number.isFinite(low) && Number.isFinite(high) && low < high))
      throw new UserError(
        `a range of ${what} must ascend, got ${low} to ${high}; write the lower end first`,
      );
  }
  if (strides.length === 0)
    throw new UserError('a space needs at least one stride, got none; 1 is the set of every cell');
  for (const stride of strides) requireWhole('stride of a set', stride, 1, bins);
  const repeated = strides.find((stride, at) => strides.indexOf(stride) !== at);
  if (repeated !== undefined)
    throw new UserError(`strides must differ, got ${repeated} twice; remove one`);
}

/** The edges of the cells along both axes, as `numpy.linspace` gives them. */
export function binEdges({ bins, clustering, pathLength }: SpaceBins): {
  readonly clustering: readonly number[];
  readonly pathLength: readonly number[];
} {
  return {
    clustering: linspace(clustering[0], clustering[1], bins + 1),
    pathLength: linspace(pathLength[0], pathLength[1], bins + 1),
  };
}

/**
 * From which lower edge of C on the empty cells of a set are filled; never below the plane where
 * the rule has no limit.
 */
export function fillAbove({ fill }: SpaceBins, stride: number): number {
  const rule = fill.find((each) => each.stride === stride);
  return rule ? (rule.above ?? -Infinity) : FILL_ABOVE;
}

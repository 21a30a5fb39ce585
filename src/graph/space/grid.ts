import { must, UserError } from '../../core/errors.js';
import { numpyPermutation } from '../../core/random/numpy-permutation.js';
import { MAX_NODES } from '../build.js';
import { linspace } from './numbers.js';

/**
 * The WS-flex graphs that a sweep generates and measures: every degree with every probability and
 * every seed. Degrees are the squares of even steps between the roots of `degrees.from` and
 * `degrees.to`, probabilities the squares of even steps from 0 to 1, seeds 0, 1, ... in that
 * nesting; then all are shuffled.
 */
export interface SpaceGrid {
  readonly nodes: number;
  readonly degrees: { readonly count: number; readonly from: number; readonly to: number };
  /** How many values of p. */
  readonly probabilities: number;
  /** How many seeds, from 0. */
  readonly seeds: number;
  /** Of the shuffle, as `numpy.random.RandomState(shuffleSeed).permutation`. */
  readonly shuffleSeed: number;
}

/** One candidate of a grid. */
export interface Candidate {
  readonly k: number;
  readonly p: number;
  readonly seed: number;
}

/** What of a grid is given; the rest is the default for its number of nodes. */
export interface GridOptions {
  readonly degrees?: number;
  readonly degreeRange?: readonly [number, number];
  readonly probabilities?: number;
  readonly seeds?: number;
  readonly shuffleSeed?: number;
}

/** Most candidates of a grid: measured, they take 1.6 GB. */
const MAX_CANDIDATES = 100_000_000;

/** Fewer nodes leave no room between the sparsest and the densest. */
const LEAST_NODES = 4;

const COUNTS: Readonly<Record<number, readonly [number, number, number]>> = {
  16: [200, 300, 30],
  64: [300, 300, 30],
};
const OTHER_COUNTS = [200, 200, 10] as const;

/**
 * The least degree of a grid unless it is given: n / 8, but 4 for few nodes. Both published grids
 * follow this rule, and have n - 2 as the most.
 */
function leastDegree(nodes: number): number {
  return Math.min(Math.max(4, nodes / 8), nodes - 2);
}

/**
 * A grid for a number of nodes. The defaults for 64 and for 16 nodes are those behind the published
 * sets: 300 degrees from 8 to 62 (16 nodes: 200 from 4 to 14), 300 probabilities, 30 seeds. For
 * other numbers: 200 degrees from max(4, n / 8) to n - 2, 200 probabilities, 10 seeds. Throws a
 * `UserError` for values out of range.
 */
export function spaceGrid(nodes: number, options: GridOptions = {}): SpaceGrid {
  requireWhole('number of nodes of a space', nodes, LEAST_NODES, MAX_NODES);
  const [degrees, probabilities, seeds] = COUNTS[nodes] ?? OTHER_COUNTS;
  const [from, to] = options.degreeRange ?? [leastDegree(nodes), nodes - 2];
  const grid: SpaceGrid = {
    nodes,
    degrees: { count: options.degrees ?? degrees, from, to },
    probabilities: options.probabilities ?? probabilities,
    seeds: options.seeds ?? seeds,
    shuffleSeed: options.shuffleSeed ?? 1,
  };
  checkGrid(grid);
  return grid;
}

function checkGrid({ nodes, degrees, probabilities, seeds, shuffleSeed }: SpaceGrid): void {
  for (const [what, value] of [
    ['degrees', degrees.count],
    ['probabilities', probabilities],
    ['seeds', seeds],
  ] as const) {
    requireWhole(`number of ${what} of a space`, value, 1, MAX_CANDIDATES);
  }
  requireWhole('seed of the shuffle', shuffleSeed, 0, 2 ** 32 - 1);
  if (!(degrees.from >= 2 && degrees.from <= degrees.to && degrees.to <= nodes)) {
    throw new UserError(
      `degrees of a space must ascend and lie between 2 and n (n=${nodes}), got ` +
        `${degrees.from} to ${degrees.to}; the default is ${leastDegree(nodes)} to ` +
        (nodes - 2),
    );
  }
  const count = degrees.count * probabilities * seeds;
  if (count > MAX_CANDIDATES) {
    throw new UserError(
      `a space may have at most ${MAX_CANDIDATES} candidates, got ${degrees.count} ` +
        `degrees x ${probabilities} probabilities x ${seeds} seeds = ${count}; choose ` +
        'fewer of one',
    );
  }
}

/** Throws a `UserError` unless `value` is a whole number in range. */
export function requireWhole(what: string, value: number, low: number, high: number): void {
  if (!Number.isInteger(value) || value < low || value > high)
    throw new UserError(
      `the ${what} must be a whole number from ${low} to ${high}, got ${value}; choose ` +
        'one in this range',
    );
}

/** How many candidates a grid has. */
export function candidateCount({ degrees, probabilities, seeds }: SpaceGrid): number {
  return degrees.count * probabilities * seeds;
}

/** The numbers of the candidates in the order in which they are looked at. */
export function candidateOrder(grid: SpaceGrid): Int32Array {
  const numbers = new Int32Array(candidateCount(grid));
  for (let i = 0; i < numbers.length; i++) numbers[i] = i;
  return numpyPermutation(grid.shuffleSeed, numbers);
}

/** From the number of a candidate to its parameters. */
export function candidates(grid: SpaceGrid): (number: number) => Candidate {
  const { degrees, probabilities, seeds } = grid;
  const ks = linspace(Math.sqrt(degrees.from), Math.sqrt(degrees.to), degrees.count).map(
    (x) => x * x,
  );
  const ps = linspace(0, 1, probabilities).map((x) => x * x);
  return (number) => {
    const pair = Math.floor(number / seeds);
    return {
      k: must(ks[Math.floor(pair / probabilities)]),
      p: must(ps[pair % probabilities]),
      seed: number % seeds,
    };
  };
}

import { must } from '../../core/errors.js';
import { RandomStream } from '../../core/random/stream.js';
import { mapTuple } from '../../core/tuples.js';
import { bootstrapIntervals } from '../../stats/bootstrap.js';
import { pearson } from '../../stats/correlation.js';
import { mean, quantile, sumOfSquares } from '../../stats/descriptive.js';
import { fisherSurvival } from '../../stats/distributions.js';
import { foldsOf } from '../../stats/folds.js';
import { dot } from '../../stats/linear-algebra.js';
import { orthonormal, residualOf } from '../../stats/projection.js';
import { ranksOf, signTest } from '../../stats/ranks.js';
import { graphMeans, type GraphMeans } from './graph-means.js';
import type { SeedDesign } from './input.js';
import type { PartialEffect } from './regression.js';
import type { SurfaceFit } from './surface.js';
import type { ErrorRow, ErrorTable } from './types.js';

/** Fewer graphs cannot be cut into bands. */
const STRATA_MINIMUM = 20;
/** Graphs that a band should have, and most bands. */
const BAND_GRAPHS = 13;
const MOST_BANDS = 8;
/** Relabellings of the permutation test. */
export const PERMUTATIONS = 999;
/**
 * Two graphs of a pair differ by no more in ln density (5 %), and by no less in C and L, in
 * standard deviations.
 */
export const CALIPER = 0.05;
const APART = 0.5;
/** Fewer pairs tell nothing. */
const PAIRS_MINIMUM = 10;

/** Graphs of nearly equal density. */
export interface Band {
  /** Lowest and highest density of its graphs. */
  readonly density: readonly [number, number];
  readonly graphs: number;
  readonly meanError: number;
  /**
   * Spearman's rank correlation of C with the error within the band, and of L; null where one does
   * not vary.
   */
  readonly rankClustering: number | null;
  readonly rankPathLength: number | null;
  /**
   * Adjusted R² of C, L, C², L², C L within the band alone; null with fewer than four graphs for
   * each.
   */
  readonly adjustedR2: number | null;
  /** The graph of the band with the lowest fitted error (bands and C, L together). */
  readonly lowest: {
    readonly clustering: number;
    readonly pathLength: number;
    readonly fitted: number;
  };
}

/** What C and L say of the error among graphs of nearly equal density. */
export interface Strata {
  readonly graphs: number;
  readonly bands: readonly Band[];
  /** Number of the band whose lowest fitted error is the lowest. */
  readonly best: number;
  /**
   * C, L, C², L², C L given the bands and a line in ln density within each: F test of nested
   * models.
   */
  readonly effect: PartialEffect;
  /** The same F against residuals relabelled within bands. */
  readonly permutation: { readonly p: number; readonly count: number };
  /** Spearman's correlations within bands, pooled: ranks over the band's size, about its middle. */
  readonly rankClustering: number | null;
  readonly rankPathLength: number | null;
  /**
   * The same of C with L: near 1 the two move together at equal density, and neither can be told
   * from the other.
   */
  readonly rankTogether: number | null;
}

/** How comparisons within bands of density are made. */
export interface StrataOptions {
  /** Default `independent`. */
  readonly seedDesign?: SeedDesign;
  /** Default `PERMUTATIONS`. */
  readonly permutations?: number;
  /** Default: one for 13 graphs, at least 2, at most 8. */
  readonly bands?: number;
}

type Column = Float64Array;

/**
 * C, L, C², L², C L in standard deviations about the graphs' means, so that columns differ enough.
 */
function planeColumns(rows: readonly ErrorRow[]): [Column, Column, ...Column[]] {
  const [c, l] = mapTuple(['clustering', 'pathLength'], (axis) => {
    const values = rows.map((row) => row[axis]);
    const [centre, size] = [mean(values), Math.sqrt(sumOfSquares(values) / values.length) || 1];
    return Float64Array.from(values, (value) => (value - centre) / size);
  });
  return [
    c,
    l,
    c.map((value) => value * value),
    l.map((value) => value * value),
    c.map((value, i) => value * must(l[i])),
  ];
}

/**
 * Numbers of graphs by bands of density: quantiles, equal densities together, empty bands left out.
 */
export function densityBands(densities: readonly number[], count: number): number[][] {
  const cuts = Array.from({ length: count - 1 }, (_, i) => quantile(densities, (i + 1) / count));
  const bands: number[][] = Array.from({ length: count }, () => []);
  densities.forEach((density, i) =>
    must(bands[cuts.filter((cut) => density > cut).length]).push(i),
  );
  return bands.filter((band) => band.length > 0);
}

/** Ranks over the band's size, about the band's middle, of all graphs in turn of their bands. */
const pooledRanks = (bands: readonly (readonly number[])[], values: readonly number[]): number[] =>
  bands.flatMap((band) =>
    ranksOf(band.map((i) => must(values[i]))).map(
      (rank) => (rank - (band.length + 1) / 2) / band.length,
    ),
  );

interface Models {
  readonly bands: readonly (readonly number[])[];
  readonly y: Column;
  /** Bands and lines in ln density. */
  readonly given: readonly Column[];
  /** What C and L add. */
  readonly added: readonly Column[];
}

function modelsOf({ rows, means }: GraphMeans, count: number): Models {
  const bands = densityBands(
    rows.map((row) => row.density),
    count,
  );
  const member = (band: readonly number[], value: (i: number) => number): Column => {
    const column = new Float64Array(rows.length);
    for (const i of band) column[i] = value(i);
    return column;
  };
  const given = orthonormal(
    bands.flatMap((band) => {
      const middle = mean(band.map((i) => Math.log(must(rows[i]).density)));
      const line = member(band, (i) => Math.log(must(rows[i]).density) - middle);
      return [member(band, () => 1), ...(dot(line, line) > 1e-12 ? [line] : [])];
    }),
  );
  return {
    bands,
    y: Float64Array.from(means),
    given,
    added: orthonormal(planeColumns(rows), given),
  };
}

/**
 * Share of the residual that the added columns take; the columns are orthonormal and free of the
 * given ones.
 */
function takenShare(residual: Column, { given, added }: Models): number {
  const left =
    dot(residual, residual) - given.reduce((sum, column) => sum + dot(residual, column) ** 2, 0);
  return added.reduce((sum, column) => sum + dot(residual, column) ** 2, 0) / left;
}

/**
 * Freedman and Lane's test (1983): residuals of the smaller model relabelled within bands; p = (1 +
 * as large) / (1 + count).
 */
function permutationTest(
  models: Models,
  name: string,
  count: number,
): { p: number; count: number } {
  const { bands, y, given } = models;
  const residual = residualOf(y, given);
  // F grows with the share taken, so the shares are compared; rounding must not make an equal one
  // smaller.
  const observed = takenShare(residual, models) * (1 - 1e-12);
  const random = new RandomStream('strata', name);
  const relabelled = new Float64Array(y.length);
  let large = 0;
  for (let k = 0; k < count; k++) {
    for (const band of bands) {
      const order = Int32Array.from(band);
      random.shuffle(order);
      band.forEach((i, place) => (relabelled[i] = must(residual[must(order[place])])));
    }
    if (takenShare(relabelled, models) >= observed) large += 1;
  }
  return { p: (1 + large) / (1 + count), count };
}

function bandOf(band: readonly number[], { rows, means }: GraphMeans, fitted: Column): Band {
  const own = band.map((i) => must(rows[i]));
  const errors = band.map((i) => must(means[i]));
  const rank = (axis: 'clustering' | 'pathLength'): number | null =>
    pearson(ranksOf(own.map((row) => row[axis])), ranksOf(errors));
  const constant = orthonormal([new Float64Array(band.length).fill(1)]);
  const terms = orthonormal(planeColumns(own), constant);
  const y = residualOf(Float64Array.from(errors), constant);
  const total = dot(y, y);
  const left = residualOf(y, terms);
  const low = band.reduce((least, i) => (must(fitted[i]) < must(fitted[least]) ? i : least));
  return {
    density: [
      Math.min(...own.map((row) => row.density)),
      Math.max(...own.map((row) => row.density)),
    ],
    graphs: band.length,
    meanError: mean(errors),
    rankClustering: rank('clustering'),
    rankPathLength: rank('pathLength'),
    adjustedR2:
      band.length < 4 * (terms.length + 1) || total === 0
        ? null
        : 1 - dot(left, left) / (band.length - terms.length - 1) / (total / (band.length - 1)),
    lowest: {
      clustering: must(rows[low]).clustering,
      pathLength: must(rows[low]).pathLength,
      fitted: must(fitted[low]),
    },
  };
}

/**
 * Cuts graphs into bands of density (quantiles) and asks within them what C and L say of the error;
 * baseline left out. Null with fewer than 20 graphs, where errors do not vary, or where C and L say
 * nothing that density does not determine.
 */
export function strata(
  table: ErrorTable,
  { permutations = PERMUTATIONS, bands, seedDesign = 'independent' }: StrataOptions = {},
): Strata | null {
  const data = graphMeans(table, seedDesign);
  const count = data.rows.length;
  if (count < STRATA_MINIMUM || sumOfSquares(data.means) === 0) return null;
  const models = modelsOf(
    data,
    bands ?? Math.min(MOST_BANDS, Math.max(2, Math.round(count / BAND_GRAPHS))),
  );
  const { y, given, added } = models;
  const dof = [added.length, count - given.length - added.length] as const;
  const residual = residualOf(y, given);
  if (dof[0] === 0 || dof[1] < 1 || dot(residual, residual) <= 1e-20 * dot(y, y)) return null;
  const share = takenShare(residual, models);
  const f = share / dof[0] / ((1 - share) / dof[1]);
  const left = residualOf(residual, added);
  const found = models.bands.map((band) =>
    bandOf(
      band,
      data,
      y.map((value, i) => value - must(left[i])),
    ),
  );
  const errors = pooledRanks(models.bands, data.means);
  const [c, l] = mapTuple(['clustering', 'pathLength'], (axis) =>
    pooledRanks(
      models.bands,
      data.rows.map((row) => row[axis]),
    ),
  );
  return {
    graphs: count,
    bands: found,
    best: found.reduce(
      (low, band, i) => (band.lowest.fitted < must(found[low]).lowest.fitted ? i : low),
      0,
    ),
    effect: { partialR2: share, f, p: fisherSurvival(f, ...dof), dof },
    permutation: permutationTest(models, table.name, permutations),
    rankClustering: pearson(c, errors),
    rankPathLength: pearson(l, errors),
    rankTogether: pearson(c, l),
  };
}

/**
 * Pairs of graphs of equal density, the one that the surface expects to be worse against the other.
 */
export interface MatchedPairs {
  readonly pairs: number;
  /**
   * Error of the one expected worse less that of the other, points: mean over pairs with a
   * bootstrap interval.
   */
  readonly difference: number;
  readonly interval: readonly [number, number] | null;
  /** The same as the surface expects it. */
  readonly expected: number;
  /** Pairs in which the one expected worse is worse, and pairs that are not equal. */
  readonly wins: number;
  readonly unequal: number;
  /** Exact two-sided sign test. */
  readonly p: number;
  /**
   * Least-squares slope of the differences over the expected ones, through 0: 1 where the surface
   * is right, 0 where density is all.
   */
  readonly slope: number;
}

/**
 * Pairs in order of density: each graph still free takes the one nearest in ln density (of equal
 * ones the farthest in C and L), no farther than `CALIPER`, and not nearer in C and L than `APART`
 * standard deviations.
 */
export function matchPairs(rows: readonly ErrorRow[]): (readonly [number, number])[] {
  const [c, l] = planeColumns(rows);
  const order = rows
    .map((_, i) => i)
    .sort((a, b) => must(rows[a]).density - must(rows[b]).density || a - b);
  const logs = rows.map((row) => Math.log(row.density));
  const free = rows.map(() => true);
  const pairs: (readonly [number, number])[] = [];
  order.forEach((i, place) => {
    if (!free[i]) return;
    let best = { other: -1, gap: Infinity, distance: 0 };
    for (let next = place + 1; next < order.length; next++) {
      const other = must(order[next]);
      const gap = must(logs[other]) - must(logs[i]);
      if (gap > Math.min(CALIPER, best.gap)) break;
      const distance = Math.hypot(must(c[other]) - must(c[i]), must(l[other]) - must(l[i]));
      if (free[other] && distance >= APART && (gap < best.gap || distance > best.distance))
        best = { other, gap, distance };
    }
    if (best.other < 0) return;
    free[i] = free[best.other] = false;
    pairs.push([i, best.other]);
  });
  return pairs;
}

/**
 * Compares matched graphs by the surface over C and L, fitted each time without both graphs of a
 * pair (ten folds of pairs). Null with fewer than ten pairs.
 */
export function matchedPairs(
  surface: SurfaceFit,
  { name, resamples }: { readonly name: string; readonly resamples: number },
): MatchedPairs | null {
  const { rows, means } = surface.data;
  const pairs = matchPairs(rows);
  if (pairs.length < PAIRS_MINIMUM) return null;
  const pairFolds = foldsOf(pairs.length);
  const fold = rows.map(() => -1);
  pairs.forEach(([i, j], pair) => (fold[i] = fold[j] = must(pairFolds[pair])));
  const predicted = surface.leftOut(fold);
  const compared = pairs.map(([i, j]): readonly [number, number] =>
    must(predicted[i]) >= must(predicted[j]) ? [i, j] : [j, i],
  );
  const expected = compared.map(
    ([worse, better]) => must(predicted[worse]) - must(predicted[better]),
  );
  const actual = compared.map(([worse, better]) => must(means[worse]) - must(means[better]));
  const wins = actual.filter((value) => value > 0).length;
  const unequal = actual.filter((value) => value !== 0).length;
  const squares = expected.reduce((sum, value) => sum + value * value, 0);
  const [interval = null] = bootstrapIntervals(
    pairs.length,
    (drawn) => [drawn.reduce((sum, pair) => sum + must(actual[pair]), 0) / drawn.length],
    { name: `${name} pairs`, resamples },
  );
  return {
    pairs: pairs.length,
    difference: mean(actual),
    interval,
    expected: mean(expected),
    wins,
    unequal,
    p: signTest(wins, unequal),
    slope:
      squares === 0
        ? 0
        : expected.reduce((sum, value, pair) => sum + value * must(actual[pair]), 0) / squares,
  };
}

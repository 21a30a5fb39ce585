import { must } from '../../core/errors.js';
import { RandomStream } from '../../core/random/stream.js';
import { quantile } from '../../stats/descriptive.js';
import { addColumns, pivotedCholesky } from '../../stats/linear-algebra.js';
import type { Place } from './biological-types.js';

type Pair = readonly [number, number];

/** Places along each axis of the lattice. */
export const LATTICE = 40;

/**
 * Where the graphs are. Their cloud may be bent, so that a convex hull would take in much where
 * there are none.
 */
export interface Ground {
  /**
   * Between graphs (in the convex hull of those within three spacings) or within 0.6 spacings of
   * one.
   */
  readonly inside: (place: Place) => boolean;
  /**
   * The 95 % quantile of the graphs' distances from their nearest others at other places, in
   * standard deviations.
   */
  readonly spacing: number;
  /** Places of the lattice that are inside, with their numbers along both axes. */
  readonly lattice: readonly LatticePlace[];
  /** From one place of the lattice to the next. */
  readonly step: Place;
  /** Lowest places of the lattice. */
  readonly origin: Place;
}

/** A place of the lattice on which a surface is read. */
export interface LatticePlace extends Place {
  readonly column: number;
  readonly row: number;
  /** One of the four places beside it is not inside. */
  readonly edge: boolean;
}

const squared = (a: Pair, b: Pair): number => (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2;

/**
 * A place belongs to a graph that is nearer than this share of the spacing; places between graphs
 * look for them as far as that.
 */
const OWN_GROUND = 0.6;
const AROUND = 3;

/**
 * Whether directions to all sides are among these, radians: no gap of half a turn, so that the
 * place is in the hull of what it sees.
 */
function surrounds(angles: readonly number[]): boolean {
  const sorted = angles.toSorted((a, b) => a - b);
  const [first] = sorted;
  if (first === undefined || sorted.length < 3) return false;
  return sorted.every((angle, i) => (sorted[i + 1] ?? first + 2 * Math.PI) - angle < Math.PI);
}

function insideOf(
  places: readonly Place[],
  scaled: (place: Place) => Pair,
): { readonly inside: (place: Place) => boolean; readonly spacing: number } {
  const points = places.map(scaled);
  const nearest = points.map((point) =>
    points.reduce((low, other) => Math.min(low, squared(point, other) || Infinity), Infinity),
  );
  const spacing = Math.sqrt(quantile(nearest, 0.95));
  const inside = (place: Place): boolean => {
    const at = scaled(place);
    const seen = points.filter((point) => squared(point, at) <= (AROUND * spacing) ** 2);
    return (
      seen.some((point) => squared(point, at) <= (OWN_GROUND * spacing) ** 2) ||
      surrounds(seen.map((point) => Math.atan2(point[1] - at[1], point[0] - at[0])))
    );
  };
  return { inside, spacing };
}

/**
 * The ground of graphs at `places`; `scaled` gives a place in standard deviations of the graphs.
 */
export function groundOf(places: readonly Place[], scaled: (place: Place) => Pair): Ground {
  const { inside, spacing } = insideOf(places, scaled);
  const range = (values: readonly number[]): Pair => [
    values.reduce((a, b) => Math.min(a, b)),
    values.reduce((a, b) => Math.max(a, b)),
  ];
  const [c, l] = [
    range(places.map((place) => place.clustering)),
    range(places.map((place) => place.pathLength)),
  ];
  const step = {
    clustering: (c[1] - c[0]) / (LATTICE - 1),
    pathLength: (l[1] - l[0]) / (LATTICE - 1),
  };
  const at = (column: number, row: number): Place => ({
    clustering: c[0] + column * step.clustering,
    pathLength: l[0] + row * step.pathLength,
  });
  const known = Array.from({ length: LATTICE }, (_, row) =>
    Array.from({ length: LATTICE }, (_each, column) => inside(at(column, row))),
  );
  const has = (column: number, row: number): boolean => known[row]?.[column] ?? false;
  const lattice = known.flatMap((line, row) =>
    line.flatMap((is, column) => {
      const edge = !(
        has(column - 1, row) &&
        has(column + 1, row) &&
        has(column, row - 1) &&
        has(column, row + 1)
      );
      return is ? [{ ...at(column, row), column, row, edge }] : [];
    }),
  );
  return { inside, spacing, lattice, step, origin: at(0, 0) };
}

/** Where a surface's lowest place may be, by draws of surfaces from its posterior. */
export interface MinimumRegion {
  /** Central 95 % of the lowest places' C, and of their L. */
  readonly clustering: readonly [number, number];
  readonly pathLength: readonly [number, number];
  /** The fewest places of the lattice that hold 95 % of the draws. */
  readonly places: readonly LatticePlace[];
  /** Share of the draws whose lowest place is at the edge of the graphs. */
  readonly edgeShare: number;
  readonly draws: number;
}

/** A surface on places of a lattice, as it is believed. */
export interface LatticeSurface {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  /** Covariances of one place with all. */
  readonly covariances: (at: number) => Float64Array;
}

/**
 * Remaining variance, as a share of the largest, at which a factor of a covariance is complete: a
 * hundredth of a standard deviation.
 */
const FACTOR_TOLERANCE = 1e-4;
/** Places this many standard deviations too high cannot be the lowest. */
const HOPELESS = 5;

/** The region from joint draws of a surface on the lattice; `name` names the random stream. */
export function regionOf(
  { lattice, step }: Pick<Ground, 'lattice' | 'step'>,
  surface: LatticeSurface,
  { name, draws }: { readonly name: string; readonly draws: number },
): MinimumRegion {
  const { mean, variance, covariances } = surface;
  const bound = (i: number, sign: number): number =>
    must(mean[i]) + sign * HOPELESS * Math.sqrt(Math.max(0, must(variance[i])));
  const limit = lattice.reduce((low, _, i) => Math.min(low, bound(i, 1)), Infinity);
  const able = lattice.flatMap((_, i) => (bound(i, -1) <= limit ? [i] : []));
  const column = (at: number): Float64Array => {
    const whole = covariances(must(able[at]));
    return Float64Array.from(able, (i) => must(whole[i]));
  };
  const factor = pivotedCholesky(
    Float64Array.from(able, (i) => Math.max(0, must(variance[i]))),
    column,
    FACTOR_TOLERANCE,
  ).columns;
  const random = new RandomStream('surface minimum', name);
  const hits = new Float64Array(lattice.length);
  const lowest: LatticePlace[] = [];
  const centre = Float64Array.from(able, (i) => must(mean[i]));
  const drawn = new Float64Array(able.length);
  for (let draw = 0; draw < draws; draw++) {
    drawn.set(centre);
    addColumns(drawn, factor, () => random.normal());
    let least = 0;
    drawn.forEach((value, i) => {
      if (value < must(drawn[least])) least = i;
    });
    const place = must(able[least]);
    hits[place] = must(hits[place]) + 1;
    lowest.push(must(lattice[place]));
  }
  // A place of the lattice stands for half a step to either side, as far as there are graphs.
  const central = (axis: keyof Place): [number, number] => {
    const range = lattice.map((place) => place[axis]);
    const values = lowest.map((place) => place[axis]);
    return [
      Math.max(Math.min(...range), quantile(values, 0.025) - step[axis] / 2),
      Math.min(Math.max(...range), quantile(values, 0.975) + step[axis] / 2),
    ];
  };
  return {
    clustering: central('clustering'),
    pathLength: central('pathLength'),
    places: fewest(lattice, hits, 0.95 * draws),
    edgeShare: lowest.filter((place) => place.edge).length / draws,
    draws,
  };
}

function fewest(
  lattice: readonly LatticePlace[],
  hits: Float64Array,
  wanted: number,
): LatticePlace[] {
  const order = lattice.map((_, i) => i).sort((a, b) => must(hits[b]) - must(hits[a]) || a - b);
  const kept: LatticePlace[] = [];
  for (let [i, held] = [0, 0]; held < wanted; i++) {
    const place = must(order[i]);
    held += must(hits[place]);
    kept.push(must(lattice[place]));
  }
  return kept;
}

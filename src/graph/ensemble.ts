import { must, UserError } from '../core/errors.js';
import { mean as meanOf, quantile, sampleStd } from '../stats/descriptive.js';
import { graphMeasure } from './measures/registry.js';
import { type NullModel, nullSampler, sharedEdges, SWAP_ATTEMPTS } from './null-sampler.js';
import type { Graph } from './types.js';

/** What a graph is compared in, where nothing else is asked for: names of measures. */
export const ENSEMBLE_MEASURES: readonly string[] = [
  'clustering',
  'reachablePathLength',
  'transitivity',
  'globalEfficiency',
  'modularity',
];

/** Which random graphs `nullEnsemble` draws, and what it measures of them. */
export interface EnsembleOptions {
  readonly null: NullModel;
  /** Random graphs; at least 2. Default 1000. */
  readonly count?: number;
  /** Names the random streams; default 1. */
  readonly seed?: number;
  /** Names of graph measures that are numbers; default `ENSEMBLE_MEASURES`. */
  readonly measures?: readonly string[];
  /** Attempts at a swap for each edge; default 50. */
  readonly attempts?: number;
}

/** One measure of a graph beside the same of random graphs. */
export interface NullMeasure {
  readonly name: string;
  /** Of the graph; null where it has none. */
  readonly value: number | null;
  /** Of every random graph, in the order drawn; NaN where it has none. */
  readonly nulls: Float64Array;
  /** Random graphs that have a value. */
  readonly counted: number;
  readonly mean: number | null;
  /** Standard deviation over the random graphs, n - 1 in the denominator. */
  readonly std: number | null;
  /** (value - mean) / std; null where the random graphs do not differ. */
  readonly z: number | null;
  /**
   * Two-sided, by rank: (1 + random graphs at least as far as the graph from the mean of all,
   * itself included) / (1 + random graphs). Null where the null model fixes the measure, or there
   * is no value.
   */
  readonly p: number | null;
  /** The central 95 % of the random graphs, linearly interpolated. */
  readonly interval: readonly [number, number] | null;
}

/** A graph beside an ensemble of random graphs that share something with it. */
export interface NullEnsemble {
  readonly null: NullModel;
  readonly count: number;
  readonly seed: number;
  readonly measures: readonly NullMeasure[];
  /** The smallest p-value that so many graphs can give: 1 / (count + 1). */
  readonly resolution: number;
  /** Swaps done for each edge on the way to a graph, mean; null of a model without swaps. */
  readonly swaps: number | null;
  /** Share of the graph's edges that a random graph has as well, mean. */
  readonly shared: number | null;
  /**
   * C and L over reachable pairs by the means of the ensemble, and their ratio (Humphries and
   * Gurney 2008); null where one was not measured.
   */
  readonly smallWorld: {
    readonly clustering: number;
    readonly pathLength: number;
    readonly sigma: number;
  } | null;
}

/**
 * Measures whose value is a number; throws a `UserError` for another, or for a name that is none.
 */
function measuresOf(
  names: readonly string[],
): { readonly name: string; readonly of: (graph: Graph, seed: number) => number | null }[] {
  return names.map((name) => {
    const { compute } = graphMeasure(name);
    return {
      name,
      of: (graph, seed) => {
        const value = compute(graph, { seed, references: 10 });
        if (typeof value === 'boolean')
          throw new UserError(
            `a null ensemble compares numbers, but the measure ${name} is yes or no; leave it out`,
          );
        return value;
      },
    };
  });
}

/** As `nullEnsemble`, with a stop after every random graph: yields how many there are. */
export function* nullEnsembleSteps(
  graph: Graph,
  options: EnsembleOptions,
): Generator<number, NullEnsemble> {
  const { count = 1000, seed = 1, attempts = SWAP_ATTEMPTS } = options;
  if (!Number.isInteger(count) || count < 2)
    throw new UserError(`a null ensemble needs 2 random graphs or more, got ${count}`);
  const measures = measuresOf(options.measures ?? ENSEMBLE_MEASURES);
  const own = measures.map((measure) => measure.of(graph, seed));
  const sampler = nullSampler(graph, options.null, seed, attempts);
  const nulls = measures.map(() => new Float64Array(count));
  let shared = 0;
  for (let index = 0; index < count; index++) {
    const drawn = sampler.draw(index);
    measures.forEach(
      (measure, which) => (must(nulls[which])[index] = measure.of(drawn, seed) ?? Number.NaN),
    );
    shared += sharedEdges(graph, drawn) ?? 0;
    yield index + 1;
  }
  const compared = measures.map(({ name }, which) =>
    compareWithDrawn(name, must(own[which]), must(nulls[which])),
  );
  return {
    null: options.null,
    count,
    seed,
    measures: compared,
    resolution: 1 / (count + 1),
    swaps: sampler.swapsDone(),
    shared: shared / count,
    smallWorld: smallWorldOf(compared),
  };
}

/**
 * Measures of a graph beside those of random graphs that keep its degrees, its degrees and mutual
 * connections, or its number of edges. The same for the same graph and options on every machine.
 *
 * @throws UserError for fewer than 2 random graphs, a measure that is unknown or no number, and
 * where no other graph has what the null model keeps.
 */
export function nullEnsemble(graph: Graph, options: EnsembleOptions): NullEnsemble {
  const steps = nullEnsembleSteps(graph, options);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

function smallWorldOf(measures: readonly NullMeasure[]): NullEnsemble['smallWorld'] {
  const ratio = (name: string): number | null => {
    const found = measures.find((measure) => measure.name === name);
    return found === undefined || found.value === null || found.mean === null || found.mean === 0
      ? null
      : found.value / found.mean;
  };
  const [clustering, pathLength] = [ratio('clustering'), ratio('reachablePathLength')];
  return clustering === null || pathLength === null
    ? null
    : { clustering, pathLength, sigma: clustering / pathLength };
}

/** Differences below this share of the values are rounding. */
const ROUNDING = 1e-12;

/** A value beside those of random graphs, of which NaN are those without one. */
export function compareWithDrawn(
  name: string,
  value: number | null,
  nulls: Float64Array,
): NullMeasure {
  const known = Array.from(nulls).filter((each) => !Number.isNaN(each));
  const counted = known.length;
  if (value === null || counted < 2)
    return { name, value, nulls, counted, mean: null, std: null, z: null, p: null, interval: null };
  const mean = meanOf(known);
  const std = sampleStd(known) ?? 0;
  const slack = ROUNDING * Math.max(Math.abs(value), Math.abs(mean));
  const varies = std > slack;
  const centre = mean + (value - mean) / (counted + 1);
  const far = known.reduce(
    (sum, each) => sum + Number(Math.abs(each - centre) >= Math.abs(value - centre) - slack),
    0,
  );
  const fixed = !varies && Math.abs(value - mean) <= slack;
  return {
    name,
    value,
    nulls,
    counted,
    mean,
    std,
    z: varies ? (value - mean) / std : null,
    p: fixed ? null : (1 + far) / (1 + counted),
    interval: [quantile(known, 0.025), quantile(known, 0.975)],
  };
}

import { must } from '../core/errors.js';
import { mean, sumOfSquares } from '../stats/descriptive.js';
import { type Against, truePosteriors } from '../stats/exchangeable-means.js';
import type { SeedDesign } from './findings/input.js';
import { blocksOf, type Interval } from './paired.js';
import type { ErrorTable } from './result-table.js';
import { CONFIDENCE_LEVEL } from './settings.js';

/**
 * What trainings with fresh seeds may be expected to show of a graph that was chosen by its mean:
 * its true mean error, without the luck of the choice.
 */
export interface FreshExpectation {
  readonly graph: string;
  /** Graphs that it was chosen among, and its mean less the baseline's as measured, points. */
  readonly graphs: number;
  readonly measured: number;
  /** Expected difference from the baseline, points. */
  readonly difference: number;
  readonly interval: Interval;
}

/** The means of a table's graphs and of its baseline with their noise. */
interface Noise {
  readonly graphs: readonly string[];
  readonly means: readonly number[];
  /** Trainings of each. */
  readonly counts: readonly number[];
  readonly baseline: Against | null;
  readonly variance: number;
  readonly dof: number;
}

/**
 * Expects the errors of a graph that was chosen by the means of a table (`truePosteriors`). Null
 * without a baseline, and where no two seeds tell the noise.
 */
export function freshExpectation(
  table: ErrorTable,
  graph: string,
  design: SeedDesign = 'shared',
): FreshExpectation | null {
  const noise = design === 'shared' ? noiseOfBlocks(table) : noiseOfSamples(table);
  if (noise === null || noise.baseline === null) return null;
  const { graphs, means, counts, baseline, variance, dof } = noise;
  const which = graphs.indexOf(graph);
  const factors = counts.map((count) => 1 / count);
  const posteriors = truePosteriors({ means, factors, variance, dof });
  if (which < 0 || posteriors === null) return null;
  const { mean: difference, interval } = posteriors(which, CONFIDENCE_LEVEL, baseline);
  const measured = must(means[which]) - baseline.mean;
  return { graph, graphs: graphs.length, measured, difference, interval };
}

/** Of shared seeds: the additive model of graph and seed, the baseline among the graphs. */
function noiseOfBlocks(table: ErrorTable): Noise | null {
  const { rows, fit } = blocksOf(table);
  if (fit === null || fit.residual.variance === null) return null;
  const { variance, dof } = fit.residual;
  const known = rows.flatMap(({ graph }, at) => {
    const value = fit.means[at] ?? null;
    return value === null ? [] : [{ graph, value, count: must(fit.pattern[at]).length }];
  });
  return noiseOf(table, known, { variance, dof });
}

/** Of independent seeds: every graph's own mean. */
function noiseOfSamples(table: ErrorTable): Noise | null {
  const { baseline, graphs, unplaced = [] } = table;
  const rows = [...(baseline === null ? [] : [baseline]), ...graphs, ...unplaced].map((row) => ({
    graph: row.graph,
    errors: row.errors.filter((error) => error !== null),
  }));
  const dof = rows.reduce((sum, { errors }) => sum + Math.max(0, errors.length - 1), 0);
  if (dof === 0) return null;
  const variance = rows.reduce((sum, { errors }) => sum + sumOfSquares(errors), 0) / dof;
  const known = rows.flatMap(({ graph, errors }) =>
    errors.length === 0 ? [] : [{ graph, value: mean(errors), count: errors.length }],
  );
  return noiseOf(table, known, { variance, dof });
}

interface Known {
  readonly graph: string;
  readonly value: number;
  readonly count: number;
}

function noiseOf(
  { baseline }: ErrorTable,
  known: readonly Known[],
  found: Pick<Noise, 'variance' | 'dof'>,
): Noise {
  const base = baseline === null ? undefined : known.find(({ graph }) => graph === baseline.graph);
  const others = known.filter((each) => each !== base);
  return {
    graphs: others.map(({ graph }) => graph),
    means: others.map(({ value }) => value),
    counts: others.map(({ count }) => count),
    baseline: base === undefined ? null : { mean: base.value, factor: 1 / base.count },
    ...found,
  };
}

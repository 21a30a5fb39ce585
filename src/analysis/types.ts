import type { SearchOutcome } from '../study/index.js';

/**
 * Everything an analysis says of a study: plain data, JSON-safe (no NaN, no infinity). Errors are test top-1 errors
 * after the last epoch, in %, unless said. Every number's definition is in `definitions.ts`.
 */
export interface StudySummary {
  readonly study: string;
  readonly arch: string;
  /** The data set's identity. */
  readonly data: string;
  /** Training seeds per graph that the study asks for. */
  readonly seeds: number;
  readonly epochs: number;
  readonly trials: TrialCounts;
  readonly failures: readonly Failure[];
  readonly baseline: GraphResult | null;
  /** Lowest mean error among non-baseline graphs; ties go to the earlier graph. */
  readonly best: GraphResult | null;
  /** The best graph against the baseline; null where either has no complete trial. */
  readonly comparison: Comparison | null;
  /** Non-baseline graphs in the spec's order, those without any complete trial included; of a search only those with a trial. */
  readonly graphs: readonly GraphResult[];
  readonly plane: Plane;
  readonly sweetSpot: SweetSpot;
  readonly fits: { readonly clustering: Fit | null; readonly pathLength: Fit | null };
  /** One-way analysis of variance: do graphs differ by more than training seeds do? Null where it cannot be told. */
  readonly signal: Signal | null;
  /** What a search has come to; null of a study that trains everything. */
  readonly search: SearchOutcome | null;
  /** What a careful reader must know before believing the above, in sentences. */
  readonly caveats: readonly string[];
}

export interface TrialCounts {
  /** Trials that the spec asks for; of a search, those begun and those pending. */
  readonly total: number;
  readonly complete: number;
  readonly failed: number;
  /** Left off by a search. */
  readonly stopped: number;
  /** Not recorded yet; of a search, whole trainings that the rest of its budget allows. */
  readonly pending: number;
}

export interface Failure {
  readonly index: number;
  readonly role: 'baseline' | 'graph';
  readonly graph: string;
  readonly seed: number;
  readonly reason: string;
}

export interface GraphResult {
  readonly spec: string;
  /** The facts of the network; null where every trial failed before they were known, or none is recorded. */
  readonly nodes: number | null;
  readonly edges: number | null;
  readonly clustering: number | null;
  /** Also null when the graph is not connected. */
  readonly pathLength: number | null;
  readonly widths: readonly number[];
  readonly macs: number | null;
  readonly params: number | null;
  /** Complete trials' errors in trial order; failed ones are missing here and counted in `failed`. */
  readonly errors: readonly number[];
  /** Training seeds of `errors`, in the same order. */
  readonly seeds: readonly number[];
  readonly failed: number;
  /** Mean of `errors`; null when there are none. */
  readonly mean: number | null;
  /** Sample standard deviation (n - 1); null with fewer than two errors. */
  readonly std: number | null;
  /** Mean top-5 error of the complete trials, %; null without any, or where an older version did not count it. */
  readonly mean5: number | null;
  /** Mean over complete trials of the test error after each epoch. */
  readonly curve: readonly number[];
  /**
   * One-sided p of "this graph's errors are higher than the best graph's" (Student, equal variances). Null for the best
   * graph itself, for the baseline, and where either side has fewer than two values.
   */
  readonly p: number | null;
}

/** Difference of two means with a confidence interval. */
export interface Comparison {
  /** Best graph's mean minus the baseline's, in percentage points; negative: the graph is better. */
  readonly difference: number;
  /** Welch's interval for the difference; null with fewer than two values on a side or no variance at all. */
  readonly interval: readonly [number, number] | null;
  /** Confidence level of the interval, 0.95. */
  readonly level: number;
  /** The difference after drawing the best graph's mean towards the mean of all graphs; null without a `Signal`. */
  readonly shrunkDifference: number | null;
}

/** Bins over the (C, L) plane: right-open except the last; graphs outside or without a path length are counted apart. */
export interface Plane {
  readonly clusteringEdges: readonly number[];
  readonly pathLengthEdges: readonly number[];
  /** Occupied cells only, by i, then j. */
  readonly cells: readonly PlaneCell[];
  /** Graphs with complete trials that lie in no cell. */
  readonly outside: number;
}

export interface PlaneCell {
  /** Bin of C. */
  readonly i: number;
  /** Bin of L. */
  readonly j: number;
  readonly graphs: readonly string[];
  /** Every complete trial's error in the cell. */
  readonly errors: readonly number[];
  readonly mean: number;
  /** One-sided p of "this cell's errors are higher than the best cell's" (Student, equal variances); null: untestable. */
  readonly p: number | null;
  readonly isBest: boolean;
  /** In the sweet spot's set: the best cell, or not significantly worse at the level. */
  readonly sweet: boolean;
}

export interface SweetSpot {
  /** Bounding box of the sweet cells' bin edges; null where no test is possible, with the reason. */
  readonly clustering: readonly [number, number] | null;
  readonly pathLength: readonly [number, number] | null;
  /** Cells in the set. */
  readonly cells: number;
  /** Cells that could be tested (two or more values). */
  readonly testable: number;
  /** Cells with a single value: never in the set. */
  readonly untestable: number;
  /** Untestable cells whose one value is below the best cell's mean. */
  readonly untestableBelowBest: number;
  /** Graphs that are not significantly worse than the best graph, itself included; null where none can be tested. */
  readonly graphs: number | null;
  readonly level: number;
  readonly reason: string | null;
}

/** Least-squares quadratic error = a + b x + c x^2 over the graphs' means. */
export interface Fit {
  readonly x: 'clustering' | 'pathLength';
  readonly coefficients: readonly [number, number, number];
  /** Share of the means' variance that the curve explains; null when the means do not vary. */
  readonly r2: number | null;
  readonly graphs: number;
  /** x of the minimum when c > 0 and it lies inside the data's range, else null. */
  readonly minimum: number | null;
  readonly range: readonly [number, number];
}

export interface Signal {
  /** Standard deviation of the graphs' true means (variance component; 0 when the estimate is negative). */
  readonly betweenGraphsStd: number;
  /** Standard deviation between training seeds of one graph, pooled. */
  readonly seedStd: number;
  /** Null: infinite (the seeds of a graph all agree while graphs differ). */
  readonly f: number | null;
  readonly p: number;
  /** Degrees of freedom of F: between graphs, within graphs. */
  readonly dof: readonly [number, number];
  readonly graphs: number;
}

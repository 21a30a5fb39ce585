import type { SearchOutcome } from '../study/types.js';
import type { GraphCourse } from './courses.js';
import type { Fidelity } from './fidelity.js';
import type { PartialEffect } from './findings/regression.js';
import type { FreshExpectation } from './fresh-expectation.js';
import type { FreshSeeds } from './fresh-seeds.js';
import type { Mechanism } from './mechanism.js';
import type { NullTest } from './null-tests.js';
import type { Comparison, Interval } from './paired.js';
import type { PredictionOutcome } from './predictions.js';
import type { Verdict } from './verdict.js';

/**
 * Everything an analysis says of a study: plain data, JSON-safe (no NaN, no infinity). Errors are
 * test top-1 errors after the last epoch, in %, unless said. Every number's definition is in
 * `definitions.ts`.
 */
export interface StudySummary {
  readonly study: string;
  readonly arch: string;
  /** The data set's identity. */
  readonly data: string;
  /**
   * Which errors graphs, cells and a search's course are chosen by: those of held out training
   * images, or, where none are held out, test errors. What is told of them are test errors.
   */
  readonly chosenOn: 'validation' | 'test';
  /** Training seeds per graph that the study asks for, those of a confirmation not counted. */
  readonly seeds: number;
  readonly epochs: number;
  readonly trials: TrialCounts;
  readonly failures: readonly Failure[];
  readonly baseline: GraphResult | null;
  /** Lowest mean error (by `chosenOn`) among non-baseline graphs; ties go to the earlier graph. */
  readonly best: GraphResult | null;
  /** The best graph against the baseline; null where either has no complete trial. */
  readonly comparison: Comparison | null;
  /**
   * What fresh seeds may be expected to show of the best graph, without the luck of its choice;
   * null of a search, without a baseline, and where two seeds are missing.
   */
  readonly expected: FreshExpectation | null;
  /** What may be said of graphs against the baseline. */
  readonly verdict: Verdict;
  /**
   * The best graphs by the first seeds and the baseline on fresh seeds; null where the spec asks
   * for none.
   */
  readonly confirmation: FreshSeeds | null;
  /** How many graphs lie below the baseline; null without both. */
  readonly below: BelowBaseline | null;
  /**
   * Whether better graphs fit the training images better, or generalise better; null without
   * training errors.
   */
  readonly mechanism: Mechanism | null;
  /**
   * Non-baseline graphs in the spec's order, those without any complete trial included; of a search
   * only those with a trial.
   */
  readonly graphs: readonly GraphResult[];
  /** Graphs against their null ensembles; none where the study has no such ensemble. */
  readonly nulls: readonly NullTest[];
  /** Where graphs went that were rewired while they were trained; none where all graphs stayed. */
  readonly courses: readonly GraphCourse[];
  readonly plane: Plane;
  readonly sweetSpot: SweetSpot;
  readonly fits: Readonly<Record<FitAxis, Fit | null>>;
  /**
   * Analysis of variance: do graphs differ by more than training seeds do? Null where it cannot be
   * told.
   */
  readonly signal: Signal | null;
  /**
   * Whether C and L explain more of the graphs' means than density alone (quadratic models); null
   * with fewer than 20 graphs.
   */
  readonly location: PartialEffect | null;
  /** Agreement with the published errors; null where too few of its graphs were published. */
  readonly fidelity: Fidelity | null;
  /** What a search has come to; null of a study that trains everything. */
  readonly search: SearchOutcome | null;
  /** The registered predictions beside their outcomes; none where nothing was registered. */
  readonly predictions: readonly PredictionOutcome[];
  /**
   * When the predictions were registered, by the machine's clock, and the hash of all of it; null
   * where none were.
   */
  readonly registration: { readonly when: string; readonly hash: string } | null;
  /** What a careful reader must know before believing the above, in sentences. */
  readonly caveats: readonly string[];
}

/** Graphs that lie below the baseline. */
export interface BelowBaseline {
  /** Graphs that share a seed with the baseline. */
  readonly graphs: number;
  /** Of these: lower on average over the shared seeds, and lower on every one of them. */
  readonly onAverage: number;
  readonly onEverySeed: number;
}

/** How many trials of a study there are of each kind. */
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

/** A trial that failed, with its reason. */
export interface Failure {
  readonly index: number;
  readonly role: 'baseline' | 'graph';
  readonly graph: string;
  /** What the graph is called; null: by its spec. */
  readonly name: string | null;
  readonly seed: number;
  readonly reason: string;
}

/** What the trials of one graph came to; errors in %. */
export interface GraphResult {
  readonly spec: string;
  /** What its author calls it, of a null graph `cat null 3`; null: by its spec. */
  readonly name: string | null;
  /** A null graph: a control that is tested against and never the best. */
  readonly control: boolean;
  /**
   * The facts of the network; null where every trial failed before they were known, or none is
   * recorded.
   */
  readonly nodes: number | null;
  readonly edges: number | null;
  /** 2 edges / nodes^2, that is k / n; 1 of the complete graph. */
  readonly density: number | null;
  readonly clustering: number | null;
  /** Also null when the graph is not connected. */
  readonly pathLength: number | null;
  readonly widths: readonly number[];
  readonly macs: number | null;
  readonly params: number | null;
  /**
   * Complete trials' errors in trial order; failed ones are missing here and counted in `failed`.
   */
  readonly errors: readonly number[];
  /** Training seeds of `errors`, in the same order. */
  readonly seeds: readonly number[];
  readonly failed: number;
  /** Mean of `errors`; null when there are none. */
  readonly mean: number | null;
  /** Sample standard deviation (n - 1); null with fewer than two errors. */
  readonly std: number | null;
  /**
   * Mean error on the held out training images over the complete trials, %; null where none are
   * held out.
   */
  readonly validationMean: number | null;
  /**
   * Mean training error of the last epoch over the complete trials, taken as they were trained, %;
   * null where it is not known.
   */
  readonly trainMean: number | null;
  /**
   * Mean top-5 error of the complete trials, %; null without any, or where an older version did not
   * count it.
   */
  readonly mean5: number | null;
  /** Mean over complete trials of the test error after each epoch. */
  readonly curve: readonly number[];
  /**
   * One-sided p of "this graph's errors (by `chosenOn`) are higher than the best graph's", paired
   * by seed with the noise pooled over all graphs. Null for the best graph itself, for the
   * baseline, and where it cannot be told.
   */
  readonly p: number | null;
  /**
   * Mean error minus the baseline's, paired by seed, points; null for the baseline and without one.
   */
  readonly againstBaseline: Pick<Comparison, 'difference' | 'interval'> | null;
}

/**
 * Bins over the (C, L) plane: right-open except the last; graphs outside or without a path length
 * are counted apart.
 */
export interface Plane {
  readonly clusteringEdges: readonly number[];
  readonly pathLengthEdges: readonly number[];
  /** Occupied cells only, by i, then j. */
  readonly cells: readonly PlaneCell[];
  /** Graphs with complete trials that lie in no cell. */
  readonly outside: number;
}

/** A cell of the plane of C and L in which graphs lie; errors in %. */
export interface PlaneCell {
  /** Bin of C. */
  readonly i: number;
  /** Bin of L. */
  readonly j: number;
  readonly graphs: readonly string[];
  /** Every complete trial's test error in the cell. */
  readonly errors: readonly number[];
  readonly mean: number;
  /**
   * One-sided p of "this cell's errors (by `chosenOn`) are higher than the best cell's", paired by
   * seed; null: the
   * best cell, or untestable.
   */
  readonly p: number | null;
  readonly isBest: boolean;
  /** In the sweet spot's set: the best cell, or not significantly worse at the level. */
  readonly sweet: boolean;
}

/** The region of the plane that is as good as its best cell, with what was tested. */
export interface SweetSpot {
  /**
   * Bounding box of the edges of the cells that are not significantly worse than the best cell;
   * null where no test is possible, with the reason. A sweet spot only where `called` is true.
   */
  readonly clustering: Interval | null;
  readonly pathLength: Interval | null;
  /** Whether the box may be called a sweet spot: the baseline is beaten. */
  readonly called: boolean;
  /** Cells in the set. */
  readonly cells: number;
  /** Cells with graphs. */
  readonly occupied: number;
  /**
   * Graphs that are not significantly worse than the best graph, itself included; null where none
   * can be tested.
   */
  readonly graphs: number | null;
  readonly level: number;
  readonly reason: string | null;
}

/** What a fit runs over. */
export type FitAxis = 'clustering' | 'pathLength' | 'density';

/**
 * Least-squares quadratic error = a + b x + c x^2 over the graphs' means; of density, x is its
 * natural logarithm.
 */
export interface Fit {
  readonly x: FitAxis;
  readonly coefficients: readonly [number, number, number];
  /** Share of the means' variance that the curve explains; null when the means do not vary. */
  readonly r2: number | null;
  readonly graphs: number;
  /**
   * Clustering, path length or density of the minimum when c > 0 and it lies inside the data's
   * range, else null.
   */
  readonly minimum: number | null;
  readonly range: readonly [number, number];
}

/** How much of the errors is graph and how much is noise, points. */
export interface Signal {
  /**
   * Standard deviation of the graphs' true means (variance component; 0 when the estimate is
   * negative).
   */
  readonly betweenGraphsStd: number;
  /** Standard deviation of what is left of an error beside its graph and its seed. */
  readonly noiseStd: number;
  /**
   * F and p of "graphs differ", seeds as blocks. Null: infinite (no noise at all while graphs
   * differ).
   */
  readonly f: number | null;
  readonly p: number;
  /** Degrees of freedom of F: between graphs, of the noise. */
  readonly dof: readonly [number, number];
  /** The same without blocks, as if every training had a seed of its own. */
  readonly unpaired: {
    readonly f: number | null;
    readonly p: number;
    readonly dof: readonly [number, number];
    readonly seedStd: number;
  };
  /**
   * How many times as many seeds an unpaired study would need for differences as sure (relative
   * efficiency of the blocks).
   */
  readonly pairingGain: number | null;
  readonly graphs: number;
}

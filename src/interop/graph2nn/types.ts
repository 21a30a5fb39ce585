/** The number in a published row by its place (columns of `results_*.npy`). */
export const RESULT_COLUMNS = [
  'paramsMillions',
  'macsBillions',
  'secondsPerIteration',
  'topOneError',
  'topFiveError',
  'nodes',
  'firstWidth',
  'trainSeed',
] as const;

/** One graph of a published set. */
export interface PublishedGraph {
  readonly nodes: number;
  /** k / n. */
  readonly density: number;
  readonly rewiring: number;
  readonly seed: number;
  readonly clustering: number;
  readonly pathLength: number;
}

/** One graph's test errors. */
export interface PublishedRow {
  /** The graph as a spec line. */
  readonly graph: string;
  /** k / n; 1 of the complete graph. */
  readonly density: number;
  readonly clustering: number;
  readonly pathLength: number;
  /** Top-1 test error, %, in the order of the table's seeds; null where it is missing. */
  readonly errors: readonly (number | null)[];
  /** The eight published numbers (`RESULT_COLUMNS`) of each seed; null where they are missing. */
  readonly results: readonly (readonly number[] | null)[];
}

/** All of a task after so many epochs. */
export interface PublishedTable {
  readonly name: string;
  readonly arch: string;
  readonly epoch: number;
  /** Training seeds. */
  readonly seeds: readonly number[];
  readonly baseline: PublishedRow | null;
  readonly graphs: readonly PublishedRow[];
}

/** A published experiment: one architecture on one data set. */
export interface PublishedTask {
  /** Without the seed: `resnet34_imagenet`. */
  readonly name: string;
  readonly arch: string;
  /** By epoch, ascending. */
  readonly tables: readonly PublishedTable[];
  /** (graph, seed, epoch) triples that some folder or epoch has but this one lacks. */
  readonly missing: number;
}

/** The official `analysis` folder. */
export interface PublishedFolder {
  readonly sets: readonly {
    readonly nodes: number;
    readonly count: number;
    readonly graphs: readonly PublishedGraph[];
  }[];
  readonly tasks: readonly PublishedTask[];
  /** Arrays that were read. */
  readonly arrays: number;
  /** What was not sound and was left out, a line each: file, rule, value. */
  readonly problems: readonly string[];
}

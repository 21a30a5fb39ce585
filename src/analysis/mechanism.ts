import { blocksOf, compareGraphs, type Interval } from './paired.js';
import type { ErrorTable, ResultTable } from './result-table.js';

/** How many of the lowest graphs stand for "better graphs". */
const LOWEST = 10;

/**
 * Whether the graphs of the lowest test errors fit the training images better than the baseline, or generalise better.
 * Training errors are those of the last epoch, taken as the images were trained on.
 */
export interface Mechanism {
  /** The graphs of the lowest mean test error, ten at most. */
  readonly graphs: readonly string[];
  /** Mean training error, theirs and the baseline's, %. */
  readonly train: readonly [graphs: number, baseline: number];
  /** Mean test error less training error, theirs and the baseline's, points. */
  readonly gap: readonly [graphs: number, baseline: number];
  /** Their training error minus the baseline's, paired by seed, points. */
  readonly fit: { readonly difference: number; readonly interval: Interval | null };
  /** Their gap minus the baseline's, paired by seed, points. */
  readonly generalisation: { readonly difference: number; readonly interval: Interval | null };
  /** What the intervals show: `fit`: a lower training error; `generalisation`: a smaller gap; `both`; `neither`. */
  readonly shown: 'fit' | 'generalisation' | 'both' | 'neither';
}

/** Training errors and gaps of the lowest graphs beside the baseline's; null without a baseline or training errors. */
export function mechanismOf(results: ResultTable, test: ErrorTable): Mechanism | null {
  const baseline = test.baseline?.graph;
  const last = results.epochs.length - 1;
  if (baseline === undefined || last < 0) return null;
  const tests = blocksOf(test);
  const ranked = tests.rows
    .map(({ graph }, at) => ({ graph, mean: tests.fit?.means[at] ?? Infinity }))
    .filter(({ graph, mean }) => graph !== baseline && mean < Infinity)
    .sort((a, b) => a.mean - b.mean);
  const graphs = ranked.slice(0, LOWEST).map(({ graph }) => graph);
  const trainings = new Map([results.baseline, ...results.graphs].flatMap((row) => (row === null ? [] : [[row.graph, row.trainings] as const])));
  const mapped = (value: (train: number, error: number) => number): ErrorTable => mapErrors(test, (graph, seed) => {
    const training = trainings.get(graph)?.[seed] ?? null;
    const train = training?.train[last] ?? null;
    return training === null || train === null ? null : value(train, training.error);
  });
  const [trainTable, gapTable] = [mapped((train) => train), mapped((train, error) => error - train)];
  const [train, gap] = [sides(trainTable, graphs, baseline), sides(gapTable, graphs, baseline)];
  if (train === null || gap === null) return null;
  const better = { fit: (train.interval?.[1] ?? 0) < 0, generalisation: (gap.interval?.[1] ?? 0) < 0 };
  return {
    graphs,
    train: train.means,
    gap: gap.means,
    fit: { difference: train.difference, interval: train.interval },
    generalisation: { difference: gap.difference, interval: gap.interval },
    shown: better.fit && better.generalisation ? 'both' : better.fit ? 'fit' : better.generalisation ? 'generalisation' : 'neither',
  };
}

function mapErrors(table: ErrorTable, value: (graph: string, seed: number) => number | null): ErrorTable {
  const map = <Row extends { readonly graph: string; readonly errors: readonly (number | null)[] }>(row: Row): Row => ({ ...row, errors: row.errors.map((_, seed) => value(row.graph, seed)) });
  return { ...table, baseline: table.baseline && map(table.baseline), graphs: table.graphs.map(map), unplaced: (table.unplaced ?? []).map(map) };
}

interface Sides {
  readonly means: readonly [graphs: number, baseline: number];
  readonly difference: number;
  readonly interval: Interval | null;
}

function sides(table: ErrorTable, graphs: readonly string[], baseline: string): Sides | null {
  const blocks = blocksOf(table);
  const found = compareGraphs(blocks, graphs, [baseline]);
  const own = blocks.fit?.means[blocks.index.get(baseline) ?? -1] ?? null;
  return found === null || own === null ? null : { means: [own + found.difference, own], difference: found.difference, interval: found.interval };
}

import { type LeafDifference, leafDifferences } from '../core/differences.js';
import { mapTuple } from '../core/tuples.js';
import { pairedDifference } from '../stats/block-comparisons.js';
import { mean } from '../stats/descriptive.js';
import { welchInterval } from '../stats/t-tests.js';
import type { StudySpec } from '../study/types.js';
import type { SeedDesign } from './findings/input.js';
import { type Interval, wide } from './paired.js';
import type { ErrorTable } from './result-table.js';
import { CONFIDENCE_LEVEL } from './settings.js';

/** A study as it is compared with another. */
export interface ComparedStudy {
  readonly name: string;
  readonly spec: StudySpec;
  /** Identity of its data. */
  readonly data: string;
  /** Test errors after the last epoch. */
  readonly table: ErrorTable;
  /** Whether its seeds fix more than a number (`SeedDesign`). */
  readonly seedDesign: SeedDesign;
}

/** One graph in two studies, or all that both have. Points, the second less the first. */
export interface StudyDifference {
  /** Spec line; null: the mean over all graphs that both studies have, the baseline left out. */
  readonly graph: string | null;
  readonly baseline: boolean;
  /** Mean errors, %, over the seeds that are compared. */
  readonly means: readonly [number, number];
  readonly difference: number;
  /** Student's over pairs of one seed, or Welch's of two samples; null where it takes more seeds. */
  readonly interval: Interval | null;
  /** Pairs of trainings with one seed; null where two samples are compared. */
  readonly pairs: number | null;
}

/** What two studies have in common, and in what they differ. */
export interface StudyComparison {
  readonly first: string;
  readonly second: string;
  /** Settings that differ, the graphs and seeds themselves and the name left out. */
  readonly settings: readonly LeafDifference[];
  /** Seeds that both have trained with, and that only one has. */
  readonly seeds: { readonly common: number; readonly first: number; readonly second: number };
  /** Graphs that both have, and that only one has. */
  readonly graphs: { readonly common: number; readonly first: number; readonly second: number };
  /** Null without a graph that both have. */
  readonly together: StudyDifference | null;
  /** The baseline first where both have it, then the graphs in the first study's order. */
  readonly each: readonly StudyDifference[];
}

type Errors = ReadonlyMap<string, readonly (number | null)[]>;

/**
 * Compares two studies graph by graph: trainings of one seed with each other where both have seeds
 * in common, else as two samples.
 */
export function compareStudies(first: ComparedStudy, second: ComparedStudy): StudyComparison {
  const common = first.table.seeds.filter((seed) => second.table.seeds.includes(seed));
  const paired =
    common.length > 0 && first.seedDesign === 'shared' && second.seedDesign === 'shared';
  const [one, two] = mapTuple([first, second], ({ table }) =>
    errorsOf(table, paired ? common : null),
  );
  const both = [...one.keys()].filter((graph) => two.has(graph));
  const compare = (graph: string | null, a: Row, b: Row): StudyDifference[] =>
    differenceOf({ graph, baseline: graph === baselineOf(first, second) }, a, b, paired);
  const graphs = both.filter((graph) => graph !== baselineOf(first, second));
  const order = both.length > graphs.length ? [baselineOf(first, second)!, ...graphs] : graphs;
  const over = (errors: Errors): Row => seedMeans(graphs.map((graph) => errors.get(graph)!));
  return {
    first: first.name,
    second: second.name,
    settings: settingsOf(first, second),
    seeds: {
      common: common.length,
      first: first.table.seeds.length - common.length,
      second: second.table.seeds.length - common.length,
    },
    graphs: {
      common: both.length,
      first: one.size - both.length,
      second: two.size - both.length,
    },
    together: graphs.length < 2 ? null : (compare(null, over(one), over(two))[0] ?? null),
    each: order.flatMap((graph) => compare(graph, one.get(graph)!, two.get(graph)!)),
  };
}

type Row = readonly (number | null)[];

/** The graph that is the baseline of both studies; null where these differ. */
function baselineOf(first: ComparedStudy, second: ComparedStudy): string | null {
  return first.spec.baseline === second.spec.baseline ? first.spec.baseline : null;
}

/** Errors by graph, over the given seeds or all. */
function errorsOf(table: ErrorTable, seeds: readonly number[] | null): Errors {
  const { baseline, graphs, unplaced = [] } = table;
  const at = seeds === null ? null : seeds.map((seed) => table.seeds.indexOf(seed));
  return new Map(
    [...(baseline === null ? [] : [baseline]), ...graphs, ...unplaced].map(({ graph, errors }) => [
      graph,
      at === null ? errors : at.map((column) => errors[column] ?? null),
    ]),
  );
}

/** Mean over rows, seed by seed; null for a seed that one of them lacks. */
function seedMeans(rows: readonly Row[]): Row {
  return (rows[0] ?? []).map((_, seed) => {
    const values = rows.map((row) => row[seed]);
    return values.includes(null) ? null : mean(values.map(Number));
  });
}

function differenceOf(
  who: Pick<StudyDifference, 'graph' | 'baseline'>,
  first: Row,
  second: Row,
  paired: boolean,
): StudyDifference[] {
  const shared = (row: Row, other: Row): number[] =>
    row.flatMap((error, at) => (error === null || (paired && other[at] === null) ? [] : [error]));
  const [a, b] = [shared(first, second), shared(second, first)];
  if (a.length === 0 || b.length === 0) return [];
  const means = [mean(a), mean(b)] as const;
  const interval = paired
    ? (pairedDifference(second, first, CONFIDENCE_LEVEL)?.interval ?? null)
    : wide(welchInterval(b, a, CONFIDENCE_LEVEL));
  const pairs = paired ? a.length : null;
  return [{ ...who, means, difference: means[1] - means[0], interval, pairs }];
}

/** What the specs ask for differently, and other data. */
function settingsOf(first: ComparedStudy, second: ComparedStudy): LeafDifference[] {
  const settings = ({ spec, data }: ComparedStudy): unknown => {
    const { name: _, graphs: _graphs, seeds: _seeds, predictions: _said, ...rest } = spec;
    return { ...rest, dataIdentity: data };
  };
  const found = leafDifferences(settings(first), settings(second));
  // The identity says it only where the spec's own words do not.
  const words = found.some(({ path }) => path.startsWith('data.'));
  return found.filter(({ path }) => path !== 'dataIdentity' || !words);
}

import { mean } from '../stats/descriptive.js';
import { compareWithNulls } from '../stats/null-comparison.js';
import { nullsOf } from '../study/nulls.js';
import type { StudySpec } from '../study/types.js';
import type { Interval } from './paired.js';
import type { ResultRow, ResultTable } from './result-table.js';
import { CONFIDENCE_LEVEL } from './settings.js';

/** A graph beside its null ensemble: random graphs of the same degrees, taken as one group. */
export interface NullTest {
  /** Spec line of the graph, and what it is called. */
  readonly of: string;
  readonly name: string | null;
  /** Null graphs that the study asks for; those with a seed in common with the graph. */
  readonly count: number;
  readonly counted: number;
  /** Those of them whose mean error is no higher, over the seeds that both have. */
  readonly asGood: number;
  /** (1 + asGood) / (1 + counted); null while there is nothing to compare. */
  readonly p: number | null;
  /** Mean test errors, %, of the graph and of its null graphs; null where nothing was measured. */
  readonly mean: number | null;
  readonly nullMean: number | null;
  /** The graph minus the mean of its null graphs, paired by seed, points. */
  readonly difference: number | null;
  /** 95 %; allows for other null graphs that might have been drawn, and for the seeds. */
  readonly interval: Interval | null;
  /** Training seeds with which the graph was trained. */
  readonly seeds: number;
}

/** Every null ensemble of a study against its graph. */
export function nullTests(table: ResultTable, { nulls = [] }: StudySpec): readonly NullTest[] {
  const rows = new Map(table.graphs.map((row) => [row.graph, row]));
  return nulls.map((ensemble) => {
    const own = rows.get(ensemble.of);
    const drawn = nullsOf(ensemble).flatMap((graph) => rows.get(graph) ?? []);
    const errors = own === undefined ? [] : errorsOf(own);
    const found = compareWithNulls(errors, drawn.map(errorsOf), CONFIDENCE_LEVEL);
    return {
      of: ensemble.of,
      name: own?.name ?? null,
      count: ensemble.count,
      counted: found?.counted ?? 0,
      asGood: found?.asGood ?? 0,
      p: found?.p ?? null,
      mean: meanOf(errors),
      nullMean: meanOf(drawn.flatMap((row) => meanOf(errorsOf(row)) ?? [])),
      difference: found?.difference ?? null,
      interval: found?.interval ?? null,
      seeds: errors.filter((error) => error !== null).length,
    };
  });
}

function errorsOf({ trainings }: ResultRow): (number | null)[] {
  return trainings.map((training) => training?.error ?? null);
}

function meanOf(errors: readonly (number | null)[]): number | null {
  const known = errors.filter((error) => error !== null);
  return known.length === 0 ? null : mean(known);
}

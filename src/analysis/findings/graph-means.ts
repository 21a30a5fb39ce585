import { fitBlocks } from '../../stats/blocks.js';
import { reliability } from './honest.js';
import type { SeedDesign } from './input.js';
import { meanError, measuredRows, present } from './rows.js';
import type { ErrorRow, ErrorTable } from './types.js';

/** A table's graphs with their mean errors and what noise they have. */
export interface GraphMeans {
  readonly rows: readonly ErrorRow[];
  /**
   * Of shared seeds as if every graph had been trained with all of them: what a missing seed does
   * to all is added.
   */
  readonly means: readonly number[];
  /** What each seed does to all graphs, points; 0 of independent seeds. */
  readonly seedEffects: readonly number[];
  /**
   * Variance of one training about its graph's mean (and its seed's effect); null where no graph
   * has two seeds.
   */
  readonly seedVariance: number | null;
  /** Degrees of freedom of `seedVariance`. */
  readonly seedDof: number;
  /** Variance of graphs' true means; 0 where it is not known. */
  readonly betweenVariance: number;
  /** Variance of each mean from the seeds; 0 where it is not known. */
  readonly noise: readonly number[];
  /**
   * Share of the variance of means that is not seed noise: the R² of a surface that knew every
   * graph. Null where it is not known.
   */
  readonly ceiling: number | null;
}

/** Means, noise and ceiling of a table's measured graphs; the baseline is not among them. */
export function graphMeans(table: ErrorTable, design: SeedDesign): GraphMeans {
  const rows = measuredRows(table);
  const known = reliability(table, design);
  const seedVariance = known === null ? null : known.seedStd ** 2;
  const fit =
    design === 'shared' && rows.length > 0 ? fitBlocks(rows.map((row) => row.errors)) : null;
  const trainings = rows.reduce((sum, row) => sum + present(row).length, 0);
  const blocks = design === 'shared' ? table.seeds.length - 1 : 0;
  return {
    rows,
    seedDof: fit?.residual.dof ?? trainings - rows.length - blocks,
    means: rows.map((row, i) => (isWhole(row) ? null : fit?.means[i]) ?? meanError(row)!),
    seedEffects: table.seeds.map((_, seed) => fit?.blockEffects[seed] ?? 0),
    seedVariance,
    betweenVariance: known === null ? 0 : known.betweenGraphsStd ** 2,
    noise: rows.map((row) => (seedVariance ?? 0) / present(row).length),
    ceiling: known?.ofMeans ?? null,
  };
}

/** Whether a graph has every seed: its mean is then its own, to the last bit. */
const isWhole = (row: ErrorRow): boolean => !row.errors.includes(null);

import { reliability } from './honest.js';
import { meanError, measuredRows, present } from './rows.js';
import type { ErrorRow, ErrorTable } from './types.js';

/** A table's graphs with their mean errors and what noise they have. */
export interface GraphMeans {
  readonly rows: readonly ErrorRow[];
  readonly means: readonly number[];
  /** Variance of one training about its graph's mean; null where no graph has two seeds to tell it. */
  readonly seedVariance: number | null;
  /** Variance of each mean from the seeds; 0 where it is not known. */
  readonly noise: readonly number[];
  /** Share of the variance of means that is not seed noise: the R² of a surface that knew every graph. Null where it is not known. */
  readonly ceiling: number | null;
}

/** Means, noise and ceiling of a table's measured graphs; the baseline is not among them. */
export function graphMeans(table: ErrorTable): GraphMeans {
  const rows = measuredRows(table);
  const known = reliability(table);
  const seedVariance = known === null ? null : known.seedStd ** 2;
  return { rows, means: rows.map((row) => meanError(row)!), seedVariance, noise: rows.map((row) => (seedVariance ?? 0) / present(row).length), ceiling: known?.ofMeans ?? null };
}

import { must } from '../../core/errors.js';
import type { BiologicalGraph } from './biological-types.js';
import type { ErrorTable } from './types.js';

/**
 * Whether the trainings of one seed have something in common over all graphs. `shared`: the seed
 * fixes the order of batches and the start of what graphs do not change, so that graphs are
 * compared seed by seed. `independent`: seeds only number a graph's trainings, so that samples are
 * compared.
 */
export type SeedDesign = 'shared' | 'independent';

/** An error table after one epoch. */
export type EpochTable = ErrorTable & { readonly epoch: number };

/** A task's tables by epoch, ascending; the last one counts. */
export interface TaskTables {
  readonly name: string;
  readonly arch: string;
  readonly tables: readonly EpochTable[];
  /**
   * The validation errors after the last epoch, which the best graph and the sweet spot are chosen
   * by; test errors are told. Absent: they are chosen by the test errors.
   */
  readonly choice?: ErrorTable;
  /** Default `shared`: so Plexus trains. */
  readonly seedDesign?: SeedDesign;
  /**
   * Whether its region of low errors may be called a sweet spot: the baseline is beaten
   * (`StudySummary.sweetSpot`). Default true: the paper says so of its own.
   */
  readonly baselineBeaten?: boolean;
}

/** What findings are computed from. */
export interface FindingsInput {
  readonly tasks: readonly TaskTables[];
  /** Spec lines of the 52 graphs that stand for all. */
  readonly subset: ReadonlySet<string>;
  /** Of the bootstrap. */
  readonly resamples: number;
  /** Of searches on a task's trainings; default `SEARCH_REPLAYS`. */
  readonly replays?: number;
  /** Biological networks to set beside the graphs; absent: those of the catalogue, as published. */
  readonly biological?: readonly BiologicalGraph[];
}

/** A task's table after its last epoch. */
export const lastTable = (task: TaskTables): EpochTable =>
  must(task.tables[task.tables.length - 1]);

/** The errors that a task's best graph and sweet spot are chosen by. */
export const choiceTable = (task: TaskTables): ErrorTable => task.choice ?? lastTable(task);

/** What a definition says of errors that something is chosen by; empty where all are test errors. */
export function choiceNote(tasks: readonly TaskTables[]): string {
  return tasks.some(({ choice }) => choice !== undefined)
    ? ' (by validation errors in the studies that have them; told are test errors)'
    : '';
}

/** How a task's seeds hang together. */
export const seedDesignOf = ({ seedDesign = 'shared' }: TaskTables): SeedDesign => seedDesign;

import type { BiologicalGraph } from '../biological-types.js';
import type { ErrorTable } from '../types.js';

/** A row's numbers, unrounded. */
export type SectionValues = Readonly<Record<string, number | string | boolean | null | readonly (number | null)[]>>;

/** One of the paper's claims with what the data say of it. */
export interface Section {
  readonly title: string;
  /** What the paper says. */
  readonly claim: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /**
   * The numbers of the rows, unrounded, one object a row in the same order. Errors and advantages in %, intervals and ranges as
   * [low, high], null where a number cannot be told; `published*` are the paper's figures. Each section says its keys.
   */
  readonly values: readonly SectionValues[];
  /** Published figures that came out as published, of those that can be checked with these data. */
  readonly agreeing: number;
  readonly checked: number;
  /** What may be said, given the noise. */
  readonly verdict: string;
  /** What the numbers are. */
  readonly definition: string;
}

/** A task's tables by epoch, ascending; the last one counts. */
export interface TaskTables {
  readonly name: string;
  readonly arch: string;
  readonly tables: readonly (ErrorTable & { readonly epoch: number })[];
}

export interface FindingsInput {
  readonly tasks: readonly TaskTables[];
  /** Spec lines of the 52 graphs that stand for all. */
  readonly subset: ReadonlySet<string>;
  /** Of the bootstrap. */
  readonly resamples: number;
  /** The tasks are the paper's own: set its figures beside. */
  readonly published: boolean;
  /** Biological networks to set beside the graphs; absent: those of the catalogue, as published. */
  readonly biological?: readonly BiologicalGraph[];
}

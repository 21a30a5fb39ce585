/** A row's numbers, unrounded. */
export type SectionValues = Readonly<
  Record<string, number | string | boolean | null | readonly (number | null)[]>
>;

/** One of the paper's claims with what the data say of it. */
export interface Section {
  readonly title: string;
  /** What the paper says. */
  readonly claim: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /**
   * The numbers of the rows, unrounded, one object a row in the same order. Errors and advantages
   * in %, intervals and ranges as [low, high], null where a number cannot be told; `published*` are
   * the paper's figures. Each section says its keys.
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

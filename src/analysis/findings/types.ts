/** One graph's test errors over training seeds. */
export interface ErrorRow {
  /** Spec line. */
  readonly graph: string;
  /** k / n, the mean degree by the nodes; 1 of the complete graph. */
  readonly density: number;
  readonly clustering: number;
  readonly pathLength: number;
  /** Top-1 test error, %, in the order of the table's seeds; null where it is missing. */
  readonly errors: readonly (number | null)[];
}

/** An architecture's results after so many epochs. */
export interface ErrorTable {
  readonly name: string;
  readonly arch: string;
  readonly seeds: readonly number[];
  readonly baseline: ErrorRow | null;
  readonly graphs: readonly ErrorRow[];
}

/** A rectangle in the plane of C and L. */
export interface Rectangle {
  readonly clustering: readonly [number, number];
  readonly pathLength: readonly [number, number];
}


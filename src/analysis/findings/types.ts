export type { BaselineRow, ErrorRow, ErrorTable } from '../result-table.js';

/** A rectangle in the plane of C and L. */
export interface Rectangle {
  readonly clustering: readonly [number, number];
  readonly pathLength: readonly [number, number];
}

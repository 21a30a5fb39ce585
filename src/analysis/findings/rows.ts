import { hasPlace } from '../result-table.js';
import type { ErrorRow, ErrorTable, Rectangle } from './types.js';

/** The errors that are there. */
export function present(row: Pick<ErrorRow, 'errors'>): number[] {
  return row.errors.filter((error): error is number => error !== null);
}

/**
 * Mean of the errors that are there; null where none is. Summed from the left as NumPy does: means
 * of equal sums may differ in their last bit, and the official code lets that decide which of two
 * equal graphs is the best.
 */
export function meanError(row: Pick<ErrorRow, 'errors'>): number | null {
  const errors = present(row);
  return errors.length === 0 ? null : errors.reduce((sum, error) => sum + error, 0) / errors.length;
}

/** Graphs of a table with at least one error, in its order. */
export function measuredRows(table: ErrorTable): ErrorRow[] {
  return table.graphs.filter((row) => row.errors.some((error) => error !== null));
}

/** The baseline where it was measured and has a place in the plane. */
export function placedBaseline({ baseline }: ErrorTable): ErrorRow | null {
  return baseline !== null && hasPlace(baseline) && present(baseline).length > 0 ? baseline : null;
}

/** The bounding box of points; they must not be empty. */
export function boundingBox(
  points: readonly { readonly clustering: number; readonly pathLength: number }[],
): Rectangle {
  const along = (values: number[]): [number, number] => [Math.min(...values), Math.max(...values)];
  return {
    clustering: along(points.map((point) => point.clustering)),
    pathLength: along(points.map((point) => point.pathLength)),
  };
}

/** What all rectangles have in common; null where that is nothing. */
export function intersection(rectangles: readonly Rectangle[]): Rectangle | null {
  if (rectangles.length === 0) return null;
  const common = (ranges: readonly (readonly [number, number])[]): [number, number] => [
    Math.max(...ranges.map(([low]) => low)),
    Math.min(...ranges.map(([, high]) => high)),
  ];
  const clustering = common(rectangles.map((each) => each.clustering));
  const pathLength = common(rectangles.map((each) => each.pathLength));
  return clustering[0] <= clustering[1] && pathLength[0] <= pathLength[1]
    ? { clustering, pathLength }
    : null;
}

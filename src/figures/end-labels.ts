import * as Plot from '@observablehq/plot';
import { fixed } from '../analysis/text.js';

/** The last point of a curve of errors over epochs, and what it is called. */
export interface CurveEnd {
  readonly epoch: number;
  readonly error: number;
  readonly name: string;
  readonly colour: string;
}

/** Two labels need this much between them, in pixels. */
const LABEL_GAP = 15;

/**
 * Names and errors at the ends of curves (channels `epoch` and `error`), pushed apart where they
 * would overlap.
 *
 * @param pixelsPerPoint height of one percentage point
 */
export function endLabels(
  ends: readonly CurveEnd[],
  pixelsPerPoint: number,
): readonly Plot.Markish[] {
  let lowest = -Infinity;
  return ends
    .toSorted((a, b) => b.error - a.error)
    .map((end) => {
      const y = -end.error * pixelsPerPoint;
      const placed = Math.max(y, lowest + LABEL_GAP);
      lowest = placed;
      return Plot.text([end], {
        x: 'epoch',
        y: 'error',
        text: () => `${end.name} ${fixed(end.error, 2)}`,
        dx: 9,
        dy: placed - y,
        textAnchor: 'start',
        fill: end.colour,
        fontWeight: 600,
      });
    });
}

import type { Columns } from './linear.js';

/** y = max(x, 0). */
export function relu(x: Float64Array, y: Float64Array, rows: number, { batch, count }: Columns): void {
  for (let row = 0; row < rows; row++) {
    for (let at = row * batch; at < row * batch + count; at++) y[at] = Math.max(x[at], 0);
  }
}

/** dx = dy where y > 0, else 0. */
export function reluGrad(y: Float64Array, dy: Float64Array, dx: Float64Array, rows: number, { batch, count }: Columns): void {
  for (let row = 0; row < rows; row++) {
    for (let at = row * batch; at < row * batch + count; at++) dx[at] = y[at] <= 0 ? 0 : dy[at];
  }
}

import type { Windowed } from '../../../ops/windowed.js';
import type { Columns } from './linear.js';
import { addRow, clear, joinsOf, rowSum } from './planes.js';

/** The larger number; NaN wins, so that a diverged run stays visible. */
function larger(a: number, b: number): number {
  return b > a || Number.isNaN(b) ? b : a;
}

/** The largest value under each window. */
export function maxPool(
  channels: number,
  windowed: Windowed,
  x: Float64Array,
  y: Float64Array,
  { batch, count }: Columns,
): void {
  const inPlane = windowed.inHeight * windowed.inWidth;
  const outPlane = windowed.outHeight * windowed.outWidth;
  const { outputs, inputs } = joinsOf(windowed);
  for (let c = 0; c < channels; c++) {
    outputs.forEach((p, n) => {
      const [to, from] = [(c * outPlane + p) * batch, (c * inPlane + inputs[n]) * batch];
      const isFirst = n === 0 || outputs[n - 1] !== p;
      for (let s = 0; s < count; s++)
        y[to + s] = isFirst ? x[from + s] : larger(y[to + s], x[from + s]);
    });
  }
}

/** dy goes to the first pixel of its window, by rows, that equals the maximum. */
export function maxPoolGrad(
  channels: number,
  windowed: Windowed,
  x: Float64Array,
  y: Float64Array,
  dy: Float64Array,
  dx: Float64Array,
  columns: Columns,
): void {
  const { batch, count } = columns;
  const inPlane = windowed.inHeight * windowed.inWidth;
  const outPlane = windowed.outHeight * windowed.outWidth;
  const { outputs, inputs } = joinsOf(windowed);
  clear(dx, channels * inPlane, columns);
  for (let c = 0; c < channels; c++) {
    for (let s = 0; s < count; s++) {
      let done = -1;
      outputs.forEach((p, n) => {
        const [to, from] = [(c * inPlane + inputs[n]) * batch + s, (c * outPlane + p) * batch + s];
        if (p === done || x[to] !== y[from]) return;
        dx[to] += dy[from];
        done = p;
      });
    }
  }
}

/** Sum under each window / kernel^2. */
export function averagePool(
  channels: number,
  windowed: Windowed,
  x: Float64Array,
  y: Float64Array,
  columns: Columns,
): void {
  const [inPlane, outPlane] = [
    windowed.inHeight * windowed.inWidth,
    windowed.outHeight * windowed.outWidth,
  ];
  const { outputs, inputs } = joinsOf(windowed);
  clear(y, channels * outPlane, columns);
  for (let c = 0; c < channels; c++)
    outputs.forEach((p, n) =>
      addRow(
        y,
        c * outPlane + p,
        1 / windowed.window.kernel ** 2,
        x,
        c * inPlane + inputs[n],
        columns,
      ),
    );
}

export function averagePoolGrad(
  channels: number,
  windowed: Windowed,
  dy: Float64Array,
  dx: Float64Array,
  columns: Columns,
): void {
  const [inPlane, outPlane] = [
    windowed.inHeight * windowed.inWidth,
    windowed.outHeight * windowed.outWidth,
  ];
  const { outputs, inputs } = joinsOf(windowed);
  clear(dx, channels * inPlane, columns);
  for (let c = 0; c < channels; c++)
    outputs.forEach((p, n) =>
      addRow(
        dx,
        c * inPlane + inputs[n],
        1 / windowed.window.kernel ** 2,
        dy,
        c * outPlane + p,
        columns,
      ),
    );
}

/** y[c] = mean of x[c] over the plane. */
export function globalPool(
  channels: number,
  plane: number,
  x: Float64Array,
  y: Float64Array,
  columns: Columns,
): void {
  clear(y, channels, columns);
  for (let row = 0; row < channels * plane; row++)
    addRow(y, Math.floor(row / plane), 1 / plane, x, row, columns);
}

export function globalPoolGrad(
  channels: number,
  plane: number,
  dy: Float64Array,
  dx: Float64Array,
  columns: Columns,
): void {
  clear(dx, channels * plane, columns);
  for (let row = 0; row < channels * plane; row++)
    addRow(dx, row, 1 / plane, dy, Math.floor(row / plane), columns);
}

/** y[c, p] = x[c, p] s[c]. */
export function channelScale(
  channels: number,
  plane: number,
  x: Float64Array,
  s: Float64Array,
  y: Float64Array,
  { batch, count }: Columns,
): void {
  for (let row = 0; row < channels * plane; row++) {
    for (let n = 0; n < count; n++)
      y[row * batch + n] = x[row * batch + n] * s[Math.floor(row / plane) * batch + n];
  }
}

/** dx = dy s; ds[c] = sum over the plane of dy x. */
export function channelScaleGrad(
  channels: number,
  plane: number,
  x: Float64Array,
  s: Float64Array,
  dy: Float64Array,
  dx: Float64Array,
  ds: Float64Array,
  columns: Columns,
): void {
  const { batch, count } = columns;
  clear(ds, channels, columns);
  for (let row = 0; row < channels * plane; row++) {
    const gateRow = Math.floor(row / plane) * batch;
    for (let n = 0; n < count; n++) {
      dx[row * batch + n] = dy[row * batch + n] * s[gateRow + n];
      ds[gateRow + n] += dy[row * batch + n] * x[row * batch + n];
    }
  }
}

/** y = a (+ b). */
export function addRows(
  a: Float64Array,
  b: Float64Array | null,
  y: Float64Array,
  rows: number,
  { batch, count }: Columns,
): void {
  for (let row = 0; row < rows; row++) {
    for (let at = row * batch; at < row * batch + count; at++)
      y[at] = b === null ? a[at] : a[at] + b[at];
  }
}

/** y[row] = x[row] + w[row] for every sample. */
export function positionalEmbedding(
  w: Float64Array,
  x: Float64Array,
  y: Float64Array,
  { batch, count }: Columns,
): void {
  for (let row = 0; row < w.length; row++) {
    for (let at = row * batch; at < row * batch + count; at++) y[at] = x[at] + w[row];
  }
}

/** grad(w[row]) += sum of dy[row] over samples. */
export function positionalEmbeddingWeightGrad(
  dy: Float64Array,
  grad: Float64Array,
  columns: Columns,
): void {
  for (let row = 0; row < grad.length; row++) grad[row] += rowSum(dy, row, columns);
}

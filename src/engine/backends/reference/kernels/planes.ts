import type { Windowed } from '../../../calls.js';
import type { Columns } from './linear.js';

/** An output pixel, an input pixel under its window, and the window's tap that joins them; all as indices into planes. */
export type Join = readonly [output: number, input: number, tap: number];

/** Every pair of pixels that a window joins, by output pixel, then by rows of the window. What lies in the padding is left out. */
export function joinsOf({ window, inHeight, inWidth, outHeight, outWidth }: Windowed): readonly Join[] {
  const { kernel, stride, padding } = window;
  const joins: Join[] = [];
  for (let r = 0; r < outHeight; r++) {
    for (let c = 0; c < outWidth; c++) {
      for (let tap = 0; tap < kernel * kernel; tap++) {
        const y = r * stride + Math.floor(tap / kernel) - padding;
        const x = c * stride + (tap % kernel) - padding;
        if (y >= 0 && y < inHeight && x >= 0 && x < inWidth) joins.push([r * outWidth + c, y * inWidth + x, tap]);
      }
    }
  }
  return joins;
}

/** y[at .. at + count) = value. */
function fill(y: Float64Array, row: number, value: number, { batch, count }: Columns): void {
  y.fill(value, row * batch, row * batch + count);
}

/** The rows of a buffer that hold `channels` planes of `plane` pixels, set to 0. */
export function clear(y: Float64Array, rows: number, columns: Columns): void {
  for (let row = 0; row < rows; row++) fill(y, row, 0, columns);
}

/** y[row] += factor x[from]. */
export function addRow(y: Float64Array, row: number, factor: number, x: Float64Array, from: number, { batch, count }: Columns): void {
  for (let s = 0; s < count; s++) y[row * batch + s] += factor * x[from * batch + s];
}

/** Sum over samples of the products of two rows. */
export function rowDot(a: Float64Array, i: number, b: Float64Array, j: number, { batch, count }: Columns): number {
  let sum = 0;
  for (let s = 0; s < count; s++) sum += a[i * batch + s] * b[j * batch + s];
  return sum;
}

/** Sum of a row's samples. */
export function rowSum(a: Float64Array, i: number, { batch, count }: Columns): number {
  let sum = 0;
  for (let s = 0; s < count; s++) sum += a[i * batch + s];
  return sum;
}

/** A convolution's weights as the reference holds them: `out x in x taps`; a mask over pairs of channels, null = all. */
export interface ConvWeight {
  readonly values: Float64Array;
  readonly mask: Uint8Array | null;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly taps: number;
}

/** Calls `visit(o, i, pair)` for each pair of channels that exists; `pair` is its first weight. */
function eachPair({ mask, inChannels, outChannels, taps }: ConvWeight, visit: (o: number, i: number, pair: number) => void): void {
  for (let o = 0; o < outChannels; o++) {
    for (let i = 0; i < inChannels; i++) if (mask === null || mask[o * inChannels + i] === 1) visit(o, i, (o * inChannels + i) * taps);
  }
}

/** y[o, p] = sum of W[o, i, tap] x[i, q] over what the window joins (+ b[o]). */
export function conv(weight: ConvWeight, bias: Float64Array | null, windowed: Windowed, x: Float64Array, y: Float64Array, columns: Columns): void {
  const { inHeight, inWidth, outHeight, outWidth } = windowed;
  const [inPlane, outPlane] = [inHeight * inWidth, outHeight * outWidth];
  const joins = joinsOf(windowed);
  for (let row = 0; row < weight.outChannels * outPlane; row++) fill(y, row, bias === null ? 0 : bias[Math.floor(row / outPlane)], columns);
  eachPair(weight, (o, i, pair) => {
    for (const [p, q, tap] of joins) addRow(y, o * outPlane + p, weight.values[pair + tap], x, i * inPlane + q, columns);
  });
}

/** dx[i, q] (+)= sum of W[o, i, tap] dy[o, p]. */
export function convInputGrad(weight: ConvWeight, windowed: Windowed, dy: Float64Array, dx: Float64Array, accumulate: boolean, columns: Columns): void {
  const { inHeight, inWidth, outHeight, outWidth } = windowed;
  const [inPlane, outPlane] = [inHeight * inWidth, outHeight * outWidth];
  const joins = joinsOf(windowed);
  if (!accumulate) clear(dx, weight.inChannels * inPlane, columns);
  eachPair(weight, (o, i, pair) => {
    for (const [p, q, tap] of joins) addRow(dx, i * inPlane + q, weight.values[pair + tap], dy, o * outPlane + p, columns);
  });
}

/** grad(W[o, i, tap]) += sum over samples of dy[o, p] x[i, q]. */
export function convWeightGrad(weight: ConvWeight, windowed: Windowed, x: Float64Array, dy: Float64Array, grad: Float64Array, columns: Columns): void {
  const { inHeight, inWidth, outHeight, outWidth } = windowed;
  const [inPlane, outPlane] = [inHeight * inWidth, outHeight * outWidth];
  const joins = joinsOf(windowed);
  eachPair(weight, (o, i, pair) => {
    for (const [p, q, tap] of joins) grad[pair + tap] += rowDot(dy, o * outPlane + p, x, i * inPlane + q, columns);
  });
}

/** Sums of dy over samples and pixels, added to `grad`: the gradient of a bias. */
export function planeSums(dy: Float64Array, channels: number, plane: number, grad: Float64Array, columns: Columns): void {
  for (let row = 0; row < channels * plane; row++) grad[Math.floor(row / plane)] += rowSum(dy, row, columns);
}

/** The same three with one window for each channel, `channels x taps` weights. */
export function depthwise(weights: Float64Array, channels: number, windowed: Windowed, x: Float64Array, y: Float64Array, columns: Columns): void {
  const { inHeight, inWidth, outHeight, outWidth, window } = windowed;
  const [inPlane, outPlane, taps] = [inHeight * inWidth, outHeight * outWidth, window.kernel ** 2];
  const joins = joinsOf(windowed);
  clear(y, channels * outPlane, columns);
  for (let c = 0; c < channels; c++) for (const [p, q, tap] of joins) addRow(y, c * outPlane + p, weights[c * taps + tap], x, c * inPlane + q, columns);
}

export function depthwiseInputGrad(weights: Float64Array, channels: number, windowed: Windowed, dy: Float64Array, dx: Float64Array, accumulate: boolean, columns: Columns): void {
  const { inHeight, inWidth, outHeight, outWidth, window } = windowed;
  const [inPlane, outPlane, taps] = [inHeight * inWidth, outHeight * outWidth, window.kernel ** 2];
  const joins = joinsOf(windowed);
  if (!accumulate) clear(dx, channels * inPlane, columns);
  for (let c = 0; c < channels; c++) for (const [p, q, tap] of joins) addRow(dx, c * inPlane + q, weights[c * taps + tap], dy, c * outPlane + p, columns);
}

export function depthwiseWeightGrad(channels: number, windowed: Windowed, x: Float64Array, dy: Float64Array, grad: Float64Array, columns: Columns): void {
  const { inHeight, inWidth, outHeight, outWidth, window } = windowed;
  const [inPlane, outPlane, taps] = [inHeight * inWidth, outHeight * outWidth, window.kernel ** 2];
  const joins = joinsOf(windowed);
  for (let c = 0; c < channels; c++) for (const [p, q, tap] of joins) grad[c * taps + tap] += rowDot(dy, c * outPlane + p, x, c * inPlane + q, columns);
}

import type { Windowed } from '../../../ops/windowed.js';
import type { Columns } from './linear.js';

/**
 * Pairs of pixels that a window joins: of pair n an output pixel, an input pixel and the window's
 * tap, as indices into planes.
 */
export interface Joins {
  readonly outputs: Int32Array;
  readonly inputs: Int32Array;
  readonly taps: Int32Array;
}

/** Calls are immutable, and a step of training asks for the same ones again. */
const known = new WeakMap<Windowed, Joins>();

/**
 * Every pair of pixels that a window joins, by output pixel, then by rows of the window. What lies
 * in the padding is left out.
 */
export function joinsOf(windowed: Windowed): Joins {
  const joins = known.get(windowed) ?? listJoins(windowed);
  known.set(windowed, joins);
  return joins;
}

function listJoins({ window, inHeight, inWidth, outHeight, outWidth }: Windowed): Joins {
  const { kernel, stride, padding } = window;
  const [outputs, inputs, taps]: [number[], number[], number[]] = [[], [], []];
  for (let r = 0; r < outHeight; r++) {
    for (let c = 0; c < outWidth; c++) {
      for (let tap = 0; tap < kernel * kernel; tap++) {
        const y = r * stride + Math.floor(tap / kernel) - padding;
        const x = c * stride + (tap % kernel) - padding;
        if (y < 0 || y >= inHeight || x < 0 || x >= inWidth) continue;
        outputs.push(r * outWidth + c);
        inputs.push(y * inWidth + x);
        taps.push(tap);
      }
    }
  }
  return {
    outputs: Int32Array.from(outputs),
    inputs: Int32Array.from(inputs),
    taps: Int32Array.from(taps),
  };
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
export function addRow(
  y: Float64Array,
  row: number,
  factor: number,
  x: Float64Array,
  from: number,
  { batch, count }: Columns,
): void {
  for (let s = 0; s < count; s++) y[row * batch + s] += factor * x[from * batch + s];
}

/** Sum of a row's samples. */
export function rowSum(a: Float64Array, i: number, { batch, count }: Columns): number {
  let sum = 0;
  for (let s = 0; s < count; s++) sum += a[i * batch + s];
  return sum;
}

/**
 * For each n: y[to + toRows[n]] += weights[first + taps[n]] x[from + fromRows[n]], all samples of
 * these rows.
 */
function addJoined(
  y: Float64Array,
  to: number,
  toRows: Int32Array,
  weights: Float64Array,
  first: number,
  taps: Int32Array,
  x: Float64Array,
  from: number,
  fromRows: Int32Array,
  { batch, count }: Columns,
): void {
  for (let n = 0; n < taps.length; n++) {
    const w = weights[first + taps[n]];
    const at = (to + toRows[n]) * batch;
    const source = (from + fromRows[n]) * batch;
    for (let s = 0; s < count; s++) y[at + s] += w * x[source + s];
  }
}

/**
 * For each n: grad[first + taps[n]] += sum over samples of dy[of + outputs[n]] x[from + inputs[n]].
 */
function addProducts(
  grad: Float64Array,
  first: number,
  { outputs, inputs, taps }: Joins,
  dy: Float64Array,
  of: number,
  x: Float64Array,
  from: number,
  { batch, count }: Columns,
): void {
  for (let n = 0; n < taps.length; n++) {
    const at = (of + outputs[n]) * batch;
    const source = (from + inputs[n]) * batch;
    let sum = 0;
    for (let s = 0; s < count; s++) sum += dy[at + s] * x[source + s];
    grad[first + taps[n]] += sum;
  }
}

/**
 * A convolution's weights as the reference holds them: `out x in x taps`; a mask over pairs of
 * channels, null = all.
 */
export interface ConvWeight {
  readonly values: Float64Array;
  readonly mask: Uint8Array | null;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly taps: number;
}

/** Calls `visit(o, i, pair)` for each pair of channels that exists; `pair` is its first weight. */
function eachPair(
  { mask, inChannels, outChannels, taps }: ConvWeight,
  visit: (o: number, i: number, pair: number) => void,
): void {
  for (let o = 0; o < outChannels; o++) {
    for (let i = 0; i < inChannels; i++)
      if (mask === null || mask[o * inChannels + i] === 1) visit(o, i, (o * inChannels + i) * taps);
  }
}

function planesOf({ inHeight, inWidth, outHeight, outWidth }: Windowed): {
  readonly inPlane: number;
  readonly outPlane: number;
} {
  return { inPlane: inHeight * inWidth, outPlane: outHeight * outWidth };
}

/** y[o, p] = sum of W[o, i, tap] x[i, q] over what the window joins (+ b[o]). */
export function conv(
  weight: ConvWeight,
  bias: Float64Array | null,
  windowed: Windowed,
  x: Float64Array,
  y: Float64Array,
  columns: Columns,
): void {
  const { inPlane, outPlane } = planesOf(windowed);
  const { outputs, inputs, taps } = joinsOf(windowed);
  for (let row = 0; row < weight.outChannels * outPlane; row++)
    fill(y, row, bias === null ? 0 : bias[Math.floor(row / outPlane)], columns);
  eachPair(weight, (o, i, pair) =>
    addJoined(y, o * outPlane, outputs, weight.values, pair, taps, x, i * inPlane, inputs, columns),
  );
}

/** dx[i, q] (+)= sum of W[o, i, tap] dy[o, p]. */
export function convInputGrad(
  weight: ConvWeight,
  windowed: Windowed,
  dy: Float64Array,
  dx: Float64Array,
  accumulate: boolean,
  columns: Columns,
): void {
  const { inPlane, outPlane } = planesOf(windowed);
  const { outputs, inputs, taps } = joinsOf(windowed);
  if (!accumulate) clear(dx, weight.inChannels * inPlane, columns);
  eachPair(weight, (o, i, pair) =>
    addJoined(
      dx,
      i * inPlane,
      inputs,
      weight.values,
      pair,
      taps,
      dy,
      o * outPlane,
      outputs,
      columns,
    ),
  );
}

/** grad(W[o, i, tap]) += sum over samples of dy[o, p] x[i, q]. */
export function convWeightGrad(
  weight: ConvWeight,
  windowed: Windowed,
  x: Float64Array,
  dy: Float64Array,
  grad: Float64Array,
  columns: Columns,
): void {
  const { inPlane, outPlane } = planesOf(windowed);
  const joins = joinsOf(windowed);
  eachPair(weight, (o, i, pair) =>
    addProducts(grad, pair, joins, dy, o * outPlane, x, i * inPlane, columns),
  );
}

/** Sums of dy over samples and pixels, added to `grad`: the gradient of a bias. */
export function planeSums(
  dy: Float64Array,
  channels: number,
  plane: number,
  grad: Float64Array,
  columns: Columns,
): void {
  for (let row = 0; row < channels * plane; row++)
    grad[Math.floor(row / plane)] += rowSum(dy, row, columns);
}

/** The same three with one window for each channel, `channels x taps` weights. */
export function depthwise(
  weights: Float64Array,
  channels: number,
  windowed: Windowed,
  x: Float64Array,
  y: Float64Array,
  columns: Columns,
): void {
  const { inPlane, outPlane } = planesOf(windowed);
  const { outputs, inputs, taps } = joinsOf(windowed);
  clear(y, channels * outPlane, columns);
  for (let c = 0; c < channels; c++)
    addJoined(
      y,
      c * outPlane,
      outputs,
      weights,
      c * windowed.window.kernel ** 2,
      taps,
      x,
      c * inPlane,
      inputs,
      columns,
    );
}

export function depthwiseInputGrad(
  weights: Float64Array,
  channels: number,
  windowed: Windowed,
  dy: Float64Array,
  dx: Float64Array,
  accumulate: boolean,
  columns: Columns,
): void {
  const { inPlane, outPlane } = planesOf(windowed);
  const { outputs, inputs, taps } = joinsOf(windowed);
  if (!accumulate) clear(dx, channels * inPlane, columns);
  for (let c = 0; c < channels; c++)
    addJoined(
      dx,
      c * inPlane,
      inputs,
      weights,
      c * windowed.window.kernel ** 2,
      taps,
      dy,
      c * outPlane,
      outputs,
      columns,
    );
}

export function depthwiseWeightGrad(
  channels: number,
  windowed: Windowed,
  x: Float64Array,
  dy: Float64Array,
  grad: Float64Array,
  columns: Columns,
): void {
  const { inPlane, outPlane } = planesOf(windowed);
  const joins = joinsOf(windowed);
  for (let c = 0; c < channels; c++)
    addProducts(
      grad,
      c * windowed.window.kernel ** 2,
      joins,
      dy,
      c * outPlane,
      x,
      c * inPlane,
      columns,
    );
}

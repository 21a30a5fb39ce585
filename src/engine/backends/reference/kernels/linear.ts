/** A linear layer's weights as the reference holds them: logical, row-major, absent entries 0. */
export interface DenseWeight {
  /** `out x in`. */
  readonly values: Float64Array;
  /** 1 where an entry exists; null = everywhere. */
  readonly mask: Uint8Array | null;
  readonly inFeatures: number;
  readonly outFeatures: number;
}

/** Columns of every activation, and how many of them hold samples. */
export interface Columns {
  readonly batch: number;
  readonly count: number;
}

/** y = W x (+ b): x is `in x batch`, y `out x batch`. */
export function linear(
  weight: DenseWeight,
  bias: Float64Array | null,
  x: Float64Array,
  y: Float64Array,
  { batch, count }: Columns,
): void {
  const { values, mask, inFeatures, outFeatures } = weight;
  for (let o = 0; o < outFeatures; o++) {
    y.fill(bias === null ? 0 : bias[o], o * batch, o * batch + count);
    for (let i = 0; i < inFeatures; i++) {
      const entry = o * inFeatures + i;
      if (mask !== null && mask[entry] === 0) continue;
      const w = values[entry];
      for (let s = 0; s < count; s++) y[o * batch + s] += w * x[i * batch + s];
    }
  }
}

/** dx (+)= W^T dy. */
export function linearInputGrad(
  weight: DenseWeight,
  dy: Float64Array,
  dx: Float64Array,
  accumulate: boolean,
  { batch, count }: Columns,
): void {
  const { values, mask, inFeatures, outFeatures } = weight;
  for (let i = 0; i < inFeatures; i++) {
    if (!accumulate) dx.fill(0, i * batch, i * batch + count);
    for (let o = 0; o < outFeatures; o++) {
      const entry = o * inFeatures + i;
      if (mask !== null && mask[entry] === 0) continue;
      const w = values[entry];
      for (let s = 0; s < count; s++) dx[i * batch + s] += w * dy[o * batch + s];
    }
  }
}

/**
 * grad(W) += dy x^T on existing entries. `shape` is the weight whose gradient it is; its values are
 * not read.
 */
export function linearWeightGrad(
  shape: DenseWeight,
  x: Float64Array,
  dy: Float64Array,
  grad: Float64Array,
  { batch, count }: Columns,
): void {
  const { mask, inFeatures, outFeatures } = shape;
  for (let o = 0; o < outFeatures; o++) {
    for (let i = 0; i < inFeatures; i++) {
      const entry = o * inFeatures + i;
      if (mask !== null && mask[entry] === 0) continue;
      let sum = 0;
      for (let s = 0; s < count; s++) sum += dy[o * batch + s] * x[i * batch + s];
      grad[entry] += sum;
    }
  }
}

/** grad(b) += row sums of dy. */
export function biasGrad(dy: Float64Array, grad: Float64Array, { batch, count }: Columns): void {
  for (let o = 0; o < grad.length; o++) {
    let sum = 0;
    for (let s = 0; s < count; s++) sum += dy[o * batch + s];
    grad[o] += sum;
  }
}

import type { Columns } from './linear.js';

/** Parameters and saved statistics of one batch norm; `channels` numbers each. */
export interface Normalisation {
  readonly gamma: Float64Array;
  readonly beta: Float64Array;
  readonly runningMean: Float64Array;
  readonly runningVar: Float64Array;
  readonly savedMean: Float64Array;
  readonly savedInvStd: Float64Array;
  readonly eps: number;
  readonly momentum: number;
  readonly relu: boolean;
}

/**
 * y = gamma (x - mean) / sqrt(var + eps) + beta [then ReLU] over the batch's own mean and biased variance (Ioffe and
 * Szegedy 2015). The running statistics become (1 - momentum) old + momentum new, with the unbiased variance, as in
 * PyTorch.
 */
export function batchNormTrain(norm: Normalisation, x: Float64Array, y: Float64Array, columns: Columns): void {
  const { batch, count } = columns;
  const { runningMean, runningVar, momentum } = norm;
  for (let c = 0; c < norm.gamma.length; c++) {
    let sum = 0;
    for (let s = 0; s < count; s++) sum += x[c * batch + s];
    const mean = sum / count;
    let squares = 0;
    for (let s = 0; s < count; s++) squares += (x[c * batch + s] - mean) ** 2;
    const variance = squares / count;
    norm.savedMean[c] = mean;
    norm.savedInvStd[c] = 1 / Math.sqrt(variance + norm.eps);
    runningMean[c] = (1 - momentum) * runningMean[c] + momentum * mean;
    runningVar[c] = (1 - momentum) * runningVar[c] + momentum * (squares / (count - 1));
    normaliseRow(norm, c, mean, norm.savedInvStd[c], x, y, columns);
  }
}

/** The same with the running statistics, which stay as they are. */
export function batchNormEval(norm: Normalisation, x: Float64Array, y: Float64Array, columns: Columns): void {
  for (let c = 0; c < norm.gamma.length; c++) {
    const invStd = 1 / Math.sqrt(norm.runningVar[c] + norm.eps);
    normaliseRow(norm, c, norm.runningMean[c], invStd, x, y, columns);
  }
}

function normaliseRow(norm: Normalisation, c: number, mean: number, invStd: number, x: Float64Array, y: Float64Array, { batch, count }: Columns): void {
  for (let at = c * batch; at < c * batch + count; at++) {
    const value = norm.gamma[c] * ((x[at] - mean) * invStd) + norm.beta[c];
    // Math.max keeps NaN: a diverged run must stay visible.
    y[at] = norm.relu ? Math.max(value, 0) : value;
  }
}

/** Gradients a batch norm gives. */
export interface NormalisationGrads {
  readonly gamma: Float64Array;
  readonly beta: Float64Array;
}

/**
 * With g = dy where the output passed the ReLU, h = (x - mean) / sqrt(var + eps), N = count:
 * grad(beta) = sum g, grad(gamma) = sum g h, dx = gamma / sqrt(var + eps) (g - grad(beta) / N - h grad(gamma) / N).
 */
export function batchNormGrad(
  norm: Normalisation,
  x: Float64Array,
  y: Float64Array,
  dy: Float64Array,
  dx: Float64Array,
  grads: NormalisationGrads,
  { batch, count }: Columns,
): void {
  const passed = (at: number): number => (norm.relu && y[at] <= 0 ? 0 : dy[at]);
  for (let c = 0; c < norm.gamma.length; c++) {
    const mean = norm.savedMean[c];
    const invStd = norm.savedInvStd[c];
    let sum = 0;
    let sumH = 0;
    for (let at = c * batch; at < c * batch + count; at++) {
      sum += passed(at);
      sumH += passed(at) * (x[at] - mean) * invStd;
    }
    grads.beta[c] = sum;
    grads.gamma[c] = sumH;
    for (let at = c * batch; at < c * batch + count; at++) {
      const h = (x[at] - mean) * invStd;
      dx[at] = norm.gamma[c] * invStd * (passed(at) - sum / count - (h * sumH) / count);
    }
  }
}

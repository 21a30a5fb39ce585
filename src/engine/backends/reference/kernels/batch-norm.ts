import { activate, slopeOf } from './activation.js';
import type { Columns } from './linear.js';

/** Parameters and saved statistics of one batch norm; `channels` numbers each. */
export interface Normalisation {
  readonly gamma: Float64Array;
  readonly beta: Float64Array;
  readonly runningMean: Float64Array;
  readonly runningVar: Float64Array;
  readonly savedMean: Float64Array;
  readonly savedInvStd: Float64Array;
  /** Pixels of each channel's plane. */
  readonly plane: number;
  readonly eps: number;
  readonly momentum: number;
  readonly activation: 'relu' | 'swish' | null;
}

/**
 * y = act(gamma (x - mean) / sqrt(var + eps) + beta + residual) over the batch's own mean and
 * biased variance, of samples and pixels together (Ioffe and Szegedy 2015). The running statistics
 * become (1 - momentum) old + momentum new, with the unbiased variance, as in PyTorch.
 */
export function batchNormTrain(
  norm: Normalisation,
  x: Float64Array,
  residual: Float64Array | null,
  y: Float64Array,
  columns: Columns,
): void {
  const { runningMean, runningVar, momentum, plane } = norm;
  const count = columns.count * plane;
  for (let c = 0; c < norm.gamma.length; c++) {
    const mean = sumOf(c, norm, columns, x) / count;
    const squares = momentOf(c, norm, columns, x, mean, x, mean);
    norm.savedMean[c] = mean;
    norm.savedInvStd[c] = 1 / Math.sqrt(squares / count + norm.eps);
    runningMean[c] = (1 - momentum) * runningMean[c] + momentum * mean;
    runningVar[c] = (1 - momentum) * runningVar[c] + momentum * (squares / (count - 1));
    normaliseChannel(norm, c, mean, norm.savedInvStd[c], x, residual, y, columns);
  }
}

/**
 * The same, but the running statistics become those of the batches that `sums` holds, this one
 * among them (Wu and Johnson 2021; the code of You et al. 2020). Of each channel: the number of
 * batches, the sum of means, the sum of (unbiased variance + mean squared). A batch's own statistics
 * are taken as running ones that start at 0 and are divided by their momentum.
 */
export function batchNormStatistics(
  norm: Normalisation,
  sums: Float64Array,
  x: Float64Array,
  residual: Float64Array | null,
  y: Float64Array,
  columns: Columns,
): void {
  const { runningMean, runningVar, momentum } = norm;
  runningMean.fill(0);
  runningVar.fill(0);
  batchNormTrain(norm, x, residual, y, columns);
  for (let c = 0; c < norm.gamma.length; c++) {
    const mean = runningMean[c] / momentum;
    const batches = (sums[3 * c] += 1);
    const centre = (sums[3 * c + 1] += mean) / batches;
    const square = (sums[3 * c + 2] += runningVar[c] / momentum + mean * mean) / batches;
    runningMean[c] = centre;
    runningVar[c] = Math.max(0, square - centre * centre);
  }
}

/** The same with the running statistics, which stay as they are. */
export function batchNormEval(
  norm: Normalisation,
  x: Float64Array,
  residual: Float64Array | null,
  y: Float64Array,
  columns: Columns,
): void {
  for (let c = 0; c < norm.gamma.length; c++) {
    const invStd = 1 / Math.sqrt(norm.runningVar[c] + norm.eps);
    normaliseChannel(norm, c, norm.runningMean[c], invStd, x, residual, y, columns);
  }
}

/** Sum over a channel's samples and pixels. */
function sumOf(
  c: number,
  { plane }: Normalisation,
  { batch, count }: Columns,
  a: Float64Array,
): number {
  let sum = 0;
  for (let row = c * plane; row < (c + 1) * plane; row++)
    for (let at = row * batch; at < row * batch + count; at++) sum += a[at];
  return sum;
}

/** Sum over a channel's samples and pixels of (a - from) (b - center). */
function momentOf(
  c: number,
  { plane }: Normalisation,
  { batch, count }: Columns,
  a: Float64Array,
  from: number,
  b: Float64Array,
  center: number,
): number {
  let sum = 0;
  for (let row = c * plane; row < (c + 1) * plane; row++) {
    for (let at = row * batch; at < row * batch + count; at++)
      sum += (a[at] - from) * (b[at] - center);
  }
  return sum;
}

function normaliseChannel(
  norm: Normalisation,
  c: number,
  mean: number,
  invStd: number,
  x: Float64Array,
  residual: Float64Array | null,
  y: Float64Array,
  { batch, count }: Columns,
): void {
  const act = norm.activation === null ? null : activate[norm.activation];
  for (let row = c * norm.plane; row < (c + 1) * norm.plane; row++) {
    for (let at = row * batch; at < row * batch + count; at++) {
      const value =
        norm.gamma[c] * ((x[at] - mean) * invStd) +
        norm.beta[c] +
        (residual === null ? 0 : residual[at]);
      y[at] = act === null ? value : act(value);
    }
  }
}

/** Activations and gradients at a batch norm. */
export interface NormalisationFlow {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly dy: Float64Array;
  readonly dx: Float64Array;
  /** The residual's gradient, and whether it is added to what is there. Null: nobody wants it. */
  readonly dresidual: Float64Array | null;
  readonly accumulate: boolean;
}

/** Gradients of the parameters, which are added to. */
export interface NormalisationGrads {
  readonly gamma: Float64Array;
  readonly beta: Float64Array;
}

/**
 * With g = the gradient before the activation (dy where a ReLU let through; dy f'(z), z made again,
 * at a swish), h = (x - mean) / sqrt(var + eps), N samples and pixels: grad(beta) = sum g,
 * grad(gamma) = sum g h, the residual's gradient g, dx = gamma / sqrt(var + eps) (g - grad(beta) /
 * N - h grad(gamma) / N).
 */
export function batchNormGrad(
  norm: Normalisation,
  flow: NormalisationFlow,
  grads: NormalisationGrads,
  columns: Columns,
): void {
  const { x, dx, dresidual, accumulate } = flow;
  const { plane } = norm;
  const { batch, count } = columns;
  const numbers = count * plane;
  for (let c = 0; c < norm.gamma.length; c++) {
    const [mean, invStd] = [norm.savedMean[c], norm.savedInvStd[c]];
    // dx holds g for a while.
    writeBefore(norm, c, flow, columns);
    const sum = sumOf(c, norm, columns, dx);
    const sumH = invStd * momentOf(c, norm, columns, dx, 0, x, mean);
    grads.beta[c] += sum;
    grads.gamma[c] += sumH;
    for (let row = c * plane; row < (c + 1) * plane; row++) {
      for (let at = row * batch; at < row * batch + count; at++) {
        const g = dx[at];
        dx[at] =
          norm.gamma[c] * invStd * (g - sum / numbers - ((x[at] - mean) * invStd * sumH) / numbers);
        if (dresidual !== null) dresidual[at] = accumulate ? dresidual[at] + g : g;
      }
    }
  }
}

/** The gradient before the activation, of one channel, into dx. */
function writeBefore(
  norm: Normalisation,
  c: number,
  { x, y, dy, dx }: NormalisationFlow,
  { batch, count }: Columns,
): void {
  const { activation, gamma, beta, savedMean, savedInvStd, plane } = norm;
  for (let row = c * plane; row < (c + 1) * plane; row++) {
    for (let at = row * batch; at < row * batch + count; at++) {
      if (activation === null) dx[at] = dy[at];
      else if (activation === 'relu') dx[at] = y[at] <= 0 ? 0 : dy[at];
      else
        dx[at] =
          dy[at] * slopeOf.swish(gamma[c] * ((x[at] - savedMean[c]) * savedInvStd[c]) + beta[c], 0);
    }
  }
}

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

/** Calls `visit` for the place of every number of channel c: all pixels, all samples. */
function eachOf(c: number, plane: number, { batch, count }: Columns, visit: (at: number) => void): void {
  for (let row = c * plane; row < (c + 1) * plane; row++) for (let at = row * batch; at < row * batch + count; at++) visit(at);
}

/**
 * y = act(gamma (x - mean) / sqrt(var + eps) + beta + residual) over the batch's own mean and biased variance, of samples and
 * pixels together (Ioffe and Szegedy 2015). The running statistics become (1 - momentum) old + momentum new, with the
 * unbiased variance, as in PyTorch.
 */
export function batchNormTrain(norm: Normalisation, x: Float64Array, residual: Float64Array | null, y: Float64Array, columns: Columns): void {
  const { runningMean, runningVar, momentum, plane } = norm;
  const count = columns.count * plane;
  for (let c = 0; c < norm.gamma.length; c++) {
    let sum = 0;
    eachOf(c, plane, columns, (at) => (sum += x[at]));
    const mean = sum / count;
    let squares = 0;
    eachOf(c, plane, columns, (at) => (squares += (x[at] - mean) ** 2));
    norm.savedMean[c] = mean;
    norm.savedInvStd[c] = 1 / Math.sqrt(squares / count + norm.eps);
    runningMean[c] = (1 - momentum) * runningMean[c] + momentum * mean;
    runningVar[c] = (1 - momentum) * runningVar[c] + momentum * (squares / (count - 1));
    normaliseChannel(norm, c, mean, norm.savedInvStd[c], x, residual, y, columns);
  }
}

/** The same with the running statistics, which stay as they are. */
export function batchNormEval(norm: Normalisation, x: Float64Array, residual: Float64Array | null, y: Float64Array, columns: Columns): void {
  for (let c = 0; c < norm.gamma.length; c++) {
    const invStd = 1 / Math.sqrt(norm.runningVar[c] + norm.eps);
    normaliseChannel(norm, c, norm.runningMean[c], invStd, x, residual, y, columns);
  }
}

function normaliseChannel(norm: Normalisation, c: number, mean: number, invStd: number, x: Float64Array, residual: Float64Array | null, y: Float64Array, columns: Columns): void {
  const act = norm.activation === null ? (value: number): number => value : activate[norm.activation];
  eachOf(c, norm.plane, columns, (at) => {
    const value = norm.gamma[c] * ((x[at] - mean) * invStd) + norm.beta[c];
    y[at] = act(residual === null ? value : value + residual[at]);
  });
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
 * With g = the gradient before the activation (dy where a ReLU let through; dy f'(z), z made again, at a swish), h = (x - mean) /
 * sqrt(var + eps), N samples and pixels: grad(beta) = sum g, grad(gamma) = sum g h, the residual's gradient g,
 * dx = gamma / sqrt(var + eps) (g - grad(beta) / N - h grad(gamma) / N).
 */
export function batchNormGrad(norm: Normalisation, flow: NormalisationFlow, grads: NormalisationGrads, columns: Columns): void {
  const { x, dx, dresidual, accumulate } = flow;
  const count = columns.count * norm.plane;
  for (let c = 0; c < norm.gamma.length; c++) {
    const invStd = norm.savedInvStd[c];
    const hat = (at: number): number => (x[at] - norm.savedMean[c]) * invStd;
    const before = gradientBefore(norm, c, flow, hat);
    let sum = 0;
    let sumH = 0;
    eachOf(c, norm.plane, columns, (at) => {
      sum += before(at);
      sumH += before(at) * hat(at);
    });
    grads.beta[c] += sum;
    grads.gamma[c] += sumH;
    eachOf(c, norm.plane, columns, (at) => {
      const g = before(at);
      dx[at] = norm.gamma[c] * invStd * (g - sum / count - (hat(at) * sumH) / count);
      if (dresidual !== null) dresidual[at] = accumulate ? dresidual[at] + g : g;
    });
  }
}

function gradientBefore(norm: Normalisation, c: number, { y, dy }: NormalisationFlow, hat: (at: number) => number): (at: number) => number {
  const { activation, gamma, beta } = norm;
  switch (activation) {
    case null:
      return (at) => dy[at];
    case 'relu':
      return (at) => (y[at] <= 0 ? 0 : dy[at]);
    case 'swish':
      return (at) => dy[at] * slopeOf.swish(gamma[c] * hat(at) + beta[c], 0);
    default:
      return activation satisfies never;
  }
}

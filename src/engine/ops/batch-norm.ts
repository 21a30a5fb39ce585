import type { Shape } from '../../core/shape.js';
import { command, NONE } from '../backends/cpu/commands.js';
import {
  batchNormEval,
  batchNormGrad,
  batchNormStatistics,
  batchNormTrain,
  type Normalisation,
} from '../backends/reference/kernels/batch-norm.js';
import type { Accumulates, BufferId, CallIn, ParamId, Planes } from '../base.js';
import { ACTIVATIONS } from './activation.js';
import { addBuffer, type Lowering, parameterOf, planesOf, sameShape } from './lowering.js';
import type { Encoder, LayerOf, LayerRule, Op, ReferenceRun } from './op.js';
import { addTo, passOn, type Reverse, write } from './reverse.js';

interface BatchNormArgs extends Planes {
  readonly gamma: ParamId;
  readonly beta: ParamId;
  readonly runningMean: ParamId;
  readonly runningVar: ParamId;
  readonly eps: number;
  readonly momentum: number;
  /** A buffer added after scale and shift, folded in: a residual connection. */
  readonly residual: BufferId | null;
  /**
   * The activation that follows, folded in. With a residual: relu or none, whose gradient needs the
   * output only.
   */
  readonly activation: 'relu' | 'swish' | null;
  /**
   * `mean` and `1 / sqrt(var + eps)` of the batch, kept for the backward pass; `channels` numbers
   * each.
   */
  readonly savedMean: BufferId;
  readonly savedInvStd: BufferId;
}

export type BatchNormCalls =
  /**
   * y = act(gamma (x - mean) / sqrt(var + eps) + beta + residual) over batch and plane; moves the
   * running statistics.
   */
  | ({ readonly op: 'batchNormTrain'; readonly x: BufferId; readonly y: BufferId } & BatchNormArgs)
  /** The same with running statistics, which stay as they are. */
  | ({ readonly op: 'batchNormEval'; readonly x: BufferId; readonly y: BufferId } & BatchNormArgs)
  /**
   * The training one, whose running statistics become those of the batches so far: the mean of the
   * means, the mean of (unbiased variance + mean squared) less that mean squared. Of each channel
   * `sums` holds the number of batches and the two sums.
   */
  | ({
      readonly op: 'batchNormStatistics';
      readonly x: BufferId;
      readonly y: BufferId;
      readonly sums: BufferId;
    } & BatchNormArgs)
  /**
   * From dy (gradient at the output y, whose sign decides the ReLU; the swish's input is made again
   * from x) to dx, grad(gamma), grad(beta) and, with a residual that learns, its gradient
   * `dresidual` (`accumulate` speaks of it alone).
   */
  | ({
      readonly op: 'batchNormGrad';
      readonly x: BufferId;
      readonly y: BufferId;
      readonly dy: BufferId;
      readonly dx: BufferId;
      readonly dresidual: BufferId | null;
    } & BatchNormArgs &
      Accumulates);

function normalisationOf(call: BatchNormCalls, { value, b }: ReferenceRun): Normalisation {
  const { plane, eps, momentum, activation } = call;
  return {
    gamma: value(call.gamma),
    beta: value(call.beta),
    runningMean: value(call.runningMean),
    runningVar: value(call.runningVar),
    savedMean: b(call.savedMean),
    savedInvStd: b(call.savedInvStd),
    plane,
    eps,
    momentum,
    activation,
  };
}

/** Operands that all of them have. */
const affineOf = (call: BatchNormCalls, to: Encoder) => ({
  x: to.buffer(call.x),
  y: to.buffer(call.y),
  residual: to.buffer(call.residual),
  channels: call.channels,
  plane: call.plane,
  gamma: to.value(call.gamma),
  beta: to.value(call.beta),
  act: ACTIVATIONS[call.activation ?? 'none'],
});

const runningOf = (call: BatchNormCalls, to: Encoder) => ({
  mean: to.value(call.runningMean),
  var: to.value(call.runningVar),
});

const savedOf = (call: BatchNormCalls, to: Encoder) => ({
  savedMean: to.buffer(call.savedMean),
  savedInv: to.buffer(call.savedInvStd),
});

const training: Op<CallIn<BatchNormCalls, 'batchNormTrain'>> = {
  reads: ['x', 'residual'],
  writes: ['y', 'savedMean', 'savedInvStd'],
  run: (call, at) =>
    batchNormTrain(
      normalisationOf(call, at),
      at.b(call.x),
      at.orNull(call.residual),
      at.b(call.y),
      at.columns,
    ),
  encode: (call, to) =>
    command('normTrain', {
      ...affineOf(call, to),
      ...runningOf(call, to),
      ...savedOf(call, to),
      eps: call.eps,
      momentum: call.momentum,
    }),
  differentiate,
};

const statistics: Op<CallIn<BatchNormCalls, 'batchNormStatistics'>> = {
  reads: ['x', 'residual'],
  writes: ['y', 'savedMean', 'savedInvStd', 'sums'],
  run: (call, at) =>
    batchNormStatistics(
      normalisationOf(call, at),
      at.b(call.sums),
      at.b(call.x),
      at.orNull(call.residual),
      at.b(call.y),
      at.columns,
    ),
  encode: (call, to) =>
    command('normStatistics', {
      ...affineOf(call, to),
      ...runningOf(call, to),
      ...savedOf(call, to),
      eps: call.eps,
      sums: to.buffer(call.sums),
      momentum: call.momentum,
      exactMomentum: call.momentum,
    }),
};

const evaluation: Op<CallIn<BatchNormCalls, 'batchNormEval'>> = {
  reads: ['x', 'residual'],
  writes: ['y'],
  idle: ['savedMean', 'savedInvStd'],
  run: (call, at) =>
    batchNormEval(
      normalisationOf(call, at),
      at.b(call.x),
      at.orNull(call.residual),
      at.b(call.y),
      at.columns,
    ),
  encode: (call, to) =>
    command('normEval', { ...affineOf(call, to), ...runningOf(call, to), eps: call.eps }),
};

const gradient: Op<CallIn<BatchNormCalls, 'batchNormGrad'>> = {
  reads: ['x', 'y', 'dy', 'savedMean', 'savedInvStd'],
  writes: ['dx', 'dresidual'],
  gradients: ['gamma', 'beta'],
  idle: ['residual'],
  unread: (call, field) => field === 'y' && call.activation !== 'relu',
  sum: 'dresidual',
  run: (call, at) => {
    const flow = {
      x: at.b(call.x),
      y: at.b(call.y),
      dy: at.b(call.dy),
      dx: at.b(call.dx),
      dresidual: at.orNull(call.dresidual),
      accumulate: call.accumulate,
    };
    const grads = { gamma: at.grad(call.gamma), beta: at.grad(call.beta) };
    batchNormGrad(normalisationOf(call, at), flow, grads, at.columns);
  },
  encode: (call, to) => {
    const { residual: _, ...affine } = affineOf(call, to);
    return command('normGrad', {
      ...affine,
      y: call.residual === null ? NONE : affine.y,
      ...savedOf(call, to),
      dy: to.buffer(call.dy),
      dx: to.buffer(call.dx),
      dresidual: to.buffer(call.dresidual),
      accumulate: Number(call.accumulate),
      gradGamma: to.gradient(call.gamma),
      gradBeta: to.gradient(call.beta),
    });
  },
};

export const batchNormOps = {
  batchNormTrain: training,
  batchNormEval: evaluation,
  batchNormStatistics: statistics,
  batchNormGrad: gradient,
};

/**
 * The kernel gives gamma's and beta's gradients together with dx, which nobody reads at the
 * network's input.
 */
function differentiate(
  call: CallIn<BatchNormCalls, 'batchNormTrain'>,
  dy: BufferId,
  reverse: Reverse,
): void {
  const { residual, activation } = call;
  const learns = residual !== null && reverse.wanted.has(residual);
  // Without an activation the residual's gradient is dy itself.
  const own =
    learns && activation !== null ? addTo(residual, reverse) : { dx: null, accumulate: false };
  write<BatchNormCalls>(call.x, reverse, (dx) => ({
    ...call,
    op: 'batchNormGrad',
    dy,
    dx,
    dresidual: own.dx,
    accumulate: own.accumulate,
  }));
  if (learns && activation === null) passOn(dy, residual, reverse);
}

function lower(
  layer: LayerOf<'batchNorm'>,
  [x]: readonly BufferId[],
  y: BufferId,
  lowering: Lowering,
): BatchNormCalls {
  sameShape(layer, x, lowering);
  const channels: Shape = { channels: layer.output.channels, height: 1, width: 1 };
  return {
    op: 'batchNormTrain',
    x,
    y,
    ...planesOf(layer.output),
    gamma: parameterOf(layer, 'gamma', lowering),
    beta: parameterOf(layer, 'beta', lowering),
    runningMean: parameterOf(layer, 'runningMean', lowering),
    runningVar: parameterOf(layer, 'runningVar', lowering),
    eps: layer.eps,
    momentum: layer.momentum,
    residual: null,
    activation: null,
    savedMean: addBuffer(lowering, `${layer.id}.mean`, channels, false),
    savedInvStd: addBuffer(lowering, `${layer.id}.invStd`, channels, false),
  };
}

const layer: LayerRule<LayerOf<'batchNorm'>, BatchNormCalls> = { inputs: 1, lower };
export const batchNormLayers = { batchNorm: layer };

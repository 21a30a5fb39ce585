import { command } from '../backends/cpu/commands.js';
import { layerNorm, layerNormGrad } from '../backends/reference/kernels/attention.js';
import type { BufferId, CallIn, ParamId, Planes } from '../base.js';
import { parameterOf, planesOf, sameShape } from './lowering.js';
import type { LayerOf, LayerRule, Op } from './op.js';
import { write } from './reverse.js';

interface LayerNormArgs extends Planes {
  readonly gamma: ParamId;
  readonly beta: ParamId;
  readonly eps: number;
}

export type LayerNormCalls =
  /**
   * y = gamma (x - mean) / sqrt(var + eps) + beta, mean and biased variance over the channels of
   * each pixel.
   */
  | ({ readonly op: 'layerNorm'; readonly x: BufferId; readonly y: BufferId } & LayerNormArgs)
  | ({
      readonly op: 'layerNormGrad';
      readonly x: BufferId;
      readonly dy: BufferId;
      readonly dx: BufferId;
    } & LayerNormArgs);

const forward: Op<CallIn<LayerNormCalls, 'layerNorm'>> = {
  reads: ['x'],
  writes: ['y'],
  run: (call, at) => {
    const norm = { ...call, gamma: at.value(call.gamma), beta: at.value(call.beta) };
    layerNorm(norm, at.b(call.x), at.b(call.y), at.columns);
  },
  encode: (call, to) =>
    command('layerNorm', {
      x: to.buffer(call.x),
      y: to.buffer(call.y),
      channels: call.channels,
      plane: call.plane,
      gamma: to.value(call.gamma),
      beta: to.value(call.beta),
      eps: call.eps,
    }),
  // The kernel gives gamma's and beta's gradients together with dx, which nobody reads at the
  // network's input.
  differentiate: (call, dy, reverse) =>
    write<LayerNormCalls>(call.x, reverse, (dx) => ({ ...call, op: 'layerNormGrad', dy, dx })),
};

const gradient: Op<CallIn<LayerNormCalls, 'layerNormGrad'>> = {
  reads: ['x', 'dy'],
  writes: ['dx'],
  gradients: ['gamma', 'beta'],
  run: (call, at) => {
    const norm = { ...call, gamma: at.value(call.gamma), beta: at.value(call.beta) };
    const grads = { gamma: at.grad(call.gamma), beta: at.grad(call.beta) };
    layerNormGrad(norm, at.b(call.x), at.b(call.dy), at.b(call.dx), grads, at.columns);
  },
  encode: (call, to) =>
    command('layerNormGrad', {
      x: to.buffer(call.x),
      dy: to.buffer(call.dy),
      dx: to.buffer(call.dx),
      channels: call.channels,
      plane: call.plane,
      gamma: to.value(call.gamma),
      eps: call.eps,
      gradGamma: to.gradient(call.gamma),
      gradBeta: to.gradient(call.beta),
    }),
};

export const layerNormOps = { layerNorm: forward, layerNormGrad: gradient };

const layer: LayerRule<LayerOf<'layerNorm'>, LayerNormCalls> = {
  inputs: 1,
  lower(one, [x], y, lowering) {
    sameShape(one, x, lowering);
    const gamma = parameterOf(one, 'gamma', lowering);
    const beta = parameterOf(one, 'beta', lowering);
    return { op: 'layerNorm', x, y, ...planesOf(one.output), gamma, beta, eps: one.eps };
  },
};
export const layerNormLayers = { layerNorm: layer };

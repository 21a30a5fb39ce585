import { command } from '../backends/cpu/commands.js';
import {
  positionalEmbedding,
  positionalEmbeddingWeightGrad,
} from '../backends/reference/kernels/pool.js';
import type { BufferId, CallIn, ParamId, Planes } from '../base.js';
import { parameterOf, planesOf, sameShape } from './lowering.js';
import type { LayerOf, LayerRule, Op } from './op.js';
import { type AddGradCall, passOn, type Reverse } from './reverse.js';

export type PositionalEmbeddingCalls =
  /** y[c, p] = x[c, p] + w[c, p], the same for every sample. */
  | ({
      readonly op: 'positionalEmbedding';
      readonly x: BufferId;
      readonly y: BufferId;
      readonly weight: ParamId;
    } & Planes)
  /** grad(w[c, p]) = sum of dy[c, p] over samples. Its input gradient is an `addGrad`. */
  | ({
      readonly op: 'positionalEmbeddingWeightGrad';
      readonly dy: BufferId;
      readonly weight: ParamId;
    } & Planes);

const forward: Op<CallIn<PositionalEmbeddingCalls, 'positionalEmbedding'>> = {
  reads: ['x'],
  writes: ['y'],
  run: (call, at) =>
    positionalEmbedding(at.value(call.weight), at.b(call.x), at.b(call.y), at.columns),
  encode: (call, to) =>
    command('positionalEmbedding', {
      x: to.buffer(call.x),
      w: to.value(call.weight),
      y: to.buffer(call.y),
      channels: call.channels,
      plane: call.plane,
    }),
  differentiate(
    { x, weight, channels, plane },
    dy,
    reverse: Reverse<PositionalEmbeddingCalls | AddGradCall>,
  ) {
    if (reverse.wanted.has(x)) passOn(dy, x, reverse);
    reverse.emit({ op: 'positionalEmbeddingWeightGrad', dy, weight, channels, plane });
  },
};

const weightGrad: Op<CallIn<PositionalEmbeddingCalls, 'positionalEmbeddingWeightGrad'>> = {
  reads: ['dy'],
  writes: [],
  gradients: ['weight'],
  run: (call, at) => positionalEmbeddingWeightGrad(at.b(call.dy), at.grad(call.weight), at.columns),
  encode: (call, to) =>
    command('positionalEmbeddingWeightGrad', {
      dy: to.buffer(call.dy),
      g: to.gradient(call.weight),
      channels: call.channels,
      plane: call.plane,
    }),
};

export const positionalEmbeddingOps = {
  positionalEmbedding: forward,
  positionalEmbeddingWeightGrad: weightGrad,
};

const layer: LayerRule<LayerOf<'position'>, PositionalEmbeddingCalls> = {
  inputs: 1,
  lower(one, [x], y, lowering) {
    sameShape(one, x, lowering);
    const weight = parameterOf(one, 'position', lowering);
    return { op: 'positionalEmbedding', x, y, weight, ...planesOf(one.output) };
  },
};
export const positionalEmbeddingLayers = { position: layer };

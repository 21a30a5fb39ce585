import { command } from '../backends/cpu/commands.js';
import {
  depthwise,
  depthwiseInputGrad,
  depthwiseWeightGrad,
} from '../backends/reference/kernels/planes.js';
import type { Accumulates, BufferId, CallIn, ParamId } from '../base.js';
import { parameterOf, sameChannels, windowed } from './lowering.js';
import type { LayerOf, LayerRule, Op } from './op.js';
import { addTo, type Reverse } from './reverse.js';
import { shapeOperands, type Windowed } from './windowed.js';

interface DepthwiseArgs extends Windowed {
  readonly weight: ParamId;
  readonly channels: number;
}

/** A convolution with one window for each channel: W[c, 0, u, v]. */
export type DepthwiseCalls =
  | ({ readonly op: 'depthwise'; readonly x: BufferId; readonly y: BufferId } & DepthwiseArgs)
  | ({
      readonly op: 'depthwiseInputGrad';
      readonly dy: BufferId;
      readonly dx: BufferId;
    } & DepthwiseArgs &
      Accumulates)
  | ({
      readonly op: 'depthwiseWeightGrad';
      readonly x: BufferId;
      readonly dy: BufferId;
    } & DepthwiseArgs);

const flops = (call: DepthwiseArgs, batch: number): number =>
  2 * batch * call.channels * call.window.kernel ** 2 * call.outHeight * call.outWidth;

const forward: Op<CallIn<DepthwiseCalls, 'depthwise'>> = {
  reads: ['x'],
  writes: ['y'],
  flops,
  run: (call, at) =>
    depthwise(at.value(call.weight), call.channels, call, at.b(call.x), at.b(call.y), at.columns),
  encode: (call, to) =>
    command('depthwise', {
      y: to.buffer(call.y),
      x: to.buffer(call.x),
      w: to.value(call.weight),
      channels: call.channels,
      accumulate: 0,
      windows: to.windows(call),
    }),
  differentiate(call, dy, reverse: Reverse<DepthwiseCalls>) {
    const { x, y: _y, op: _op, ...args } = call;
    if (reverse.wanted.has(x))
      reverse.emit({ op: 'depthwiseInputGrad', dy, ...addTo(x, reverse), ...args });
    reverse.emit({ op: 'depthwiseWeightGrad', x, dy, ...args });
  },
};

const inputGrad: Op<CallIn<DepthwiseCalls, 'depthwiseInputGrad'>> = {
  reads: ['dy'],
  writes: ['dx'],
  transposed: true,
  flops,
  run: (call, at) =>
    depthwiseInputGrad(
      at.value(call.weight),
      call.channels,
      call,
      at.b(call.dy),
      at.b(call.dx),
      call.accumulate,
      at.columns,
    ),
  encode: (call, to) =>
    command('depthwise', {
      y: to.buffer(call.dx),
      x: to.buffer(call.dy),
      w: to.value(call.weight),
      channels: call.channels,
      accumulate: Number(call.accumulate),
      windows: to.windows(call),
    }),
};

const weightGrad: Op<CallIn<DepthwiseCalls, 'depthwiseWeightGrad'>> = {
  reads: ['x', 'dy'],
  writes: [],
  gradients: ['weight'],
  flops,
  run: (call, at) =>
    depthwiseWeightGrad(
      call.channels,
      call,
      at.b(call.x),
      at.b(call.dy),
      at.grad(call.weight),
      at.columns,
    ),
  encode: (call, to) =>
    command('depthwiseWeightGrad', {
      x: to.buffer(call.x),
      dy: to.buffer(call.dy),
      g: to.gradient(call.weight),
      shape: shapeOperands(call, call.channels, call.channels),
    }),
};

export const depthwiseOps = {
  depthwise: forward,
  depthwiseInputGrad: inputGrad,
  depthwiseWeightGrad: weightGrad,
};

const layer: LayerRule<LayerOf<'depthwise'>, DepthwiseCalls> = {
  inputs: 1,
  lower: (one, [x], y, lowering) => ({
    op: 'depthwise',
    x,
    y,
    weight: parameterOf(one, 'weight', lowering),
    channels: sameChannels(one, x, lowering),
    ...windowed(one, one.window, x, lowering),
  }),
};
export const depthwiseLayers = { depthwise: layer };

import { invariant } from '../../core/errors.js';
import { command } from '../backends/cpu/commands.js';
import {
  averagePool,
  averagePoolGrad,
  maxPool,
  maxPoolGrad,
} from '../backends/reference/kernels/pool.js';
import type { BufferId, CallIn } from '../base.js';
import { type Lowering, sameChannels, windowed } from './lowering.js';
import type { LayerOf, LayerRule, Op } from './op.js';
import { write } from './reverse.js';
import type { Windowed } from './windowed.js';

interface PoolArgs extends Windowed {
  readonly channels: number;
}

export type PoolCalls =
  /** The largest value under each window; padding never wins. */
  | ({ readonly op: 'maxPool'; readonly x: BufferId; readonly y: BufferId } & PoolArgs)
  /** dy goes to the first pixel of the window, by rows, that equals the maximum. */
  | ({
      readonly op: 'maxPoolGrad';
      readonly x: BufferId;
      readonly y: BufferId;
      readonly dy: BufferId;
      readonly dx: BufferId;
    } & PoolArgs)
  /** Sum under each window / kernel^2. */
  | ({ readonly op: 'averagePool'; readonly x: BufferId; readonly y: BufferId } & PoolArgs)
  | ({ readonly op: 'averagePoolGrad'; readonly dy: BufferId; readonly dx: BufferId } & PoolArgs);

const largest: Op<CallIn<PoolCalls, 'maxPool'>> = {
  reads: ['x'],
  writes: ['y'],
  run: (call, at) => maxPool(call.channels, call, at.b(call.x), at.b(call.y), at.columns),
  encode: (call, to) =>
    command('maxPool', {
      x: to.buffer(call.x),
      y: to.buffer(call.y),
      channels: call.channels,
      windows: to.windows(call),
    }),
  differentiate: (call, dy, reverse) =>
    write<PoolCalls>(call.x, reverse, (dx) => ({ ...call, op: 'maxPoolGrad', dy, dx })),
};

const largestGrad: Op<CallIn<PoolCalls, 'maxPoolGrad'>> = {
  reads: ['x', 'y', 'dy'],
  writes: ['dx'],
  run: (call, at) =>
    maxPoolGrad(
      call.channels,
      call,
      at.b(call.x),
      at.b(call.y),
      at.b(call.dy),
      at.b(call.dx),
      at.columns,
    ),
  encode: (call, to) =>
    command('maxPoolGrad', {
      x: to.buffer(call.x),
      y: to.buffer(call.y),
      dy: to.buffer(call.dy),
      dx: to.buffer(call.dx),
      inPlane: call.inHeight * call.inWidth,
      channels: call.channels,
      windows: to.windows(call),
    }),
};

const shareOf = ({ window }: PoolArgs): number => 1 / window.kernel ** 2;

const average: Op<CallIn<PoolCalls, 'averagePool'>> = {
  reads: ['x'],
  writes: ['y'],
  run: (call, at) => averagePool(call.channels, call, at.b(call.x), at.b(call.y), at.columns),
  encode: (call, to) =>
    command('windowSums', {
      x: to.buffer(call.x),
      y: to.buffer(call.y),
      channels: call.channels,
      scale: shareOf(call),
      windows: to.windows(call),
    }),
  differentiate(call, dy, reverse) {
    const { x, y: _, ...args } = call;
    write<PoolCalls>(x, reverse, (dx) => ({ ...args, op: 'averagePoolGrad', dy, dx }));
  },
};

const averageGrad: Op<CallIn<PoolCalls, 'averagePoolGrad'>> = {
  reads: ['dy'],
  writes: ['dx'],
  transposed: true,
  run: (call, at) => averagePoolGrad(call.channels, call, at.b(call.dy), at.b(call.dx), at.columns),
  encode: (call, to) =>
    command('windowSums', {
      x: to.buffer(call.dy),
      y: to.buffer(call.dx),
      channels: call.channels,
      scale: shareOf(call),
      windows: to.windows(call),
    }),
};

export const poolOps = {
  maxPool: largest,
  maxPoolGrad: largestGrad,
  averagePool: average,
  averagePoolGrad: averageGrad,
};

type PoolLayer = LayerOf<'maxPool' | 'averagePool'>;

function lower(
  layer: PoolLayer,
  [x]: readonly BufferId[],
  y: BufferId,
  lowering: Lowering,
): PoolCalls {
  const { window } = layer;
  // Else a window could lie in the padding wholly, with no largest value.
  invariant(
    2 * window.padding <= window.kernel,
    `the padding of pool "${layer.id}" is at most half its window`,
  );
  const channels = sameChannels(layer, x, lowering);
  return { op: layer.kind, x, y, channels, ...windowed(layer, window, x, lowering) };
}

const layer: LayerRule<PoolLayer, PoolCalls> = { inputs: 1, lower };
export const poolLayers = { maxPool: layer, averagePool: layer };

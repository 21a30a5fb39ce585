import { invariant } from '../../core/errors.js';
import { command } from '../backends/cpu/commands.js';
import { globalPool, globalPoolGrad } from '../backends/reference/kernels/pool.js';
import type { BufferId, CallIn, Planes } from '../base.js';
import { planesOf } from './lowering.js';
import type { LayerOf, LayerRule, Op } from './op.js';
import { write } from './reverse.js';

export type GlobalPoolCalls =
  /** y[c] = mean of x[c] over the plane. */
  | ({ readonly op: 'globalPool'; readonly x: BufferId; readonly y: BufferId } & Planes)
  | ({ readonly op: 'globalPoolGrad'; readonly dy: BufferId; readonly dx: BufferId } & Planes);

const forward: Op<CallIn<GlobalPoolCalls, 'globalPool'>> = {
  reads: ['x'],
  writes: ['y'],
  run: (call, at) => globalPool(call.channels, call.plane, at.b(call.x), at.b(call.y), at.columns),
  encode: (call, to) =>
    command('globalPool', {
      x: to.buffer(call.x),
      y: to.buffer(call.y),
      channels: call.channels,
      plane: call.plane,
    }),
  differentiate: ({ x, channels, plane }, dy, reverse) =>
    write<GlobalPoolCalls>(x, reverse, (dx) => ({ op: 'globalPoolGrad', dy, dx, channels, plane })),
};

const gradient: Op<CallIn<GlobalPoolCalls, 'globalPoolGrad'>> = {
  reads: ['dy'],
  writes: ['dx'],
  run: (call, at) =>
    globalPoolGrad(call.channels, call.plane, at.b(call.dy), at.b(call.dx), at.columns),
  encode: (call, to) =>
    command('globalPoolGrad', {
      dy: to.buffer(call.dy),
      dx: to.buffer(call.dx),
      channels: call.channels,
      plane: call.plane,
    }),
};

export const globalPoolOps = { globalPool: forward, globalPoolGrad: gradient };

const layer: LayerRule<LayerOf<'globalPool'>, GlobalPoolCalls> = {
  inputs: 1,
  lower({ id, output }, [x], y, lowering) {
    const { shape } = lowering.buffers[x];
    invariant(
      output.height * output.width === 1 && output.channels === shape.channels,
      `global pool "${id}" declares a wrong shape`,
    );
    return { op: 'globalPool', x, y, ...planesOf(shape) };
  },
};
export const globalPoolLayers = { globalPool: layer };

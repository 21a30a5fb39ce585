import { invariant } from '../../core/errors.js';
import { command } from '../backends/cpu/commands.js';
import { channelScale, channelScaleGrad } from '../backends/reference/kernels/pool.js';
import type { BufferId, CallIn, Planes } from '../base.js';
import { planesOf, sameShape } from './lowering.js';
import type { LayerOf, LayerRule, Op } from './op.js';
import { writeAll } from './reverse.js';

/** The gate of squeeze-and-excitation. */
export type ChannelScaleCalls =
  /** y[c, p] = x[c, p] s[c]. */
  | ({
      readonly op: 'channelScale';
      readonly x: BufferId;
      readonly s: BufferId;
      readonly y: BufferId;
    } & Planes)
  /** dx = dy s; ds[c] = sum over the plane of dy x. */
  | ({
      readonly op: 'channelScaleGrad';
      readonly x: BufferId;
      readonly s: BufferId;
      readonly dy: BufferId;
      readonly dx: BufferId;
      readonly ds: BufferId;
    } & Planes);

const forward: Op<CallIn<ChannelScaleCalls, 'channelScale'>> = {
  reads: ['x', 's'],
  writes: ['y'],
  run: (call, at) =>
    channelScale(call.channels, call.plane, at.b(call.x), at.b(call.s), at.b(call.y), at.columns),
  encode: (call, to) =>
    command('channelScale', {
      x: to.buffer(call.x),
      s: to.buffer(call.s),
      y: to.buffer(call.y),
      channels: call.channels,
      plane: call.plane,
    }),
  differentiate: (call, dy, reverse) =>
    writeAll<ChannelScaleCalls>([call.x, call.s], reverse, ([dx, ds]) => ({
      ...call,
      op: 'channelScaleGrad',
      dy,
      dx,
      ds,
    })),
};

const gradient: Op<CallIn<ChannelScaleCalls, 'channelScaleGrad'>> = {
  reads: ['x', 's', 'dy'],
  writes: ['dx', 'ds'],
  run: (call, at) =>
    channelScaleGrad(
      call.channels,
      call.plane,
      at.b(call.x),
      at.b(call.s),
      at.b(call.dy),
      at.b(call.dx),
      at.b(call.ds),
      at.columns,
    ),
  encode: (call, to) =>
    command('channelScaleGrad', {
      x: to.buffer(call.x),
      s: to.buffer(call.s),
      dy: to.buffer(call.dy),
      dx: to.buffer(call.dx),
      ds: to.buffer(call.ds),
      channels: call.channels,
      plane: call.plane,
    }),
};

export const channelScaleOps = { channelScale: forward, channelScaleGrad: gradient };

const layer: LayerRule<LayerOf<'gate'>, ChannelScaleCalls> = {
  inputs: 2,
  lower(one, [x, s], y, lowering) {
    sameShape(one, x, lowering);
    const planes = planesOf(one.output);
    invariant(
      lowering.buffers[s].rows === planes.channels,
      `the gate of "${one.id}" needs one number a channel`,
    );
    return { op: 'channelScale', x, s, y, ...planes };
  },
};
export const channelScaleLayers = { gate: layer };

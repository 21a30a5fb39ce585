import type { ActivationFunction } from '../../network/types.js';
import { command } from '../backends/cpu/commands.js';
import { activation, activationGrad } from '../backends/reference/kernels/activation.js';
import type { BufferId, CallIn } from '../base.js';
import { sameShape } from './lowering.js';
import type { LayerOf, LayerRule, Op } from './op.js';
import { write } from './reverse.js';

/** Numbers of the functions in native/vmath.h. */
export const ACTIVATIONS = {
  none: 0,
  relu: 1,
  swish: 2,
  sigmoid: 3,
  gelu: 4,
  'stairs-2': 5,
  'stairs-4': 6,
  'stairs-8': 7,
  'stairs-16': 8,
} as const;

export type ActivationCalls =
  | {
      readonly op: 'activation';
      readonly function: ActivationFunction;
      readonly x: BufferId;
      readonly y: BufferId;
    }
  /** dx = f'(x) dy. relu and sigmoid read y only, the others x only. */
  | {
      readonly op: 'activationGrad';
      readonly function: ActivationFunction;
      readonly x: BufferId;
      readonly y: BufferId;
      readonly dy: BufferId;
      readonly dx: BufferId;
    };

const forward: Op<CallIn<ActivationCalls, 'activation'>> = {
  reads: ['x'],
  writes: ['y'],
  run: (call, at) =>
    activation(call.function, at.b(call.x), at.b(call.y), at.rows(call.y), at.columns),
  encode: (call, to) =>
    command('activation', {
      act: ACTIVATIONS[call.function],
      x: to.buffer(call.x),
      y: to.buffer(call.y),
      rows: to.rows(call.x),
    }),
  differentiate: (call, dy, reverse) =>
    write<ActivationCalls>(call.x, reverse, (dx) => ({ ...call, op: 'activationGrad', dy, dx })),
};

const gradient: Op<CallIn<ActivationCalls, 'activationGrad'>> = {
  reads: ['x', 'y', 'dy'],
  writes: ['dx'],
  unread: (call, field) => {
    const fromOutput = call.function === 'relu' || call.function === 'sigmoid';
    return field === (fromOutput ? 'x' : 'y');
  },
  run: (call, at) =>
    activationGrad(
      call.function,
      at.b(call.x),
      at.b(call.y),
      at.b(call.dy),
      at.b(call.dx),
      at.rows(call.y),
      at.columns,
    ),
  encode: (call, to) =>
    command('activationGrad', {
      act: ACTIVATIONS[call.function],
      x: to.buffer(call.x),
      y: to.buffer(call.y),
      dy: to.buffer(call.dy),
      dx: to.buffer(call.dx),
      rows: to.rows(call.y),
    }),
};

export const activationOps = { activation: forward, activationGrad: gradient };

const layer: LayerRule<LayerOf<'activation'>, ActivationCalls> = {
  inputs: 1,
  lower(one, [x], y, lowering) {
    sameShape(one, x, lowering);
    return { op: 'activation', function: one.function, x, y };
  },
};
export const activationLayers = { activation: layer };

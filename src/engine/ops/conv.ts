import { invariant } from '../../core/errors.js';
import type { BlockMask } from '../../network/types.js';
import { command, NONE } from '../backends/cpu/commands.js';
import {
  conv,
  convInputGrad,
  type ConvWeight,
  convWeightGrad,
  planeSums,
} from '../backends/reference/kernels/planes.js';
import type { Accumulates, BufferId, CallIn, ParamId } from '../base.js';
import { type Lowering, parameterOf, windowed } from './lowering.js';
import type { LayerOf, LayerRule, Op, ReferenceRun } from './op.js';
import { addTo, type Reverse } from './reverse.js';
import {
  behindRounded,
  operand,
  operandRows,
  roundedFloats,
  roundNumbers,
  type Rounds,
} from './rounded.js';
import { shapeOperands, type Windowed } from './windowed.js';

interface ConvArgs extends Windowed, Rounds {
  readonly weight: ParamId;
  readonly bias: ParamId | null;
  readonly inChannels: number;
  readonly outChannels: number;
  /** null = dense. */
  readonly mask: BlockMask | null;
}

export type ConvCalls =
  /**
   * y[o, r, c] = sum over i, u, v of W[o, i, u, v] x[i, r stride + u - padding, c stride + v -
   * padding] (+ b[o]).
   */
  | ({ readonly op: 'conv'; readonly x: BufferId; readonly y: BufferId } & ConvArgs)
  /** dx: its transpose. */
  | ({ readonly op: 'convInputGrad'; readonly dy: BufferId; readonly dx: BufferId } & ConvArgs &
      Accumulates)
  /**
   * grad(W[o, i, u, v]) = sum over samples and pixels of dy[o] times the x[i] it met; grad(b) =
   * sums of dy.
   */
  | ({ readonly op: 'convWeightGrad'; readonly x: BufferId; readonly dy: BufferId } & ConvArgs);

function numbers({ mask, inChannels, outChannels, window }: ConvArgs): number {
  return (mask?.nonzeros ?? inChannels * outChannels) * window.kernel ** 2;
}

function flops(call: ConvArgs, batch: number): number {
  return 2 * batch * numbers(call) * call.outHeight * call.outWidth;
}

function weightOf(call: ConvCalls, at: ReferenceRun): ConvWeight {
  return {
    values: operand(at.value(call.weight), call),
    mask: at.mask(call.weight),
    inChannels: call.inChannels,
    outChannels: call.outChannels,
    taps: call.window.kernel ** 2,
  };
}

const forward: Op<CallIn<ConvCalls, 'conv'>> = {
  reads: ['x'],
  writes: ['y'],
  flops,
  run: (call, at) =>
    conv(
      weightOf(call, at),
      call.bias === null ? null : at.value(call.bias),
      call,
      operand(at.b(call.x), call),
      at.b(call.y),
      at.columns,
    ),
  scratch: (call, sizes) =>
    call.bf16 === true ? roundedFloats([call.x], call, sizes) + numbers(call) : 0,
  encode: (call, to) => {
    const table = to.table(to.arena.parameters[call.weight].forward);
    const [x] = operandRows([call.x], 'widened', call, to);
    const stored = to.value(call.weight);
    const w = call.bf16 === true ? behindRounded([call.x], call, to) : stored;
    const rounding = call.bf16 === true ? roundNumbers(stored, w, call.weight, to) : [];
    const product = command('conv', {
      y: to.buffer(call.y),
      x: x.at,
      w,
      bias: to.value(call.bias),
      table: table.at,
      groups: table.groups,
      accumulate: 0,
      zeros: to.arena.zeros,
      step: 1,
      windows: to.windows(call),
      inChannels: call.inChannels,
      outChannels: call.outChannels,
    });
    return [...x.words, ...rounding, ...product];
  },
  differentiate(call, dy, reverse: Reverse<ConvCalls>) {
    const { x, y: _y, op: _op, ...args } = call;
    if (reverse.wanted.has(x))
      reverse.emit({ op: 'convInputGrad', dy, ...addTo(x, reverse), ...args });
    reverse.emit({ op: 'convWeightGrad', x, dy, ...args });
  },
};

const inputGrad: Op<CallIn<ConvCalls, 'convInputGrad'>> = {
  reads: ['dy'],
  writes: ['dx'],
  transposed: true,
  flops,
  run: (call, at) =>
    convInputGrad(
      weightOf(call, at),
      call,
      operand(at.b(call.dy), call),
      at.b(call.dx),
      call.accumulate,
      at.columns,
    ),
  scratch: (call, sizes) => roundedFloats([call.dy], call, sizes),
  // Over weights that are transposed first; pixels that share taps lie `stride` apart.
  encode: (call, to) => {
    const { transposed, transposedWeights: copy, size } = to.arena.parameters[call.weight];
    const table = to.table(transposed);
    invariant(copy !== null, 'an input gradient without transposed weights');
    const turn = command('transpose', {
      from: to.value(call.weight),
      to: copy.at,
      order: copy.order,
      n: size,
    });
    const rounding = call.bf16 === true ? roundNumbers(copy.at, copy.at, call.weight, to) : [];
    const [dy] = operandRows([call.dy], 'widened', call, to);
    const product = command('conv', {
      y: to.buffer(call.dx),
      x: dy.at,
      w: copy.at,
      bias: NONE,
      table: table.at,
      groups: table.groups,
      accumulate: Number(call.accumulate),
      zeros: to.arena.zeros,
      step: call.window.stride,
      windows: to.windows(call),
      inChannels: call.outChannels,
      outChannels: call.inChannels,
    });
    return [...turn, ...rounding, ...dy.words, ...product];
  },
};

const weightGrad: Op<CallIn<ConvCalls, 'convWeightGrad'>> = {
  reads: ['x', 'dy'],
  writes: [],
  gradients: ['weight', 'bias'],
  flops,
  scratch: (call, sizes) => roundedFloats([call.x, call.dy], call, sizes),
  run: (call, at) => {
    const plane = call.outHeight * call.outWidth;
    convWeightGrad(
      weightOf(call, at),
      call,
      operand(at.b(call.x), call),
      operand(at.b(call.dy), call),
      at.grad(call.weight),
      at.columns,
    );
    if (call.bias !== null)
      planeSums(at.b(call.dy), call.outChannels, plane, at.grad(call.bias), at.columns);
  },
  encode: (call, to) => {
    const table = to.table(to.arena.parameters[call.weight].forward);
    const [x, dy] = operandRows([call.x, call.dy], 'widened', call, to);
    const product = command('convWeightGrad', {
      x: x.at,
      dy: dy.at,
      g: to.gradient(call.weight),
      zeros: to.arena.zeros,
      table: table.at,
      groups: table.groups,
      shape: shapeOperands(call, call.inChannels, call.outChannels),
    });
    const words = [...x.words, ...dy.words, ...product];
    if (call.bias === null) return words;
    const sums = command('planeSums', {
      x: to.buffer(call.dy),
      out: to.gradient(call.bias),
      channels: call.outChannels,
      plane: call.outHeight * call.outWidth,
    });
    return [...words, ...sums];
  },
};

export const convOps = { conv: forward, convInputGrad: inputGrad, convWeightGrad: weightGrad };

function lower(
  layer: LayerOf<'conv'>,
  [x]: readonly BufferId[],
  y: BufferId,
  lowering: Lowering,
): ConvCalls {
  const { inChannels, mask } = layer;
  const outChannels = layer.output.channels;
  const given = lowering.buffers[x].shape.channels;
  invariant(
    given === inChannels,
    `layer "${layer.id}" takes ${inChannels} channels, is given ${given}`,
  );
  const fits =
    mask === null || (mask.input.channels === inChannels && mask.output.channels === outChannels);
  invariant(fits, `the mask of layer "${layer.id}" does not fit its channels`);
  const weight = parameterOf(layer, 'weight', lowering);
  const bias = layer.bias ? parameterOf(layer, 'bias', lowering) : null;
  const planes = windowed(layer, layer.window, x, lowering);
  return { op: 'conv', x, y, weight, bias, inChannels, outChannels, mask, ...planes };
}

const layer: LayerRule<LayerOf<'conv'>, ConvCalls> = { inputs: 1, lower };
export const convLayers = { conv: layer };

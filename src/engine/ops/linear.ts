import { invariant } from '../../core/errors.js';
import { features } from '../../core/shape.js';
import type { BlockMask } from '../../network/types.js';
import { command, NONE } from '../backends/cpu/commands.js';
import { rowDepth, rowSamples } from '../backends/cpu/row-layout.js';
import {
  biasGrad,
  type DenseWeight,
  linear,
  linearInputGrad,
  linearWeightGrad,
} from '../backends/reference/kernels/linear.js';
import type { Accumulates, BufferId, CallIn, ParamId } from '../base.js';
import { type Lowering, parameterOf } from './lowering.js';
import type { Encoder, LayerOf, LayerRule, Op, ReferenceRun, ScratchSizes } from './op.js';
import { addTo, type Reverse } from './reverse.js';
import { behindRounded, operand, operandRows, roundedFloats, type Rounds } from './rounded.js';

interface LinearArgs extends Rounds {
  readonly weight: ParamId;
  readonly bias: ParamId | null;
  readonly inFeatures: number;
  readonly outFeatures: number;
  /** null = dense. */
  readonly mask: BlockMask | null;
}

export type LinearCalls =
  /** y = W x (+ b). */
  | ({ readonly op: 'linear'; readonly x: BufferId; readonly y: BufferId } & LinearArgs)
  /** dx = W^T dy. */
  | ({ readonly op: 'linearInputGrad'; readonly dy: BufferId; readonly dx: BufferId } & LinearArgs &
      Accumulates)
  /** grad(W) = dy x^T on existing blocks, grad(b) = row sums of dy. */
  | ({ readonly op: 'linearWeightGrad'; readonly x: BufferId; readonly dy: BufferId } & LinearArgs);

const numbers = ({ mask, inFeatures, outFeatures }: LinearArgs): number =>
  mask?.nonzeros ?? inFeatures * outFeatures;

const flops = (call: LinearArgs, batch: number): number => 2 * batch * numbers(call);

/** Scratch of a product in bf16: what it reads, rows first. */
const rounded = (read: BufferId, call: LinearArgs, sizes: ScratchSizes): number =>
  call.bf16 === true ? roundedFloats([read], call, sizes) + numbers(call) : 0;

/** A product in either direction; with bf16 its operands are rounded first. */
function encodeProduct(
  call: LinearArgs,
  { x, y, bias, transposed, accumulate }: ProductOf,
  to: Encoder,
): number[] {
  const { forward: there, transposed: back } = to.arena.parameters[call.weight];
  const { at: table, groups } = to.table(transposed ? back : there);
  const [input] = operandRows([x], 'pairedRows', call, to);
  const stored = to.value(call.weight);
  const w = call.bf16 === true ? behindRounded([x], call, to) : stored;
  const shared = { table, groups, transposed: Number(transposed), rows: to.rows(y) };
  const roundWeights =
    call.bf16 === true
      ? command('roundWeights', { from: stored, to: w, n: numbers(call), ...shared })
      : [];
  const product = command('product', {
    y: to.buffer(y),
    x: input.at,
    w,
    bias,
    ...shared,
    accumulate: Number(accumulate),
    bf16: Number(call.bf16 === true),
  });
  return [...input.words, ...roundWeights, ...product];
}

interface ProductOf {
  readonly x: BufferId;
  readonly y: BufferId;
  /** Where it lies, or `NONE`. */
  readonly bias: number;
  readonly transposed: boolean;
  readonly accumulate: boolean;
}

function weightOf(call: LinearCalls, at: ReferenceRun): DenseWeight {
  const { weight, inFeatures, outFeatures } = call;
  return {
    values: operand(at.value(weight), call),
    mask: at.mask(weight),
    inFeatures,
    outFeatures,
  };
}

const forward: Op<CallIn<LinearCalls, 'linear'>> = {
  reads: ['x'],
  writes: ['y'],
  flops,
  run: (call, at) =>
    linear(
      weightOf(call, at),
      call.bias === null ? null : at.value(call.bias),
      operand(at.b(call.x), call),
      at.b(call.y),
      at.columns,
    ),
  scratch: (call, sizes) => rounded(call.x, call, sizes),
  encode: (call, to) => {
    const { x, y } = call;
    const bias = to.value(call.bias);
    const { forward: many, rows: few, layout } = to.arena.parameters[call.weight];
    if (few === null || layout === null)
      return encodeProduct(call, { x, y, bias, transposed: false, accumulate: false }, to);
    return command('inferenceProduct', {
      y: to.buffer(y),
      x: to.buffer(x),
      w: to.value(call.weight),
      bias,
      table: few.at,
      groups: few.groups,
      most: rowSamples(layout),
      many: to.table(many).at,
      manyGroups: to.table(many).groups,
      rows: to.rows(y),
      inputs: to.rows(x),
      depth: rowDepth(layout),
      scratch: to.arena.scratch,
    });
  },
  differentiate(call, dy, reverse: Reverse<LinearCalls>) {
    const { x, y: _y, op: _op, ...args } = call;
    if (reverse.wanted.has(x))
      reverse.emit({ op: 'linearInputGrad', dy, ...addTo(x, reverse), ...args });
    reverse.emit({ op: 'linearWeightGrad', x, dy, ...args });
  },
};

const inputGrad: Op<CallIn<LinearCalls, 'linearInputGrad'>> = {
  reads: ['dy'],
  writes: ['dx'],
  flops,
  run: (call, at) =>
    linearInputGrad(
      weightOf(call, at),
      operand(at.b(call.dy), call),
      at.b(call.dx),
      call.accumulate,
      at.columns,
    ),
  scratch: (call, sizes) => rounded(call.dy, call, sizes),
  encode: (call, to) => {
    const { dy, dx, accumulate } = call;
    return encodeProduct(call, { x: dy, y: dx, bias: NONE, transposed: true, accumulate }, to);
  },
};

const weightGrad: Op<CallIn<LinearCalls, 'linearWeightGrad'>> = {
  reads: ['x', 'dy'],
  writes: [],
  gradients: ['weight', 'bias'],
  flops,
  // In bf16 what is read, rounded; the output gradient, transposed, in whole vectors of rows.
  scratch: (call, sizes) =>
    roundedFloats([call.x, call.dy], call, sizes) + 2 * sizes.ld * call.outFeatures,
  run: (call, at) => {
    linearWeightGrad(
      weightOf(call, at),
      operand(at.b(call.x), call),
      operand(at.b(call.dy), call),
      at.grad(call.weight),
      at.columns,
    );
    if (call.bias !== null) biasGrad(at.b(call.dy), at.grad(call.bias), at.columns);
  },
  encode: (call, to) => {
    const { forward: table, at } = to.arena.parameters[call.weight];
    const { values, gradients, momenta, kept } = to.arena;
    // Probes have gradients alone, and are never updated.
    const updated = at < kept;
    const { at: tableAt, groups } = to.table(table);
    const read = [call.x, call.dy];
    const [x, dy] = operandRows(read, 'pairedSamples', call, to);
    const product = command('weightGrad', {
      x: x.at,
      dy: dy.at,
      w: (updated ? values : gradients) + at,
      v: (updated ? momenta : gradients) + at,
      g: gradients + at,
      scratch: behindRounded(read, call, to),
      table: tableAt,
      groups,
      rows: call.outFeatures,
      fused: Number(to.fused && updated),
      bf16: Number(call.bf16 === true),
    });
    const words = [...x.words, ...dy.words, ...product];
    if (call.bias === null) return words;
    const sums = command('planeSums', {
      x: to.buffer(call.dy),
      out: to.gradient(call.bias),
      channels: call.outFeatures,
      plane: 1,
    });
    return [...words, ...sums];
  },
};

export const linearOps = {
  linear: forward,
  linearInputGrad: inputGrad,
  linearWeightGrad: weightGrad,
};

function lower(
  layer: LayerOf<'linear'>,
  [x]: readonly BufferId[],
  y: BufferId,
  lowering: Lowering,
): LinearCalls {
  const { inFeatures, outFeatures, mask } = layer;
  const { rows, shape } = lowering.buffers[x];
  invariant(
    rows === inFeatures,
    `layer "${layer.id}" takes ${inFeatures} features, is given ${rows}`,
  );
  invariant(
    lowering.buffers[y].rows === outFeatures,
    `layer "${layer.id}" declares ${outFeatures} features, gives another number`,
  );
  invariant(
    mask === null || features(shape) === shape.channels,
    `the relational layer "${layer.id}" reads a vector, is given a plane`,
  );
  const fits =
    mask === null || (mask.input.channels === inFeatures && mask.output.channels === outFeatures);
  invariant(fits, `the mask of layer "${layer.id}" does not fit its features`);
  const weight = parameterOf(layer, 'weight', lowering);
  const bias = layer.bias ? parameterOf(layer, 'bias', lowering) : null;
  return { op: 'linear', x, y, weight, bias, inFeatures, outFeatures, mask };
}

const layer: LayerRule<LayerOf<'linear'>, LinearCalls> = { inputs: 1, lower };
export const linearLayers = { linear: layer };

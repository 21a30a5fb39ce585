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
import type { LayerOf, LayerRule, Op, ReferenceRun } from './op.js';
import { addTo, type Reverse } from './reverse.js';

interface LinearArgs {
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

const flops = ({ mask, inFeatures, outFeatures }: LinearArgs, batch: number): number =>
  2 * batch * (mask?.nonzeros ?? inFeatures * outFeatures);

function weightOf(call: LinearCalls, at: ReferenceRun): DenseWeight {
  const { weight, inFeatures, outFeatures } = call;
  return { values: at.value(weight), mask: at.mask(weight), inFeatures, outFeatures };
}

const forward: Op<CallIn<LinearCalls, 'linear'>> = {
  reads: ['x'],
  writes: ['y'],
  flops,
  run: (call, at) =>
    linear(
      weightOf(call, at),
      call.bias === null ? null : at.value(call.bias),
      at.b(call.x),
      at.b(call.y),
      at.columns,
    ),
  encode: (call, to) => {
    const { forward: many, rows: few, layout } = to.arena.parameters[call.weight];
    const { at: table, groups } = to.table(many);
    const operands = {
      y: to.buffer(call.y),
      x: to.buffer(call.x),
      w: to.value(call.weight),
      bias: to.value(call.bias),
      rows: to.rows(call.y),
    };
    if (few === null || layout === null)
      return command('product', { ...operands, table, groups, transposed: 0, accumulate: 0 });
    return command('inferenceProduct', {
      ...operands,
      table: few.at,
      groups: few.groups,
      most: rowSamples(layout),
      many: table,
      manyGroups: groups,
      inputs: to.rows(call.x),
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
    linearInputGrad(weightOf(call, at), at.b(call.dy), at.b(call.dx), call.accumulate, at.columns),
  encode: (call, to) => {
    const table = to.table(to.arena.parameters[call.weight].transposed);
    return command('product', {
      y: to.buffer(call.dx),
      x: to.buffer(call.dy),
      w: to.value(call.weight),
      bias: NONE,
      table: table.at,
      groups: table.groups,
      transposed: 1,
      accumulate: Number(call.accumulate),
      rows: to.rows(call.dx),
    });
  },
};

const weightGrad: Op<CallIn<LinearCalls, 'linearWeightGrad'>> = {
  reads: ['x', 'dy'],
  writes: [],
  gradients: ['weight', 'bias'],
  flops,
  // The output gradient, transposed, in whole vectors of rows.
  scratch: (call, { ld }) => 2 * ld * call.outFeatures,
  run: (call, at) => {
    linearWeightGrad(
      weightOf(call, at),
      at.b(call.x),
      at.b(call.dy),
      at.grad(call.weight),
      at.columns,
    );
    if (call.bias !== null) biasGrad(at.b(call.dy), at.grad(call.bias), at.columns);
  },
  encode: (call, to) => {
    const { forward: table, at } = to.arena.parameters[call.weight];
    const { values, gradients, momenta, scratch } = to.arena;
    const { at: tableAt, groups } = to.table(table);
    const words = command('weightGrad', {
      x: to.buffer(call.x),
      dy: to.buffer(call.dy),
      w: values + at,
      v: momenta + at,
      g: gradients + at,
      scratch,
      table: tableAt,
      groups,
      rows: call.outFeatures,
      fused: Number(to.fused),
    });
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

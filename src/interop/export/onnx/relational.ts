import { must } from '../../../core/errors.js';
import type { Tensor } from '../../../core/tensor.js';
import type { BlockMask, Window } from '../../../network/types.js';
import { blockRows, blockTables, type BlockTables, blockWeights } from '../blocks.js';
import type { GraphDraft } from './graph.js';
import type { Attribute } from './model.js';

/** The attributes of a window. */
export function windowAttributes({
  kernel,
  stride,
  padding,
}: Window): Readonly<Record<string, Attribute>> {
  return {
    kernel_shape: [kernel, kernel],
    strides: [stride, stride],
    pads: [padding, padding, padding, padding],
  };
}

interface Blocks {
  readonly id: string;
  readonly mask: BlockMask;
  readonly bias: boolean;
}

/**
 * y = W x over vectors as blocks: a product of two matrices a node. Samples go last for what moves
 * whole channels. In the products they go first: those of one sample are of a row and a matrix then,
 * which runtimes have a kernel for (of a matrix and a column, onnxruntime-web takes twice the time).
 */
export function gatheredLinear(draft: GraphDraft, { id, mask, bias }: Blocks, x: string): string {
  const tables = blockTables(mask);
  const weight = draft.tensor(`${id}.weight`);
  const channels = draft.add('Transpose', `${id}.channels`, [x], { perm: [1, 0] });
  const parts = tables.buckets.map((bucket, at) => {
    const { rows, columns } = bucket;
    const nodes = bucket.nodes.length;
    const moved = (name: string, value: string): string =>
      draft.add('Transpose', `${id}.${name}.${at}`, [value], { perm: [0, 2, 1] });
    const shaped = (name: string, value: string, shape: readonly number[]): string =>
      draft.add('Reshape', `${id}.${name}.${at}`, [
        value,
        draft.whole(`${id}.${name}.${at}.shape`, shape),
      ]);
    const inputs = [channels, inputsOf(draft, id, tables, at)];
    const read = draft.add('Gather', `${id}.read.${at}`, inputs, { axis: { int: 0 } });
    const samples = moved('samples', shaped('inputs-by-node', read, [nodes, columns, -1]));
    const blocks = transposed(blockWeights(bucket, weight, mask), nodes);
    const factors = [samples, draft.floats(`${id}.weight.${at}`, blocks)];
    const product = draft.add('MatMul', `${id}.blocks.${at}`, factors);
    return shaped('rows', moved('outputs-by-node', product), [nodes * rows, -1]);
  });
  let rows = joined(draft, id, parts, 0);
  if (bias) {
    const data = blockRows(tables, draft.tensor(`${id}.bias`));
    const column = draft.floats(`${id}.bias.rows`, { shape: [data.length, 1], data });
    rows = draft.add('Add', `${id}.biased`, [rows, column]);
  }
  return draft.add('Transpose', id, [inOrder(draft, id, tables, rows, 0)], { perm: [1, 0] });
}

/** Matrices below each other, `[nodes x rows, columns]`, as `[nodes, columns, rows]`. */
function transposed({ shape, data }: Tensor, nodes: number): Tensor {
  const columns = must(shape[1]);
  const rows = must(shape[0]) / nodes;
  const turned = new Float32Array(data.length);
  data.forEach((value, from) => {
    const column = from % columns;
    const row = Math.floor(from / columns);
    const node = Math.floor(row / rows);
    turned[(node * columns + column) * rows + (row % rows)] = value;
  });
  return { shape: [nodes, columns, rows], data: turned };
}

/** A convolution as blocks: one group a node. */
export function gatheredConv(
  draft: GraphDraft,
  layer: Blocks & { readonly window: Window },
  x: string,
): string {
  const { id } = layer;
  const tables = blockTables(layer.mask);
  const parts = tables.buckets.map((_, at) => {
    const read = draft.add('Gather', `${id}.read.${at}`, [x, inputsOf(draft, id, tables, at)], {
      axis: { int: 1 },
    });
    return convolve(draft, layer, tables, at, read, layer.window);
  });
  return draft.add('Identity', id, [inOrder(draft, id, tables, joined(draft, id, parts, 1), 1)]);
}

function inputsOf(draft: GraphDraft, id: string, tables: BlockTables, at: number): string {
  return draft.whole(`${id}.inputs.${at}`, must(tables.buckets[at]).inputs);
}

function convolve(
  draft: GraphDraft,
  { id, mask, bias }: Blocks,
  tables: BlockTables,
  at: number,
  x: string,
  window: Window,
): string {
  const bucket = must(tables.buckets[at]);
  const weight = blockWeights(bucket, draft.tensor(`${id}.weight`), mask);
  const inputs = [x, draft.floats(`${id}.weight.${at}`, weight)];
  if (bias) {
    const first = tables.buckets
      .slice(0, at)
      .reduce((sum, { nodes, rows }) => sum + nodes.length * rows, 0);
    const all = blockRows(tables, draft.tensor(`${id}.bias`));
    const data = all.slice(first, first + bucket.nodes.length * bucket.rows);
    inputs.push(draft.floats(`${id}.bias.${at}`, { shape: [data.length], data }));
  }
  return draft.add('Conv', `${id}.blocks.${at}`, inputs, {
    ...windowAttributes(window),
    group: { int: bucket.nodes.length },
  });
}

function joined(draft: GraphDraft, id: string, parts: readonly string[], axis: number): string {
  return parts.length === 1
    ? must(parts[0])
    : draft.add('Concat', `${id}.blocks`, parts, { axis: { int: axis } });
}

/** Without padding, channel by channel; nothing where the rows are in order already. */
function inOrder(
  draft: GraphDraft,
  id: string,
  { outputs, rows }: BlockTables,
  x: string,
  axis: number,
): string {
  if (rows === outputs.length && outputs.every((row, channel) => row === channel)) return x;
  const order = draft.whole(`${id}.outputs`, outputs);
  return draft.add('Gather', `${id}.ordered`, [x, order], { axis: { int: axis } });
}

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

const PIXEL: Window = { kernel: 1, stride: 1, padding: 0 };

interface Blocks {
  readonly id: string;
  readonly mask: BlockMask;
  readonly bias: boolean;
}

/**
 * y = W x over vectors as blocks. Samples are the pixels of a plane of 1 x N, over which a
 * convolution of one group a node is one multiplication of matrices a node.
 */
export function gatheredLinear(draft: GraphDraft, layer: Blocks, x: string): string {
  const { id } = layer;
  const tables = blockTables(layer.mask);
  const columns = draft.add('Transpose', `${id}.columns`, [x], { perm: [1, 0] });
  const parts = tables.buckets.map(({ nodes, columns: width }, at) => {
    const read = draft.add(
      'Gather',
      `${id}.read.${at}`,
      [columns, inputsOf(draft, id, tables, at)],
      {
        axis: { int: 0 },
      },
    );
    const plane = draft.whole(`${id}.plane.${at}`, [1, nodes.length * width, 1, -1]);
    const pixels = draft.add('Reshape', `${id}.pixels.${at}`, [read, plane]);
    return convolve(draft, layer, tables, at, pixels, PIXEL);
  });
  const rows = joined(draft, id, parts);
  const flat = draft.add('Reshape', `${id}.rows`, [
    rows,
    draft.whole(`${id}.rows.shape`, [tables.rows, -1]),
  ]);
  const ordered = inOrder(draft, id, tables, flat, 0);
  return draft.add('Transpose', id, [ordered], { perm: [1, 0] });
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
  return draft.add('Identity', id, [inOrder(draft, id, tables, joined(draft, id, parts), 1)]);
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
  const weight = draft.tensor(`${id}.weight`);
  const square: Tensor =
    weight.shape.length === 2 ? { ...weight, shape: [...weight.shape, 1, 1] } : weight;
  const inputs = [x, draft.floats(`${id}.weight.${at}`, blockWeights(bucket, square, mask))];
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

function joined(draft: GraphDraft, id: string, parts: readonly string[]): string {
  return parts.length === 1
    ? must(parts[0])
    : draft.add('Concat', `${id}.blocks`, parts, { axis: { int: 1 } });
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

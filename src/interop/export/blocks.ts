import { must } from '../../core/errors.js';
import { elements, type Tensor } from '../../core/tensor.js';
import type { BlockMask } from '../../network/types.js';

/**
 * Nodes of a relational layer whose blocks are computed together: each is padded to as many inputs
 * as the one with the most has, and to as many outputs.
 */
export interface Bucket {
  readonly nodes: readonly number[];
  /** Inputs of a node, padding included. */
  readonly columns: number;
  /** Outputs of a node, padding included. */
  readonly rows: number;
  /** `nodes x columns` input channels; padding repeats one of the node's own. */
  readonly inputs: Int32Array;
}

/** A relational layer as blocks: gather, multiply node by node, put into order. */
export interface BlockTables {
  readonly buckets: readonly Bucket[];
  /** Of each output channel its place among the rows of all buckets, one after the other. */
  readonly outputs: Int32Array;
  /** Rows of all buckets, padding included. */
  readonly rows: number;
}

/** Buckets of a layer at most: each is a few operations more. */
const MOST_BUCKETS = 6;
/** Numbers for each number that exists that are put up with, padding included. */
const PADDING = 1.1;

/** The tables of a mask, with as few buckets as keep padding low. */
export function blockTables(mask: BlockMask): BlockTables {
  const { graph, input, output } = mask;
  const columnsOf = Array.from({ length: graph.nodes }, (_, node) => channelsRead(mask, node));
  const buckets = bucketsOf(mask, columnsOf).map((nodes): Bucket => {
    const columns = Math.max(...nodes.map((node) => must(columnsOf[node]).length));
    const inputs = nodes.flatMap((node) => {
      const own = must(input.starts[node]);
      const read = must(columnsOf[node]);
      return [...read, ...Array.from({ length: columns - read.length }, () => own)];
    });
    const rows = Math.max(...nodes.map((node) => must(output.sizes[node])));
    return { nodes, columns, rows, inputs: Int32Array.from(inputs) };
  });
  const outputs = new Int32Array(output.channels);
  let at = 0;
  for (const { nodes, rows } of buckets)
    for (const node of nodes) {
      const start = must(output.starts[node]);
      for (let row = 0; row < must(output.sizes[node]); row++) outputs[start + row] = at + row;
      at += rows;
    }
  return { buckets, outputs, rows: at };
}

/** Input channels that a node reads, ascending. */
function channelsRead({ graph, input }: BlockMask, node: number): number[] {
  const { offsets, targets } = graph;
  const nodes = [node, ...targets.subarray(offsets[node], offsets[node + 1])];
  return nodes
    .toSorted((a, b) => a - b)
    .flatMap((each) => {
      const start = must(input.starts[each]);
      return Array.from({ length: must(input.sizes[each]) }, (_, at) => start + at);
    });
}

/** Nodes of one size. */
interface Kind {
  readonly nodes: readonly number[];
  readonly columns: number;
  readonly rows: number;
}

/** Nodes side by side: as few lists as keep padding below the bound, within a list by number. */
function bucketsOf(
  { output, nonzeros }: BlockMask,
  columnsOf: readonly (readonly number[])[],
): number[][] {
  const byKind = new Map<string, Kind & { nodes: number[] }>();
  columnsOf.forEach(({ length: columns }, node) => {
    const rows = must(output.sizes[node]);
    const kind = byKind.get(`${columns} ${rows}`) ?? { nodes: [], columns, rows };
    kind.nodes.push(node);
    byKind.set(`${columns} ${rows}`, kind);
  });
  const kinds = [...byKind.values()].sort((a, b) => a.columns - b.columns || a.rows - b.rows);
  for (let count = 1; ; count++) {
    const { cost, ends } = cheapest(kinds, Math.min(count, kinds.length));
    if (cost > PADDING * nonzeros && count < Math.min(MOST_BUCKETS, kinds.length)) continue;
    return ends.map((end, at) =>
      kinds
        .slice(at === 0 ? 0 : ends[at - 1], end)
        .flatMap(({ nodes }) => nodes)
        .sort((a, b) => a - b),
    );
  }
}

/** The division of kinds, in their order, into `count` runs that takes the fewest numbers. */
function cheapest(
  kinds: readonly Kind[],
  count: number,
): { readonly cost: number; readonly ends: readonly number[] } {
  // Of the first kinds, so many of them: the best division into the runs so far.
  let best = Array.from({ length: kinds.length + 1 }, (_, end) => ({
    cost: end === 0 ? 0 : Infinity,
    ends: [] as readonly number[],
  }));
  for (let run = 0; run < count; run++)
    best = best.map((_, end) => {
      let found = { cost: Infinity, ends: [] as readonly number[] };
      let [nodes, columns, rows] = [0, 0, 0];
      for (let start = end - 1; start >= 0; start--) {
        const kind = must(kinds[start]);
        nodes += kind.nodes.length;
        columns = Math.max(columns, kind.columns);
        rows = Math.max(rows, kind.rows);
        const before = must(best[start]);
        const cost = before.cost + nodes * columns * rows;
        if (cost < found.cost) found = { cost, ends: [...before.ends, end] };
      }
      return found;
    });
  return must(best[kinds.length]);
}

/**
 * The blocks of a bucket, cut out of a weight `[out, in, ...window]`: `[nodes x rows, columns,
 * ...window]`, 0 where there is padding.
 */
export function blockWeights(bucket: Bucket, weight: Tensor, mask: BlockMask): Tensor {
  const { nodes, columns, rows, inputs } = bucket;
  const window = weight.shape.slice(2);
  const size = elements(window);
  const { input, output } = mask;
  const data = new Float32Array(nodes.length * rows * columns * size);
  nodes.forEach((node, at) => {
    const read = channelsRead(mask, node).length;
    for (let row = 0; row < must(output.sizes[node]); row++) {
      const from = (must(output.starts[node]) + row) * input.channels;
      const to = (at * rows + row) * columns;
      for (let column = 0; column < read; column++) {
        const start = (from + must(inputs[at * columns + column])) * size;
        data.set(weight.data.subarray(start, start + size), (to + column) * size);
      }
    }
  });
  return { shape: [nodes.length * rows, columns, ...window], data };
}

/** The numbers of a vector over the output channels, put where the buckets have their rows. */
export function blockRows(tables: BlockTables, vector: Tensor): Float32Array {
  const rows = new Float32Array(tables.rows);
  tables.outputs.forEach((row, channel) => (rows[row] = must(vector.data[channel])));
  return rows;
}

/** Whether a mask leaves no block out: the layer is dense. */
export function isDense(mask: BlockMask | null): mask is null {
  return mask === null || mask.nonzeros === mask.input.channels * mask.output.channels;
}

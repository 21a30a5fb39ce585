import { UserError } from '../core/errors.js';
import { setBit, wordsFor } from '../graph/bits.js';
import { graphFromRows } from '../graph/build.js';
import type { Graph } from '../graph/types.js';
import { spanning } from './rewire-pairs.js';
import type { Partition } from './types.js';

/** What says how much a block of weights counts. */
export const PRUNE_CRITERIA = [
  {
    name: 'l2',
    definition:
      'l2: the sum of the squares of the weights of a block, its Frobenius norm squared, as ' +
      'rewiring drops by.',
  },
  {
    name: 'l1',
    definition:
      'l1: the sum of the magnitudes of the weights of a block (Mao et al. 2017, arXiv 1705.08922).',
  },
] as const;
export type PruneCriterion = (typeof PRUNE_CRITERIA)[number]['name'];

/** How much each weight of a layer counts, with the groups that its channels are dealt to. */
export interface LayerWorth {
  /** Of the layer's weight. */
  readonly name: string;
  /** `[out, in]`, row-major, windows summed up; all together 1, so that every layer counts the same. */
  readonly worth: Float64Array;
  readonly input: Partition;
  readonly output: Partition;
}

/** Channels in the order in which they are dealt to groups: `order[place]` is a channel. */
export type ChannelOrder = Int32Array;

/**
 * How much each weight of a layer counts by a criterion. Layers are scaled to count the same: behind
 * a batch norm the scale of a layer's weights does not change what the network computes.
 *
 * @param data `[out, in, window]`, row-major
 * @throws UserError where a weight is not finite, or all are 0
 */
export function layerWorth(
  name: string,
  data: ArrayLike<number>,
  { input, output }: Pick<LayerWorth, 'input' | 'output'>,
  criterion: PruneCriterion,
): LayerWorth {
  const worth = new Float64Array(input.channels * output.channels);
  const window = data.length / worth.length;
  let whole = 0;
  for (let at = 0; at < data.length; at++) {
    const own = criterion === 'l2' ? data[at] * data[at] : Math.abs(data[at]);
    worth[Math.floor(at / window)] += own;
    whole += own;
  }
  if (!Number.isFinite(whole))
    throw new UserError(
      `weights are pruned by their size and must be finite numbers, but ${name} has some that are ` +
        'not: the training diverged; take weights of an earlier epoch',
    );
  if (whole === 0)
    throw new UserError(
      `weights are pruned by their size, but all of ${name} are 0; take weights of a trained network`,
    );
  return { name, worth: worth.map((value) => value / whole), input, output };
}

/** The group of every channel. */
export function groupsOf(
  { channels, nodes, starts }: Partition,
  order: ChannelOrder | null,
): Int32Array {
  const groups = new Int32Array(channels);
  for (let group = 0; group < nodes; group++)
    for (let place = starts[group]; place < starts[group + 1]; place++)
      groups[order === null ? place : order[place]] = group;
  return groups;
}

/**
 * What the blocks of a layer count, `groups of outputs x groups of inputs`, row-major.
 *
 * @param rows order of the outputs; null: as they come
 * @param columns order of the inputs
 */
export function blockWorth(
  { worth, input, output }: LayerWorth,
  rows: ChannelOrder | null = null,
  columns: ChannelOrder | null = null,
): Float64Array {
  const blocks = new Float64Array(output.nodes * input.nodes);
  const [into, from] = [groupsOf(output, rows), groupsOf(input, columns)];
  for (let row = 0; row < output.channels; row++) {
    const base = into[row] * input.nodes;
    for (let column = 0; column < input.channels; column++)
      blocks[base + from[column]] += worth[row * input.channels + column];
  }
  return blocks;
}

/**
 * What each pair of groups counts, u - v at u nodes + v with u < v: both blocks of all layers that
 * share the graph.
 */
export function pairWorth(layers: readonly Float64Array[], nodes: number): Float64Array {
  const pairs = new Float64Array(nodes * nodes);
  for (const blocks of layers)
    for (let u = 0; u < nodes; u++)
      for (let v = u + 1; v < nodes; v++)
        pairs[u * nodes + v] += blocks[u * nodes + v] + blocks[v * nodes + u];
  return pairs;
}

/**
 * The connected graph of so many edges whose pairs count most in all: the spanning tree of the
 * strongest (Kruskal 1956), then the strongest of the others. No other connected graph of as many
 * edges keeps more: spanning sets of one size are the bases of a matroid, for which the greedy
 * choice is best. Of equals the first counts.
 *
 * @param pairs what each pair counts, u - v at u nodes + v with u < v
 * @throws UserError where so few edges hold no graph together, fewer pairs have weights, or these
 *   do not join all groups
 */
export function strongestGraph(nodes: number, pairs: Float64Array, edges: number): Graph {
  requireEnough(nodes, edges);
  const candidates = Int32Array.from(pairs.keys()).filter((pair) => pairs[pair] > 0);
  if (candidates.length < edges)
    throw new UserError(
      'a pruned graph has at most the pairs of groups between which there are weights, ' +
        `${candidates.length} of ${(nodes * (nodes - 1)) / 2}, got a budget of ${edges}; take a ` +
        'smaller one',
    );
  const kept = spanning({ nodes }, candidates, pairs);
  if (kept.size < nodes - 1)
    throw new UserError(
      `a pruned graph is connected, but the weights join the ${nodes} groups in ${nodes - kept.size} ` +
        'separate parts; take fewer groups with --nodes, or weights of a network over a connected graph',
    );
  const others = candidates
    .filter((pair) => !kept.has(pair))
    .sort((a, b) => pairs[b] - pairs[a] || a - b)
    .subarray(0, edges - kept.size);
  const words = wordsFor(nodes);
  const rows = new Uint32Array(nodes * words);
  for (const pair of [...kept, ...others]) {
    const [u, v] = [Math.floor(pair / nodes), pair % nodes];
    setBit(rows, words, u, v);
    setBit(rows, words, v, u);
  }
  return graphFromRows(nodes, false, rows);
}

function requireEnough(nodes: number, edges: number): void {
  const pairs = (nodes * (nodes - 1)) / 2;
  if (edges > pairs)
    throw new UserError(
      `${nodes} groups have ${pairs} pairs, which is density 1, got a budget of ${edges} edges; take ` +
        'a smaller one',
    );
  if (edges >= nodes - 1) return;
  throw new UserError(
    `a pruned graph is connected, for which ${nodes} groups need ${nodes - 1} edges (density ` +
      `${(2 / nodes).toPrecision(3)}, average degree ${(2 - 2 / nodes).toPrecision(3)}), got a budget ` +
      `of ${edges}; take a larger one, or fewer groups with --nodes`,
  );
}

/** The share of what the blocks count that a graph keeps, each group's own block included. */
export function keptShare(blocks: Float64Array, { nodes, offsets, targets }: Graph): number {
  let [kept, whole] = [0, 0];
  for (let i = 0; i < nodes; i++) {
    kept += blocks[i * nodes + i];
    for (let at = offsets[i]; at < offsets[i + 1]; at++) kept += blocks[i * nodes + targets[at]];
    for (let j = 0; j < nodes; j++) whole += blocks[i * nodes + j];
  }
  return kept / whole;
}

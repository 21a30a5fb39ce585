import { lowestBit, popcount, setBit, wordsFor } from '../bits.js';
import type { Graph, GraphMeasure } from '../types.js';
import { distanceTable } from './distances.js';
import { withoutDirections } from './without-directions.js';

/**
 * Mean of 1 / distance over ordered pairs of different nodes, unreachable ones counting 0; 0 for a
 * single node.
 */
function globalEfficiency(graph: Graph): number {
  const pairs = graph.nodes * (graph.nodes - 1);
  return pairs === 0
    ? 0
    : distanceTable(graph).pairs.reduce(
        (sum, count, distance) => (distance === 0 ? sum : sum + count / distance),
        0,
      ) / pairs;
}

/**
 * Mean over nodes of the global efficiency of the graph among a node's neighbours, itself left out.
 * Neighbours of a node of a directed graph are those joined to it either way; distances among them
 * are directed.
 */
function localEfficiency(graph: Graph): number {
  const { rows } = withoutDirections(graph);
  const search = {
    missing: new Uint32Array(graph.words),
    frontier: new Uint32Array(graph.words),
    fresh: new Uint32Array(graph.words),
  };
  const places = new Int32Array(graph.nodes).fill(-1);
  let total = 0;
  for (let u = 0; u < graph.nodes; u++) {
    const around = nodesOf(rows.subarray(u * graph.words, (u + 1) * graph.words));
    if (around.length < 2) continue;
    const arcs = around.reduce((sum, v) => sum + graph.offsets[v + 1] - graph.offsets[v], 0);
    // Few edges: the graph among the neighbours is made, and its rows are short.
    const part =
      arcs < around.length * graph.words
        ? partAmong(graph, around, places)
        : { rows: graph.rows, words: graph.words, nodes: around };
    const among = new Uint32Array(part.words);
    for (const v of part.nodes) among[v >>> 5] |= 1 << (v & 31);
    let sum = 0;
    for (const v of part.nodes) sum += inverseDistances(part, among, v, search);
    total += sum / (around.length * (around.length - 1));
  }
  return total / graph.nodes;
}

/** The nodes of a bitset, ascending. */
function nodesOf(bitset: Uint32Array): number[] {
  const nodes: number[] = [];
  for (let word = 0; word < bitset.length; word++) {
    for (let bits = bitset[word] | 0; bits !== 0; bits &= bits - 1)
      nodes.push(32 * word + lowestBit(bits));
  }
  return nodes;
}

/** Bitset rows, and those nodes of them that count. */
interface Part {
  readonly rows: Uint32Array;
  readonly words: number;
  readonly nodes: readonly number[];
}

/**
 * The graph among some nodes, named by their places in the list. `places` is -1 everywhere, before
 * and after.
 */
function partAmong(
  { offsets, targets }: Graph,
  around: readonly number[],
  places: Int32Array,
): Part {
  const words = wordsFor(around.length);
  const rows = new Uint32Array(around.length * words);
  around.forEach((v, place) => (places[v] = place));
  around.forEach((v, place) => {
    for (let at = offsets[v]; at < offsets[v + 1]; at++)
      if (places[targets[at]] >= 0) setBit(rows, words, place, places[targets[at]]);
  });
  for (const v of around) places[v] = -1;
  return { rows, words, nodes: around.map((_, place) => place) };
}

interface Search {
  readonly missing: Uint32Array;
  readonly frontier: Uint32Array;
  readonly fresh: Uint32Array;
}

/** Sum of 1 / distance from `source` within the nodes of the bitset `among`. */
function inverseDistances(
  { words, rows }: Part,
  among: Uint32Array,
  source: number,
  { missing, frontier, fresh }: Search,
): number {
  for (let at = 0; at < words; at++) missing[at] = among[at];
  missing[source >>> 5] &= ~(1 << (source & 31));
  frontier.fill(0, 0, words);
  frontier[source >>> 5] = 1 << (source & 31);
  let sum = 0;
  for (let distance = 1; ; distance++) {
    fresh.fill(0, 0, words);
    let left = 1;
    for (let word = 0; word < words && left !== 0; word++) {
      for (let bits = frontier[word] | 0; bits !== 0 && left !== 0; bits &= bits - 1) {
        const row = (32 * word + lowestBit(bits)) * words;
        left = 0;
        for (let at = 0; at < words; at++) {
          const met = rows[row + at] & missing[at];
          fresh[at] |= met;
          left |= missing[at] & ~fresh[at];
        }
      }
    }
    let found = 0;
    for (let at = 0; at < words; at++) {
      missing[at] &= ~fresh[at];
      frontier[at] = fresh[at];
      found += popcount(fresh[at]);
    }
    if (found === 0) return sum;
    sum += found / distance;
  }
}

const LATORA_MARCHIORI =
  'V. Latora, M. Marchiori: Efficient behavior of small-world networks. Physical Review ' +
  'Letters 87, 2001.';

export const efficiencyMeasures: readonly GraphMeasure[] = [
  {
    name: 'globalEfficiency',
    title: 'efficiency',
    cost: 'quick',
    reference: LATORA_MARCHIORI,
    definition:
      'Global efficiency: mean over ordered pairs of different nodes of 1 / distance ' +
      '(directed paths, if directed), unreachable pairs counting 0.',
    description: `E = Σ 1 / d(u, v) / (n (n - 1)), from 0 (no edges) to 1 (complete). Unlike L it is
defined for every graph, and it is governed by the near pairs instead of the far ones.

The same as \`global_efficiency\` of networkx, which takes undirected graphs only; the values of
directed graphs are checked against its \`all_pairs_shortest_path_length\`.`,
    compute: globalEfficiency,
  },
  {
    name: 'localEfficiency',
    title: 'local efficiency',
    cost: 'slow',
    reference: LATORA_MARCHIORI,
    definition:
      'Local efficiency: mean over nodes of the global efficiency of the graph among the ' +
      "node's neighbours, itself left out, 0 below 2 neighbours (directed: neighbours " +
      'either way, directed distances).',
    description: `From 0 to 1: how well a node's neighbours could still exchange messages if the
node failed. Close to C, since neighbours that are joined count 1; pairs at a distance of two within
the neighbourhood count 1/2, and so on.

The same as \`local_efficiency\` of networkx, which takes undirected graphs only; for directed
graphs the definition above is checked with its \`subgraph\` and
\`all_pairs_shortest_path_length\`.`,
    compute: localEfficiency,
  },
];

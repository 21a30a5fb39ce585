import { lowestBit, popcount } from '../bits.js';
import type { Graph, GraphMeasure } from '../types.js';
import { distanceTable } from './distances.js';
import { transposedRows } from './transpose.js';

/** Mean of 1 / distance over ordered pairs of different nodes, unreachable ones counting 0; 0 for a single node. */
export function globalEfficiency(graph: Graph): number {
  const pairs = graph.nodes * (graph.nodes - 1);
  return pairs === 0 ? 0 : distanceTable(graph).pairs.reduce((sum, count, distance) => (distance === 0 ? sum : sum + count / distance), 0) / pairs;
}

/**
 * Mean over nodes of the global efficiency of the graph among a node's neighbours, itself left out. Neighbours of a node
 * of a directed graph are those joined to it either way; distances among them are directed.
 */
export function localEfficiency(graph: Graph): number {
  const { nodes, words } = graph;
  const back = transposedRows(graph);
  const among = new Uint32Array(words);
  const search = { missing: new Uint32Array(words), frontier: new Uint32Array(words), fresh: new Uint32Array(words) };
  let total = 0;
  for (let u = 0; u < nodes; u++) {
    let degree = 0;
    for (let word = 0; word < words; word++) {
      among[word] = graph.rows[u * words + word]! | back[u * words + word];
      degree += popcount(among[word]);
    }
    if (degree < 2) continue;
    let sum = 0;
    for (let word = 0; word < words; word++) {
      for (let bits = among[word] | 0; bits !== 0; bits &= bits - 1) sum += inverseDistances(graph, among, 32 * word + lowestBit(bits), search);
    }
    total += sum / (degree * (degree - 1));
  }
  return total / nodes;
}

interface Search {
  readonly missing: Uint32Array;
  readonly frontier: Uint32Array;
  readonly fresh: Uint32Array;
}

/** Sum of 1 / distance from `source` within the nodes of the bitset `among`. */
function inverseDistances({ words, rows }: Graph, among: Uint32Array, source: number, { missing, frontier, fresh }: Search): number {
  missing.set(among);
  missing[source >>> 5] &= ~(1 << (source & 31));
  frontier.fill(0);
  frontier[source >>> 5] = 1 << (source & 31);
  let sum = 0;
  for (let distance = 1; ; distance++) {
    fresh.fill(0);
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

const LATORA_MARCHIORI = 'V. Latora, M. Marchiori: Efficient behavior of small-world networks. Physical Review Letters 87, 2001.';

export const efficiencyMeasures: readonly GraphMeasure[] = [
  {
    name: 'globalEfficiency', title: 'efficiency', cost: 'quick', reference: LATORA_MARCHIORI,
    definition: 'Global efficiency: mean over ordered pairs of different nodes of 1 / distance (directed paths, if directed), unreachable pairs counting 0.',
    description: `E = Σ 1 / d(u, v) / (n (n - 1)), from 0 (no edges) to 1 (complete). Unlike L it is defined for every graph, and it is
governed by the near pairs instead of the far ones.

The same as \`global_efficiency\` of networkx, which takes undirected graphs only; the values of directed graphs are checked
against its \`all_pairs_shortest_path_length\`.`,
    compute: globalEfficiency,
  },
  {
    name: 'localEfficiency', title: 'local efficiency', cost: 'slow', reference: LATORA_MARCHIORI,
    definition: 'Local efficiency: mean over nodes of the global efficiency of the graph among the node\'s neighbours, itself left out, 0 below 2 neighbours (directed: neighbours either way, directed distances).',
    description: `From 0 to 1: how well a node's neighbours could still exchange messages if the node failed. Close to C, since neighbours
that are joined count 1; pairs at a distance of two within the neighbourhood count 1/2, and so on.

The same as \`local_efficiency\` of networkx, which takes undirected graphs only; for directed graphs the definition above
is checked with its \`subgraph\` and \`all_pairs_shortest_path_length\`.`,
    compute: localEfficiency,
  },
];

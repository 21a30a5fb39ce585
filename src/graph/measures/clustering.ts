import { popcount } from '../bits.js';
import { hasBit } from '../build.js';
import type { Graph } from '../types.js';
import { transposedRows } from './transpose.js';

/**
 * Average clustering coefficient C: the mean over nodes of the share of a node's pairs of neighbours that are joined;
 * nodes of degree < 2 count as 0 (Watts and Strogatz 1998). For a directed graph Fagiolo's coefficient (2007): directed
 * triangles through a node over the most that its in- and out-edges allow. The nodes' values are added in ascending
 * order, as the published numbers were, so that the last bit agrees too.
 */
export function clustering(graph: Graph): number {
  const values = graph.directed ? directedClustering(graph) : undirectedClustering(graph);
  values.sort();
  let sum = 0;
  for (let node = 0; node < values.length; node++) sum += values[node];
  return sum / graph.nodes;
}

/** Every node's coefficient. Common neighbours of u and v, summed over v, are twice the triangles through u. */
function undirectedClustering(graph: Graph): Float64Array {
  const { nodes, words, rows, offsets, targets } = graph;
  const values = new Float64Array(nodes);
  for (let u = 0; u < nodes; u++) {
    const to = offsets[u + 1];
    for (let at = to - 1; at >= offsets[u] && targets[at] > u; at--) {
      const v = targets[at];
      const shared = commonBits(rows, u * words, rows, v * words, words);
      values[u] += shared;
      values[v] += shared;
    }
  }
  for (let u = 0; u < nodes; u++) {
    const degree = offsets[u + 1] - offsets[u];
    values[u] = degree < 2 ? 0 : values[u] / (degree * (degree - 1));
  }
  return values;
}

/** Every node's directed coefficient: (S^3)_uu / (2 (d (d-1) - 2 r)), S = A + A^T, d total degree, r mutual edges. */
function directedClustering(graph: Graph): Float64Array {
  const { nodes, words, rows } = graph;
  const back = transposedRows(graph);
  const values = new Float64Array(nodes);
  for (let u = 0; u < nodes; u++) {
    let degree = 0;
    let mutual = 0;
    let triangles = 0;
    for (let v = 0; v < nodes; v++) {
      const arcs = Number(hasBit(rows, words, u, v)) + Number(hasBit(back, words, u, v));
      if (arcs === 0) continue;
      degree += arcs;
      if (arcs === 2) mutual++;
      for (const a of [rows, back]) for (const b of [rows, back]) triangles += arcs * commonBits(a, u * words, b, v * words, words);
    }
    const most = degree * (degree - 1) - 2 * mutual;
    values[u] = triangles === 0 ? 0 : triangles / (2 * most);
  }
  return values;
}

/** Nodes that both a row of `a` and a row of `b` hold. */
function commonBits(a: Uint32Array, aFrom: number, b: Uint32Array, bFrom: number, words: number): number {
  let common = 0;
  for (let word = 0; word < words; word++) common += popcount(a[aFrom + word] & b[bFrom + word]);
  return common;
}

import type { Graph } from '../types.js';
import { columnBits, maskedSum } from './bit-columns.js';
import { transposedLists, transposedRows } from './transpose.js';
import { doubledTriangles } from './triangles.js';

/**
 * Average clustering coefficient C: the mean over nodes of the share of a node's pairs of
 * neighbours that are joined; nodes of degree < 2 count as 0 (Watts and Strogatz 1998). For a
 * directed graph Fagiolo's coefficient (2007): directed triangles through a node over the most that
 * its in- and out-edges allow. The nodes' values are added in ascending order, as the published
 * numbers were, so that the last bit agrees too.
 */
export function clustering(graph: Graph): number {
  const values = localClustering(graph);
  values.sort();
  let sum = 0;
  for (let node = 0; node < values.length; node++) sum += values[node];
  return sum / graph.nodes;
}

/** Every node's own coefficient, of which `clustering` is the mean: `nodes` values from 0 to 1. */
export function localClustering(graph: Graph): Float64Array {
  return graph.directed ? directedClustering(graph) : undirectedClustering(graph);
}

function undirectedClustering(graph: Graph): Float64Array {
  const doubled = doubledTriangles(graph);
  const values = new Float64Array(graph.nodes);
  for (let u = 0; u < values.length; u++) {
    const degree = graph.offsets[u + 1] - graph.offsets[u];
    if (degree > 1) values[u] = doubled[u] / (degree * (degree - 1));
  }
  return values;
}

/**
 * Every node's directed coefficient: (S^3)_uu / (2 (d (d-1) - 2 r)), S = A + A^T, d total degree, r
 * mutual edges. With s the row S_u, (S^3)_uu = s S s = 2 s A s.
 */
function directedClustering(graph: Graph): Float64Array {
  const { nodes, offsets } = graph;
  const back = transposedLists(graph);
  const halves =
    productCost(graph, back) < 2 * graph.targets.length * graph.words
      ? productsOfLists(graph, back)
      : productsOfBits(graph, back);
  const values = new Float64Array(nodes);
  for (let u = 0; u < nodes; u++) {
    if (halves[u] === 0) continue;
    const degree = offsets[u + 1] - offsets[u] + back.offsets[u + 1] - back.offsets[u];
    values[u] = halves[u] / (degree * (degree - 1) - 2 * mutualEdges(graph, back, u));
  }
  return values;
}

type Lists = Pick<Graph, 'offsets' | 'targets'>;

/** Nodes that `u` has an edge to and an edge from. */
function mutualEdges(out: Lists, back: Lists, u: number): number {
  let mutual = 0;
  let other = back.offsets[u];
  for (let at = out.offsets[u]; at < out.offsets[u + 1]; at++) {
    while (other < back.offsets[u + 1] && back.targets[other] < out.targets[at]) other++;
    if (other < back.offsets[u + 1] && back.targets[other] === out.targets[at]) mutual++;
  }
  return mutual;
}

/** Steps that `productsOfLists` takes. */
function productCost({ nodes, offsets }: Graph, back: Lists): number {
  let steps = 0;
  for (let v = 0; v < nodes; v++) {
    const out = offsets[v + 1] - offsets[v];
    steps += out * (out + back.offsets[v + 1] - back.offsets[v]);
  }
  return steps;
}

/** s A s of every node, along the lists of its neighbours. */
function productsOfLists(graph: Graph, back: Lists): Float64Array {
  const { nodes, offsets, targets } = graph;
  const products = new Float64Array(nodes);
  const joined = new Int32Array(nodes);
  const count = (lists: Lists, u: number, step: number): void => {
    for (let at = lists.offsets[u]; at < lists.offsets[u + 1]; at++)
      joined[lists.targets[at]] += step;
  };
  const walk = (lists: Lists, u: number): number => {
    let sum = 0;
    for (let at = lists.offsets[u]; at < lists.offsets[u + 1]; at++) {
      const v = lists.targets[at];
      for (let next = offsets[v]; next < offsets[v + 1]; next++) sum += joined[targets[next]];
    }
    return sum;
  };
  for (let u = 0; u < nodes; u++) {
    count(graph, u, 1);
    count(back, u, 1);
    products[u] = walk(graph, u) + walk(back, u);
    count(graph, u, -1);
    count(back, u, -1);
  }
  return products;
}

/** The same over words of 32 nodes, for dense graphs. */
function productsOfBits(graph: Graph, back: Lists): Float64Array {
  const { nodes, words, rows, offsets, targets } = graph;
  const backRows = transposedRows(graph);
  const products = new Float64Array(nodes);
  const out = new Int32Array(nodes);
  const into = new Int32Array(nodes);
  for (let word = 0; word < words; word++) {
    columnBits(rows, words, word, out);
    columnBits(backRows, words, word, into);
    for (let u = 0; u < nodes; u++) {
      for (const mask of [out[u], into[u]]) {
        if (mask === 0) continue;
        products[u] += maskedSum(out, targets, offsets[u], offsets[u + 1], mask);
        products[u] += maskedSum(out, back.targets, back.offsets[u], back.offsets[u + 1], mask);
      }
    }
  }
  return products;
}

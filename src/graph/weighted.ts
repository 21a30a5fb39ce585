import { UserError } from '../core/errors.js';
import type { Graph } from './types.js';

/** A graph with a weight for each of its edges. */
export interface WeightedGraph {
  readonly graph: Graph;
  /** Of each entry of `graph.targets`; undirected edges have theirs twice. */
  readonly weights: Float64Array;
}

/** What is said of the weighted measures wherever they are shown. */
export const weightedDefinitions = {
  weightedClustering:
    'Weighted clustering of Onnela et al. 2005: of every node the mean over the pairs of its ' +
    'neighbours of the cube root of the product of the three weights of a triangle, weights in ' +
    'parts of the largest one; 0 for nodes of degree < 2; mean over nodes. networkx: ' +
    'average_clustering(G, weight="weight").',
  weightedClusteringBarrat:
    'Weighted clustering of Barrat et al. 2004: of every node the share of its strength in pairs ' +
    'of edges whose other ends are joined; 0 for nodes of degree < 2; mean over nodes. igraph: ' +
    'transitivity(type="barrat", isolates="zero").',
  weightedPathLength:
    'Weighted path length: mean over ordered pairs of nodes of the length of the shortest path, ' +
    'an edge being 1 / weight long, or, with --distances given, as long as its weight; none where ' +
    'a node cannot reach another. networkx: average_shortest_path_length(G, weight="distance").',
} as const;

/** Throws a `UserError` unless weights can be strengths, or lengths: all above 0. */
function requirePositive({ weights }: WeightedGraph, what: string): void {
  const wrong = weights.find((weight) => !(weight > 0));
  if (wrong !== undefined)
    throw new UserError(
      `${what} needs weights above 0, got ${wrong}; use absolute=true, or a threshold above 0`,
    );
}

function requireUndirected({ graph }: WeightedGraph, what: string): void {
  if (graph.directed)
    throw new UserError(
      `${what} is of graphs without directions, got a directed one; use directed=false`,
    );
}

/** The triangles of every node, by what each of them weighs. */
function triangleSums(
  { graph, weights }: WeightedGraph,
  weigh: (uv: number, uw: number, vw: number) => number,
): Float64Array {
  const { nodes, offsets, targets } = graph;
  const sums = new Float64Array(nodes);
  // Weight of the edge from the node at hand to each of its neighbours, 0 elsewhere.
  const near = new Float64Array(nodes);
  for (let u = 0; u < nodes; u++) {
    for (let at = offsets[u]; at < offsets[u + 1]; at++) near[targets[at]] = weights[at];
    for (let at = offsets[u]; at < offsets[u + 1]; at++) {
      const v = targets[at];
      for (let to = offsets[v]; to < offsets[v + 1]; to++) {
        const other = near[targets[to]];
        if (other > 0) sums[u] += weigh(weights[at], other, weights[to]);
      }
    }
    for (let at = offsets[u]; at < offsets[u + 1]; at++) near[targets[at]] = 0;
  }
  return sums;
}

/** Every node's weighted clustering (Onnela, Saramaki, Kertesz and Kaski 2005). */
export function localWeightedClustering(weighted: WeightedGraph): Float64Array {
  requireUndirected(weighted, 'weighted clustering');
  requirePositive(weighted, 'weighted clustering');
  const { graph, weights } = weighted;
  const largest = weights.reduce((high, weight) => Math.max(high, weight), 0);
  const sums = triangleSums(weighted, (a, b, c) =>
    Math.cbrt((a / largest) * (b / largest) * (c / largest)),
  );
  return sums.map((sum, u) => {
    const degree = graph.offsets[u + 1] - graph.offsets[u];
    return degree < 2 ? 0 : sum / (degree * (degree - 1));
  });
}

/** Every node's weighted clustering (Barrat, Barthelemy, Pastor-Satorras and Vespignani 2004). */
export function localBarratClustering(weighted: WeightedGraph): Float64Array {
  requireUndirected(weighted, 'weighted clustering');
  requirePositive(weighted, 'weighted clustering');
  const { offsets } = weighted.graph;
  const strength = strengths(weighted);
  return triangleSums(weighted, (a, b) => (a + b) / 2).map((sum, u) => {
    const degree = offsets[u + 1] - offsets[u];
    return degree < 2 ? 0 : sum / (strength[u] * (degree - 1));
  });
}

/** Every node's strength: the sum of the weights of its edges, directed: of those that leave it. */
export function strengths({ graph, weights }: WeightedGraph): Float64Array {
  const { nodes, offsets } = graph;
  return Float64Array.from({ length: nodes }, (_, u) =>
    weights.subarray(offsets[u], offsets[u + 1]).reduce((sum, weight) => sum + weight, 0),
  );
}

/**
 * Mean length of the shortest paths over ordered pairs of nodes (Dijkstra); null where a node
 * cannot reach another.
 *
 * @param distances `inverse`: an edge is 1 / weight long; `given`: as long as its weight
 */
export function weightedPathLength(
  weighted: WeightedGraph,
  distances: 'inverse' | 'given',
): number | null {
  requirePositive(weighted, 'the weighted path length');
  const { nodes } = weighted.graph;
  const lengths =
    distances === 'given' ? weighted.weights : weighted.weights.map((weight) => 1 / weight);
  let sum = 0;
  for (let from = 0; from < nodes; from++) {
    const found = distancesFrom(from, weighted.graph, lengths);
    for (const distance of found) sum += distance;
    if (!Number.isFinite(sum)) return null;
  }
  return nodes < 2 ? null : sum / (nodes * (nodes - 1));
}

/** Length of the shortest path to every node; infinite where there is none. */
function distancesFrom(from: number, graph: Graph, lengths: Float64Array): Float64Array {
  const { nodes, offsets, targets } = graph;
  const distance = new Float64Array(nodes).fill(Infinity);
  distance[from] = 0;
  const heap: { readonly node: number; readonly far: number }[] = [{ node: from, far: 0 }];
  while (heap.length > 0) {
    const { node, far } = takeNearest(heap);
    if (far > distance[node]) continue;
    for (let at = offsets[node]; at < offsets[node + 1]; at++) {
      const reached = far + lengths[at];
      if (reached >= distance[targets[at]]) continue;
      distance[targets[at]] = reached;
      put(heap, { node: targets[at], far: reached });
    }
  }
  return distance;
}

interface Reached {
  readonly node: number;
  readonly far: number;
}

/** Adds to a binary heap, the nearest first. */
function put(heap: Reached[], item: Reached): void {
  let at = heap.push(item) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (heap[parent].far <= item.far) break;
    heap[at] = heap[parent];
    at = parent;
  }
  heap[at] = item;
}

/** Takes the first of a binary heap that is not empty. */
function takeNearest(heap: Reached[]): Reached {
  const [first] = heap;
  const last = heap.pop()!;
  if (heap.length === 0) return first;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && heap[child + 1].far < heap[child].far) child++;
    if (heap[child].far >= last.far) break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = last;
  return first;
}

import type { Graph } from '../graph/types.js';

/** Where nodes stand: node i at (x[i], y[i]), from 0 to 1 each, y downwards. */
export interface Layout {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/**
 * `ring`: in order on a circle, node 0 at the top. `force`: distances on paper follow distances in
 * the graph.
 */
export type LayoutName = 'ring' | 'force';

/** Above so many nodes every pair of them would take too long; the ring is drawn instead. */
const MOST_FOR_FORCE = 600;

/** Sweeps of the stress majorisation: later ones move nodes by less than is seen. */
const SWEEPS = 80;

/**
 * The layout that suits a graph: the ring where most pairs are joined, or most edges reach no
 * further round the ring than those of a ring lattice of that degree; else `force`.
 */
export function suitableLayout(graph: Graph): LayoutName {
  const { nodes: n, edges, directed } = graph;
  const lists = neighbourLists(graph);
  const density = edges / Math.max(1, (n * (n - 1)) / (directed ? 1 : 2));
  const ends = lists.reduce((sum, list) => sum + list.length, 0);
  const short = lists.reduce(
    (sum, list, u) =>
      sum + list.filter((v) => ringReach(u, v, n) <= Math.ceil(ends / n / 2)).length,
    0,
  );
  return n > MOST_FOR_FORCE || density >= 0.5 || (ends > 0 && short >= 0.65 * ends)
    ? 'ring'
    : 'force';
}

/** Steps between two nodes along the ring. */
function ringReach(u: number, v: number, n: number): number {
  const ahead = Math.abs(u - v);
  return Math.min(ahead, n - ahead);
}

/** Places the nodes; always the same for the same graph. */
export function placeNodes(graph: Graph, name: LayoutName): Layout {
  return name === 'ring' || graph.nodes > MOST_FOR_FORCE
    ? ringLayout(graph.nodes)
    : forceLayout(graph);
}

function ringLayout(n: number): Layout {
  const angles = Float64Array.from({ length: n }, (_, node) => (2 * Math.PI * node) / n);
  if (n === 1) return { x: Float64Array.of(0.5), y: Float64Array.of(0.5) };
  return {
    x: angles.map((angle) => 0.5 + 0.5 * Math.sin(angle)),
    y: angles.map((angle) => 0.5 - 0.5 * Math.cos(angle)),
  };
}

/** Neighbours of every node, whatever the direction of edges. */
function neighbourLists(graph: Graph): number[][] {
  const lists = Array.from({ length: graph.nodes }, (): number[] => []);
  for (let u = 0; u < graph.nodes; u++) {
    for (let at = graph.offsets[u]; at < graph.offsets[u + 1]; at++) {
      lists[u].push(graph.targets[at]);
      if (graph.directed) lists[graph.targets[at]].push(u);
    }
  }
  return lists;
}

/** Every connected component by itself, then packed on shelves, the largest first. */
function forceLayout(graph: Graph): Layout {
  const lists = neighbourLists(graph);
  const parts = componentsOf(lists).map((nodes) => ({
    nodes,
    ...spread(distancesIn(lists, nodes), nodes.length),
  }));
  return pack(parts, graph.nodes);
}

function componentsOf(lists: readonly number[][]): number[][] {
  const seen = new Uint8Array(lists.length);
  const components: number[][] = [];
  for (let start = 0; start < lists.length; start++) {
    if (seen[start]) continue;
    const component = [start];
    seen[start] = 1;
    for (let at = 0; at < component.length; at++) {
      for (const v of lists[component[at]]) {
        if (!seen[v]) component.push(v);
        seen[v] = 1;
      }
    }
    components.push(component.sort((a, b) => a - b));
  }
  return components.sort((a, b) => b.length - a.length);
}

/** Shortest path lengths between all pairs of one component, in the order of `nodes`. */
function distancesIn(lists: readonly number[][], nodes: readonly number[]): Float64Array {
  const n = nodes.length;
  const index = new Map(nodes.map((node, at) => [node, at]));
  const distances = new Float64Array(n * n).fill(-1);
  for (let start = 0; start < n; start++) {
    const row = distances.subarray(start * n, (start + 1) * n);
    const queue = [start];
    row[start] = 0;
    for (let at = 0; at < queue.length; at++) {
      for (const neighbour of lists[nodes[queue[at]]]) {
        const v = index.get(neighbour) ?? 0;
        if (row[v] >= 0) continue;
        row[v] = row[queue[at]] + 1;
        queue.push(v);
      }
    }
  }
  return distances;
}

/**
 * Positions whose distances follow the given ones: classical scaling for the start, then stress
 * majorisation with weights d^-2 (E. R. Gansner, Y. Koren, S. North: Graph drawing by stress
 * majorization. Graph Drawing 2004), one node at a time.
 */
function spread(distances: Float64Array, n: number): Layout {
  const x = principalAxis(distances, n, []);
  const y = principalAxis(distances, n, [x]);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (let i = 0; i < n; i++) moveNode(distances, n, i, x, y);
  }
  return { x, y };
}

function moveNode(
  distances: Float64Array,
  n: number,
  i: number,
  x: Float64Array,
  y: Float64Array,
): void {
  let toX = 0;
  let toY = 0;
  let weights = 0;
  for (let j = 0; j < n; j++) {
    if (j === i) continue;
    const d = distances[i * n + j];
    const weight = 1 / (d * d);
    const apart = Math.sqrt((x[i] - x[j]) ** 2 + (y[i] - y[j]) ** 2);
    const scale = apart > 1e-9 ? d / apart : 0;
    toX += weight * (x[j] + scale * (x[i] - x[j]));
    toY += weight * (y[j] + scale * (y[i] - y[j]));
    weights += weight;
  }
  if (weights === 0) return;
  x[i] = toX / weights;
  y[i] = toY / weights;
}

/**
 * A principal axis of classical scaling: the leading eigenvector of -0.5 J D^2 J (J centres),
 * orthogonal to the axes there are, times the root of its eigenvalue. A little of the start stays
 * in it, so that no two nodes coincide.
 */
function principalAxis(
  distances: Float64Array,
  n: number,
  axes: readonly Float64Array[],
): Float64Array {
  let state = 12345 + axes.length;
  const start = Float64Array.from({ length: n }, () => {
    state = (state * 48271) % 0x7fffffff;
    return state / 0x7fffffff - 0.5;
  });
  let axis: Float64Array = start;
  let length = 1;
  for (let round = 0; round < 60; round++) {
    axis = centredProduct(distances, n, axis);
    for (const other of axes) removePart(axis, other);
    length = Math.sqrt(axis.reduce((sum, value) => sum + value * value, 0));
    if (length < 1e-12) break;
    for (let i = 0; i < n; i++) axis[i] /= length;
  }
  const scale = Math.sqrt(Math.max(length, 1e-6));
  return axis.map((value, i) => scale * value + 0.05 * start[i]);
}

function centredProduct(distances: Float64Array, n: number, vector: Float64Array): Float64Array {
  const mean = vector.reduce((sum, value) => sum + value, 0) / n;
  const product = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += distances[i * n + j] ** 2 * (vector[j] - mean);
    product[i] = -0.5 * sum;
  }
  const centre = product.reduce((sum, value) => sum + value, 0) / n;
  return product.map((value) => value - centre);
}

function removePart(vector: Float64Array, axis: Float64Array): void {
  let dot = 0;
  let square = 0;
  for (let i = 0; i < vector.length; i++) {
    dot += vector[i] * axis[i];
    square += axis[i] ** 2;
  }
  if (square > 0) for (let i = 0; i < vector.length; i++) vector[i] -= (dot / square) * axis[i];
}

interface Placed extends Layout {
  readonly nodes: readonly number[];
}

/**
 * Components beside and under each other, in units of one edge; then all is scaled into the unit
 * square.
 */
function pack(parts: readonly Placed[], n: number): Layout {
  const boxes = parts.map((part) => ({ ...part, ...boxOf(part) }));
  const area = boxes.reduce((sum, { width, height }) => sum + (width + 1) * (height + 1), 0);
  const widest = Math.max(Math.sqrt(area), ...boxes.map(({ width }) => width + 1));
  const x = new Float64Array(n);
  const y = new Float64Array(n);
  let [left, top, shelf] = [0, 0, 0];
  for (const box of boxes) {
    if (left > 0 && left + box.width > widest) {
      top += shelf + 1;
      left = 0;
      shelf = 0;
    }
    for (const [at, node] of box.nodes.entries()) {
      x[node] = left + box.x[at] - box.left;
      y[node] = top + box.y[at] - box.top;
    }
    left += box.width + 1;
    shelf = Math.max(shelf, box.height);
  }
  return intoUnitSquare(x, y);
}

function boxOf({ x, y }: Layout): { left: number; top: number; width: number; height: number } {
  const [left, top] = [Math.min(...x), Math.min(...y)];
  return { left, top, width: Math.max(...x) - left, height: Math.max(...y) - top };
}

/** Scaled alike in both directions and centred. */
function intoUnitSquare(x: Float64Array, y: Float64Array): Layout {
  const { left, top, width, height } = boxOf({ x, y });
  const size = Math.max(width, height, 1e-9);
  return {
    x: x.map((value) => 0.5 + (value - left - width / 2) / size),
    y: y.map((value) => 0.5 + (value - top - height / 2) / size),
  };
}

import { hasBit } from '../bits.js';
import type { Graph, GraphMeasure } from '../types.js';
import { transportCost } from './transport.js';

/**
 * Mean Ollivier-Ricci curvature over the edges x-y: 1 - W(x, y), W the 1-Wasserstein distance, with
 * path lengths as distances, of two lazy walkers: one stays at x with probability 1/2 or goes to a
 * uniform neighbour, the other likewise at y (Ollivier 2009; Lin, Lu and Yau 2011). Null for
 * directed graphs and without edges.
 */
function ollivierCurvature(graph: Graph): number | null {
  if (graph.directed || graph.edges === 0) return null;
  const near = withinTwo(graph);
  let sum = 0;
  for (let x = 0; x < graph.nodes; x++) {
    for (let at = graph.offsets[x]; at < graph.offsets[x + 1]; at++) {
      const y = graph.targets[at];
      if (x < y) sum += 1 - edgeDistance(graph, near, x, y);
    }
  }
  return sum / graph.edges;
}

/** Bitset rows of the nodes at most two steps away. */
function withinTwo({ nodes, words, rows, offsets, targets }: Graph): Uint32Array {
  const near = rows.slice();
  for (let u = 0; u < nodes; u++) {
    for (let at = offsets[u]; at < offsets[u + 1]; at++) {
      for (let word = 0; word < words; word++)
        near[u * words + word] |= rows[targets[at] * words + word];
    }
  }
  return near;
}

/**
 * The Wasserstein distance of the walkers at x and y. Probabilities times 2 d(x) d(y) are integers;
 * what both walkers have at a node stays there, which is optimal because distances obey the
 * triangle inequality.
 */
function edgeDistance(graph: Graph, near: Uint32Array, x: number, y: number): number {
  const { words, rows, offsets, targets } = graph;
  const xDegree = offsets[x + 1] - offsets[x];
  const yDegree = offsets[y + 1] - offsets[y];
  const excess = new Map<number, number>([
    [x, xDegree * yDegree],
    [y, -xDegree * yDegree],
  ]);
  const put = (node: number, amount: number): void =>
    void excess.set(node, (excess.get(node) ?? 0) + amount);
  for (let at = offsets[x]; at < offsets[x + 1]; at++) put(targets[at], yDegree);
  for (let at = offsets[y]; at < offsets[y + 1]; at++) put(targets[at], -xDegree);
  const from = [...excess].filter(([, amount]) => amount > 0);
  const to = [...excess].filter(([, amount]) => amount < 0);
  const costs = new Int32Array(from.length * to.length);
  from.forEach(([u], row) =>
    to.forEach(([v], column) => {
      // Neighbours of x and of y are at most three steps apart.
      costs[row * to.length + column] = hasBit(rows, words, u, v)
        ? 1
        : hasBit(near, words, u, v)
          ? 2
          : 3;
    }),
  );
  const cost = transportCost({
    supply: Int32Array.from(from, ([, amount]) => amount),
    demand: Int32Array.from(to, ([, amount]) => -amount),
    costs,
  });
  return cost / (2 * xDegree * yDegree);
}

export const ollivierCurvatureMeasure: GraphMeasure = {
  name: 'ollivierCurvature',
  title: 'Ollivier',
  cost: 'slow',
  definition:
    'Mean Ollivier-Ricci curvature of the edges x-y: 1 - W, the Wasserstein distance of ' +
    'a lazy step (stay with probability 1/2) from x and from y; null without edges. ' +
    'Undirected graphs only.',
  description: `For an edge x-y, kappa = 1 - W(mu_x, mu_y): mu_x puts 1/2 on x and 1/(2 d(x)) on
each neighbour of x, and W is the least mean path length over which the one distribution can be
moved to the other. From above -1 to 1: positive inside dense groups (a complete graph has n / (2(n
- 1))), 0 on long cycles and inside a grid, negative on bridges and in trees. Unlike Forman's
curvature it has the same scale whatever the degrees.

W is found exactly, as a transport problem in integers with costs 1, 2 and 3, by the primal-dual
method. The same as \`OllivierRicci(G, alpha=0.5, method="OTD")\` of the package
GraphRicciCurvature, averaged over edges; checked edge by edge against linear programmes solved by
\`scipy.optimize.linprog\`.`,
  reference:
    'Y. Ollivier: Ricci curvature of Markov chains on metric spaces. Journal of ' +
    'Functional Analysis 256, 2009. Y. Lin, L. Lu, S.-T. Yau: Ricci curvature of graphs. ' +
    'Tohoku Mathematical Journal 63, 2011.',
  compute: ollivierCurvature,
};

import { PythonRandom } from '../../core/random/python-random.js';
import { requireMemory } from '../build.js';
import type { Graph, GraphFamily, GraphParams } from '../types.js';
import { distinct, pairsOf } from './densities.js';
import { EdgeSet } from './edge-set.js';
import {
  nodesParam,
  numberParam,
  requireParam,
  seedParam,
  validateNodes,
  validateSeed,
} from './params.js';

/**
 * A random geometric graph: `n` uniform points of the unit square, joined where their distance is
 * at most `radius`.
 */
function geometricGraph(n: number, radius: number, seed: number): Graph {
  requireMemory(n, Math.floor(2 * pairsOf(n) * shareWithin(radius)));
  const random = new PythonRandom(seed);
  // x and y of each node in turn.
  const points = Float64Array.from({ length: 2 * n }, () => random.random());
  const edges = new EdgeSet(n);
  for (let u = 0; u < n; u++) {
    for (let v = u + 1; v < n; v++) {
      const dx = points[2 * u] - points[2 * v];
      const dy = points[2 * u + 1] - points[2 * v + 1];
      if (dx * dx + dy * dy <= radius * radius) edges.add(u, v);
    }
  }
  return edges.graph();
}

/**
 * Less than the probability that two points are joined, for the memory: the exact one where radius
 * <= 1.
 */
function shareWithin(radius: number): number {
  const r = Math.min(1, radius);
  return Math.PI * r ** 2 - (8 / 3) * r ** 3 + r ** 4 / 2;
}

function validate(params: GraphParams): void {
  validateNodes(params);
  const radius = numberParam(params, 'radius');
  requireParam(
    radius >= 0 && radius <= 2,
    'radius',
    radius,
    'from 0 to 2',
    'the points lie in a square of side 1, so from 1.42 on the graph is complete',
  );
  validateSeed(params);
}

/**
 * Radii from where most graphs are connected (pi r^2 n = ln n is where half of the large ones are)
 * to a dense one.
 */
function samples(n: number): GraphParams[] {
  const threshold = Math.min(1, 1.5 * Math.sqrt(Math.log(n) / (Math.PI * n)));
  const radii = [0, 0.08, 0.16, 0.25, 0.4, 0.6, 0.8].map(
    (share) => Math.round((threshold + share * (1 - threshold)) * 1e4) / 1e4,
  );
  return distinct(radii).flatMap((radius) => [1, 2].map((seed) => ({ n, radius, seed })));
}

export const geometric: GraphFamily = {
  name: 'geometric',
  meaning: 'Random points of a square, joined where they are near (Gilbert 1961).',
  description: `Node by node, x and y are drawn, uniform in [0, 1); two nodes are joined where their
distance is at most \`radius\`. C is high (about 0.59 away from the border, whatever the radius) and
L long: it grows like 1 / radius. The density is about pi r² - 8/3 r³ + r⁴ / 2 for r <= 1. Below a
radius of about sqrt(ln n / (pi n)) the graph is mostly not connected, and then has no L.

The same graph as \`random_geometric_graph\` of networkx in two dimensions. On another number of
nodes the radius stays, and so does the density.`,
  reference:
    'E. N. Gilbert: Random Plane Networks. Journal of the Society for Industrial and ' +
    'Applied Mathematics 9, 1961.',
  params: [
    nodesParam,
    {
      name: 'radius',
      type: 'real',
      range: '0 <= radius <= 2',
      meaning: 'greatest distance of two nodes that are joined',
    },
    seedParam,
  ],
  validate,
  generate: (params) =>
    geometricGraph(
      numberParam(params, 'n'),
      numberParam(params, 'radius'),
      numberParam(params, 'seed'),
    ),
  resize: (params, nodes) => ({ ...params, n: nodes }),
  samples,
};

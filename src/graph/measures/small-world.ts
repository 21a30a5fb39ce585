import { PythonRandom } from '../../core/random/python-random.js';
import { latticeReference } from '../generators/lattice-reference.js';
import { randomReference } from '../generators/random-reference.js';
import type { Graph, GraphMeasure, MeasureOptions } from '../types.js';
import { clustering } from './clustering.js';
import { pathLength } from './path-length.js';
import { transitivity } from './transitivity.js';

/** Rounds of swaps for each edge, networkx's defaults. */
const SIGMA_ROUNDS = 100;
const OMEGA_ROUNDS = 5;

/**
 * L of an undirected, connected graph of four nodes or more; null of others, which have no
 * small-worldness.
 */
function lengthToCompare(graph: Graph): number | null {
  return graph.directed || graph.nodes < 4 ? null : pathLength(graph);
}

/**
 * Small-world coefficient sigma = (C / Cr) / (L / Lr) as in networkx's `sigma(G, niter=100,
 * nrand=references, seed=seed)`, C and Cr being transitivities, Cr and Lr means over random
 * references. Null where there is none.
 */
function sigma(graph: Graph, { seed, references }: Required<MeasureOptions>): number | null {
  const length = lengthToCompare(graph);
  if (length === null) return null;
  const random = new PythonRandom(seed);
  let randomC = 0;
  let randomL = 0;
  for (let done = 0; done < references; done++) {
    const reference = randomReference(graph, SIGMA_ROUNDS, random);
    randomC += transitivity(reference);
    randomL += pathLength(reference)!;
  }
  return randomC === 0
    ? null
    : transitivity(graph) / (randomC / references) / (length / (randomL / references));
}

/**
 * Small-world coefficient omega = Lr / L - C / Cl as in networkx's `omega(G, niter=5,
 * nrand=references, seed=seed)`: Lr the mean over random references, Cl the highest C of the graph
 * itself and the lattice references. Null where there is none.
 */
function omega(graph: Graph, { seed, references }: Required<MeasureOptions>): number | null {
  const length = lengthToCompare(graph);
  if (length === null) return null;
  const random = new PythonRandom(seed);
  const ownC = clustering(graph);
  let latticeC = ownC;
  let randomL = 0;
  for (let done = 0; done < references; done++) {
    randomL += pathLength(randomReference(graph, 2 * OMEGA_ROUNDS, random))!;
    latticeC = Math.max(latticeC, clustering(latticeReference(graph, OMEGA_ROUNDS, random)));
  }
  return latticeC === 0 ? null : randomL / references / length - ownC / latticeC;
}

export const sigmaMeasure: GraphMeasure = {
  name: 'sigma',
  title: 'sigma',
  cost: 'slow',
  definition:
    'Small-worldness sigma = (C / Cr) / (L / Lr): transitivity C and path length L ' +
    'against their means over random graphs with the same degrees; ' +
    'null for directed or disconnected graphs, below four nodes and where Cr is 0.',
  description: `Above 1 the graph is called a small world: more clustered than a random graph with
the same degrees, at a path length that is hardly longer. It grows with the number of nodes, so
compare graphs of one size. Here C is the transitivity, not the mean of the nodes' coefficients,
because networkx computes it so.

Cr and Lr are means over \`references\` random references (default 10): \`random-reference\` with
niter=100, one generator for all of them. The same number as \`sigma(G, niter=100, nrand=references,
seed=seed)\` of networkx 2.8, up to rounding. networkx raises an error where this is null, or
divides by zero. Stars and the like, whose degrees allow one graph only, have themselves as
references. It takes 100 m swaps a reference: some tenths of a second at 64 nodes, some ten seconds
at a thousand.`,
  reference:
    'M. D. Humphries, K. Gurney: Network small-world-ness: a quantitative method for ' +
    'determining canonical network equivalence. PLoS ONE 3, 2008.',
  compute: sigma,
};

export const omegaMeasure: GraphMeasure = {
  name: 'omega',
  title: 'omega',
  cost: 'slow',
  definition:
    'Small-worldness omega = Lr / L - C / Cl: the path length of random graphs over L, ' +
    'less C over that of lattices, all with the same degrees; ' +
    'null for directed or disconnected graphs, below four nodes and where Cl is 0.',
  description: `From about -1 (a lattice) through 0 (a small world) to 1 (a random graph). Unlike
sigma it does not grow with the number of nodes.

Lr is the mean path length of \`references\` random references (default 10; \`random-reference\`
with niter=10). Cl is the highest average clustering coefficient among the graph itself and as many
lattice references (\`lattice-reference\` with niter=5), drawn in turns from one generator. The same
number as \`omega(G, niter=5, nrand=references, seed=seed)\` of networkx 2.8, up to rounding.
networkx raises an error where this is null, or divides by zero. The lattice references follow the
numbering of the nodes, so the number depends on it a little.`,
  reference:
    'Q. K. Telesford, K. E. Joyce, S. Hayasaka, J. H. Burdette, P. J. Laurienti: The ' +
    'ubiquity of small-world networks. Brain Connectivity 1, 2011.',
  compute: omega,
};

import { must } from '../../core/errors.js';
import { PythonRandom } from '../../core/random/python-random.js';
import { hasBit } from '../bits.js';
import { graphFromEdges } from '../build.js';
import { randomReference } from '../generators/random-reference.js';
import { canSwap } from '../generators/swap-graph.js';
import type { Graph, GraphMeasure, MeasureOptions } from '../types.js';
import { louvain, modularity } from './louvain.js';

/** Louvain's modularity; null without edges. */
const found = (graph: Graph, seed: number): number | null =>
  modularity(graph, louvain(graph, seed));

interface Community {
  /** In ascending order. */
  readonly nodes: readonly number[];
  readonly graph: Graph;
}

/** Each community with its subgraph, in the order of Louvain's labels; nodes keep their order. */
function communitiesOf(graph: Graph, seed: number): Community[] {
  const labels = louvain(graph, seed);
  const members: number[][] = [];
  labels.forEach((label, node) => (members[label] ??= []).push(node));
  return members.map((nodes) => ({
    nodes,
    graph: graphFromEdges(
      nodes.length,
      nodes.flatMap((u, from) =>
        nodes.flatMap((v, to): [number, number][] =>
          (graph.directed || from < to) && hasBit(graph.rows, graph.words, u, v)
            ? [[from, to]]
            : [],
        ),
      ),
      graph.directed,
    ),
  }));
}

/**
 * Modularity within the communities: of each community's own subgraph by Louvain, the mean weighted
 * by edges. Null where no community has edges.
 */
function hierarchicalModularity(graph: Graph, { seed }: Required<MeasureOptions>): number | null {
  let [sum, edges] = [0, 0];
  for (const { graph: community } of communitiesOf(graph, seed)) {
    sum += community.edges * (found(community, seed) ?? 0);
    edges += community.edges;
  }
  return edges === 0 ? null : sum / edges;
}

/** Rounds of swaps for each edge that make a random graph of the same degrees. */
const ROUNDS = 10;

/** Fewer nodes have no two groups. */
const LEAST_NODES = 4;

/** Nodes, and the communities that they fall into beyond chance; none of those that do not. */
export interface CommunityTree {
  readonly nodes: readonly number[];
  readonly parts: readonly CommunityTree[];
}

/**
 * How a graph without directions falls into communities, and these into communities, as long as random
 * graphs of the same degrees do not: what `communityLevels` counts the levels of.
 */
export function communityTree(graph: Graph, options: Required<MeasureOptions>): CommunityTree {
  const nodes = Array.from({ length: graph.nodes }, (_, node) => node);
  return treeOf({ nodes, graph }, options, new PythonRandom(options.seed));
}

function treeOf(
  { nodes, graph }: Community,
  options: Required<MeasureOptions>,
  random: PythonRandom,
): CommunityTree {
  const leaf = { nodes, parts: [] };
  if (graph.nodes < LEAST_NODES || !canSwap(graph)) return leaf;
  const own = found(graph, options.seed) ?? 0;
  let most = 0;
  for (let drawn = 0; drawn < options.references; drawn++)
    most = Math.max(most, found(randomReference(graph, ROUNDS, random, false), options.seed) ?? 0);
  // Sums in another order differ in their last bits.
  if (own <= most + 1e-9) return leaf;
  return {
    nodes,
    parts: communitiesOf(graph, options.seed).map((part) =>
      treeOf(
        { graph: part.graph, nodes: part.nodes.map((node) => must(nodes[node])) },
        options,
        random,
      ),
    ),
  };
}

/** Levels of a tree of communities: 0 of a graph that does not fall into any. */
export function levelsOf({ parts }: CommunityTree): number {
  return parts.length === 0 ? 0 : 1 + Math.max(...parts.map(levelsOf));
}

/**
 * How many times one after the other the graph falls into communities that random graphs of the
 * same degrees do not have: 0 of one that is no more modular than these.
 */
function communityLevels(graph: Graph, options: Required<MeasureOptions>): number | null {
  return graph.directed ? null : levelsOf(communityTree(graph, options));
}

const SOURCE =
  'D. Meunier, R. Lambiotte, A. Fornito, K. D. Ersche, E. T. Bullmore: Hierarchical modularity in ' +
  'human brain functional networks. Frontiers in Neuroinformatics 3, 2009.';

export const hierarchyMeasures: readonly GraphMeasure[] = [
  {
    name: 'hierarchicalModularity',
    title: 'hierarchical modularity',
    cost: 'quick',
    definition:
      "Modularity within communities: Louvain's method finds communities, and once more within " +
      "each of them; the mean of the communities' own modularities, weighted by their edges; " +
      'null where no community has edges.',
    description: `The sum over communities c of m_c Q_c over the sum of m_c, with m_c the edges inside
community c and Q_c the modularity that Louvain's method finds in its subgraph alone. 0 where modules
are cliques, high where they fall into modules themselves. Like \`modularity\` it is above 0 in random
graphs too, the more so the smaller and sparser communities are: compare at equal density, C and L
(\`plexus graph match\`), or with a null model. One seed (default 1) serves all runs of Louvain's
method.

The same value as \`louvain_communities(S, seed=seed)\` and \`modularity\` of networkx 2.8 on the
subgraph S of each community, its nodes in ascending order.`,
    reference: SOURCE,
    compute: hierarchicalModularity,
  },
  {
    name: 'communityLevels',
    title: 'community levels',
    cost: 'slow',
    definition:
      'How many times one after the other the graph, and then its communities, fall into ' +
      'communities more modular than in every random graph of the same degrees; null if directed.',
    description: `0: no more modular than random graphs of the same degrees. 1: modules. 2: modules of
modules, and so on: 1 more than the largest number of levels of a community's own subgraph. A graph
counts as modular where the modularity that Louvain's method finds lies above that of all
\`references\` random graphs (default 10; \`random-reference\` with niter=10, connected=false). With 10
of them a random graph is taken for modular about once in 11 times; more references make that rarer.
Graphs of fewer than four nodes, and those that are the only ones of their degrees (cliques, stars),
have no levels.

Louvain's method joins small modules where the whole is large (its resolution limit), so that levels
may be missed and are never invented by more than the chance above. One generator draws all random
graphs, level by level, community by community in Louvain's order.`,
    reference:
      `${SOURCE} The test: R. Guimerà, M. Sales-Pardo, L. A. N. Amaral: Modularity from fluctuations ` +
      'in random graphs and complex networks. Physical Review E 70, 2004.',
    compute: communityLevels,
  },
];

import type { Graph, GraphMeasure, GraphMeasures } from '../types.js';
import { clustering } from './clustering.js';
import { connected } from './connected.js';
import { averageDegree } from './degree.js';
import { density } from './density.js';
import { pathLength } from './path-length.js';

/** The basic measures of a graph, in one go; each one's definition is in `measureDefinitions`. */
export function measure(graph: Graph): GraphMeasures {
  const length = pathLength(graph);
  return {
    nodes: graph.nodes,
    edges: graph.edges,
    directed: graph.directed,
    connected: length !== null,
    averageDegree: averageDegree(graph),
    density: density(graph),
    clustering: clustering(graph),
    pathLength: length,
  };
}

const WATTS_STROGATZ =
  'D. J. Watts, S. H. Strogatz: Collective dynamics of small-world networks. Nature 393, 1998.';
const HARARY = 'F. Harary: Graph Theory. Addison-Wesley 1969.';

/** What `measure` tells, one by one. */
export const basicMeasures = [
  {
    name: 'nodes',
    title: 'nodes',
    cost: 'basic',
    reference: HARARY,
    definition: 'Number of nodes n.',
    description:
      "The order of the graph. In a network every node holds a slice of a layer's " +
      'channels, so a layer needs at least n channels.',
    compute: (graph) => graph.nodes,
  },
  {
    name: 'edges',
    title: 'edges',
    cost: 'basic',
    reference: HARARY,
    definition: 'Number of edges m without self loops; an undirected edge counts once.',
    description:
      'The size of the graph. A relational layer has 2m + n blocks of weights (directed: ' +
      'm + n), since every node also listens to itself.',
    compute: (graph) => graph.edges,
  },
  {
    name: 'directed',
    title: 'directed',
    cost: 'basic',
    reference: HARARY,
    definition: 'Whether edges have a direction; if so, every number here takes it into account.',
    description:
      'An edge u -> v of a directed graph means that output node u of a layer reads ' +
      'input node v. Connectomes are directed as stored; `directed=false` joins two ' +
      'nodes where either direction exists.',
    compute: (graph) => graph.directed,
  },
  {
    name: 'connected',
    title: 'connected',
    cost: 'basic',
    reference: HARARY,
    definition:
      'Whether every node is reached from every other along edges (in their direction, ' +
      'if directed).',
    description:
      'For a directed graph this is strong connectivity. The same as `is_connected` and ' +
      '`is_strongly_connected` of networkx. The path length L exists for connected ' +
      'graphs only.',
    compute: connected,
  },
  {
    name: 'averageDegree',
    title: 'degree',
    cost: 'basic',
    reference: HARARY,
    definition: 'Mean number of neighbours of a node: 2m/n, directed m/n.',
    description: 'In a directed graph the mean out-degree, which equals the mean in-degree.',
    compute: averageDegree,
  },
  {
    name: 'density',
    title: 'density',
    cost: 'basic',
    reference: HARARY,
    definition: 'Share of the possible edges that exist: m / (n(n-1)/2), directed m / (n(n-1)).',
    description:
      'From 0 (no edges) to 1 (complete). The same as `density` of networkx. The share ' +
      "of a layer's weights that exist is a little larger, because every node also " +
      'listens to itself.',
    compute: density,
  },
  {
    name: 'clustering',
    title: 'C',
    cost: 'basic',
    reference:
      `${WATTS_STROGATZ} Directed: G. Fagiolo: Clustering in complex directed networks. ` +
      'Physical Review E 76, 2007.',
    definition:
      'Average clustering coefficient C: mean over nodes of the share of pairs of ' +
      'neighbours that are joined, ' +
      'nodes of degree < 2 counting as 0 (directed: Fagiolo 2007).',
    description:
      'From 0 to 1: how far neighbours of a node are neighbours of each other. The first ' +
      "axis of the paper's plane. The same as `average_clustering` of networkx, for " +
      "directed graphs too, to the last bit where the nodes' values are added in " +
      'ascending order as the published numbers were.',
    compute: clustering,
  },
  {
    name: 'pathLength',
    title: 'L',
    cost: 'basic',
    reference: WATTS_STROGATZ,
    definition:
      'Average path length L: mean over ordered pairs of different nodes of the edges on ' +
      'a shortest path; ' +
      'null when some node cannot reach another.',
    description:
      'At least 1, which only the complete graph has: how many rounds of message ' +
      'exchange it takes, on average, from one node to another. The second axis of the ' +
      "paper's plane. The same as `average_shortest_path_length` of networkx, which " +
      'refuses graphs that are not connected. `reachablePathLength` leaves unreachable ' +
      'pairs out instead.',
    compute: pathLength,
  },
] as const satisfies readonly GraphMeasure[];

import type { Graph, GraphMeasures } from '../types.js';
import { clustering } from './clustering.js';
import { averageDegree } from './degree.js';
import { density } from './density.js';
import { connected } from './connected.js';
import { pathLength } from './path-length.js';

export { averageDegree, clustering, connected, density, pathLength };

/** Every measure of a graph; each one's definition is in `measureDefinitions`. */
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

/** What each number of `GraphMeasures` means, in one sentence. */
export const measureDefinitions: Readonly<Record<keyof GraphMeasures, string>> = {
  nodes: 'Number of nodes n.',
  edges: 'Number of edges m without self loops; an undirected edge counts once.',
  directed: 'Whether edges have a direction; if so, every number here takes it into account.',
  connected: 'Whether every node is reached from every other along edges (in their direction, if directed).',
  averageDegree: 'Mean number of neighbours of a node: 2m/n, directed m/n.',
  density: 'Share of the possible edges that exist: m / (n(n-1)/2), directed m / (n(n-1)).',
  clustering:
    'Average clustering coefficient C: mean over nodes of the share of pairs of neighbours that are joined, ' +
    'nodes of degree < 2 counting as 0 (directed: Fagiolo 2007).',
  pathLength:
    'Average path length L: mean over ordered pairs of different nodes of the edges on a shortest path; ' +
    'null when some node cannot reach another.',
};

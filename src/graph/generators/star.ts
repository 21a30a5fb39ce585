import { graphFromEdges } from '../build.js';
import type { Graph, GraphFamily } from '../types.js';
import { nodesParam, numberParam, validateNodes } from './params.js';

/** Node 0 joined to each of the other `n` - 1 nodes. */
function starGraph(n: number): Graph {
  return graphFromEdges(
    n,
    Array.from({ length: n - 1 }, (_, at) => [0, at + 1] as const),
  );
}

export const star: GraphFamily = {
  name: 'star',
  meaning: 'One hub joined to all other nodes, which are joined to nothing else.',
  description: `Node 0, the hub, is joined to each of the nodes 1, ..., n-1. C = 0 and L = 2 - 2/n:
short paths with the fewest edges that connect, all of them through one node. The same as
\`star_graph(n - 1)\` of networkx, which counts the hub separately.`,
  reference: 'F. Harary: Graph Theory. Addison-Wesley 1969.',
  params: [nodesParam],
  validate: validateNodes,
  generate: (params) => starGraph(numberParam(params, 'n')),
  resize: (params, nodes) => ({ ...params, n: nodes }),
  samples: (n) => [{ n }],
};

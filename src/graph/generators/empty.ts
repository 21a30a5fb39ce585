import { graphFromRows } from '../build.js';
import type { Graph, GraphFamily } from '../types.js';
import { nodesParam, numberParam, validateNodes } from './params.js';
import { ringRows } from './ring.js';

/** The graph on `n` nodes without edges. */
function emptyGraph(n: number): Graph {
  return graphFromRows(n, false, ringRows(n, 0));
}

export const empty: GraphFamily = {
  name: 'empty',
  meaning: 'No edges: each node listens to itself only ("empty plus self").',
  description: `The graph without edges. As every node of a relational graph also listens to itself,
a network over it is n separate small networks side by side that first meet in the head: a grouped
layer with n groups. C is 0 and L does not exist. It is the sparse end of every comparison. The same
as \`empty_graph\` of networkx; with the self loops that message exchange implies, as the "empty
plus self" graph.`,
  reference: 'F. Harary: Graph Theory. Addison-Wesley 1969.',
  params: [nodesParam],
  validate: validateNodes,
  generate: (params) => emptyGraph(numberParam(params, 'n')),
  resize: (params, nodes) => ({ ...params, n: nodes }),
  samples: (n) => [{ n }],
};

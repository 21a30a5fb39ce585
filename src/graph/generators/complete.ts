import { clearBit, lastWordMask, wordsFor } from '../bits.js';
import { graphFromRows } from '../build.js';
import type { Graph, GraphFamily } from '../types.js';
import { nodesParam, numberParam, validateNodes } from './params.js';

/** The graph on `n` nodes that has every edge: a network over it is an ordinary dense one. */
export function completeGraph(n: number): Graph {
  const words = wordsFor(n);
  const rows = new Uint32Array(n * words).fill(0xffffffff);
  for (let u = 0; u < n; u++) {
    rows[(u + 1) * words - 1] = lastWordMask(n);
    clearBit(rows, words, u, u);
  }
  return graphFromRows(n, false, rows);
}

export const complete: GraphFamily = {
  name: 'complete',
  meaning: 'Every node is joined to every other: the dense baseline.',
  description:
    'The graph that has every edge: C = 1, L = 1. A network over it is an ordinary dense ' +
    'one. The same as `complete_graph` of networkx.',
  reference: 'F. Harary: Graph Theory. Addison-Wesley 1969.',
  params: [nodesParam],
  validate: validateNodes,
  generate: (params) => completeGraph(numberParam(params, 'n')),
  resize: (params, nodes) => ({ ...params, n: nodes }),
  samples: (n) => [{ n }],
};

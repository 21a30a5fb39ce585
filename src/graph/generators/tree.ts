import { graphFromEdges } from '../build.js';
import type { Graph, GraphFamily, GraphParams } from '../types.js';
import { nodesParam, numberParam, requireParam, validateNodes } from './params.js';

/** The full tree on `n` nodes where each has `r` children, filled level by level from node 0. */
function treeGraph(n: number, r: number): Graph {
  return graphFromEdges(
    n,
    Array.from({ length: n - 1 }, (_, at) => [Math.floor(at / r), at + 1] as const),
  );
}

function validate(params: GraphParams): void {
  validateNodes(params);
  const [n, r] = [numberParam(params, 'n'), numberParam(params, 'r')];
  requireParam(
    r >= 1 && r < n,
    'r',
    r,
    `from 1 to n-1 (n=${n})`,
    `r=1 gives a path, r=${n - 1} a star`,
  );
}

export const tree: GraphFamily = {
  name: 'tree',
  meaning: 'Rooted tree where every node has r children, filled level by level.',
  description: `Node 0 is the root; nodes are numbered level by level, so that node i > 0 is joined
to its parent floor((i-1) / r). All levels are full but the last, which is filled from the left. C =
0; L grows with the logarithm of n for r >= 2. The same as \`full_rary_tree(r, n)\` of networkx. On
another number of nodes r stays as it is, where it can.`,
  reference: 'J. A. Storer: An Introduction to Data Structures and Algorithms. Birkhäuser 2001.',
  params: [
    nodesParam,
    {
      name: 'r',
      type: 'integer',
      default: 2,
      range: '1 <= r <= n - 1',
      meaning: 'branching: the number of children of a node',
    },
  ],
  validate,
  generate: (params) => treeGraph(numberParam(params, 'n'), numberParam(params, 'r')),
  resize: (params, nodes) => ({ n: nodes, r: Math.min(numberParam(params, 'r'), nodes - 1) }),
  samples: (n) => [2, 3, 4, 8, 16].filter((r) => r < n).map((r) => ({ n, r })),
};

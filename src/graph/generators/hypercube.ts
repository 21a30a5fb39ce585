import { graphFromEdges } from '../build.js';
import type { Graph, GraphFamily } from '../types.js';
import { numberParam, requireParam } from './params.js';
import { integers, type Sizes, valueNearSize, valueOfSize } from './sizes.js';

/** 2^14 = 16384 nodes. */
const MOST = 14;
const sizes: Sizes = {
  family: 'hypercube',
  rule: '2^d nodes',
  values: integers(1, MOST),
  nodesOf: (d) => 2 ** d,
};

/** The `d`-dimensional hypercube: 2^d nodes, joined where their numbers differ in one bit. */
function hypercubeGraph(d: number): Graph {
  return graphFromEdges(2 ** d, edges(d));
}

function* edges(d: number): Generator<[number, number]> {
  for (let u = 0; u < 2 ** d; u++) {
    for (let bit = 0; bit < d; bit++) yield [u, u ^ (1 << bit)];
  }
}

export const hypercube: GraphFamily = {
  name: 'hypercube',
  meaning: 'd-dimensional cube: 2^d nodes of degree d, logarithmic path lengths, no triangles.',
  description: `The nodes are the numbers from 0 to 2^d - 1; two are joined where their binary
digits differ in exactly one place. C = 0 and L = d 2^(d-1) / (2^d - 1). The same as
\`hypercube_graph(d)\` of networkx, whose nodes are tuples of digits, the first the most
significant. It can be made on another number of nodes where that is a power of two; the density
then changes.`,
  reference:
    'F. Harary, J. P. Hayes, H.-J. Wu: A survey of the theory of hypercube graphs. ' +
    'Computers & Mathematics with Applications 15, 1988.',
  params: [
    {
      name: 'd',
      type: 'integer',
      range: `1 <= d <= ${MOST}`,
      meaning: 'dimensions; there are 2^d nodes',
    },
  ],
  validate: (params) => {
    const d = numberParam(params, 'd');
    requireParam(d >= 1 && d <= MOST, 'd', d, `from 1 to ${MOST}`, 'd=6 has 64 nodes');
  },
  generate: (params) => hypercubeGraph(numberParam(params, 'd')),
  resize: (_, nodes) => ({ d: valueOfSize(sizes, nodes) }),
  samples: (nodes) => [{ d: valueNearSize(sizes, nodes) }],
};

import { graphFromEdges } from '../build.js';
import type { Graph, GraphFamily } from '../types.js';
import { booleanParam, numberParam, requireParam } from './params.js';
import { integers, type Sizes, valueNearSize, valueOfSize } from './sizes.js';

/** 11 x 2^10 = 11264 nodes. */
const MOST = 10;
const sizesOf = (wrapped: boolean): Sizes => ({
  family: 'butterfly',
  rule: wrapped ? 'd 2^d nodes where it is wrapped' : '(d+1) 2^d nodes',
  values: integers(1, MOST),
  nodesOf: (d) => levels(d, wrapped) * 2 ** d,
});

/**
 * The butterfly of the fast Fourier transform on `d` stages; node (level, row) has number level 2^d
 * + row.
 */
function butterflyGraph(d: number, wrapped: boolean): Graph {
  return graphFromEdges(levels(d, wrapped) * 2 ** d, edges(d, wrapped));
}

const levels = (d: number, wrapped: boolean): number => (wrapped ? d : d + 1);

function* edges(d: number, wrapped: boolean): Generator<[number, number]> {
  const rows = 2 ** d;
  for (let level = 0; level < d; level++) {
    const next = (level + 1) % levels(d, wrapped);
    for (let row = 0; row < rows; row++) {
      const from = level * rows + row;
      const straight = next * rows + row;
      // Wrapped with one level, the straight edges are self loops.
      if (straight !== from) yield [from, straight];
      yield [from, next * rows + (row ^ (1 << level))];
    }
  }
}

export const butterfly: GraphFamily = {
  name: 'butterfly',
  meaning:
    'Wiring of the fast Fourier transform: d stages, each row meets every other in log time.',
  description: `Nodes are pairs (level i, row w) with i from 0 to d and w from 0 to 2^d - 1; node
(i, w) has number i 2^d + w. For every i below d, (i, w) is joined to (i+1, w) and to (i+1, w with
bit i flipped), bit 0 being the lowest. There are (d+1) 2^d nodes and d 2^(d+1) edges; nodes of the
first and last level have degree 2, others 4.

Wrapped, levels count modulo d, so that the last is the first: d 2^d nodes, all of degree 4 where d
>= 3. Edges that then fall together (d = 2) count once, and self loops (d = 1) are left out. C = 0
but for the wrapped butterfly with d = 3, whose three levels close triangles. networkx has no such
generator.`,
  reference:
    'F. T. Leighton: Introduction to Parallel Algorithms and Architectures: Arrays, ' +
    'Trees, Hypercubes. Morgan Kaufmann 1992.',
  params: [
    {
      name: 'd',
      type: 'integer',
      range: `1 <= d <= ${MOST}`,
      meaning: 'stages; there are (d+1) 2^d nodes, wrapped d 2^d',
    },
    {
      name: 'wrapped',
      type: 'boolean',
      default: false,
      range: 'true or false',
      meaning: 'whether the last level is the first again',
    },
  ],
  validate: (params) => {
    const d = numberParam(params, 'd');
    requireParam(d >= 1 && d <= MOST, 'd', d, `from 1 to ${MOST}`, 'd=4 has 80 nodes, wrapped 64');
  },
  generate: (params) => butterflyGraph(numberParam(params, 'd'), booleanParam(params, 'wrapped')),
  resize: (params, nodes) => ({
    ...params,
    d: valueOfSize(sizesOf(booleanParam(params, 'wrapped')), nodes),
  }),
  samples: (nodes) =>
    [false, true].map((wrapped) => ({ d: valueNearSize(sizesOf(wrapped), nodes), wrapped })),
};

import { printable, UserError } from '../../core/errors.js';
import { graphFromEdges, requireMemory } from '../build.js';
import type { Graph, GraphFamily, GraphParams } from '../types.js';
import { nodesParam, numberParam, requireParam, textParam, validateNodes } from './params.js';
import { integers } from './sizes.js';

/** Jumps are joined by "-": `1-2-9`. */
function jumpsOf(params: GraphParams): number[] {
  return textParam(params, 'jumps').split('-').map(Number);
}

function circulantGraph(n: number, jumps: readonly number[]): Graph {
  requireMemory(n, 2 * n * jumps.length);
  return graphFromEdges(
    n,
    integers(0, n - 1).flatMap((u) => jumps.map((jump): [number, number] => [u, (u + jump) % n])),
  );
}

function validate(params: GraphParams): void {
  validateNodes(params);
  const text = textParam(params, 'jumps');
  if (!/^[1-9]\d{0,5}(-[1-9]\d{0,5})*$/.test(text))
    throw new UserError(
      'graph parameter jumps must be whole numbers from 1 up, joined by "-", got ' +
        `jumps=${printable(text)}; for example jumps=1-2-9`,
    );
  const most = Math.floor(numberParam(params, 'n') / 2);
  const jumps = jumpsOf(params);
  requireParam(
    jumps.every((jump) => jump <= most),
    'jumps',
    text,
    `numbers up to half of the nodes, ${most}`,
    'a jump of more leads the other way round to the same node',
  );
  requireParam(
    new Set(jumps).size === jumps.length,
    'jumps',
    text,
    'different numbers',
    'name each jump once',
  );
}

/** Jumps in proportion, each different: rounded, and moved to the next free one. */
function resizedJumps(jumps: readonly number[], from: number, nodes: number): number[] {
  const most = Math.floor(nodes / 2);
  const count = Math.min(most, Math.max(1, Math.round((jumps.length * (nodes - 1)) / (from - 1))));
  const free = new Set(integers(1, most));
  return integers(0, count - 1)
    .map((at) => {
      const old = jumps[Math.floor((at * jumps.length) / count)] ?? 1;
      const wanted = (old * nodes) / from;
      const jump = [...free].reduce((best, each) =>
        Math.abs(each - wanted) < Math.abs(best - wanted) ? each : best,
      );
      free.delete(jump);
      return jump;
    })
    .sort((a, b) => a - b);
}

export const circulant: GraphFamily = {
  name: 'circulant',
  meaning: 'Every node meets those that some jumps away round the ring: diagonals of the matrix.',
  description: `Node u is joined to (u + j) mod n and (u - j) mod n for every jump j. Its block matrix
has a diagonal, and its other end, for each jump: the diagonal sparsity of fast layers. All nodes look
alike: it is the Cayley graph of the cyclic group with these generators. Jumps 1 to k / 2 are the ring
lattice; jumps without a common divisor with n give a connected graph, and few well chosen ones a short
L. A jump of n / 2 gives one neighbour, every other jump two.

The same graph as \`circulant_graph(n, jumps)\` of networkx. On another number of nodes there are as many
jumps for each node as before, in proportion, each different.`,
  reference:
    'B. Elspas, J. Turner: Graphs with circulant adjacency matrices. Journal of Combinatorial ' +
    'Theory 9, 1970. Diagonal sparsity in layers: A. Tyagi and others: Dynamic sparse training of ' +
    'diagonally sparse networks. ICML 2025.',
  params: [
    nodesParam,
    {
      name: 'jumps',
      type: 'text',
      range: 'whole numbers joined by "-", each from 1 to n / 2, all different',
      meaning: 'how far the neighbours are, such as 1-2-9',
    },
  ],
  validate,
  generate: (params) => circulantGraph(numberParam(params, 'n'), jumpsOf(params)),
  resize: (params, nodes) => ({
    ...params,
    n: nodes,
    jumps: resizedJumps(jumpsOf(params), numberParam(params, 'n'), nodes).join('-'),
  }),
  samples: (n) =>
    [[1], [1, 2], [1, 5], [1, 2, 3, 4], [1, 4, 9, 16], [1, 7, 12, 20], [1, 2, 4, 8, 16, 32]]
      .map((jumps) => jumps.filter((jump) => 2 * jump <= n))
      .map((jumps) => ({ n, jumps: jumps.join('-') })),
};

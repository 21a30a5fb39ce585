import { unknownName, UserError } from '../../core/errors.js';
import { PythonRandom } from '../../core/random/python-random.js';
import { edgeList, graphFromEdges } from '../build.js';
import type { Graph, GraphFamily, GraphParams } from '../types.js';
import { numberParam, requireParam, textParam, validateSeed } from './params.js';
import { integers } from './sizes.js';

/** How nodes are numbered anew. */
const ORDERS = {
  /** Node u becomes u + by, past the last node from 0 on. */
  rotate: (nodes: number, by: number): number[] =>
    integers(0, nodes - 1).map((u) => (u + by) % nodes),
  /** The numbers in an order drawn with the seed `by`. */
  random: (nodes: number, by: number): number[] => {
    const numbers = integers(0, nodes - 1);
    new PythonRandom(by).shuffle(numbers);
    return numbers;
  },
  /** Node (a, b) of `by` rows, number a columns + b, becomes number b by + a. */
  transpose: (nodes: number, by: number): number[] => {
    if (nodes % by !== 0)
      throw new UserError(
        `the rows of a transposed graph must divide its ${nodes} nodes, got rows=${by}; ` +
          'choose a divisor',
      );
    const columns = nodes / by;
    return integers(0, nodes - 1).map((u) => (u % columns) * by + Math.floor(u / columns));
  },
} as const satisfies Readonly<Record<NodeOrder, (nodes: number, by: number) => number[]>>;

/** An order into which nodes are put. */
export type NodeOrder = 'rotate' | 'random' | 'transpose';
const orderNames = Object.keys(ORDERS);

/** The parameter that each order reads, and the value that it has where it is not given. */
const READS: Readonly<
  Record<NodeOrder, { readonly name: string; readonly preset: number | null }>
> = {
  rotate: { name: 'steps', preset: 1 },
  random: { name: 'seed', preset: 1 },
  transpose: { name: 'rows', preset: null },
};

/**
 * The same graph with its nodes numbered anew: by `rotate` node u becomes (u + by) mod n, by
 * `random` what `random.Random(by).shuffle(list(range(n)))` has at place u, by `transpose` what it
 * is when the nodes, written row by row in `by` rows, are read column by column.
 *
 * @throws UserError where the rows of a transposition do not divide the nodes
 */
export function permutedGraph(graph: Graph, order: NodeOrder, by: number): Graph {
  const numbers = ORDERS[order](graph.nodes, by);
  return graphFromEdges(
    graph.nodes,
    edgeList(graph).map(([u, v]): [number, number] => [numbers[u], numbers[v]]),
    graph.directed,
  );
}

function orderOf(params: GraphParams): NodeOrder {
  const order = textParam(params, 'order');
  const found = orderNames.find((name): name is NodeOrder => name === order);
  if (found === undefined) throw unknownName('order of nodes', order, orderNames);
  return found;
}

/** The word of a parameter that is not given. */
const UNSET = 'auto';

function validate(params: GraphParams): void {
  const order = orderOf(params);
  const own = READS[order];
  for (const [reader, { name }] of Object.entries(READS)) {
    const value = params[name] ?? UNSET;
    if (value === UNSET) continue;
    requireParam(
      name === own.name,
      name,
      value,
      `left out with order=${order}, which does not read it`,
      `choose order=${reader}, or give ${own.name}`,
    );
    if (name === 'seed') validateSeed(params);
    else requireParam(Number(value) >= 1, name, value, '1 or more', 'a half of the nodes is far');
  }
  requireParam(
    own.preset !== null || params[own.name] !== UNSET,
    own.name,
    UNSET,
    `given with order=${order}`,
    'the nodes are read from so many rows; 8 rows of 64 nodes have 8 columns',
  );
}

/** How far, from which seed, or of how many rows. */
function byOf(params: GraphParams): number {
  const { name, preset } = READS[orderOf(params)];
  return preset !== null && params[name] === UNSET ? preset : numberParam(params, name);
}

function samples(nodes: number): GraphParams[] {
  const half = Math.max(2, Math.floor(nodes / 2));
  const even = 2 * half;
  const of = `ws-flex:n=${even},k=${Math.max(2, Math.min(8, even - 1))},p=0.1,seed=1`;
  const unset = { steps: UNSET, seed: UNSET, rows: UNSET };
  return [
    { ...unset, of, order: 'rotate', steps: half },
    { ...unset, of, order: 'random', seed: 1 },
    { ...unset, of, order: 'transpose', rows: 2 },
  ];
}

const unsetParam = (
  name: string,
  range: string,
  meaning: string,
): GraphFamily['params'][number] => ({
  name,
  type: 'integer',
  default: UNSET,
  quiet: true,
  range,
  meaning,
});

export const permuted: GraphFamily = {
  name: 'permuted',
  meaning: 'The same graph with its nodes numbered anew: for layers that mix other neighbours.',
  description: `Node u of the graph \`of\` becomes node q(u); nothing else changes, so every measure
that does not look at numbers is that of \`of\`. As the graph of a whole network it trains like
\`of\` itself but for the luck of the start. It is for a \`sequence\`: a layer with the same graph
under other numbers lets each node hear others than in the layer before.

- \`rotate\`: q(u) = (u + steps) mod n. Ring lattices and other circulants come back as they were.
- \`random\`: q is \`list(range(n))\` shuffled by \`random.Random(seed).shuffle\`.
- \`transpose\`: the nodes stand in \`rows\` rows of n / rows; node u, in row a and column b, becomes
b rows + a, as when they are read column by column (a perfect shuffle). Groups of n / rows nodes and
their transposition are the two factors of a Monarch matrix.

The same as \`relabel_nodes\` of networkx with that mapping.`,
  reference:
    'Permutations between block diagonals: T. Dao and others: Monarch: expressive structured ' +
    'matrices for efficient and accurate training. ICML 2022, arXiv 2204.00595.',
  params: [
    {
      name: 'of',
      type: 'spec',
      range: 'a graph spec in parentheses',
      meaning: 'the graph whose nodes are numbered anew',
    },
    {
      name: 'order',
      type: 'text',
      default: 'random',
      range: orderNames.join(', '),
      meaning: 'how',
    },
    unsetParam('steps', 'steps >= 1; only with order=rotate', 'how far; auto: 1'),
    unsetParam('seed', 'seed >= 0; only with order=random', 'of random.Random; auto: 1'),
    unsetParam('rows', 'a divisor of the nodes; needed with order=transpose', 'rows'),
  ],
  validate,
  generate: (params, tools) =>
    permutedGraph(tools.build(textParam(params, 'of')), orderOf(params), byOf(params)),
  resize: (params, nodes, tools) => ({
    ...params,
    of: tools.resize(textParam(params, 'of'), nodes),
  }),
  samples,
};

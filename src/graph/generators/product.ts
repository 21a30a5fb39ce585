import { unknownName, UserError } from '../../core/errors.js';
import { setBit, wordsFor } from '../bits.js';
import { graphFromRows, MAX_NODES, memoryOfRows, requireMemory } from '../build.js';
import type { Graph, GraphFamily, GraphParams, SpecTools } from '../types.js';
import { textParam } from './params.js';
import { integers } from './sizes.js';

/** How the two factors of a product make its edges. */
interface ProductRule {
  /** Whether every copy of the inner graph keeps its edges. */
  readonly inside: boolean;
  /**
   * Where the outer graph joins a to a': the inner nodes b' for which (a, b) is joined to (a', b'),
   * by b.
   */
  readonly across: (this: void, inner: Graph) => (b: number) => Int32Array;
}

const neighbours = (graph: Graph, node: number): Int32Array =>
  graph.targets.subarray(graph.offsets[node], graph.offsets[node + 1]);

const RULES = {
  lexicographic: {
    inside: true,
    across: (inner) => {
      const all = Int32Array.from(integers(0, inner.nodes - 1));
      return () => all;
    },
  },
  strong: { inside: true, across: (inner) => (b) => Int32Array.of(b, ...neighbours(inner, b)) },
  cartesian: { inside: true, across: () => (b) => Int32Array.of(b) },
  tensor: { inside: false, across: (inner) => (b) => neighbours(inner, b) },
  rooted: { inside: true, across: () => (b) => (b === 0 ? Int32Array.of(0) : new Int32Array(0)) },
} as const satisfies Readonly<Record<string, ProductRule>>;

export type ProductKind = keyof typeof RULES;

export const productKinds: readonly string[] = Object.keys(RULES);

const isKind = (text: string): text is ProductKind => Object.hasOwn(RULES, text);

/** The parameter `kind` of a product; throws a `UserError` that lists the kinds. */
export function productKind(params: GraphParams): ProductKind {
  const kind = textParam(params, 'kind');
  if (!isKind(kind)) throw unknownName('kind of product', kind, productKinds);
  return kind;
}

/** Throws a `UserError` where a graph of `first` times `second` nodes would have too many. */
export function requireNodes(what: string, first: number, second: number): void {
  const nodes = first * second;
  if (nodes <= MAX_NODES) return;
  throw new UserError(
    `${what} may have at most ${MAX_NODES} nodes, but ${first} times ${second} are ` +
      `${nodes}, which would take ${memoryOfRows(nodes)} and more; choose smaller factors`,
  );
}

/**
 * The product of two graphs: node (a, b) has number a inner.nodes + b. Throws a `UserError` where
 * one graph is directed and the other is not, or where the product would be too large.
 */
export function productGraph(kind: ProductKind, outer: Graph, inner: Graph): Graph {
  requireNodes('a product', outer.nodes, inner.nodes);
  if (outer.directed !== inner.directed) {
    const got = outer.directed
      ? 'a directed outer and an undirected inner one'
      : 'an undirected outer and a directed inner one';
    throw new UserError(
      `the graphs of a product must be both undirected or both directed, got ${got}; ` +
        'choose two of one sort',
    );
  }
  const nodes = outer.nodes * inner.nodes;
  requireMemory(nodes, arcsOf(kind, outer, inner));
  const { inside, across }: ProductRule = RULES[kind];
  const acrossTo = across(inner);
  const rows = new Uint32Array(nodes * wordsFor(nodes));
  for (let b = 0; b < inner.nodes; b++) {
    const reached = acrossTo(b);
    for (let a = 0; a < outer.nodes; a++) {
      const u = a * inner.nodes + b;
      if (inside) setBlock(rows, u, nodes, a * inner.nodes, neighbours(inner, b));
      for (const other of neighbours(outer, a))
        setBlock(rows, u, nodes, other * inner.nodes, reached);
    }
  }
  return graphFromRows(nodes, outer.directed, rows);
}

/** Arcs of a product: an undirected edge has two. */
function arcsOf(kind: ProductKind, outer: Graph, inner: Graph): number {
  const { inside, across }: ProductRule = RULES[kind];
  const acrossTo = across(inner);
  let arcs = inside ? outer.nodes * inner.targets.length : 0;
  for (let b = 0; b < inner.nodes; b++) arcs += acrossTo(b).length * outer.targets.length;
  return arcs;
}

/** Joins `u` to the nodes `first + b` for each `b` of a list. */
function setBlock(
  rows: Uint32Array,
  u: number,
  nodes: number,
  first: number,
  list: Int32Array,
): void {
  const words = wordsFor(nodes);
  for (let at = 0; at < list.length; at++) setBit(rows, words, u, first + list[at]);
}

const FACTORS = ['outer', 'inner'] as const;

/**
 * A graph of an outer and an inner one on another number of nodes; throws a `UserError` where neither
 * of them can be changed for it.
 */
export function resizeProduct(
  what: string,
  params: GraphParams,
  nodes: number,
  tools: SpecTools,
): GraphParams {
  const sizes = {
    outer: tools.build(textParam(params, 'outer')).nodes,
    inner: tools.build(textParam(params, 'inner')).nodes,
  };
  for (const name of FACTORS) {
    const wanted = nodes / sizes[name === 'outer' ? 'inner' : 'outer'];
    const resized = Number.isInteger(wanted)
      ? resizedOrNull(textParam(params, name), wanted, tools)
      : null;
    if (resized !== null) return { ...params, [name]: resized };
  }
  throw new UserError(
    `${what} changes its number of nodes by its outer or its inner graph, but with ` +
      `${sizes.outer} outer and ${sizes.inner} inner nodes neither ` +
      `can be changed to make ${nodes}; choose factors that divide it, or another graph`,
  );
}

/** The factor's line on another number of nodes; null where the factor has no such size. */
function resizedOrNull(line: string, nodes: number, tools: SpecTools): string | null {
  try {
    return tools.resize(line, nodes);
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

function samples(nodes: number): GraphParams[] {
  const part = (share: number): number => Math.max(2, Math.round(nodes / share));
  const pairs = [
    [`ring-lattice:n=${part(8)},k=2`, 'complete:n=8'],
    [`ring-lattice:n=${part(4)},k=2`, 'complete:n=4'],
    [`complete:n=${part(8)}`, 'ring-lattice:n=8,k=2'],
    [`ws-flex:n=${part(4)},k=${Math.min(3, part(4))},p=0.3,seed=1`, 'complete:n=4'],
  ];
  return productKinds.flatMap((kind) => pairs.map(([outer, inner]) => ({ kind, outer, inner })));
}

export const kindParam = {
  name: 'kind',
  type: 'text',
  default: 'lexicographic',
  range: productKinds.join(', '),
  meaning: 'which product',
} as const;

export const product: GraphFamily = {
  name: 'product',
  meaning: 'Graph of graphs: every node of an outer graph becomes a copy of an inner graph.',
  description: `Nodes are pairs (a, b) of a node of the outer and a node of the inner graph; (a, b)
has number a n_inner + b, so that the copy of the inner graph that stands for outer node a is a run
of consecutive nodes. (a, b) and (a', b') are joined where

- \`lexicographic\`: a and a' are joined, or a = a' and b and b' are joined. Groups wired inside by
the inner graph; joined groups are
  joined completely. The hierarchical graph in its plain form.
- \`strong\`: a and a' are joined or equal, and so are b and b'. It is the Kronecker product of the
two adjacency matrices
  *with self loops*, less the loops: the product to take where every node also listens to itself.
- \`tensor\` (Kronecker product of the adjacency matrices as they are): a and a' are joined and b
and b' are joined.
- \`cartesian\`: a = a' and b and b' are joined, or b = b' and a and a' are joined. Grids are
cartesian products of paths.
- \`rooted\`: a = a' and b and b' are joined, or b = b' = 0 and a and a' are joined. Groups that
meet through their first nodes only.

Undirected if both graphs are, directed if both are; one of each is refused. The same as
\`lexicographic_product\`, \`strong_product\`, \`tensor_product\`, \`cartesian_product\` and
\`rooted_product(..., root=0)\` of networkx. Products nest: a factor may be a product itself. On
another number of nodes the outer graph is resized where the inner's nodes divide it, otherwise the
inner.`,
  reference: 'R. Hammack, W. Imrich, S. Klavžar: Handbook of Product Graphs. CRC Press 2011.',
  params: [
    kindParam,
    {
      name: 'outer',
      type: 'spec',
      range: 'any graph spec in parentheses',
      meaning: 'the graph between the groups',
    },
    {
      name: 'inner',
      type: 'spec',
      range: 'any graph spec in parentheses',
      meaning: 'the graph within each group',
    },
  ],
  validate: productKind,
  generate: (params, tools) =>
    productGraph(
      productKind(params),
      tools.build(textParam(params, 'outer')),
      tools.build(textParam(params, 'inner')),
    ),
  resize: (params, nodes, tools) => resizeProduct('a product', params, nodes, tools),
  samples,
};

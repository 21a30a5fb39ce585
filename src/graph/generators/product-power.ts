import { UserError } from '../../core/errors.js';
import { MAX_NODES } from '../build.js';
import type { Graph, GraphFamily, GraphParams, SpecTools } from '../types.js';
import { numberParam, requireParam, textParam } from './params.js';
import {
  kindParam,
  productGraph,
  productKind,
  type ProductKind,
  productKinds,
  requireNodes,
} from './product.js';

/** 2^14 = 16384 nodes. */
const MOST = 14;

/** The product of `power` copies of a graph; throws a `UserError` where it would be too large. */
export function productPower(kind: ProductKind, graph: Graph, power: number): Graph {
  requireNodes('a power of a graph', graph.nodes, graph.nodes ** (power - 1));
  let made = graph;
  for (let level = 1; level < power; level++) made = productGraph(kind, made, graph);
  return made;
}

function validate(params: GraphParams): void {
  productKind(params);
  const power = numberParam(params, 'power');
  requireParam(
    power >= 1 && power <= MOST,
    'power',
    power,
    `from 1 to ${MOST}`,
    'power=3 of complete:n=4 has 64 nodes',
  );
}

function resize(params: GraphParams, nodes: number, tools: SpecTools): GraphParams {
  const power = numberParam(params, 'power');
  const root = Math.round(nodes ** (1 / power));
  if (root ** power === nodes)
    return { ...params, graph: tools.resize(textParam(params, 'graph'), root) };
  throw new UserError(
    `a power ${power} of a graph has n^${power} nodes, but ${nodes} are needed; the ` +
      `nearest are ${nearestPowers(nodes, power)}, or choose another graph`,
  );
}

function nearestPowers(nodes: number, power: number): string {
  const below = Math.max(1, Math.floor(nodes ** (1 / power)));
  return [below, below + 1]
    .map((root) => root ** power)
    .filter((size) => size > 1 && size <= MAX_NODES)
    .join(' and ');
}

function samples(nodes: number): GraphParams[] {
  return productKinds.flatMap((kind) =>
    [2, 3].flatMap((power) => {
      const side = Math.max(2, Math.round(nodes ** (1 / power)));
      // A tensor product of graphs without odd cycles is not connected.
      const graphs =
        kind === 'tensor'
          ? [`complete:n=${side}`]
          : [`ring-lattice:n=${side},k=2`, `star:n=${side}`];
      return graphs.map((graph) => ({ kind, graph, power }));
    }),
  );
}

export const productPowerFamily: GraphFamily = {
  name: 'product-power',
  meaning:
    'One graph multiplied with itself again and again: self-similar, the same wiring at ' +
    'every level.',
  description: `The product (see \`product\`) of \`power\` copies of one graph with n nodes: n^power
nodes. A node is a word of \`power\` letters, each a node of the graph; its number is that word read
in base n, the first letter, the outermost level, being the most significant. All kinds of product
are associative, so the order in which the copies are multiplied does not matter.

\`kind=strong\` is the deterministic Kronecker graph of Leskovec and others, whose initiator has
self loops, less the loops at the end; \`kind=cartesian\` of \`complete:n=2\` is the hypercube.
Checked against repeated \`strong_product\`, \`tensor_product\`, \`lexicographic_product\` and so on
of networkx. On another number of nodes the graph is resized to its root of degree \`power\`, where
that is an integer.`,
  reference:
    'J. Leskovec, D. Chakrabarti, J. Kleinberg, C. Faloutsos, Z. Ghahramani: Kronecker ' +
    'graphs: an approach to modeling networks. Journal of Machine Learning Research 11, ' +
    '2010.',
  params: [
    kindParam,
    {
      name: 'graph',
      type: 'spec',
      range: 'any graph spec in parentheses',
      meaning: 'the graph that is multiplied with itself',
    },
    {
      name: 'power',
      type: 'integer',
      default: 2,
      range: `1 <= power <= ${MOST}, at most ${MAX_NODES} nodes`,
      meaning: 'number of levels',
    },
  ],
  validate,
  generate: (params, tools) =>
    productPower(
      productKind(params),
      tools.build(textParam(params, 'graph')),
      numberParam(params, 'power'),
    ),
  resize,
  samples,
};

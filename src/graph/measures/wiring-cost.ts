import { UserError } from '../../core/errors.js';
import { edgeList } from '../build.js';
import type { Graph, GraphMeasure } from '../types.js';

/** Where each node lies: its coordinates, of any number of dimensions, the same for all. */
export type Positions = readonly (readonly number[])[];

/**
 * Length of all edges together: of each the straight line between the positions of its nodes, or,
 * without positions, the steps between them when the nodes stand in a ring in the order of their
 * numbers.
 *
 * @throws UserError unless there is a position for every node, all with as many coordinates
 */
export function wiringCost(graph: Graph, positions?: Positions): number {
  const length =
    positions === undefined
      ? (u: number, v: number): number => stepsApart(graph.nodes, u, v)
      : straight(graph.nodes, positions);
  return edgeList(graph).reduce((sum, [u, v]) => sum + length(u, v), 0);
}

const stepsApart = (nodes: number, u: number, v: number): number =>
  Math.min(Math.abs(u - v), nodes - Math.abs(u - v));

function straight(nodes: number, positions: Positions): (u: number, v: number) => number {
  const dimensions = positions[0]?.length ?? 0;
  const odd = positions.findIndex(
    (place) => place.length !== dimensions || !place.every(Number.isFinite),
  );
  if (positions.length !== nodes || dimensions === 0 || odd >= 0)
    throw new UserError(
      `every one of ${nodes} nodes must have a position of as many coordinates, got ` +
        `${positions.length} positions${odd >= 0 ? `, number ${odd} of others` : ''}; give one for ` +
        'each node',
    );
  return (u, v) => Math.hypot(...positions[u].map((x, axis) => x - positions[v][axis]));
}

/** Mean steps between two of `nodes` nodes in a ring. */
function meanSteps(nodes: number): number {
  let sum = 0;
  for (let v = 1; v < nodes; v++) sum += stepsApart(nodes, 0, v);
  return sum / (nodes - 1);
}

export const wiringCostMeasure: GraphMeasure = {
  name: 'wiringCost',
  title: 'wiring cost',
  cost: 'quick',
  definition:
    'Mean length of an edge when the nodes stand in a ring in the order of their numbers, in ' +
    'steps, over the mean length between any two nodes; null without edges.',
  description: `The length of an edge u-v is min(|u - v|, n - |u - v|). 1: edges are as long as those of
a random graph; near 0: nodes are wired to those beside them, as in a ring lattice, whose k / 2 nearest
on either side lie (k + 2) / 4 steps away on average. Unlike the others it depends on the numbers of the
nodes: \`permuted\` changes it. It is what wires cost where nodes have places, as cores on a chip or
regions of a brain have; the library's \`wiringCost(graph, positions)\` takes places of any dimension.

The same as the mean of \`shortest_path_length\` in networkx's \`cycle_graph(n)\` over the edges, over
the cycle's own \`average_shortest_path_length\`.`,
  reference:
    'E. Bullmore, O. Sporns: The economy of brain network organization. Nature Reviews ' +
    'Neuroscience 13, 2012.',
  compute: (graph) =>
    graph.edges === 0 ? null : wiringCost(graph) / graph.edges / meanSteps(graph.nodes),
};

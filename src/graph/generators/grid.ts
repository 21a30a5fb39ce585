import { graphFromEdges, MAX_NODES, memoryOfRows } from '../build.js';
import type { Graph, GraphFamily, GraphParams } from '../types.js';
import { booleanParam, requireParam, textParam } from './params.js';

/** 2^14 is the largest power of two within the most nodes. */
const MOST_SIDES = 14;

const product = (sides: readonly number[]): number =>
  sides.reduce((total, side) => total * side, 1);

/**
 * The grid with these sides; nodes in row-major order, the last coordinate fastest. `periodic`
 * closes every side to a ring.
 */
function gridGraph(sides: readonly number[], periodic: boolean): Graph {
  return graphFromEdges(product(sides), edges(sides, periodic));
}

function* edges(sides: readonly number[], periodic: boolean): Generator<[number, number]> {
  const nodes = product(sides);
  let stride = nodes;
  for (const side of sides) {
    stride /= side;
    for (let u = 0; u < nodes; u++) {
      const at = Math.floor(u / stride) % side;
      if (at + 1 < side) yield [u, u + stride];
      else if (periodic && side > 2) yield [u, u - at * stride];
    }
  }
}

/** The sides of a shape such as `8x8`. */
function sidesOf(shape: string): number[] {
  return shape.split('x').map(Number);
}

function validate(params: GraphParams): void {
  const shape = textParam(params, 'shape');
  const written =
    /^[1-9]\d{0,5}(x[1-9]\d{0,5})*$/.test(shape) && sidesOf(shape).length <= MOST_SIDES;
  requireParam(
    written,
    'shape',
    shape,
    `1 to ${MOST_SIDES} sides written like 8x8 or 4x4x4`,
    'each side is an integer from 1',
  );
  const nodes = product(sidesOf(shape));
  const remedy =
    nodes > MAX_NODES
      ? `so many nodes would take ${memoryOfRows(nodes)} and more`
      : '8x8 has 64 nodes';
  requireParam(
    nodes >= 2 && nodes <= MAX_NODES,
    'shape',
    shape,
    `a grid of 2 to ${MAX_NODES} nodes`,
    remedy,
  );
}

/**
 * The sides, ascending, of the grid of so many dimensions and nodes that is nearest to a cube: the
 * least sum of sides.
 */
function nearestCube(nodes: number, dimensions: number): number[] {
  let best: number[] | null = null;
  let least = Infinity;
  for (const sides of factorings(nodes, dimensions, 1)) {
    const sum = sides.reduce((total, side) => total + side, 0);
    if (sum < least) [best, least] = [sides, sum];
  }
  return best ?? [nodes];
}

/** Every way to write `rest` as a product of so many ascending factors from `first` on. */
function* factorings(rest: number, count: number, first: number): Generator<number[]> {
  if (count === 1) yield [rest];
  else {
    for (let side = first; side ** count <= rest; side++) {
      if (rest % side !== 0) continue;
      for (const others of factorings(rest / side, count - 1, side)) yield [side, ...others];
    }
  }
}

export const grid: GraphFamily = {
  name: 'grid',
  meaning: 'Lattice of any number of dimensions, open or periodic (a torus).',
  description: `Nodes are the points of a box, numbered in row-major order, the last coordinate
fastest: in the shape AxBxC the point (a, b, c) has number (a B + b) C + c. Two points are joined
where they differ by one in one coordinate; with \`periodic=true\` also the first and the last of
every side of at least 3, which makes a torus. A side may be 1.

No triangles, so C = 0, but for periodic sides of 3. L grows with the sides. The same as
\`grid_graph(dim, periodic)\` of networkx, which names points with the last side of \`dim\` first
and draws self loops for periodic sides of 1; they are left out here. On another number of nodes the
shape is that of as many dimensions, nearest to a cube (the least sum of sides), that has exactly so
many nodes: 60 nodes give 6x10, and a prime number gives 1xN.`,
  reference: 'F. Harary: Graph Theory. Addison-Wesley 1969.',
  params: [
    {
      name: 'shape',
      type: 'text',
      range: `1 to ${MOST_SIDES} sides joined by x, 2 to ${MAX_NODES} nodes`,
      meaning: 'sides of the grid, such as 8x8 or 4x4x4',
    },
    {
      name: 'periodic',
      type: 'boolean',
      default: false,
      range: 'true or false',
      meaning: 'whether every side closes to a ring',
    },
  ],
  validate,
  generate: (params) =>
    gridGraph(sidesOf(textParam(params, 'shape')), booleanParam(params, 'periodic')),
  resize: (params, nodes) => {
    const sides = sidesOf(textParam(params, 'shape'));
    return product(sides) === nodes
      ? params
      : { ...params, shape: nearestCube(nodes, sides.length).join('x') };
  },
  samples: (nodes) =>
    [2, 3, 4, 1].flatMap((dimensions) =>
      [false, true].map((periodic) => ({
        shape: nearestCube(nodes, dimensions).join('x'),
        periodic,
      })),
    ),
};

import { graphFromEdges, graphFromRows, MAX_NODES } from '../build.js';
import type { Graph, GraphFamily, GraphParams } from '../types.js';
import { numberParam, requireParam, validateNodes } from './params.js';
import { circulantRows } from './ring.js';
import { integers, isPrime, type Sizes, valueNearSize, valueOfSize } from './sizes.js';

/** 141^2 = 19881 nodes. */
const MOST_SIDE = 141;
const margulisSizes: Sizes = {
  family: 'margulis',
  rule: 'm^2 nodes',
  values: integers(2, MOST_SIDE),
  nodesOf: (m) => m * m,
};

/**
 * The Margulis-Gabber-Galil graph on m^2 nodes without its loops and repeated edges; point (x, y)
 * has number x m + y.
 */
function margulisGraph(m: number): Graph {
  return graphFromEdges(m * m, withoutLoops(margulisEdges(m)));
}

function* margulisEdges(m: number): Generator<[number, number]> {
  for (let x = 0; x < m; x++) {
    for (let y = 0; y < m; y++) {
      const from = x * m + y;
      for (const shift of [2 * y, 2 * y + 1]) yield [from, ((x + shift) % m) * m + y];
      for (const shift of [2 * x, 2 * x + 1]) yield [from, x * m + ((y + shift) % m)];
    }
  }
}

function* withoutLoops(edges: Iterable<[number, number]>): Generator<[number, number]> {
  for (const [u, v] of edges) if (u !== v) yield [u, v];
}

export const margulis: GraphFamily = {
  name: 'margulis',
  meaning: 'Explicit expander on m x m points (Margulis, Gabber, Galil): few edges, no bottleneck.',
  description: `Nodes are the points (x, y) of an m x m torus, numbered x m + y. Each is joined to
(x + 2y, y), (x + 2y + 1, y), (x, y + 2x) and (x, y + 2x + 1), all modulo m. As a multigraph every
node has degree 8 and the second eigenvalue is at most 5 sqrt(2), whatever m: there is no bottleneck
however large the graph. Loops and repeated edges are left out here, so that some nodes have fewer
neighbours.

The same as \`margulis_gabber_galil_graph(m)\` of networkx made a simple graph. It can be made on
another number of nodes where that is a square.`,
  reference:
    'O. Gabber, Z. Galil: Explicit constructions of linear-sized superconcentrators. ' +
    'Journal of Computer and System Sciences 22, 1981.',
  params: [
    {
      name: 'm',
      type: 'integer',
      range: `2 <= m <= ${MOST_SIDE}`,
      meaning: 'side of the torus; there are m^2 nodes',
    },
  ],
  validate: (params) => {
    const m = numberParam(params, 'm');
    requireParam(m >= 2 && m <= MOST_SIDE, 'm', m, `from 2 to ${MOST_SIDE}`, 'm=8 has 64 nodes');
  },
  generate: (params) => margulisGraph(numberParam(params, 'm')),
  resize: (_, nodes) => ({ m: valueOfSize(margulisSizes, nodes) }),
  samples: (nodes) => [{ m: valueNearSize(margulisSizes, nodes) }],
};

const primes: readonly number[] = integers(2, MAX_NODES).filter(isPrime);
const chordalSizes: Sizes = {
  family: 'chordal-cycle',
  rule: 'a prime number of nodes',
  values: primes,
  nodesOf: (n) => n,
};
const paleySizes: Sizes = {
  family: 'paley',
  rule: 'a prime number of nodes that is 1 more than a multiple of 4',
  values: primes.filter((n) => n % 4 === 1),
  nodesOf: (n) => n,
};

/** Checks that `n` is one of the family's sizes, and names the nearest where it is not. */
function validateSize(params: GraphParams, sizes: Sizes, rule: string): void {
  validateNodes(params);
  const n = numberParam(params, 'n');
  requireParam(
    sizes.values.includes(n),
    'n',
    n,
    rule,
    `the nearest is n=${valueNearSize(sizes, n)}`,
  );
}

/** A ring of `n` nodes, n prime, with a chord from every x > 0 to its inverse modulo n. */
function chordalCycleGraph(n: number): Graph {
  return graphFromEdges(n, withoutLoops(chordalEdges(n)));
}

function* chordalEdges(n: number): Generator<[number, number]> {
  const inverses = inversesModulo(n);
  for (let x = 0; x < n; x++) {
    yield [x, (x + 1) % n];
    yield [x, inverses[x]];
  }
}

/** Inverses modulo the prime `n`, 0 for 0: from n = q x + r follows 1/x = -q / r. */
function inversesModulo(n: number): Int32Array {
  const inverses = new Int32Array(n);
  inverses[1] = 1;
  for (let x = 2; x < n; x++) inverses[x] = n - ((Math.floor(n / x) * inverses[n % x]) % n);
  return inverses;
}

export const chordalCycle: GraphFamily = {
  name: 'chordal-cycle',
  meaning:
    'Ring of a prime number of nodes with a chord from each to its inverse: an expander ' +
    'of degree 3.',
  description: `Node x is joined to x - 1 and x + 1 modulo n and, for x > 0, to the node y with x y
= 1 modulo n. As a multigraph it is 3-regular and an expander. 0 has no inverse and 1 and n-1 are
their own, so these three have no chord here, and where a chord is also an edge of the ring it
counts once.

The same as \`chordal_cycle_graph(n)\` of networkx made a simple graph without loops. It can be made
on another number of nodes where that is prime.`,
  reference:
    'A. Lubotzky: Discrete Groups, Expanding Graphs and Invariant Measures. Birkhäuser ' +
    '1994, theorem 4.4.2.',
  params: [
    {
      name: 'n',
      type: 'integer',
      range: `prime, 2 <= n <= ${MAX_NODES}`,
      meaning: 'number of nodes',
    },
  ],
  validate: (params) => validateSize(params, chordalSizes, 'a prime number'),
  generate: (params) => chordalCycleGraph(numberParam(params, 'n')),
  resize: (_, nodes) => ({ n: valueOfSize(chordalSizes, nodes) }),
  samples: (nodes) => [{ n: valueNearSize(chordalSizes, nodes) }],
};

/**
 * The Paley graph on `n` nodes, n a prime of the form 4 j + 1: x and y joined where x - y is a
 * square modulo n.
 */
function paleyGraph(n: number): Graph {
  const squares = new Set(integers(1, (n - 1) / 2).map((x) => (x * x) % n));
  // -1 is a square, so half of them say it all.
  return graphFromRows(
    n,
    false,
    circulantRows(
      n,
      [...squares].filter((square) => square < n / 2),
    ),
  );
}

export const paley: GraphFamily = {
  name: 'paley',
  meaning:
    'Joined where the difference is a square modulo a prime: looks random with half of all edges.',
  description: `For a prime n of the form 4j + 1, x and y are joined where x - y is a nonzero square
modulo n. Every node has (n-1)/2 neighbours, two neighbours have (n-5)/4 neighbours in common and
two other nodes (n-1)/4. So C = (n-5) / (2(n-3)) and L = 3/2 exactly: the most even graph of density
1/2. The same as \`paley_graph(n)\` of networkx made undirected; primes of the form 4j + 3, where
that is a tournament, are refused.`,
  reference:
    'R. E. A. C. Paley: On orthogonal matrices. Journal of Mathematics and Physics 12, 1933.',
  params: [
    {
      name: 'n',
      type: 'integer',
      range: `prime, n mod 4 = 1, 5 <= n <= ${MAX_NODES}`,
      meaning: 'number of nodes',
    },
  ],
  validate: (params) =>
    validateSize(params, paleySizes, 'a prime number that is 1 more than a multiple of 4'),
  generate: (params) => paleyGraph(numberParam(params, 'n')),
  resize: (_, nodes) => ({ n: valueOfSize(paleySizes, nodes) }),
  samples: (nodes) => [{ n: valueNearSize(paleySizes, nodes) }],
};

import { printable, UserError } from '../../core/errors.js';
import { PythonRandom } from '../../core/random/python-random.js';
import { MAX_NODES, memoryOfRows, requireMemory } from '../build.js';
import type { Graph, GraphFamily, GraphParams } from '../types.js';
import { pairsOf } from './densities.js';
import { EdgeSet } from './edge-set.js';
import { numberParam, requireParam, seedParam, textParam, validateSeed } from './params.js';
import { pythonSetOfRange } from './python-int-set.js';

/**
 * A random graph of blocks (Holland, Laskey and Leinhardt): nodes 0..sizes[0]-1 are the first
 * block, and so on; nodes of blocks i <= j are joined with probability `density(i, j)`. Draws as
 * networkx makes them: within a block one for each pair and, for probabilities between 0 and 1, one
 * more; between blocks one for each edge, which tells by its logarithm how many pairs are skipped.
 */
export function blockModelGraph(
  sizes: readonly number[],
  density: (i: number, j: number) => number,
  seed: number,
): Graph {
  requireMemory(sum(sizes), Math.floor(expectedArcs(sizes, density)));
  const random = new PythonRandom(seed);
  const edges = new EdgeSet(sum(sizes));
  const blocks = blocksOf(sizes);
  blocks.forEach((block, i) => {
    joinWithin(edges, block, density(i, i), random);
    for (let j = i + 1; j < blocks.length; j++)
      joinBetween(edges, block, blocks[j], density(i, j), random);
  });
  return edges.graph();
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function expectedArcs(sizes: readonly number[], density: (i: number, j: number) => number): number {
  return sum(
    sizes.map(
      (size, i) =>
        2 * pairsOf(size) * density(i, i) +
        2 * sum(sizes.slice(i + 1).map((other, at) => size * other * density(i, i + 1 + at))),
    ),
  );
}

/**
 * The nodes of every block in the order of CPython's set of them, in which networkx goes through
 * their pairs.
 */
function blocksOf(sizes: readonly number[]): Int32Array[] {
  let first = 0;
  return sizes.map((size) => {
    first += size;
    return pythonSetOfRange(first - size, first);
  });
}

function joinWithin(edges: EdgeSet, block: Int32Array, p: number, random: PythonRandom): void {
  for (let u = 0; u < block.length; u++) {
    for (let v = u + 1; v < block.length; v++) {
      if (random.random() < p) edges.add(block[u], block[v]);
    }
  }
  // networkx then skips through the pairs as between blocks, where none is left: one draw without
  // effect.
  if (p > 0 && p < 1) random.random();
}

function joinBetween(
  edges: EdgeSet,
  block: Int32Array,
  other: Int32Array,
  p: number,
  random: PythonRandom,
): void {
  // No edges: p is 0, or so small that networkx divides by zero.
  if (1 - p === 1) return;
  const pairs = block.length * other.length;
  const skip =
    p === 1
      ? (): number => 0
      : (): number => Math.floor(Math.log(random.random()) / Math.log(1 - p));
  for (let at = skip(); at < pairs; at += 1 + skip())
    edges.add(block[Math.floor(at / other.length)], other[at % other.length]);
}

function sizesOf(params: GraphParams): number[] {
  return textParam(params, 'sizes').split('-').map(Number);
}

function validateSizes(text: string): void {
  if (!/^[1-9]\d{0,8}(-[1-9]\d{0,8})*$/.test(text)) {
    throw new UserError(
      'graph parameter sizes must be whole numbers from 1 up, joined by "-", got ' +
        `sizes=${printable(text)}; for example sizes=16-16-32`,
    );
  }
}

function validate(params: GraphParams): void {
  const text = textParam(params, 'sizes');
  validateSizes(text);
  const n = sum(sizesOf(params));
  const shown = printable(text);
  requireParam(
    n >= 2 && n <= MAX_NODES,
    'sizes',
    shown,
    `blocks of 2 to ${MAX_NODES} nodes in all (these have ${n})`,
    n > MAX_NODES
      ? `so many nodes would take ${memoryOfRows(n)} and more`
      : 'the paper uses 64 nodes',
  );
  validateProbability(params, 'inside', 'two nodes of the same block are joined');
  validateProbability(params, 'between', 'two nodes of different blocks are joined');
  validateSeed(params);
}

/** Checks a probability of joining. */
export function validateProbability(params: GraphParams, name: string, meaning: string): void {
  const p = numberParam(params, name);
  requireParam(
    p >= 0 && p <= 1,
    name,
    p,
    'from 0 to 1',
    `${name} is the probability that ${meaning}`,
  );
}

/**
 * The sizes on `nodes` nodes, in proportion: each rounded down, what is left to the largest
 * remainders, the first of equal ones first. Blocks that get no node are left out.
 */
function resizedSizes(sizes: readonly number[], nodes: number): number[] {
  const n = sum(sizes);
  const floors = sizes.map((size) => Math.floor((size * nodes) / n));
  const remainder = (at: number): number => (sizes[at] * nodes) % n;
  const order = sizes.map((_, at) => at).sort((a, b) => remainder(b) - remainder(a) || a - b);
  for (const at of order.slice(0, nodes - sum(floors))) floors[at]++;
  return floors.filter((size) => size > 0);
}

/** Two, four and eight blocks of at least four nodes each, with five pairs of densities. */
function samples(n: number): GraphParams[] {
  const blocks = [2, 4, 8].filter((count) => count === 2 || 4 * count <= n);
  const evenSizes = blocks.map((count) =>
    resizedSizes(
      Array.from({ length: count }, () => 1),
      n,
    ).join('-'),
  );
  const densities = [
    [0.5, 0.1],
    [0.8, 0.05],
    [0.8, 0.2],
    [1, 0.02],
    [1, 0.1],
  ];
  return evenSizes.flatMap((sizes) =>
    densities.map(([inside, between]) => ({ sizes, inside, between, seed: 1 })),
  );
}

export const stochasticBlock: GraphFamily = {
  name: 'stochastic-block',
  meaning:
    'Random graph of blocks (modules), dense inside and sparse between them (Holland et al. 1983).',
  description: `The first \`sizes\` entry nodes are block 0, the next ones block 1, and so on. Two
nodes of the same block are joined with probability \`inside\`, of different blocks with probability
\`between\`. Pairs of blocks (i, j), i <= j, are taken in ascending order. Within a block a uniform
number is drawn for each pair of nodes, and one more without effect where 0 < inside < 1; between
blocks floor(log x / log(1 - between)) pairs are skipped before each edge, x uniform. Nodes of a
block are taken in the order of CPython's set of them. With between = 0 or otherwise few edges the
graph is not connected, and then has no L.

The same graph as \`stochastic_block_model\` of networkx with its default \`sparse=True\`. On
another number of nodes the sizes are scaled, the largest remainders rounded up, and blocks that get
no node left out; the probabilities stay.`,
  reference:
    'P. W. Holland, K. B. Laskey, S. Leinhardt: Stochastic blockmodels: first steps. ' +
    'Social Networks 5, 1983.',
  params: [
    {
      name: 'sizes',
      type: 'text',
      range: `whole numbers joined by "-", 2 to ${MAX_NODES} in all`,
      meaning: 'nodes of each block, such as 16-16-32',
    },
    {
      name: 'inside',
      type: 'real',
      range: '0 <= inside <= 1',
      meaning: 'probability of an edge inside a block',
    },
    {
      name: 'between',
      type: 'real',
      range: '0 <= between <= 1',
      meaning: 'probability of an edge between blocks',
    },
    seedParam,
  ],
  validate,
  generate: (params) =>
    blockModelGraph(
      sizesOf(params),
      (i, j) => numberParam(params, i === j ? 'inside' : 'between'),
      numberParam(params, 'seed'),
    ),
  resize: (params, nodes) => ({ ...params, sizes: resizedSizes(sizesOf(params), nodes).join('-') }),
  samples,
};

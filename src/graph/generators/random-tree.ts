import { PythonRandom } from '../../core/random/python-random.js';
import type { Graph, GraphFamily, GraphParams } from '../types.js';
import { EdgeSet } from './edge-set.js';
import { nodesParam, numberParam, seedParam, validateNodes, validateSeed } from './params.js';

/** A tree, uniform among the n^(n-2) labelled ones: n - 2 uniform nodes are its Prüfer sequence. */
function randomTree(n: number, seed: number): Graph {
  const random = new PythonRandom(seed);
  return treeOfSequence(Array.from({ length: n - 2 }, () => random.randbelow(n)));
}

/**
 * The tree of a Prüfer sequence: for each entry, the least leaf that is left is joined to it and
 * taken away.
 */
function treeOfSequence(sequence: readonly number[]): Graph {
  const n = sequence.length + 2;
  const edges = new EdgeSet(n);
  const degrees = new Int32Array(n).fill(1);
  for (const node of sequence) degrees[node]++;
  let last = degrees.indexOf(1);
  let leaf = last;
  for (const node of sequence) {
    edges.add(leaf, node);
    degrees[node]--;
    if (node < last && degrees[node] === 1) {
      leaf = node;
    } else {
      last = degrees.indexOf(1, last + 1);
      leaf = last;
    }
  }
  // Node n - 1 is never the least of two leaves, so it is one of the two that are left.
  edges.add(leaf, n - 1);
  return edges.graph();
}

export const randomTreeFamily: GraphFamily = {
  name: 'random-tree',
  meaning: 'Tree, uniform among all labelled trees (Prüfer 1918).',
  description: `n - 2 nodes are drawn, each uniform among all n: a Prüfer sequence. For each of its
entries in order, the least leaf that is left (a node that neither comes later in the sequence nor
was taken away) is joined to the entry and taken away; the last two nodes are joined. Every one of
the n^(n-2) labelled trees is equally likely. n - 1 edges, C = 0, always connected; L grows like the
square root of n.

The same graph as \`random_tree\` of networkx 2.8 (\`random_labeled_tree\` of networkx 3.2 and later
draws the same sequence). The only other parameter is the seed; on another number of nodes it
stays.`,
  reference:
    'H. Prüfer: Neuer Beweis eines Satzes über Permutationen. Archiv der Mathematik und ' +
    'Physik 27, 1918.',
  params: [nodesParam, seedParam],
  validate: (params: GraphParams) => {
    validateNodes(params);
    validateSeed(params);
  },
  generate: (params) => randomTree(numberParam(params, 'n'), numberParam(params, 'seed')),
  resize: (params, nodes) => ({ ...params, n: nodes }),
  samples: (n) => [1, 2, 3, 4, 5, 6].map((seed) => ({ n, seed })),
};

import { must, UserError } from '../core/errors.js';
import { elements, type Tensor } from '../core/tensor.js';
import { graphFromEdges } from '../graph/build.js';
import type { WeightedGraph } from '../graph/weighted.js';
import { blockSquares } from './block-squares.js';
import type { Partition } from './types.js';

/** The weights of one layer, with the groups that its channels are dealt to. */
export interface WeightLayer {
  /** Of the parameter, e.g. `s2.b1.a.weight`. */
  readonly name: string;
  /** `[out, in]`, of a convolution with the window behind. */
  readonly tensor: Tensor;
  readonly input: Partition;
  readonly output: Partition;
}

/** The norms between all pairs of groups: of outputs (rows) and of inputs (columns). */
export interface BlockNorms {
  readonly rows: number;
  readonly columns: number;
  /** Squares, `rows x columns`, row-major. */
  readonly squares: Float64Array;
}

/**
 * The Frobenius norms of a layer's blocks, squared: of group i of the outputs and group j of the
 * inputs the sum of the squares of all weights between them.
 *
 * @param data other numbers in the layer's shape, such as gradients; default its own
 */
export function blockNorms(
  { tensor, input, output }: WeightLayer,
  data: ArrayLike<number> = tensor.data,
): BlockNorms {
  const window = elements(tensor.shape.slice(2));
  const squares = blockSquares(data, { input, output, window }, null);
  return { rows: output.nodes, columns: input.nodes, squares };
}

/**
 * Layers over the same groups as one undirected weighted graph: two groups are joined by the norm of
 * all weights between them, in both directions and all layers: the root of the sum of the squares.
 * Pairs without weights are not joined; what a group tells itself is left out.
 *
 * @throws UserError where the layers have not all the same number of groups
 */
export function foldedGraph(layers: readonly BlockNorms[]): WeightedGraph {
  const [{ rows: nodes } = { rows: 0 }] = layers;
  const odd = layers.find(({ rows, columns }) => rows !== nodes || columns !== nodes);
  if (odd !== undefined)
    throw new UserError(
      `layers are folded into one graph over the same groups, got ${nodes} and ${odd.rows} x ` +
        `${odd.columns}; name layers of one size with --layers, or their groups with --nodes`,
    );
  const at = (u: number, v: number): number => u * nodes + v;
  return weightedBy(nodes, (u, v) =>
    Math.sqrt(
      layers.reduce(
        (sum, { squares }) => sum + must(squares[at(u, v)]) + must(squares[at(v, u)]),
        0,
      ),
    ),
  );
}

/**
 * Layers one after the other as a graph over all their groups (Filan et al. 2021, whose groups are
 * neurons): group j before a layer and group i behind it are joined by the norm of the weights
 * between them.
 *
 * @throws UserError where a layer does not begin with the groups that the one before ends with
 */
export function unrolledGraph(layers: readonly BlockNorms[]): WeightedGraph {
  const starts = [0];
  layers.forEach(({ columns }, layer) => {
    const before = layers[layer - 1]?.rows;
    if (before !== undefined && before !== columns)
      throw new UserError(
        `unrolled layers follow one another, but layer ${layer + 1} reads ${columns} groups and ` +
          `the one before has ${before}; give --nodes, or name layers that do with --layers`,
      );
    starts.push(must(starts.at(-1)) + columns);
  });
  const nodes = must(starts.at(-1)) + (layers.at(-1)?.rows ?? 0);
  const weights = new Map<number, number>();
  layers.forEach(({ rows, columns, squares }, layer) => {
    const [from, to] = [must(starts[layer]), must(starts[layer + 1])];
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++)
        weights.set((from + j) * nodes + to + i, Math.sqrt(must(squares[i * columns + j])));
  });
  return weightedBy(nodes, (u, v) => weights.get(u * nodes + v) ?? 0);
}

/** The undirected graph of the pairs u < v with a weight above 0. */
function weightedBy(nodes: number, weightOf: (u: number, v: number) => number): WeightedGraph {
  const edges: [number, number][] = [];
  const weights = new Map<number, number>();
  for (let u = 0; u < nodes; u++) {
    for (let v = u + 1; v < nodes; v++) {
      const weight = weightOf(u, v);
      if (!(weight > 0)) continue;
      edges.push([u, v]);
      weights.set(u * nodes + v, weight);
    }
  }
  const graph = graphFromEdges(nodes, edges);
  const listed = new Float64Array(graph.targets.length);
  for (let u = 0; u < nodes; u++)
    for (let at = must(graph.offsets[u]); at < must(graph.offsets[u + 1]); at++) {
      const v = must(graph.targets[at]);
      listed[at] = must(weights.get(Math.min(u, v) * nodes + Math.max(u, v)));
    }
  return { graph, weights: listed };
}

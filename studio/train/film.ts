import { must } from '../../src/core/errors.js';
import { elements } from '../../src/core/tensor.js';
import type { KernelExecutable } from '../../src/engine/backends/cpu/index.js';
import { strengths, type WeightedGraph } from '../../src/graph/weighted.js';
import { blockSquares } from '../../src/network/block-squares.js';
import { foldedGraph } from '../../src/network/weight-graph.js';
import type { Frame } from './messages.js';

/** Epochs of a film at most, and nodes of a graph whose film a page can keep. */
const MOST_FRAMES = 100;
const MOST_NODES = 256;
/** Whether an epoch is in the film: all of a short training, of a long one the first and the last too. */
export function isFilmed(epoch: number, epochs: number): boolean {
  return epoch === epochs || epoch % Math.ceil(epochs / MOST_FRAMES) === 0;
}

/** The weights of all relational layers as they are now; null where these have not the same nodes. */
export async function frameOf(
  executable: Pick<KernelExecutable, 'program' | 'read'>,
  epoch: number,
): Promise<Frame | null> {
  const layers = executable.program.parameters.flatMap(({ name, mask, shape }) =>
    mask === null ? [] : [{ name, mask, window: elements(shape.slice(2)) }],
  );
  const nodes = layers[0]?.mask.output.nodes ?? Infinity;
  const same = layers.every(
    ({ mask }) => mask.input.nodes === nodes && mask.output.nodes === nodes,
  );
  if (!same || nodes > MOST_NODES) return null;
  const squares = new Float64Array(nodes * nodes);
  for (const { name, mask, window } of layers) {
    const { input, output, graph } = mask;
    const found = blockSquares(await executable.read(name), { input, output, window }, graph);
    for (const [at, sum] of found.entries()) squares[at] = must(squares[at]) + sum;
  }
  return { epoch, nodes, squares };
}

/** A frame as `plexus graph of-weights` makes a graph of all layers. */
export function frameGraph({ nodes, squares }: Frame): WeightedGraph {
  return foldedGraph([{ rows: nodes, columns: nodes, squares }]);
}

/** Of each node, how strongly it is joined to all others. */
export const frameStrengths = (frame: Frame): Float64Array => strengths(frameGraph(frame));

/** The norm of what two nodes tell each other. */
export function pairNorm({ nodes, squares }: Frame, u: number, v: number): number {
  return Math.sqrt(must(squares[u * nodes + v]) + must(squares[v * nodes + u]));
}

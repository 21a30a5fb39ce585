import { must, UserError } from '../core/errors.js';
import { numpyPermutation } from '../core/random/numpy-permutation.js';
import type { Partition } from './types.js';

/** Seed of the permutation that spreads the larger nodes, as the official code has it. */
const PERMUTATION_SEED = 1;

/**
 * How `channels` channels are dealt to `nodes` nodes: as evenly as possible, `channels mod nodes`
 * nodes hold one more. Which ones is decided by NumPy's `RandomState(1).permutation` of the sizes,
 * larger ones first, so that masks equal those of graph2nn.
 *
 * @throws UserError unless both are whole numbers and 1 <= nodes <= channels
 */
export function partition(channels: number, nodes: number): Partition {
  if (!Number.isInteger(channels) || channels < 1)
    throw new UserError(`a layer has a whole number of channels, at least 1; got ${channels}`);
  if (!Number.isInteger(nodes) || nodes < 1 || nodes > channels) {
    throw new UserError(
      `every node of a relational graph holds at least one channel: ${channels} channels ` +
        `cannot serve ${nodes} nodes; take a smaller graph or a wider layer`,
    );
  }
  const floor = Math.floor(channels / nodes);
  const larger = channels % nodes;
  const sizes = numpyPermutation(
    PERMUTATION_SEED,
    Int32Array.from({ length: nodes }, (_, i) => (i < larger ? floor + 1 : floor)),
  );
  const starts = new Int32Array(nodes + 1);
  for (let i = 0; i < nodes; i++) starts[i + 1] = must(starts[i]) + must(sizes[i]);
  return { channels, nodes, sizes, starts };
}

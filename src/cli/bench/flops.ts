import type { Call } from '../../engine/calls.js';
import { opOf } from '../../engine/ops/registry.js';
import type { Program } from '../../engine/types.js';

/**
 * Useful arithmetic of one kernel call, a multiply-add counted as 2: weights that exist x pixels x
 * columns of the batch, as networks' costs count them (where a window hangs over the edge too).
 * Only products count; norms, activations, pooling, attention, loss and update are overhead.
 */
export function callFlops(call: Call, batch: number): number {
  return opOf(call).flops?.(call, batch) ?? 0;
}

/**
 * Useful arithmetic of a training step over a full batch; the first layer's input gradient, never
 * taken, is not in it.
 */
export function stepFlops({ forward, backward, batch }: Program): number {
  return [...forward, ...backward].reduce((sum, call) => sum + callFlops(call, batch), 0);
}

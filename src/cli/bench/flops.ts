import type { Call } from '../../engine/calls.js';
import type { Program } from '../../engine/types.js';

/**
 * Useful arithmetic of one kernel call, a multiply-add counted as 2: weights that exist x pixels x
 * columns of the batch, as networks' costs count them (where a window hangs over the edge too).
 * Only products count; norms, activations, pooling, attention, loss and update are overhead.
 */
export function callFlops(call: Call, batch: number): number {
  switch (call.op) {
    case 'linear':
    case 'linearInputGrad':
    case 'linearWeightGrad':
      return 2 * batch * (call.mask?.nonzeros ?? call.inFeatures * call.outFeatures);
    case 'conv':
    case 'convInputGrad':
    case 'convWeightGrad': {
      const pairs = call.mask?.nonzeros ?? call.inChannels * call.outChannels;
      return 2 * batch * pairs * call.window.kernel ** 2 * call.outHeight * call.outWidth;
    }
    case 'depthwise':
    case 'depthwiseInputGrad':
    case 'depthwiseWeightGrad':
      return 2 * batch * call.channels * call.window.kernel ** 2 * call.outHeight * call.outWidth;
    default:
      return 0;
  }
}

/**
 * Useful arithmetic of a training step over a full batch; the first layer's input gradient, never
 * taken, is not in it.
 */
export function stepFlops({ forward, backward, batch }: Program): number {
  return [...forward, ...backward].reduce((sum, call) => sum + callFlops(call, batch), 0);
}

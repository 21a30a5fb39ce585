import type { Call, Program } from '../../engine/index.js';

/**
 * Useful arithmetic of one kernel call, a multiply-add counted as 2: weights that exist x columns of the batch. Only
 * linear calls count; norms, activations, loss and update are overhead.
 */
export function callFlops(call: Call, batch: number): number {
  switch (call.op) {
    case 'linear':
    case 'linearInputGrad':
    case 'linearWeightGrad':
      return 2 * batch * (call.mask?.nonzeros ?? call.inFeatures * call.outFeatures);
    case 'batchNormTrain':
    case 'batchNormEval':
    case 'batchNormGrad':
    case 'relu':
    case 'reluGrad':
    case 'softmaxLoss':
    case 'update':
      return 0;
    default:
      return call satisfies never;
  }
}

/** Useful arithmetic of a training step over a full batch; the first layer's input gradient, never taken, is not in it. */
export function stepFlops({ forward, backward, batch }: Program): number {
  return [...forward, ...backward].reduce((sum, call) => sum + callFlops(call, batch), 0);
}

import { command } from '../backends/cpu/commands.js';
import { softmaxLoss } from '../backends/reference/kernels/softmax-loss.js';
import type { BufferId } from '../base.js';
import type { Op } from './op.js';

/**
 * Mean cross-entropy over the valid samples against (1 - smoothing) onehot + smoothing / classes
 * (Szegedy et al. 2016); dlogits (null in evaluation, where smoothing is 0) = (softmax - target) /
 * count.
 */
export interface SoftmaxLossCalls {
  readonly op: 'softmaxLoss';
  readonly logits: BufferId;
  readonly dlogits: BufferId | null;
  readonly classes: number;
  readonly smoothing: number;
}

const loss: Op<SoftmaxLossCalls> = {
  reads: ['logits'],
  writes: ['dlogits'],
  run: ({ logits, dlogits, classes, smoothing }, at) => {
    const flow = { logits: at.b(logits), dlogits: at.orNull(dlogits), labels: at.labels };
    at.tell(softmaxLoss({ ...flow, classes, smoothing }, at.columns));
  },
  encode: (call, to) =>
    command('softmaxLoss', {
      logits: to.buffer(call.logits),
      dlogits: to.buffer(call.dlogits),
      classes: call.classes,
      labels: to.arena.input.labels,
      metrics: to.arena.input.metrics,
      smoothing: call.smoothing,
    }),
};

export const softmaxLossOps = { softmaxLoss: loss };

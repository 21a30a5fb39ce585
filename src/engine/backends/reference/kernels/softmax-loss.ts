import type { Metrics } from '../../../types.js';
import type { Columns } from './linear.js';

/**
 * Mean cross-entropy -log softmax(logits)[label] over the samples, by log-sum-exp around the largest logit; and
 * dlogits = (softmax - onehot) / count where asked for. `logits` and `dlogits` are `classes x batch`.
 */
export function softmaxLoss(logits: Float64Array, dlogits: Float64Array | null, labels: Int32Array, classes: number, columns: Columns): Metrics {
  const { batch, count } = columns;
  let loss = 0;
  let correct = 0;
  for (let s = 0; s < count; s++) {
    const label = labels[s];
    const best = largest(logits, classes, batch, s);
    const top = logits[best * batch + s];
    let sum = 0;
    for (let k = 0; k < classes; k++) sum += Math.exp(logits[k * batch + s] - top);
    loss += Math.log(sum) + top - logits[label * batch + s];
    if (best === label) correct++;
    if (dlogits === null) continue;
    for (let k = 0; k < classes; k++) {
      dlogits[k * batch + s] = (Math.exp(logits[k * batch + s] - top) / sum - (k === label ? 1 : 0)) / count;
    }
  }
  return { loss: loss / count, correct };
}

/** Class of the largest logit of sample `s`, the first of equals. */
function largest(logits: Float64Array, classes: number, batch: number, s: number): number {
  let best = 0;
  for (let k = 1; k < classes; k++) {
    if (logits[k * batch + s] > logits[best * batch + s]) best = k;
  }
  return best;
}

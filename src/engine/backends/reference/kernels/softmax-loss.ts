import type { Metrics } from '../../../base.js';
import type { Columns } from './linear.js';

/** Logits, and their gradient where it is wanted: `classes x batch`. */
export interface LossFlow {
  readonly logits: Float64Array;
  readonly dlogits: Float64Array | null;
  readonly labels: Int32Array;
  readonly classes: number;
  readonly smoothing: number;
}

/**
 * Mean cross-entropy -sum over classes of target log softmax(logits) over the samples, by
 * log-sum-exp around the largest logit, with target = (1 - smoothing) onehot + smoothing / classes;
 * and dlogits = (softmax - target) / count where asked for.
 */
export function softmaxLoss(
  { logits, dlogits, labels, classes, smoothing }: LossFlow,
  columns: Columns,
): Metrics {
  const { batch, count } = columns;
  const target = (k: number, label: number): number =>
    (k === label ? 1 - smoothing : 0) + smoothing / classes;
  let loss = 0;
  let correct = 0;
  let correct5 = 0;
  for (let s = 0; s < count; s++) {
    const label = labels[s];
    const best = largest(logits, classes, batch, s);
    const top = logits[best * batch + s];
    let sum = 0;
    for (let k = 0; k < classes; k++) sum += Math.exp(logits[k * batch + s] - top);
    loss += Math.log(sum) + (1 - smoothing) * (top - logits[label * batch + s]);
    for (let k = 0; k < classes; k++)
      if (smoothing > 0) loss += (smoothing / classes) * (top - logits[k * batch + s]);
    if (best === label) correct++;
    if (rankOf(logits, classes, batch, s, label) < 5) correct5++;
    if (dlogits === null) continue;
    for (let k = 0; k < classes; k++) {
      dlogits[k * batch + s] =
        (Math.exp(logits[k * batch + s] - top) / sum - target(k, label)) / count;
    }
  }
  return { loss: loss / count, correct, correct5 };
}

/** Class of the largest logit of sample `s`, the first of equals. */
function largest(logits: Float64Array, classes: number, batch: number, s: number): number {
  let best = 0;
  for (let k = 1; k < classes; k++) {
    if (logits[k * batch + s] > logits[best * batch + s]) best = k;
  }
  return best;
}

/**
 * How many classes come before the label: larger logits (or NaN), and equal ones of smaller index.
 */
function rankOf(
  logits: Float64Array,
  classes: number,
  batch: number,
  s: number,
  label: number,
): number {
  const own = logits[label * batch + s];
  let rank = 0;
  for (let k = 0; k < classes; k++) {
    const other = logits[k * batch + s];
    if (k !== label && !(other < own) && (other !== own || k < label)) rank++;
  }
  return rank;
}

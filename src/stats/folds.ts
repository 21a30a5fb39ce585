import { RandomStream } from '../core/random/stream.js';

/** Folds for cross-validation: every graph belongs to one, drawn once for a number of graphs. */
export function foldsOf(count: number, folds = 10): number[] {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  new RandomStream('folds', count, folds).shuffle(order);
  const fold = Array.from({ length: count }, () => 0);
  order.forEach((graph, place) => (fold[graph] = place % folds));
  return fold;
}

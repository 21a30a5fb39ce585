import { must } from '../../core/errors.js';

/** `numpy.linspace(start, stop, count)`, to the last bit. One value is the start. */
export function linspace(start: number, stop: number, count: number): number[] {
  const step = count > 1 ? (stop - start) / (count - 1) : 0;
  return Array.from({ length: count }, (_, i) =>
    i > 0 && i === count - 1 ? stop : i * step + start,
  );
}

/**
 * The bin of x among the bins between ascending edges, from 0: `numpy.digitize(x, edges) - 1`, only
 * that the last bin includes its upper edge. -1 where x lies outside or is not a number.
 */
export function binOf(x: number, edges: readonly number[]): number {
  const last = edges.length - 1;
  if (!(x >= must(edges[0]) && x <= must(edges[last]))) return -1;
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (must(edges[middle]) <= x) low = middle;
    else high = middle;
  }
  return low;
}

import { must } from '../core/errors.js';

/** `bins + 1` equally spaced edges, computed as NumPy's `linspace` does. */
export function binEdges(range: readonly [number, number], bins: number): readonly number[] {
  const [low, high] = range;
  const step = (high - low) / bins;
  return Array.from({ length: bins + 1 }, (_, i) => (i === bins ? high : low + i * step));
}

/** The bin of a value: right-open but for the last bin. Null outside the edges. */
export function binOf(value: number, edges: readonly number[]): number | null {
  const above = edges.findIndex((edge) => edge > value);
  if (above > 0) return above - 1;
  return above === -1 && value === edges.at(-1) ? edges.length - 2 : null;
}

/** Where a bin begins and ends. */
export function binRange(edges: readonly number[], bin: number): [number, number] {
  return [must(edges[bin]), must(edges[bin + 1])];
}

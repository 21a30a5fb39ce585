/** Arithmetic mean; the values must not be empty. */
export function mean(values: readonly number[]): number {
  // Summed about the first value, so that equal values have exactly that mean and no spread.
  const origin = values[0] ?? 0;
  return origin + values.reduce((sum, value) => sum + (value - origin), 0) / values.length;
}

/**
 * Quantile by linear interpolation between order statistics (Hyndman and Fan's type 7, NumPy's
 * default); the values must not be empty.
 */
export function quantile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  const [low, high] = [sorted[below] ?? Number.NaN, sorted[above] ?? Number.NaN];
  return low + (at - below) * (high - low);
}

/** Sum of squared deviations from the mean. */
export function sumOfSquares(values: readonly number[]): number {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
}

/** Sample standard deviation (n - 1); null with fewer than two values. */
export function sampleStd(values: readonly number[]): number | null {
  return values.length < 2 ? null : Math.sqrt(sumOfSquares(values) / (values.length - 1));
}

/**
 * Standard deviation with n in the denominator, as the paper's code has it (NumPy's default); null
 * of no value.
 */
export function populationStd(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}

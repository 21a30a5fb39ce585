/** Python's `round(x)`: the nearest integer, halves to the even one. Also right for |x| >= 2^52. */
export function roundHalfEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}

/**
 * Python's `round(x, 2)` for x >= 0: the two-decimal number nearest to the exact binary value, ties
 * to the even digit. `toFixed` is exact too but breaks ties upwards; a tie needs x = odd / 8, the
 * only binary fractions half-way between two hundredths.
 */
export function roundToHundredths(x: number): number {
  const isTie = Math.abs((x * 8) % 2) === 1;
  return isTie ? roundHalfEven(x * 100) / 100 : Number(x.toFixed(2));
}

import { mean } from './descriptive.js';

/** Pearson's correlation; null with fewer than three pairs or where one side does not vary. */
export function pearson(x: readonly number[], y: readonly number[]): number | null {
  if (x.length < 3) return null;
  const [mx, my] = [mean(x), mean(y)];
  let xy = 0;
  let xx = 0;
  let yy = 0;
  for (const [i, value] of x.entries()) {
    const [dx, dy] = [value - mx, y[i] - my];
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  }
  return xx === 0 || yy === 0 ? null : Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
}

/** Largest step in ln t: the tail of a normal distribution would run out of numbers beyond. */
const STEP = 0.5;

/** Steps enough from any start; the last ones are within rounding. */
const STEPS = 1000;

/**
 * t > 0 with P(X > t) = `probability`, for a distribution symmetric about 0, 0 < probability < 1/2.
 * Newton's method for ln P(X > t) over ln t, which is concave for Student's and the normal
 * distribution: from the right of the root on, every step falls short of it. `scaledDensity` is t
 * times the density at t.
 */
export function tailQuantile(
  probability: number,
  survival: (t: number) => number,
  scaledDensity: (t: number) => number,
): number {
  let t = 1;
  let last = Infinity;
  for (let at = 0; at < STEPS; at++) {
    const tail = survival(t);
    const wanted = (Math.log(tail / probability) * tail) / scaledDensity(t);
    const step = Math.max(-STEP, Math.min(STEP, wanted));
    t *= Math.exp(step);
    // Near the root steps shrink until rounding alone moves them.
    if (step === 0 || (Math.abs(step) < 1e-9 && Math.abs(step) >= Math.abs(last))) break;
    last = step;
  }
  return t;
}

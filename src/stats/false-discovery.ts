import { must } from '../core/errors.js';

/**
 * Benjamini and Hochberg's adjusted p-values (1995), in the order given: rejecting all that are at
 * most q keeps the expected share of false discoveries at q, for independent or positively
 * dependent tests.
 */
export function falseDiscovery(p: readonly number[]): number[] {
  const order = p.map((_, i) => i).sort((a, b) => must(p[b]) - must(p[a]));
  const adjusted = p.map(() => 1);
  let least = 1;
  order.forEach((i, place) => {
    least = Math.min(least, (must(p[i]) * p.length) / (p.length - place));
    adjusted[i] = least;
  });
  return adjusted;
}

import type { Beliefs } from './surface.js';
import { lowest, type Arm } from './tally.js';

/** Trainings of one graph in a row that are thought through. */
const AHEAD = 4;

/** Terms of the continued fraction: from u = 1.5 on it is then right to 1e-5, further out to far more. */
const TERMS = 30;

/** 1 - u Φ(-u) / φ(u) for u >= 0, without cancellation where the tail is thin. */
function excessRatio(u: number): number {
  if (u < 1.5) {
    // Abramowitz and Stegun 26.2.17: Φ(-u) to 7.5e-8.
    const t = 1 / (1 + 0.2316419 * u);
    return 1 - u * t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  }
  // 26.2.14: Φ(-u) / φ(u) = 1 / (u + k) with k = 1 / (u + 2 / (u + 3 / (u + ...))), so 1 - u / (u + k) = k / (u + k).
  let below = u;
  for (let term = TERMS; term > 1; term--) below = u + term / below;
  const k = 1 / below;
  return k / (u + k);
}

/** E max(0, Z sd - gap) for a standard normal Z and gap >= 0: sd (φ(u) - u Φ(-u)) with u = gap / sd. */
export function expectedExcess(gap: number, sd: number): number {
  if (sd <= 0) return 0;
  const u = gap / sd;
  return ((sd * Math.exp((-u * u) / 2)) / Math.sqrt(2 * Math.PI)) * excessRatio(u);
}

/** 1 / variance of a mean over `count` of `seeds` trainings about the error that counts; 0 with none. */
function precision(count: number, seeds: number, noise: number): number {
  return count === 0 ? 0 : 1 / (noise ** 2 * Math.max(1 / count - 1 / seeds, 1e-9));
}

/**
 * For every candidate, by how much a training is expected to lower the posterior mean of the graph recommended in the end: the
 * most over 1 to 4 trainings of it in a row, for each of them (knowledge gradient KG(*); Frazier and Powell, Decision
 * Analysis 7, 2010). One training alone may be unable to change the choice where several can.
 */
export function gains({ means, sds, noise }: Beliefs, arms: readonly Arm[], seeds: number, remaining: number): Float64Array {
  const best = lowest(means);
  const second = lowest(means.map((mean, i) => (i === best ? Infinity : mean)));
  const counts = new Float64Array(means.length);
  for (const { candidate, count } of arms) counts[candidate] = count;
  return means.map((mean, i) => {
    const gap = Math.abs(mean - means[i === best ? second : best]);
    const variance = sds[i] ** 2;
    let gain = 0;
    for (let more = 1; more <= Math.min(AHEAD, remaining, seeds - counts[i]); more++) {
      const added = precision(counts[i] + more, seeds, noise) - precision(counts[i], seeds, noise);
      // What the posterior mean will move by: the variance that goes, v - 1/(1/v + added).
      const moved = (variance * variance * added) / (1 + variance * added);
      gain = Math.max(gain, expectedExcess(gap, Math.sqrt(moved)) / more);
    }
    return gain;
  });
}

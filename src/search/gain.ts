import { must } from '../core/errors.js';
import { expectedExcess } from '../stats/normal.js';
import type { Beliefs } from './surface.js';
import { type Arm, lowest } from './tally.js';

/** Trainings of one graph in a row that are thought through. */
const AHEAD = 4;

/**
 * 1 / variance of a mean over `count` of `seeds` trainings about the error that counts; 0 with
 * none.
 */
function precision(count: number, seeds: number, noise: number): number {
  return count === 0 ? 0 : 1 / (noise ** 2 * Math.max(1 / count - 1 / seeds, 1e-9));
}

/**
 * For every candidate, by how much a training is expected to lower the posterior mean of the graph
 * recommended in the end: the most over 1 to 4 trainings of it in a row, for each of them
 * (knowledge gradient KG(*); Frazier and Powell, Decision Analysis 7, 2010). One training alone may
 * be unable to change the choice where several can.
 */
export function gains(
  { means, sds, noise }: Beliefs,
  arms: readonly Arm[],
  seeds: number,
  remaining: number,
): Float64Array {
  const best = lowest(means);
  const second = lowest(means.map((mean, i) => (i === best ? Infinity : mean)));
  const counts = new Float64Array(means.length);
  for (const { candidate, count } of arms) counts[candidate] = count;
  return means.map((mean, i) => {
    const gap = Math.abs(mean - must(means[i === best ? second : best]));
    const [variance, count] = [must(sds[i]) ** 2, must(counts[i])];
    let gain = 0;
    for (let more = 1; more <= Math.min(AHEAD, remaining, seeds - count); more++) {
      const added = precision(count + more, seeds, noise) - precision(count, seeds, noise);
      // What the posterior mean will move by: the variance that goes, v - 1/(1/v + added).
      const moved = (variance * variance * added) / (1 + variance * added);
      gain = Math.max(gain, expectedExcess(gap, Math.sqrt(moved)) / more);
    }
    return gain;
  });
}

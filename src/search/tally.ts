import { must, UserError } from '../core/errors.js';
import { mean, sumOfSquares } from '../stats/descriptive.js';
import type { Observation } from './types.js';

/** The trainings of one candidate. */
export interface Arm {
  readonly candidate: number;
  readonly count: number;
  /** Mean error. */
  readonly mean: number;
  /** Sum of squared deviations from that mean. */
  readonly squares: number;
}

/** Observations by candidate, in the order in which the candidates were first tried. */
export function tally(observations: readonly Observation[]): Arm[] {
  const errors = new Map<number, number[]>();
  for (const { candidate, error } of observations) {
    if (!Number.isFinite(error))
      throw new UserError(
        `an observation needs a finite error, got ${error} of candidate ${candidate}; ` +
          'give a training that diverged the error of guessing',
      );
    const known = errors.get(candidate);
    if (known === undefined) errors.set(candidate, [error]);
    else known.push(error);
  }
  return [...errors].map(([candidate, values]) => ({
    candidate,
    count: values.length,
    mean: mean(values),
    squares: sumOfSquares(values),
  }));
}

/** The place of the lowest value; the first of equals. */
export function lowest(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (must(values[i]) < must(values[best])) best = i;
  return best;
}

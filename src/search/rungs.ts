import { UserError } from '../core/errors.js';

/** Successive halving: which trainings are stopped early. */
export interface Halving {
  /** Epochs of the first rung at least. */
  readonly first: number;
  /**
   * One of so many trainings goes on from each rung, rounded up; each rung has so many times the
   * epochs of the one before. At least 2.
   */
  readonly factor: number;
}

/**
 * The epochs at which trainings are compared, ascending, the last one the whole training: epochs /
 * factor^k, rounded up, down to `first` (Jamieson and Talwalkar, Non-stochastic best arm
 * identification, AISTATS 2016). One rung without halving.
 *
 * @throws UserError for a first rung or a factor that makes no sense
 */
export function rungsOf(epochs: number, halving: Halving | null): number[] {
  if (halving === null) return [epochs];
  const { first, factor } = halving;
  if (!(first >= 1 && first < epochs))
    throw new UserError(
      `the first rung of halving must be from 1 to ${epochs - 1} epochs, below those of ` +
        `a whole training (${epochs}), got ${first}`,
    );
  if (!(factor >= 2))
    throw new UserError(`the factor of halving must be at least 2, got ${factor}`);
  const rungs = [epochs];
  let least = epochs;
  for (let power = factor; Math.ceil(epochs / power) >= first && least > 1; power *= factor) {
    const rung = Math.ceil(epochs / power);
    if (rung < least) rungs.unshift(rung);
    least = rung;
  }
  return rungs;
}

/** How many of `count` trainings go on from a rung. */
export function promoted(count: number, halving: Halving | null): number {
  return halving === null ? count : Math.ceil(count / halving.factor);
}

/** Epochs that `count` trainings begun together take until the last of them ends. */
export function costOfBracket(
  count: number,
  rungs: readonly number[],
  halving: Halving | null,
): number {
  let [cost, running, before] = [0, count, 0];
  for (const rung of rungs) {
    cost += running * (rung - before);
    before = rung;
    running = promoted(running, halving);
  }
  return cost;
}

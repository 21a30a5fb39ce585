import { expect } from 'vitest';
import type { Executable } from '../../src/engine/types.js';
import { snapshot } from './networks.js';

export interface Tolerance {
  readonly atol: number;
  readonly rtol: number;
}

/** Fails unless |a - b| <= atol + rtol |b| everywhere; says where it is worst. */
export function expectClose(
  actual: ArrayLike<number>,
  wanted: ArrayLike<number>,
  { atol, rtol }: Tolerance,
  what: string,
): void {
  expect(actual.length, `${what}: length`).toBe(wanted.length);
  let worst = 0;
  let place = '';
  for (let i = 0; i < wanted.length; i++) {
    const excess = Math.abs(actual[i] - wanted[i]) / (atol + rtol * Math.abs(wanted[i]));
    // The negation catches NaN as well.
    if (!(excess <= worst)) {
      worst = excess;
      place =
        `${what}[${i}] = ${actual[i]}, expected ${wanted[i]}, ${excess.toFixed(2)} times ` +
        'the tolerance';
    }
    if (Number.isNaN(excess)) break;
  }
  expect(worst <= 1, place).toBe(true);
}

/** Loss, correct answers and logits of the current batch. */
export async function expectSameResults(
  actual: Executable,
  wanted: Executable,
  tolerance: Tolerance,
): Promise<void> {
  expectClose([(await actual.metrics()).loss], [(await wanted.metrics()).loss], tolerance, 'loss');
  expectClose(await actual.logits(), await wanted.logits(), tolerance, 'logits');
  expect((await actual.metrics()).correct, 'correct').toBe((await wanted.metrics()).correct);
  expect((await actual.metrics()).correct5, 'correct5').toBe((await wanted.metrics()).correct5);
}

export async function expectSameNumbers(
  actual: Executable,
  wanted: Executable,
  what: readonly ('value' | 'grad' | 'momentum')[],
  tolerance: Tolerance,
): Promise<void> {
  const mine = await snapshot(actual, what);
  for (const [name, values] of await snapshot(wanted, what))
    expectClose(mine.get(name)!, values, tolerance, name);
}

/** The same bits in every parameter, momentum and (where asked) gradient. */
export async function expectIdentical(
  actual: Executable,
  wanted: Executable,
  what: readonly ('value' | 'grad' | 'momentum')[],
): Promise<void> {
  const mine = await snapshot(actual, what);
  for (const [name, values] of await snapshot(wanted, what)) {
    const differs = values.findIndex((value, i) => !Object.is(value + 0, mine.get(name)![i] + 0));
    expect(differs, `${name} first differs at`).toBe(-1);
  }
}

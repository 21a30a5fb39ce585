import { setImmediate } from 'node:timers/promises';
import { Interrupted } from '../../../core/errors.js';
import type { CliContext } from '../../context.js';
import { commaLeft, timeLeft } from '../../progress.js';

/**
 * Work goes on for so many milliseconds before signals are looked at, and before progress is told.
 */
const BREATH = 50;
const TELL = 5000;

/**
 * Draws an ensemble to its end; lets signals through and says how far it is now and then.
 *
 * @param each what is counted
 * @throws Interrupted when a signal came
 */
export async function drawNulls<T>(
  steps: Generator<number, T>,
  count: number,
  what: string,
  context: CliContext,
  each = 'random graphs',
): Promise<T> {
  const begun = performance.now();
  let [breathed, told] = [begun, begun];
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    const now = performance.now();
    if (now - breathed > BREATH) {
      await setImmediate();
      if (context.signal.aborted) throw new Interrupted(`stopped while ${each} were drawn`);
      breathed = now;
    }
    if (now - told > TELL) {
      context.note(
        `${what}: ${step.value} of ${count} ${each}` +
          commaLeft(timeLeft(step.value, count, (now - begun) / 1000)),
      );
      told = now;
    }
  }
}

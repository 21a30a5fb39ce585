import type { CliContext } from './context.js';

/** Says what is at hand, where it is time to; at once where it is known to be `long`. */
export type Working = (part: string, long?: boolean) => void;

/** Milliseconds after which a command says what it is at, and between two such lines. */
const PAUSE = 3000;

/**
 * Says on standard error what a command that computes for long is at. Nothing else is done while it
 * computes, so it is asked before each part.
 */
export function slowReporter(
  context: CliContext,
  now: () => number = () => performance.now(),
): Working {
  let told = now();
  return (part, long = false) => {
    if (!long && now() - told < PAUSE) return;
    told = now();
    context.note(`working: ${part}`);
  };
}

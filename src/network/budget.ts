import { must, UserError } from '../core/errors.js';
import { roundHalfEven, roundToHundredths } from '../core/rounding.js';
import type { Stem } from './architectures/architecture.js';

/**
 * Rescaling passes before widths are stepped by one: graph2nn makes 9 for its ImageNet networks, 15
 * for the others.
 */
export function budgetPasses(stem: Stem | null): number {
  return stem === 'imagenet' ? 9 : 15;
}

/** Up to here a budget is a share of the dense baseline's multiply-adds, above it their number. */
const MOST_SHARE = 100;

/** What a budget must be, to follow `must be`. */
export const BUDGET_RULE =
  `a share of the dense baseline's multiply-adds above 0 and up to ${MOST_SHARE}, such as 0.25, ` +
  'or a whole number of multiply-adds above that';

/** Whether a number is a budget. */
export function isBudget(value: number): boolean {
  return value > 0 && (value <= MOST_SHARE || Number.isSafeInteger(value));
}

/** Whether a budget is a share, not a number of multiply-adds. */
export function isShare(budget: number): boolean {
  return budget <= MOST_SHARE;
}

/** The multiply-adds that a budget stands for: of a share, rounded, at least 1. */
export function budgetMacs(budget: number, baseline: number): number {
  return isShare(budget) ? Math.max(1, Math.round(budget * baseline)) : budget;
}

/** Multiply-adds of the network with these widths. */
export type MacsAt = (widths: readonly number[]) => number;

/**
 * The widths at which a network costs at least `target` multiply-adds and as little more as
 * stepping by one finds: the procedure of graph2nn, step for step, so that widths equal the
 * published ones.
 *
 * While the cost is not the target: `passes` times rescale all widths by round(sqrt(target / cost),
 * 2); then step the first width by one, the others following in proportion, until the cost crosses
 * the target, and step back if it ended below; then lower each later width by at most round(width_i
 * / width_0), undoing the step that crosses.
 *
 * @param start widths to begin with, the dense baseline's
 * @throws UserError when the search leaves the widths that can be built: the target is too small
 * (or far too large)
 */
export function matchWidths(
  macsAt: MacsAt,
  start: readonly number[],
  target: number,
  passes: number,
): readonly number[] {
  const macs = macsAt(start);
  if (macs === target) return start;
  const within: MacsAt = (widths) => macsWithin(macsAt, widths, target);
  return trimLater(
    within,
    stepAcross(within, rescale(within, start, macs, target, passes), target),
    target,
  );
}

/** The cost, with the budget named in the error when the search has left what can be built. */
function macsWithin(macsAt: MacsAt, widths: readonly number[], target: number): number {
  const rule = `no buildable network meets the budget of ${target} multiply-adds`;
  const remedy = 'choose a budget nearer to the baseline, or a graph of fewer nodes';
  if (widths.some((width) => width < 1)) throw new UserError(`${rule}; ${remedy}`);
  try {
    return macsAt(widths);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${rule}, tried width ${widths.join(',')}: ${error.message}; ${remedy}`, {
      cause: error,
    });
  }
}

/** All widths for a new first width; the others keep their present ratio to it. */
function withFirst(widths: readonly number[], first: number): number[] {
  const [before = first] = widths;
  return widths.map((width) => roundHalfEven(first * (width / before)));
}

function rescale(
  macsAt: MacsAt,
  start: readonly number[],
  startMacs: number,
  target: number,
  passes: number,
): readonly number[] {
  let widths = start;
  let macs = startMacs;
  for (let pass = 0; pass < passes; pass++) {
    const scale = roundToHundredths(Math.sqrt(target / macs));
    widths = withFirst(widths, roundHalfEven(must(widths[0]) * scale));
    macs = macsAt(widths);
  }
  return widths;
}

function stepAcross(macsAt: MacsAt, start: readonly number[], target: number): readonly number[] {
  const isBelow = macsAt(start) < target;
  const step = isBelow ? 1 : -1;
  let widths = start;
  for (;;) {
    widths = withFirst(widths, must(widths[0]) + step);
    const macs = macsAt(widths);
    if (macs === target) return widths;
    if (macs < target !== isBelow)
      return macs < target ? withFirst(widths, must(widths[0]) - step) : widths;
  }
}

function trimLater(macsAt: MacsAt, start: readonly number[], target: number): readonly number[] {
  const widths = [...start];
  const isBelow = macsAt(widths) < target;
  const step = isBelow ? 1 : -1;
  for (let i = 1; i < widths.length; i++) {
    const most = roundHalfEven(must(start[i]) / must(start[0]));
    for (let tries = 0; tries < most; tries++) {
      const before = must(widths[i]);
      widths[i] = before + step;
      if (macsAt(widths) < target === isBelow) continue;
      widths[i] = before;
      break;
    }
  }
  return widths;
}

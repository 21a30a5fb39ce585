import { SWEET_LEVEL } from './settings.js';
import { fixed, meanStd, plural, pValue, signed, span } from './text.js';
import type { StudySummary } from './types.js';

/** Where the sweet spot lies. */
export function sweetSpotSentence({ sweetSpot }: StudySummary): string {
  const { clustering, pathLength, cells, testable } = sweetSpot;
  if (clustering === null || pathLength === null) return `No sweet spot can be told: ${sweetSpot.reason ?? 'nothing was measured'}.`;
  const set = cells === testable ? `all ${testable}` : `${cells} of ${testable}`;
  return `The sweet spot spans C ${span(clustering)} and L ${span(pathLength)}: ${set} testable cells are not significantly worse than the best one.`;
}

/** How the best graph compares with the baseline, with its interval. */
export function bestSentence({ best, baseline, comparison }: StudySummary): string {
  if (best === null) return 'No graph has a complete trial yet.';
  const found = `The best graph, ${best.spec} (C ${fixed(best.clustering, 2)}, L ${fixed(best.pathLength, 2)}), has ${meanStd(best)}\u00a0% test error`;
  if (baseline === null || comparison === null) return `${found}; the baseline has no complete trial to compare with.`;
  const { difference, interval } = comparison;
  const verdict = difference === 0 ? 'as much as' : `${fixed(Math.abs(difference), 2)} points ${difference < 0 ? 'below' : 'above'}`;
  const range = interval === null ? '' : ` (95\u00a0% interval ${signed(interval[0], 2)} to ${signed(interval[1], 2)})`;
  return `${found}, ${verdict} the baseline’s ${meanStd(baseline)}\u00a0%${range}.`;
}

/** What the best graph would be expected to show when trained afresh; null where that cannot be told. */
export function shrunkSentence({ comparison }: StudySummary): string | null {
  const shrunk = comparison?.shrunkDifference ?? null;
  return shrunk === null ? null : `Corrected for having been chosen as the lowest, the difference to expect is ${signed(shrunk, 2)} points.`;
}

/** Whether graphs differ by more than seed noise. */
export function signalSentence({ signal, seeds }: StudySummary): string {
  if (signal === null) return `Whether graphs differ by more than seed noise cannot be told with ${plural(seeds, 'seed')} and these trials.`;
  const test = `F(${signal.dof[0]}, ${signal.dof[1]}) ${signal.f === null ? 'infinite' : `= ${fixed(signal.f, 2)}`}, p ${pValue(signal.p)}`;
  const spread = `spread between graphs ${fixed(signal.betweenGraphsStd, 2)}, seed noise ${fixed(signal.seedStd, 2)} points`;
  return `Graphs ${signal.p < SWEET_LEVEL ? 'differ' : 'do not differ'} by more than seed noise (${test}; ${spread}).`;
}

/** What a quadratic fit shows, in a few words. */
export function fitPhrase(fit: StudySummary['fits']['clustering']): string {
  if (fit === null) return 'no fit: too few graphs';
  const explained = fit.r2 === null ? 'no variance' : `R² ${fixed(fit.r2, 2)}`;
  const lowest = fit.minimum === null ? 'no minimum inside the data' : `lowest at ${fixed(fit.minimum, 2)}`;
  return `${explained}, ${lowest}`;
}

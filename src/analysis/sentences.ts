import { SWEET_LEVEL } from './settings.js';
import { NORMAL_95 } from '../stats/index.js';
import { fixed, meanStd, plural, pValue, signed, span } from './text.js';
import type { StudySummary } from './types.js';

/** Where the sweet spot lies. */
export function sweetSpotSentence({ sweetSpot }: StudySummary): string {
  const { clustering, pathLength, cells, testable } = sweetSpot;
  if (clustering === null || pathLength === null) return `No sweet spot can be told: ${sweetSpot.reason ?? 'nothing was measured'}.`;
  const set = cells === testable ? `all ${testable}` : `${cells} of ${testable}`;
  return `The sweet spot spans C ${span(clustering)} and L ${span(pathLength)}: ${set} testable cells are not significantly worse than the best one.`;
}

/** What a search did and which graph it recommends; null of a study that trains everything. */
export function searchSentence({ search, graphs, baseline }: StudySummary): string | null {
  if (search === null) return null;
  const { rules, trainings, recommended, candidates, spent } = search;
  const count = (outcome: string): number => trainings.filter((each) => each.outcome === outcome).length;
  const tried = new Set(trainings.map(({ graph }) => graph)).size;
  const parts = [`${count('complete')} complete`, ...(count('stopped') > 0 ? [`${count('stopped')} stopped early`] : []), ...(count('failed') > 0 ? [`${count('failed')} failed`] : [])];
  const course = `The search (${rules.policy}) spent ${fixed(spent, Number.isInteger(spent) ? 0 : 1)} of ${plural(rules.trainings, 'training')} on ${tried} of ${plural(candidates, 'graph')}: ${parts.join(', ')}.`;
  if (recommended === null) return `${course} No training is complete yet, so no graph is recommended.`;
  const place = graphs.find(({ spec }) => spec === recommended.graph) ?? null;
  const belief = recommended.sd === null ? '' : ` (95\u00a0% of the policy’s belief: ${span([recommended.mean - NORMAL_95 * recommended.sd, recommended.mean + NORMAL_95 * recommended.sd])})`;
  const found = `${course} It recommends ${recommended.graph} (C ${fixed(place?.clustering ?? null, 2)}, L ${fixed(place?.pathLength ?? null, 2)}), of which ${fixed(recommended.mean, 2)}\u00a0% test error ${recommended.sd === null ? 'was seen, the lowest mean of those tried' : 'is expected with a fresh seed'}${belief}`;
  if (baseline?.mean == null) return `${found}.`;
  const difference = recommended.mean - baseline.mean;
  return `${found}, ${fixed(Math.abs(difference), 2)} points ${difference < 0 ? 'below' : 'above'} the baseline’s mean ${meanStd(baseline)}\u00a0%.`;
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

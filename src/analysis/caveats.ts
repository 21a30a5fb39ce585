import { SWEET_LEVEL } from './settings.js';
import { plural } from './text.js';
import type { StudySummary } from './types.js';

type Bare = Omit<StudySummary, 'caveats'>;

function aboutTrials({ trials, failures }: Bare): readonly string[] {
  return [
    ...(trials.pending > 0 ? [`The study is not finished: ${plural(trials.pending, 'trial')} of ${trials.total} not run yet.`] : []),
    ...(failures.length > 0 ? [`${plural(failures.length, 'trial')} failed and ${failures.length === 1 ? 'enters' : 'enter'} no mean.`] : []),
  ];
}

function aboutSeeds({ seeds, search }: Bare): readonly string[] {
  if (search !== null) return ['A search trains good graphs more often than others: figures and fits show what it saw, not the space of graphs, and single graphs have few seeds.'];
  if (seeds === 1) return ['One training seed: differences between graphs cannot be told from seed noise. Two or more seeds give tests and intervals.'];
  if (seeds < 5) return [`Only ${seeds} training seeds: standard deviations and p-values of single graphs are rough.`];
  return [];
}

function aboutBest({ best, graphs, comparison }: Bare): readonly string[] {
  const measured = graphs.filter((graph) => graph.mean !== null).length;
  if (best === null || measured < 2) return [];
  const text = `The best graph is the lowest of ${measured}, chosen after looking, so its mean is too good (winner’s curse)`;
  if (comparison === null) return [`${text}.`];
  return [comparison.interval === null ? `${text}.` : `${text}; its interval does not correct for that. Retrain it with fresh seeds to confirm.`];
}

function aboutSignal({ signal }: Bare): readonly string[] {
  if (signal === null || signal.p < SWEET_LEVEL) return [];
  return ['The graphs do not differ by more than seed noise here: read the sweet spot and the fits as noise until more seeds or epochs say otherwise.'];
}

function aboutPlane({ plane, sweetSpot }: Bare): readonly string[] {
  const below = sweetSpot.untestableBelowBest;
  return [
    ...(sweetSpot.untestable > 0
      ? [`${plural(sweetSpot.untestable, 'cell')} with a single value could not be tested and ${sweetSpot.untestable === 1 ? 'is' : 'are'} not in the sweet spot${below > 0 ? ` (${below} of them below the best cell’s mean)` : ''}.`]
      : []),
    ...(sweetSpot.testable === 1 ? ['Only one cell could be tested: the sweet spot is that cell by default.'] : []),
    ...(plane.outside > 0 ? [`${plural(plane.outside, 'graph')} outside the plane’s bins or without a path length ${plane.outside === 1 ? 'is' : 'are'} in no cell.`] : []),
  ];
}

/** What a careful reader must know before believing a summary, in sentences, most important first. */
export function listCaveats(summary: Bare): readonly string[] {
  return [aboutTrials, aboutSignal, aboutSeeds, aboutBest, aboutPlane].flatMap((about) => about(summary));
}

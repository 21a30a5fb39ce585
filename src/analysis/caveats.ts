import { SWEET_LEVEL } from './settings.js';
import { plural } from './text.js';
import type { StudySummary } from './types.js';

type Bare = Omit<StudySummary, 'caveats'>;

function aboutTrials({ trials, failures }: Bare): readonly string[] {
  return [
    ...(trials.pending > 0
      ? [
          `The study is not finished: ${plural(trials.pending, 'trial')} of ` +
            `${trials.total} not run yet.`,
        ]
      : []),
    ...(failures.length > 0
      ? [
          `${plural(failures.length, 'trial')} failed and ` +
            `${failures.length === 1 ? 'enters' : 'enter'} no mean.`,
        ]
      : []),
  ];
}

function aboutSeeds({ seeds, search }: Bare): readonly string[] {
  if (search !== null)
    return [
      'A search trains good graphs more often than others: figures and fits show what it ' +
        'saw, not the space of graphs, and single graphs have few seeds.',
    ];
  if (seeds === 1)
    return [
      'One training seed: differences between graphs cannot be told from seed noise. Two ' +
        'or more seeds give tests and intervals.',
    ];
  return [];
}

function aboutBest({ best, graphs, confirmation, search, chosenOn }: Bare): readonly string[] {
  const measured = graphs.filter(({ mean, control }) => mean !== null && !control).length;
  if (best === null || measured < 2 || confirmation !== null || search !== null) return [];
  const text =
    chosenOn !== 'validation'
      ? `The best graph is the lowest of ${measured}, chosen after looking on the test split, ` +
        'so its mean is too good (winner’s curse)'
      : `The best graph is the lowest of ${measured} on the validation images. No choice was ` +
        'made on its test errors, but they are of the trainings that were chosen by, so its mean ' +
        'may still be too good (winner’s curse)';
  return [`${text}; “confirm: {seeds: 5}” in a spec trains it with fresh seeds.`];
}

function aboutConfirmation({ confirmation }: Bare): readonly string[] {
  if (confirmation === null || confirmation.complete >= confirmation.seeds.length) return [];
  const { chosen, complete, seeds } = confirmation;
  if (chosen === null)
    return [
      `Not confirmed yet: the ${plural(seeds.length, 'fresh seed')} come after all other trials.`,
    ];
  return [`Confirmed with ${complete} of ${plural(seeds.length, 'fresh seed')} so far.`];
}

function aboutSignal({ signal }: Bare): readonly string[] {
  if (signal === null || signal.p < SWEET_LEVEL) return [];
  return [
    'Read the region of low errors and the fits as noise until more seeds or epochs say otherwise.',
  ];
}

function aboutPlane({ plane, sweetSpot }: Bare): readonly string[] {
  const away = plane.outside === 1 ? 'is' : 'are';
  return [
    ...(sweetSpot.occupied === 1
      ? ['Only one cell holds graphs: the region is that cell by default.']
      : []),
    ...(plane.outside > 0
      ? [
          `${plural(plane.outside, 'graph')} outside the plane’s bins or without a path ` +
            `length ${away} in no cell.`,
        ]
      : []),
  ];
}

/**
 * What a careful reader must know before believing a summary, in sentences, most important first.
 */
export function listCaveats(summary: Bare): readonly string[] {
  return [aboutTrials, aboutConfirmation, aboutSignal, aboutSeeds, aboutBest, aboutPlane].flatMap(
    (about) => about(summary),
  );
}

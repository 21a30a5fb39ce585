import { fixed, plural, signed } from '../../text.js';

export const CHOICE_TITLE = '10. Which graph to use, and how few trainings would have found it';
export const CHOICE_CLAIM =
  'Not asked by the paper: it names the graph of the lowest mean, of all that were trained.';
const NEEDS = 'it takes two graphs with two seeds, or twenty graphs';
export const CHOICE_UNKNOWN = `Cannot be told: ${NEEDS}.`;
export const NO_BASELINE = 'There is no baseline to compare with.';
export const SEARCH_UNKNOWN =
  'How few trainings would have found it cannot be told: too few graphs were trained ' +
  'with every seed.';

/** @param replays searches replayed of each budget */
/** @param held whether a study has validation errors, which this section does not choose by */
export function choiceDefinition(replays: number, held: boolean): string {
  return (
    'graph: of the lowest error to expect when it is trained anew' +
    `${held ? ', chosen by test errors, in studies with validation errors too' : ''}. ` +
    'measured: mean of its errors, ' +
    '%. to expect: posterior ' +
    'mean of its true mean error, from the Gaussian process of section 8 and the variance of ' +
    'graphs’ own effects as prior ' +
    '(with fewer than 20 graphs: as with fresh seeds in section 1) and its own mean ' +
    'with seed noise; without ' +
    'the noise of one training, the fitted surface taken as known (limits hold in 88 to 100 %). ' +
    'under baseline: mean error of the baseline less that, points. not ' +
    'told apart: other graphs whose ' +
    'expectation is not above it by 1.96 standard deviations of the difference. after trainings: ' +
    `${replays} searches replayed on the table’s trainings, each drawing one seed of a graph ` +
    'after the other: how far what ' +
    'is to be expected of the graph recommended in the end lies above the lowest expectation, ' +
    'points, mean; by the ' +
    'surrogate of plexus search, and of the lowest of random graphs.'
  );
}

/**
 * Points that the graph to use is expected to lie below the baseline, mean over tasks; in how many
 * surely.
 */
export function gainSentence(gain: number, sure: number, all: number): string {
  const side = gain < 0 ? 'above' : 'below';
  const limits = gain < 0 ? '95 % limits of the advantage' : '95 % limits';
  return (
    `The graph to use is expected to lie ${side} the baseline by ${fixed(Math.abs(gain), 2)} ` +
    'points on average, ' +
    `with ${limits} above 0 in ${sure} of ${all}.`
  );
}

/** @param luck points that what is to be expected lies above what was measured */
export function luckSentence(luck: number): string {
  const own =
    luck < 0
      ? `Its own trainings show it worse than is to be expected by ${fixed(-luck, 2)} ` +
        'points on average'
      : `Its own trainings flatter it by ${signed(luck, 2)} points on average`;
  return (
    `${own}; and these trainings cannot tell others from it, so that cost or taste may ` +
    'choose among them.'
  );
}

/** Where searches of so many trainings would have ended, points above the lowest expectation. */
export interface Ending {
  readonly budget: number;
  readonly surrogate: number;
  readonly random: number;
}

/** What few trainings would have found; there must be an ending. */
export function searchSentence(endings: readonly Ending[]): string {
  const texts = endings.map(
    ({ budget, surrogate, random }) =>
      `${budget} trainings ${fixed(surrogate, 2)} points above it (random graphs: ` +
      `${fixed(random, 2)})`,
  );
  return `A search by the surrogate would have ended after ${texts.join(', after ')}, on average.`;
}

/** @param count tasks of which no graph can be told */
export const choiceMissing = (count: number): string =>
  count === 0 ? '' : `${plural(count, 'task')} left out: ${NEEDS}.`;

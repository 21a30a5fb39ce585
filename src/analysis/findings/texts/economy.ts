import { fixed } from '../../text.js';
import { sentences } from './common.js';

export const ECONOMY_TITLE = '6. Few graphs and few epochs are enough';
export const ECONOMY_CLAIM =
  '52 graphs give the map of 3942 (r = 0.90), 3 epochs that of 100 (r = 0.93, ResNet-34).';
export const ECONOMY_UNKNOWN = 'No early epochs and no larger set here: nothing to compare.';
export const ECONOMY_DEFINITION =
  'r of cell means of the subset with those of all graphs (which contain it), over the subset’s ' +
  'cells; r of graphs’ mean ' +
  'errors after 3 epochs (studies of one’s own: a tenth of them) with those after the last, ' +
  'baseline included, graphs with a missing seed by the seeds they have. what it ' +
  'costs: final error of the graph that was best early, less the lowest final error, points.';

/** @param weak names of the tasks whose early order is not that of the end */
export function economyVerdict(weak: readonly string[]): string {
  return sentences(
    weak.length === 0
      ? 'The early order holds wherever it can be checked here.'
      : `So few epochs are not enough everywhere: r is below 0.8 for ${weak.join(', ')}.`,
    'A correlation is mostly about telling bad graphs from good ones; what it costs to pick the ' +
      'early best says whether it ' +
      'finds the best.',
  );
}

/** @param rest r with the graphs that were not taken; null where it is not known */
export const restPhrase = (rest: number | null): string =>
  `with the graphs that are not among them: r = ${fixed(rest, 2)}`;

/**
 * Points above the lowest final error: of the graph that was best early, and of a graph picked
 * blindly.
 */
export const regretPhrase = (own: number, random: number): string =>
  `picks a graph ${fixed(own, 2)} above the best (a random one: ${fixed(random, 2)})`;

import { fixed, plural } from '../../text.js';
import { holds, sentences } from './common.js';

export const STRATA_TITLE = '9. At equal density';
export const STRATA_CLAIM =
  'Not asked by the paper: whether graphs of the same number of edges differ by their C and L.';
const NEEDS =
  'bands of density need 20 graphs whose errors differ, with C and L that density does not fix';
export const STRATA_UNKNOWN = `Cannot be told: ${NEEDS}.`;
export const STRATA_DEFINITION =
  'bands: graphs cut by quantiles of density (d = k / n), one band for 13 graphs, 2 to 8; ' +
  'baseline left out. C and L given ' +
  'density: share of the residual of mean errors about the bands and a line in ln d within each ' +
  'that C, L, C², L², C L ' +
  'take away, with the F test of nested models. permutation p: that F against residuals ' +
  'relabelled within bands (Freedman ' +
  'and Lane 1983), (1 + as large) / (1 + count), 999 of them or the resamples asked for where ' +
  'those are fewer. rank r: ' +
  'Spearman’s correlation within bands, pooled: of C and of L with the error, and of C with L. ' +
  'lowest: graph of the lowest ' +
  'fitted error, with its band. pairs: graphs no farther apart than 5 % in density and no nearer ' +
  'than half a standard ' +
  'deviation in C and L. difference: error of the one that the Gaussian process over C and L ' +
  'expects to be worse less that ' +
  'of the other, points, percentile bootstrap over pairs; the process was fitted without both ' +
  '(ten folds of pairs); ' +
  'expected: by the process. worse as expected: pairs, equal errors left out, exact sign test.';

/** In how many of all tasks C and L explain error at equal density. */
export function strataVerdict(held: number, all: number, level: number): string {
  return (
    `${holds(held, all)}: at equal density C and L explain error in ${held} of ${all} ` +
    `(permutation test, p < ${level}).`
  );
}

export const NO_PAIRS = 'There are fewer than ten pairs of graphs of equal density to compare.';

/**
 * Comparisons in which the one expected worse is worse more often than chance, and points found for
 * a point expected.
 */
export function pairsSentence(
  told: number,
  compared: number,
  level: number,
  slope: number,
): string {
  return (
    'Of two graphs of equal density the one that the surface of C and L expects to be worse is ' +
    'worse more often than chance ' +
    `(sign test, p < ${level}) in ${told} of ${plural(compared, 'comparison')}; a point expected ` +
    `is ${fixed(slope, 2)} points ` +
    'found on average (1: C and L tell all that was expected of them, 0: nothing).'
  );
}

/**
 * @param turned tasks whose error rises with L among the sparsest graphs and falls among the
 * densest
 */
export function turnedSentence(turned: number): string {
  if (turned === 0) return '';
  return (
    `In ${turned} the error rises with L among the sparsest graphs and falls with L among the ` +
    'densest: there is no best L ' +
    'for all densities.'
  );
}

/** @param together rank correlation of C with L within bands */
export function togetherSentence(together: number): string {
  return (
    `Within bands C and L move together (rank correlation ${fixed(together, 2)}): which of the ` +
    'two it is cannot be told from ' +
    'these graphs.'
  );
}

/** @param count tasks without bands */
export const strataMissing = (count: number): string =>
  count === 0 ? '' : sentences(`${plural(count, 'task')} left out: ${NEEDS}.`);

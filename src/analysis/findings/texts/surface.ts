import { must } from '../../../core/errors.js';
import { fixed, plural, span } from '../../text.js';

export const SURFACE_TITLE = '8. The surface of error over C and L';
export const SURFACE_CLAIM =
  'The error is a smooth function of C and L with a sweet spot; the paper shows it by maps of ' +
  'cells and second-degree fits ' +
  'along cuts.';
const NEEDS = 'a surface needs 20 graphs whose errors differ and that spread over C and L';
export const SURFACE_UNKNOWN = `Cannot be told: ${NEEDS}.`;
export const SURFACE_DEFINITION =
  'Surfaces of graphs’ mean errors over C and L, baseline left out. quadratic: 1, C, L, C², L², ' +
  'C L by least squares. ' +
  'process: Gaussian process with Matérn’s kernel (5/2), a length scale for each axis, a ' +
  'constant, a variance of graphs’ ' +
  'own effects, and seed noise s² / seeds; parameters of the highest evidence (beyond 80 graphs ' +
  'of its bound through 64 ' +
  'inducing points, Titsias 2009); exact up to 500 graphs, beyond through those points. in: 1 − ' +
  'residual / total sum of ' +
  'squares; out: of graphs left out of the fit, ten folds (up to 80 graphs parameters anew for ' +
  'each fold). with density: ' +
  'the process over C, L and ln d, and its log evidence less that of C and L. ceiling: the R² of ' +
  'a surface that knew every ' +
  'graph, 1 − seed variance of means / variance of means. inside 95 %: left-out means within ' +
  'their 95 % predictive ' +
  'interval. lowest at: the process’s lowest place among the graphs (between them, or within 0.6 ' +
  'of their spacing of one), ' +
  'with the central 95 % of the lowest places of 1000 surfaces drawn from the posterior (the ' +
  'region in the picture, the fewest places that hold 95 % of them, covers 84 % in a bowl); error ' +
  'there: ± posterior standard ' +
  'deviation; at the edge: share of the draws whose lowest place borders on places without graphs.';

/** Whether any surface predicts unseen graphs; what follows is `explained`. */
export function surfaceStart(predicts: boolean): string {
  return predicts
    ? 'The error over C and L is a smooth surface as far as it predicts graphs it has not seen:'
    : 'Not shown: no surface predicts unseen graphs better than their mean does. Here';
}

/**
 * How much of what can be explained is.
 *
 * @param out R² of left-out graphs, of every task
 * @param shares of R² in the ceiling, of tasks whose ceiling is known
 */
export function explained(out: readonly number[], shares: readonly number[]): string {
  const all =
    out.length === 1 ? fixed(must(out[0]), 2) : span([Math.min(...out), Math.max(...out)]);
  const range = `the Gaussian process explains ${all} of the variance of graphs that it has not seen`;
  if (shares.length === 0) return `${range}; what seed noise leaves to explain cannot be told.`;
  const average = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  const lowest =
    shares.length === 1 ? '' : ` on average (lowest ${fixed(100 * Math.min(...shares), 0)} %)`;
  return `${range}, ${fixed(100 * average, 0)} % of what seed noise leaves to explain${lowest}.`;
}

/** A sentence for those tasks it holds for; nothing where there are none. */
type About = (names: readonly string[]) => string;

const about =
  (text: (list: string) => string): About =>
  (names) =>
    names.length === 0 ? '' : text(names.join(', '));

export const tooStiff = about(
  (list) => `The quadratic is too stiff (more than 0.05 behind) for ${list}.`,
);

/** @param ahead log evidence by which the surface with density is ahead */
export const densityAdds = (ahead: number): About =>
  about(
    (list) =>
      `Density adds to C and L (log evidence higher by more than ${ahead}: odds above 20 ` +
      `to 1) for ${list}.`,
  );

export const aboveCeiling = about(
  (list) =>
    `For ${list} left-out graphs are told better than the seeds’ spread allows, as happens by ` +
    'chance or where the errors of ' +
    'seeds are not independent: its ceiling is not to be relied on.',
);

export const atEdge = about(
  (list) =>
    `The lowest place is more likely than not at the edge of the graphs for ${list}: graphs ` +
    'beyond might be better.',
);

/** @param count tasks without a surface */
export const surfacesMissing = (count: number): string =>
  count === 0 ? '' : `${plural(count, 'task')} left out: ${NEEDS}.`;

import { plural } from '../../text.js';
import { sentences } from './common.js';

export const DENSITY_TITLE = '4. Is it more than density?';
export const DENSITY_CLAIM =
  'Not asked by the paper: C, L and the number of edges move together over these graphs.';
export const DENSITY_UNKNOWN = 'Too few graphs to tell.';
export const DENSITY_DEFINITION =
  'Quadratic models of graphs’ mean errors, baseline left out: ln d and its square (d = k / n); ' +
  'C, L, C², L², C L; all of ' +
  'them. R²: of graphs left out of the fit, ten folds. given: share of the other model’s ' +
  'residual that the terms take ' +
  'away, with the F test of nested models.';

/** In how many of all tasks C and L add to density, and density to C and L. */
export function densityVerdict(plane: number, density: number, all: number): string {
  return sentences(
    `In ${plane} of ${plural(all, 'architecture')} C and L explain error that density does not ` +
      '(p < 0.01): there the sweet ' +
      'spot is more than density.',
    `In ${density} density explains error that a quadratic in C and L does not: there the error ` +
      'is no function of C and L ' +
      'alone, or none that is quadratic (section 8 fits one that bends as it needs), and graphs ' +
      'are best compared at equal ' +
      'density (section 9).',
  );
}

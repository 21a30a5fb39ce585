import { plural } from '../../text.js';
import { sentences } from './common.js';

export const SLICES_TITLE = '3. Error is a smooth, U-shaped function of L and of C';
export const SLICES_CLAIM =
  'With C held near 0.5, or L near 2.25, a second-degree fit follows the error.';
export const SLICES_UNKNOWN = 'Too few graphs in the cuts to tell.';
export const SLICES_DEFINITION =
  'Least-squares parabola through the graphs’ mean errors in the cut, baseline included where it ' +
  'lies in it. R²: 1 − ' +
  'residual / total sum of squares. Lowest at: vertex, where the parabola opens upwards within ' +
  'the graphs’ range. ' +
  'Percentile bootstrap over graphs, at most 2000 resamples; in simulation the intervals of R² ' +
  'cover 81 to 90 % with 12 to 18 graphs.';

/** How many of all cuts have their lowest point inside, in nine of ten resamples as well. */
export function slicesVerdict(inside: number, cuts: number): string {
  const slopes = cuts - inside;
  const told =
    slopes === 0 ? 'the U is no accident of the sample' : `for ${slopes} a U is not shown`;
  return sentences(
    `${inside} of ${plural(cuts, 'cut')} have their lowest point inside and keep it there in ` +
      `nine of ten resamples; ${told}.`,
    'A cut holds the other measure in a range only, and density not at all.',
  );
}

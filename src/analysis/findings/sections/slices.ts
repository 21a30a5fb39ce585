import { fixed, plural, span } from '../../text.js';
import { sliceFacts } from '../facts.js';
import { SLICES } from '../paper.js';
import { interval, nameOf } from './common.js';
import type { FindingsInput, Section } from './types.js';

/**
 * The cuts through the plane. Values: `name`, `arch`, `over` (`clustering` or `pathLength`), `within` (of the other one),
 * `graphs`, `coefficients` (constant first), `r2`, `r2Interval`, `minimum`, `minimumInterval`.
 */
export function sliceSection(input: FindingsInput): Section {
  const facts = sliceFacts(input);
  const rows = facts.map(({ task, slice, r2, r2Interval, minimumInterval }) => {
    const [letter, other] = slice.x === 'pathLength' ? ['L', 'C'] : ['C', 'L'];
    return [nameOf(task, input.published), `${letter} where ${other} is ${span(SLICES[slice.x], 1)}`, String(slice.graphs), `${fixed(r2, 2)} ${interval(r2Interval)}`, slice.minimum === null ? 'at an end' : `${fixed(slice.minimum, 2)} ${minimumInterval === null ? 'not always inside' : interval(minimumInterval)}`];
  });
  const inside = facts.filter(({ slice, minimumInterval }) => slice.minimum !== null && minimumInterval !== null).length;
  const slopes = rows.length - inside;
  return {
    title: '3. Error is a smooth, U-shaped function of L and of C',
    claim: 'With C held near 0.5, or L near 2.25, a second-degree fit follows the error.',
    columns: ['architecture', 'cut', 'graphs', 'R² [95 %]', 'lowest at [95 %]'],
    rows,
    values: facts.map(({ task, slice, r2, r2Interval, minimumInterval }) => ({ name: task.name, arch: task.arch, over: slice.x, within: slice.within, graphs: slice.graphs, coefficients: slice.fit.coefficients, r2, r2Interval, minimum: slice.minimum, minimumInterval: slice.minimum === null ? null : minimumInterval })),
    agreeing: 0,
    checked: 0,
    verdict: rows.length === 0 ? 'Too few graphs in the cuts to tell.' : `${inside} of ${plural(rows.length, 'cut')} have their lowest point inside and keep it there in nine of ten resamples; ${slopes === 0 ? 'the U is no accident of the sample' : `for ${slopes} a U is not shown`}. A cut holds the other measure in a range only, and density not at all.`,
    definition: 'Least-squares parabola through the graphs’ mean errors in the cut, baseline included where it lies in it. R²: 1 − residual / total sum of squares. Lowest at: vertex, where the parabola opens upwards within the graphs’ range. Percentile bootstrap over graphs, at most 2000 resamples.',
  };
}

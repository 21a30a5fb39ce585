import { fixed, plural, pValue } from '../../text.js';
import { densityFacts } from '../facts.js';
import type { PartialEffect } from '../regression.js';
import { nameOf } from './common.js';
import type { FindingsInput, Section, SectionValues } from './types.js';

const numbersOf = (name: string, { partialR2, f, p, dof }: PartialEffect): SectionValues => ({ [`${name}PartialR2`]: partialR2, [`${name}F`]: f, [`${name}P`]: p, [`${name}Dof`]: dof });

/**
 * Whether density explains it. Values: `name`, `arch`, `graphs`, `densityR2`, `planeR2`, `bothR2` (of graphs left out of the
 * fit), and for `planeGivenDensity` and `densityGivenPlane` each `…PartialR2`, `…F`, `…P`, `…Dof` (two degrees of freedom).
 */
export function densitySection(input: FindingsInput): Section {
  const facts = densityFacts(input);
  const plane = facts.filter(({ confound }) => confound.planeGivenDensity.p < 0.01).length;
  const density = facts.filter(({ confound }) => confound.densityGivenPlane.p < 0.01).length;
  const effect = ({ partialR2, f, p }: PartialEffect): string => `${fixed(partialR2, 2)} (F = ${fixed(f, 1)}, p ${pValue(p)})`;
  const rows = facts.map(({ task, confound: found }) => [
    nameOf(task, input.published), String(found.graphs), fixed(found.density.crossValidatedR2, 2), fixed(found.plane.crossValidatedR2, 2), fixed(found.both.crossValidatedR2, 2), effect(found.planeGivenDensity), effect(found.densityGivenPlane),
  ]);
  return {
    title: '4. Is it more than density?',
    claim: 'Not asked by the paper: C, L and the number of edges move together over these graphs.',
    columns: ['architecture', 'graphs', 'R² density', 'R² C and L', 'R² both', 'C and L given density', 'density given C and L'],
    rows,
    values: facts.map(({ task, confound: found }) => ({
      name: task.name, arch: task.arch, graphs: found.graphs, densityR2: found.density.crossValidatedR2, planeR2: found.plane.crossValidatedR2, bothR2: found.both.crossValidatedR2,
      ...numbersOf('planeGivenDensity', found.planeGivenDensity), ...numbersOf('densityGivenPlane', found.densityGivenPlane),
    })),
    agreeing: 0,
    checked: 0,
    verdict: rows.length === 0 ? 'Too few graphs to tell.' : `In ${plane} of ${plural(rows.length, 'architecture')} C and L explain error that density does not (p < 0.01): there the sweet spot is more than density. In ${density} density explains error that a quadratic in C and L does not: there the error is no function of C and L alone, or none that is quadratic (section 8 fits one that bends as it needs), and graphs are best compared at equal density (section 9).`,
    definition: 'Quadratic models of graphs’ mean errors, baseline left out: ln d and its square (d = k / n); C, L, C², L², C L; all of them. R²: of graphs left out of the fit, ten folds. given: share of the other model’s residual that the terms take away, with the F test of nested models.',
  };
}

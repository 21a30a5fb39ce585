import { fixed, pValue } from '../../text.js';
import type { DensityFact } from '../facts/surface.js';
import type { Findings } from '../findings.js';
import type { Presenter } from '../presenter.js';
import type { PartialEffect } from '../regression.js';
import {
  DENSITY_CLAIM,
  DENSITY_DEFINITION,
  DENSITY_TITLE,
  DENSITY_UNKNOWN,
  densityVerdict,
} from '../texts/density.js';
import { type Column, tableOf, UNCHECKED } from './common.js';
import type { Section, SectionValues } from './types.js';

/** Terms are said to add where the F test's p is below this. */
const LEVEL = 0.01;

/**
 * Whether density explains it. Values: `name`, `arch`, `graphs`, `densityR2`, `planeR2`, `bothR2`
 * (of graphs left out of the fit), and for `planeGivenDensity` and `densityGivenPlane` each
 * `…PartialR2`, `…F`, `…P`, `…Dof` (two degrees of freedom).
 */
export function densitySection({ presenter, density }: Findings): Section {
  const facts = density();
  const adding = (key: 'planeGivenDensity' | 'densityGivenPlane'): number =>
    facts.filter(({ confound }) => confound[key].p < LEVEL).length;
  const [plane, ofDensity] = [adding('planeGivenDensity'), adding('densityGivenPlane')];
  return {
    title: DENSITY_TITLE,
    claim: DENSITY_CLAIM,
    ...tableOf(columnsFor(presenter), facts),
    values: facts.map(valuesOf),
    ...UNCHECKED,
    verdict: facts.length === 0 ? DENSITY_UNKNOWN : densityVerdict(plane, ofDensity, facts.length),
    definition: DENSITY_DEFINITION,
  };
}

function columnsFor({ nameOf, noun }: Presenter): Column<DensityFact>[] {
  return [
    { title: noun(1), cell: ({ task }) => nameOf(task) },
    { title: 'graphs', cell: ({ confound }) => String(confound.graphs) },
    { title: 'R² density', cell: ({ confound }) => fixed(confound.density.crossValidatedR2, 2) },
    { title: 'R² C and L', cell: ({ confound }) => fixed(confound.plane.crossValidatedR2, 2) },
    { title: 'R² both', cell: ({ confound }) => fixed(confound.both.crossValidatedR2, 2) },
    {
      title: 'C and L given density',
      cell: ({ confound }) => effectCell(confound.planeGivenDensity),
    },
    {
      title: 'density given C and L',
      cell: ({ confound }) => effectCell(confound.densityGivenPlane),
    },
  ];
}

function effectCell({ partialR2, f, p }: PartialEffect): string {
  return `${fixed(partialR2, 2)} (F = ${fixed(f, 1)}, p ${pValue(p)})`;
}

function valuesOf({ task, confound }: DensityFact): SectionValues {
  return {
    name: task.name,
    arch: task.arch,
    graphs: confound.graphs,
    densityR2: confound.density.crossValidatedR2,
    planeR2: confound.plane.crossValidatedR2,
    bothR2: confound.both.crossValidatedR2,
    ...effectValues('planeGivenDensity', confound.planeGivenDensity),
    ...effectValues('densityGivenPlane', confound.densityGivenPlane),
  };
}

function effectValues(name: string, { partialR2, f, p, dof }: PartialEffect): SectionValues {
  return { [`${name}PartialR2`]: partialR2, [`${name}F`]: f, [`${name}P`]: p, [`${name}Dof`]: dof };
}

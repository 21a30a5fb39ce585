import { fixed, span } from '../../text.js';
import type { SliceFact } from '../facts/slices.js';
import type { Findings } from '../findings.js';
import { SLICES } from '../paper.js';
import type { Presenter } from '../presenter.js';
import {
  SLICES_CLAIM,
  SLICES_DEFINITION,
  SLICES_TITLE,
  SLICES_UNKNOWN,
  slicesVerdict,
} from '../texts/slices.js';
import { type Column, interval, tableOf, UNCHECKED } from './common.js';
import type { Section, SectionValues } from './types.js';

/**
 * The cuts through the plane. Values: `name`, `arch`, `over` (`clustering` or `pathLength`),
 * `within` (of the other one), `graphs`, `coefficients` (constant first), `r2`, `r2Interval`,
 * `minimum`, `minimumInterval`.
 */
export function sliceSection({ presenter, slices }: Findings): Section {
  const facts = slices();
  const inside = facts.filter(
    ({ slice, minimumInterval }) => slice.minimum !== null && minimumInterval !== null,
  );
  return {
    title: SLICES_TITLE,
    claim: SLICES_CLAIM,
    ...tableOf(columnsFor(presenter), facts),
    values: facts.map(valuesOf),
    ...UNCHECKED,
    verdict: facts.length === 0 ? SLICES_UNKNOWN : slicesVerdict(inside.length, facts.length),
    definition: SLICES_DEFINITION,
  };
}

function columnsFor({ nameOf, noun }: Presenter): Column<SliceFact>[] {
  return [
    { title: noun(1), cell: ({ task }) => nameOf(task) },
    { title: 'cut', cell: cutCell },
    { title: 'graphs', cell: ({ slice }) => String(slice.graphs) },
    { title: 'R² [95 %]', cell: ({ r2, r2Interval }) => `${fixed(r2, 2)} ${interval(r2Interval)}` },
    { title: 'lowest at [95 %]', cell: minimumCell },
  ];
}

function cutCell({ slice }: SliceFact): string {
  const [letter, other] = slice.x === 'pathLength' ? ['L', 'C'] : ['C', 'L'];
  return `${letter} where ${other} is ${span(SLICES[slice.x], 1)}`;
}

function minimumCell({ slice, r2Interval, minimumInterval }: SliceFact): string {
  if (slice.minimum === null) return 'at an end';
  if (r2Interval === null) return `${fixed(slice.minimum, 2)} too few`;
  const sure = minimumInterval === null ? 'not always inside' : interval(minimumInterval);
  return `${fixed(slice.minimum, 2)} ${sure}`;
}

function valuesOf({ task, slice, r2, r2Interval, minimumInterval }: SliceFact): SectionValues {
  return {
    name: task.name,
    arch: task.arch,
    over: slice.x,
    within: slice.within,
    graphs: slice.graphs,
    coefficients: slice.fit.coefficients,
    r2,
    r2Interval,
    minimum: slice.minimum,
    minimumInterval: slice.minimum === null ? null : minimumInterval,
  };
}

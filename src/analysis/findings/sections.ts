import { architectureSection } from './sections/architectures.js';
import { baselineSection } from './sections/baseline.js';
import { biologicalSection } from './sections/biological.js';
import { choiceSection } from './sections/choice.js';
import { densitySection } from './sections/density.js';
import { economySection } from './sections/economy.js';
import { sliceSection } from './sections/slices.js';
import { sweetSpotSection } from './sections/sweet-spot.js';
import type { FindingsInput, Section } from './sections/types.js';
import { strataSection } from './strata-section.js';
import { surfaceSection } from './surface-section.js';

export type { FindingsInput, Section, SectionValues, TaskTables } from './sections/types.js';

/** All sections, in the paper's order, each when it is asked for. */
export function* findings(input: FindingsInput): Generator<Section> {
  for (const make of [baselineSection, sweetSpotSection, sliceSection, densitySection, architectureSection, economySection, biologicalSection, surfaceSection, strataSection, choiceSection]) {
    const section = make(input);
    yield input.published ? section : unpublished(section);
  }
}

/** A section of one's own studies: no column of published figures. */
function unpublished(section: Section): Section {
  const kept = section.columns.flatMap((column, i) => (column === 'published' ? [] : [i]));
  const pick = (cells: readonly string[]): string[] => kept.map((i) => (i === 0 && cells === section.columns ? cells[i].replace('architecture', 'study').replace('studys', 'studies') : cells[i]));
  return { ...section, columns: pick(section.columns), rows: section.rows.map(pick) };
}

import type { Findings } from './findings.js';
import { agreementSection } from './sections/agreement.js';
import { baselineSection } from './sections/baseline.js';
import { biologicalSection } from './sections/biological.js';
import { choiceSection } from './sections/choice.js';
import { densitySection } from './sections/density.js';
import { economySection } from './sections/economy.js';
import { sliceSection } from './sections/slices.js';
import { strataSection } from './sections/strata.js';
import { surfaceSection } from './sections/surface.js';
import { sweetSpotSection } from './sections/sweet-spot.js';
import type { Section } from './sections/types.js';

export type { TaskTables } from './input.js';

const SECTIONS: readonly ((findings: Findings) => Section)[] = [
  baselineSection,
  sweetSpotSection,
  sliceSection,
  densitySection,
  agreementSection,
  economySection,
  biologicalSection,
  surfaceSection,
  strataSection,
  choiceSection,
];

/** All sections, in the paper's order, each computed when it is asked for. */
export function* findingsSections(findings: Findings): Generator<Section> {
  for (const make of SECTIONS) yield make(findings);
}

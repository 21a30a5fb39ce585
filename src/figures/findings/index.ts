import type { Findings } from '../../analysis/findings/findings.js';
import type { TaskTables } from '../../analysis/findings/input.js';
import { biologicalPairFigure } from '../biological-pair.js';
import { biologicalFigure } from '../biological.js';
import { strataFigure } from '../strata.js';
import { surfaceFigure } from '../surface.js';
import { agreementFigure } from './agreement.js';
import { choiceFigure } from './choice.js';
import { nameIn } from './common.js';
import { cutsFigure } from './cuts.js';
import { densityFigure } from './density.js';
import { earlyFigure } from './early.js';
import { fewGraphsFigure } from './few-graphs.js';
import { heldOutFigure } from './held-out.js';
import { mapFigure } from './map.js';
import { sweetSpotsFigure } from './sweet-spots.js';

/**
 * File names of tasks: letters, digits, dots and dashes of the name; numbered where two would be
 * the same.
 */
function slugsOf(tasks: readonly TaskTables[], findings: Findings): string[] {
  const slugs: string[] = [];
  for (const task of tasks) {
    const plain =
      nameIn(task, findings, 60)
        .toLowerCase()
        .replace(/[^a-z0-9.]+/g, '-')
        .replace(/^[-.]+|[-.]+$/g, '') || 'study';
    let slug = plain;
    for (let i = 2; slugs.includes(slug); i++) slug = `${plain}-${i}`;
    slugs.push(slug);
  }
  return slugs;
}

/**
 * The findings as figures, standalone SVGs by name: `held-out`, `sweet-spots`, `density`,
 * `agreement`, `early-epochs`, `few-graphs`, and of every task `map-TASK`, `cuts-TASK`,
 * `choice-TASK`, `surface-TASK`, `strata-TASK`, `biological-TASK` and `pair-TASK`. They draw the
 * same numbers as the sections: both read one `Findings` value. A figure that cannot be drawn from
 * these data says why.
 */
export function findingsFigures(findings: Findings): Readonly<Record<string, string>> {
  const slugs = slugsOf(findings.tasks, findings);
  const figures: Record<string, string> = {
    'held-out': heldOutFigure(findings),
    'sweet-spots': sweetSpotsFigure(findings),
    density: densityFigure(findings),
    agreement: agreementFigure(findings),
    'early-epochs': earlyFigure(findings),
    'few-graphs': fewGraphsFigure(findings),
  };
  findings.tasks.forEach((task, i) => {
    figures[`map-${slugs[i]}`] = mapFigure(task, findings);
    figures[`cuts-${slugs[i]}`] = cutsFigure(task, findings);
    figures[`choice-${slugs[i]}`] = choiceFigure(task, findings);
    figures[`surface-${slugs[i]}`] = surfaceFigure(task, findings);
    figures[`strata-${slugs[i]}`] = strataFigure(task, findings);
    figures[`biological-${slugs[i]}`] = biologicalFigure(task, findings);
    figures[`pair-${slugs[i]}`] = biologicalPairFigure(task, findings);
  });
  return figures;
}

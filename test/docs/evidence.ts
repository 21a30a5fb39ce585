import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type PredictionOutcome, predictionOutcomes } from '../../src/analysis/predictions.js';
import { fixed, pValue, signed } from '../../src/analysis/text.js';
import { figureContent } from '../../src/figures/files.js';
import { predictionFigure } from '../../src/figures/predictions.js';
import { readStudy } from '../../src/public/study.js';

const directoryOf = (name: string): string =>
  fileURLToPath(new URL(`../../docs/evidence/${name}/study`, import.meta.url));

/** Whether every trial of a committed study has ended. */
export function isComplete(name: string): boolean {
  if (!existsSync(join(directoryOf(name), 'trials.ndjson'))) return false;
  const { records, trials } = readStudy(directoryOf(name));
  return records.length >= trials.length;
}

/** The registered predictions of a complete committed study with their outcomes. */
function outcomesOf(name: string): PredictionOutcome[] {
  const { spec, records, trials, registration } = readStudy(directoryOf(name));
  if (records.length < trials.length) throw new Error(`${name} is not complete`);
  return predictionOutcomes({ spec, records, search: null, registration });
}

/** The file of the figure of a study's predictions, as `plexus study report` writes it. */
export async function predictionPicture(name: string): Promise<string | Uint8Array> {
  const drawn = predictionFigure({ study: name, predictions: outcomesOf(name) });
  if (drawn === null) throw new Error(`${name} predicts no difference`);
  return figureContent(drawn, 'svg');
}

/** A row for each registered prediction of a committed study, as docs/evidence/README.md has them. */
export function predictionRows(name: string): string[] {
  return outcomesOf(name).map(({ prediction, outcome, value, interval, p }) => {
    // A comparison's value is by how much the first group lies below, told as first minus second.
    const side = prediction.kind === 'correlation' ? 1 : -1;
    const told = value === null ? '–' : signed(side * value, 2);
    const ends = interval?.map((end) => side * end).sort((a, b) => a - b);
    const between = ends ? ` [${ends.map((end) => fixed(end, 2)).join(', ')}]` : '';
    const tested = p === null ? '–' : pValue(p).replace('= ', '');
    return `| ${prediction.name} | ${outcome} | ${told}${between} | ${tested} |`;
  });
}

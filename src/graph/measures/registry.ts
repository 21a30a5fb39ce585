import { unknownName } from '../../core/errors.js';
import type { GraphMeasure } from '../types.js';
import { basicMeasures } from './basic.js';
import { comparisonMeasures } from './comparison.js';
import { structureMeasures } from './structure.js';

/** Every measure, in the order that tables and help texts list them. */
export const graphMeasures: readonly GraphMeasure[] = [
  ...basicMeasures,
  ...structureMeasures,
  ...comparisonMeasures,
];

/** The measure of that name; throws a `UserError` that lists the valid names. */
export function graphMeasure(name: string): GraphMeasure {
  const found = graphMeasures.find((candidate) => candidate.name === name);
  if (!found)
    throw unknownName(
      'graph measure',
      name,
      graphMeasures.map((candidate) => candidate.name),
    );
  return found;
}

/** What each measure means, in one sentence, by name. */
export const measureDefinitions: Readonly<Record<string, string>> = Object.fromEntries(
  graphMeasures.map(({ name, definition }) => [name, definition]),
);

import { unknownName } from '../core/errors.js';
import { derivedFamilies } from './generators/derived.js';
import { measuredFamilies } from './generators/measured.js';
import { randomFamilies } from './generators/random.js';
import { structuredFamilies } from './generators/structured.js';
import { complete } from './generators/complete.js';
import { wsFlex } from './generators/ws-flex.js';
import type { GraphFamily } from './types.js';

/** Every family of graphs, in the order that help texts list them. */
export const graphFamilies: readonly GraphFamily[] = [
  wsFlex,
  complete,
  ...randomFamilies,
  ...structuredFamilies,
  ...derivedFamilies,
  ...measuredFamilies,
];

/** The family of that name; throws a `UserError` that lists the valid names. */
export function graphFamily(name: string): GraphFamily {
  const family = graphFamilies.find((candidate) => candidate.name === name);
  if (!family)
    throw unknownName(
      'graph family',
      name,
      graphFamilies.map((candidate) => candidate.name),
    );
  return family;
}

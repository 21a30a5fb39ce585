import { invariant, unknownName } from '../core/errors.js';
import { complete } from './generators/complete.js';
import { derivedFamilies } from './generators/derived.js';
import { randomFamilies } from './generators/random.js';
import { structuredFamilies } from './generators/structured.js';
import { wsFlex } from './generators/ws-flex.js';
import type { GraphFamily } from './types.js';

const families: GraphFamily[] = [
  wsFlex,
  complete,
  ...randomFamilies,
  ...structuredFamilies,
  ...derivedFamilies,
];

/**
 * Every family of graphs that is known here, in the order that help texts list them: those that are
 * made from numbers alone, then those that were registered.
 */
export const graphFamilies: readonly GraphFamily[] = families;

/**
 * Makes a family known to specs, help texts and pages, such as one that reads files. Registering it
 * again changes nothing.
 *
 * @throws InternalError where another family has its name
 */
export function registerFamily(family: GraphFamily): void {
  const known = families.find(({ name }) => name === family.name);
  invariant(
    known === undefined || known === family,
    `two graph families are called ${family.name}`,
  );
  if (known === undefined) families.push(family);
}

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

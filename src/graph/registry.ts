import { invariant, unknownName } from '../core/errors.js';
import { barabasiAlbert } from './generators/barabasi-albert.js';
import { butterfly } from './generators/butterfly.js';
import { circulant } from './generators/circulant.js';
import { complete } from './generators/complete.js';
import { corePeriphery } from './generators/core-periphery.js';
import { empty } from './generators/empty.js';
import { chordalCycle, margulis, paley } from './generators/expanders.js';
import { flatButterflyFamily } from './generators/flat-butterfly.js';
import { furtherFamilies } from './generators/further.js';
import { geometric } from './generators/geometric.js';
import { gnm } from './generators/gnm.js';
import { gnp } from './generators/gnp.js';
import { grid } from './generators/grid.js';
import { harary, hararyEdges } from './generators/harary.js';
import { hypercube } from './generators/hypercube.js';
import { powerLawCluster } from './generators/power-law-cluster.js';
import { randomRegular } from './generators/random-regular.js';
import { randomTreeFamily } from './generators/random-tree.js';
import { ringLatticeFamily } from './generators/ring-lattice.js';
import { star } from './generators/star.js';
import { stochasticBlock } from './generators/stochastic-block.js';
import { tree } from './generators/tree.js';
import { wattsStrogatz } from './generators/watts-strogatz.js';
import { wsFlex } from './generators/ws-flex.js';
import type { GraphFamily } from './types.js';

const families: GraphFamily[] = [
  wsFlex,
  complete,
  // Families that draw random numbers.
  wattsStrogatz,
  gnm,
  gnp,
  barabasiAlbert,
  powerLawCluster,
  randomRegular,
  stochasticBlock,
  corePeriphery,
  geometric,
  randomTreeFamily,
  // Families without chance.
  empty,
  ringLatticeFamily,
  circulant,
  harary,
  hararyEdges,
  grid,
  hypercube,
  butterfly,
  flatButterflyFamily,
  star,
  tree,
  margulis,
  chordalCycle,
  paley,
  // Families made of other graphs: products, sequences, null models.
  ...furtherFamilies,
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

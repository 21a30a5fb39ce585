import { edges } from './edges.js';
import { evolving } from './evolving.js';
import { hierarchical } from './hierarchical.js';
import { latticeReferenceFamily } from './lattice-reference.js';
import { permuted } from './permuted.js';
import { product } from './product.js';
import { productPowerFamily } from './product-power.js';
import { randomLiftFamily } from './random-lift.js';
import { randomReferenceFamily } from './random-reference.js';
import { rewired } from './rewired.js';
import { sequence } from './sequence.js';
import { steered } from './steered.js';
import { wired } from './wired.js';
import type { GraphFamily } from '../types.js';

/**
 * Families that are made of other graphs (products, sequences, null models), and lists of edges. A
 * list of their own, since the studio fetches them after its first view.
 */
export const furtherFamilies: readonly GraphFamily[] = [
  product,
  productPowerFamily,
  hierarchical,
  permuted,
  randomLiftFamily,
  rewired,
  randomReferenceFamily,
  latticeReferenceFamily,
  steered,
  sequence,
  wired,
  evolving,
  edges,
];
